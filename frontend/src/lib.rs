//! Rekey's pages, in two programs: `login` is what everybody loads first, `signed_in` what whoever is logged in needs. The
//! skeleton in the HTML stays until the configuration (and, where it decides what is shown, the session) has been asked
//! for, so that nothing flashes by.

mod api;
mod app;
mod browser;
mod components;
mod form;
mod link;
mod listing;
mod marker;
mod navigation;
mod pages;
mod return_to;
mod route;
mod session;
mod texts;

use yew::platform::spawn_local;

/// Draws the pages for whoever is not logged in.
pub fn log_in() {
    spawn_local(app::start(pages::of_login));
}

/// Draws the pages for whoever is.
pub fn signed_in() {
    browser::reload_when_remembered();
    spawn_local(app::start(pages::of_signed_in));
}

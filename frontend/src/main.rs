//! Rekey's pages. The skeleton in index.html stays until the configuration (and, where it decides what is shown, the
//! session) has been asked for, so that nothing flashes by.

mod api;
mod app;
mod browser;
mod components;
mod form;
mod link;
mod listing;
mod marker;
mod pages;
mod return_to;
mod route;
mod session;
mod texts;

use yew::platform::spawn_local;

fn main() {
    spawn_local(app::start());
}

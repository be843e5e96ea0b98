use yew::prelude::*;
use yew_router::Routable;
use yew_router::prelude::use_navigator;

use crate::app::use_ui;
use crate::browser;
use crate::return_to::{self, Lead};

/// The pages, as they stand in the address bar.
#[derive(Clone, Debug, PartialEq, Eq, Routable)]
pub(crate) enum Route {
    #[at("/")]
    Login,
    #[at("/forgotten-password")]
    ForgottenPassword,
    #[at("/reset")]
    Reset,
    #[at("/choose-password")]
    ChoosePassword,
    #[at("/home")]
    Home,
    #[at("/account")]
    Account,
    #[at("/confirm-email")]
    ConfirmEmail,
    #[at("/request-credential")]
    RequestCredential,
    #[at("/administration/accounts")]
    Accounts,
    #[at("/administration/accounts/:id")]
    OneAccount { id: String },
    #[at("/administration/credential-requests")]
    CredentialRequests,
    #[at("/administration/mail-queue")]
    MailQueue,
    #[at("/administration/audit-events")]
    AuditEvents,
    #[not_found]
    #[at("/404")]
    NotFound,
}

/// What a page tells the next one, once: it goes with the entry in the tab's history and not with a reload.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Notice {
    SessionEnded,
    PasswordChosen,
    AccountDeleted,
    /// A tool sent the person here although they are logged in.
    NotLetIn,
}

/// Where the person goes after login.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Destination {
    Page(Route),
    Elsewhere(String),
}

/// Where no tool sent the person here: the one that the operator named, else our own page. Only the web: a `javascript:`
/// address would run in this page.
pub(crate) fn after_login(home_url: Option<&str>) -> Destination {
    let is_web = |url: &&str| {
        let scheme = url.split_once("://").map(|(scheme, _)| scheme.to_ascii_lowercase());
        matches!(scheme.as_deref(), Some("http" | "https"))
    };
    match home_url.map(str::trim).filter(is_web) {
        Some(url) => Destination::Elsewhere(url.to_owned()),
        None => Destination::Page(Route::Home),
    }
}

/// Leads on after login. The login page does not stay in the history: going back there would only lead on again.
#[hook]
pub(crate) fn use_go_on() -> Callback<Option<Notice>> {
    let config = use_ui().config;
    let navigator = use_navigator();
    Callback::from(move |notice: Option<Notice>| {
        let (destination, notice) = match return_to::take(&config) {
            Some(Lead::To(url)) => (Destination::Elsewhere(url), notice),
            Some(Lead::NotLetIn) => (Destination::Page(Route::Home), Some(Notice::NotLetIn)),
            None => (after_login(config.home_url.as_deref()), notice),
        };
        match (destination, &navigator, notice) {
            (Destination::Elsewhere(url), ..) => browser::leave_for(&url),
            (Destination::Page(page), Some(navigator), Some(notice)) => navigator.replace_with_state(&page, notice),
            (Destination::Page(page), Some(navigator), None) => navigator.replace(&page),
            (Destination::Page(_), None, _) => (),
        }
    })
}

#[cfg(test)]
mod tests {
    use rekey_shared::paths::page;

    use super::*;

    #[test]
    fn every_page_that_the_server_knows_has_a_route() {
        for path in page::ALL {
            let route = Route::recognize(path);
            assert!(route.as_ref().is_some_and(|route| *route != Route::NotFound), "{path}");
            assert_eq!(route.map(|route| route.to_path()).as_deref(), Some(*path));
        }
        assert_eq!(
            Route::recognize("/administration/accounts/0190"),
            Some(Route::OneAccount { id: "0190".to_owned() })
        );
        assert_eq!(Route::recognize("/nothing-here"), Some(Route::NotFound));
    }

    #[test]
    fn only_an_address_of_the_web_is_gone_to_after_login() {
        for url in ["https://tool.example/", "http://localhost:3000/a?b#c", " HTTPS://tool.example "] {
            assert_eq!(after_login(Some(url)), Destination::Elsewhere(url.trim().to_owned()));
        }
        for url in ["javascript:alert(1)", "data:text/html,x", "//tool.example", "/home", "", "javascript://x"] {
            assert_eq!(after_login(Some(url)), Destination::Page(Route::Home), "{url}");
        }
        assert_eq!(after_login(None), Destination::Page(Route::Home));
    }
}

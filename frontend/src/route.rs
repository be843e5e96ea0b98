use rekey_shared::paths::{self, page};
use yew::prelude::*;

use crate::app::use_ui;
use crate::browser;
use crate::navigation::{Notice, use_navigation};
use crate::return_to::{self, Lead};

macro_rules! routes {
    ($($variant:ident = $page:ident,)+) => {
        /// The pages, as they stand in the address bar.
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub(crate) enum Route {
            $($variant,)+
            OneAccount { id: String },
            NotFound,
        }

        impl Route {
            pub(crate) fn of(path: &str) -> Self {
                match path {
                    $(page::$page => Self::$variant,)+
                    _ => paths::one_account(path).map_or(Self::NotFound, |id| Self::OneAccount { id: id.to_owned() }),
                }
            }

            pub(crate) fn path(&self) -> String {
                match self {
                    $(Self::$variant => page::$page.to_owned(),)+
                    Self::OneAccount { id } => [page::ADMINISTRATION_ACCOUNTS, "/", id].concat(),
                    Self::NotFound => "/404".to_owned(),
                }
            }
        }
    };
}

impl Route {
    /// Whether it is for whoever is logged in.
    pub(crate) fn is_signed_in(&self) -> bool {
        paths::is_signed_in_page(&self.path())
    }
}

routes! {
    Login = LOGIN,
    ForgottenPassword = FORGOTTEN_PASSWORD,
    Reset = RESET,
    ChoosePassword = CHOOSE_PASSWORD,
    Home = HOME,
    Account = ACCOUNT,
    ConfirmEmail = CONFIRM_EMAIL,
    RequestCredential = REQUEST_CREDENTIAL,
    Accounts = ADMINISTRATION_ACCOUNTS,
    CredentialRequests = ADMINISTRATION_CREDENTIAL_REQUESTS,
    MailQueue = ADMINISTRATION_MAIL_QUEUE,
    AuditEvents = ADMINISTRATION_AUDIT_EVENTS,
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
    let navigation = use_navigation();
    Callback::from(move |notice: Option<Notice>| {
        let (destination, notice) = match return_to::take(&config) {
            Some(Lead::To(url)) => (Destination::Elsewhere(url), notice),
            Some(Lead::NotLetIn) => (Destination::Page(Route::Home), Some(Notice::NotLetIn)),
            None => (after_login(config.home_url.as_deref()), notice),
        };
        match destination {
            Destination::Elsewhere(url) => browser::leave_for(&url),
            Destination::Page(page) => navigation.replace(&page, notice),
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
            let route = Route::of(path);
            assert_ne!(route, Route::NotFound, "{path}");
            assert_eq!(route.path(), *path);
        }
        let one = Route::of("/administration/accounts/0190");
        assert_eq!(one, Route::OneAccount { id: "0190".to_owned() });
        assert_eq!(one.path(), "/administration/accounts/0190");
        assert_eq!(Route::of("/nothing-here"), Route::NotFound);
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

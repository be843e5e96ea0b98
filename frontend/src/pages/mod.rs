//! The pages, and which of the two programs draws which: nobody need load the one for whoever is logged in to get there.

pub(crate) mod account;
pub(crate) mod administration;
pub(crate) mod credential_request;
pub(crate) mod login;
pub(crate) mod not_found;
pub(crate) mod password_reset;
pub(crate) mod signed_in;

use yew::prelude::*;

use crate::route::Route;
use administration::admin;
use signed_in::signed_in;

/// The program `login`: logging in, and all that leads there.
pub(crate) fn of_login(route: &Route) -> Html {
    match route {
        Route::Login => html! { <login::Login /> },
        Route::ForgottenPassword => html! { <password_reset::request::ForgottenPassword /> },
        Route::Reset => html! { <password_reset::confirm::Reset /> },
        Route::ChoosePassword => html! { <account::choose_password::ChoosePassword /> },
        Route::ConfirmEmail => html! { <account::confirm_email::ConfirmEmail /> },
        Route::RequestCredential => html! { <credential_request::RequestCredential /> },
        Route::Home
        | Route::Account
        | Route::Accounts
        | Route::OneAccount { .. }
        | Route::CredentialRequests
        | Route::MailQueue
        | Route::AuditEvents
        | Route::NotFound => html! { <not_found::NotFound /> },
    }
}

/// The program `signed_in`: the own account, and the administration.
pub(crate) fn of_signed_in(route: &Route) -> Html {
    match route {
        Route::Home => signed_in(|person| html! { <account::home::Home {person} /> }),
        Route::Account => signed_in(|person| html! { <account::own::OwnAccount {person} /> }),
        Route::Accounts => admin(|| html! { <administration::accounts::Accounts /> }),
        Route::OneAccount { id } => {
            let id = id.clone();
            admin(move || html! { <administration::account::OneAccount key={id.clone()} id={id.clone()} /> })
        }
        Route::CredentialRequests => admin(|| html! { <administration::credential_requests::CredentialRequests /> }),
        Route::MailQueue => admin(|| html! { <administration::mail_queue::MailQueue /> }),
        Route::AuditEvents => admin(|| html! { <administration::audit_events::AuditEvents /> }),
        Route::Login
        | Route::ForgottenPassword
        | Route::Reset
        | Route::ChoosePassword
        | Route::ConfirmEmail
        | Route::RequestCredential
        | Route::NotFound => html! { <not_found::NotFound /> },
    }
}

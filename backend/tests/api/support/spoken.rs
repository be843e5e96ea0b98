//! What tests ask most, as calls, and how they ask it: as whoever writes a client does.

use rekey_shared::account::ChangePassword;
use rekey_shared::client::{Call, Client, Session, api};
use rekey_shared::login::{LoginRequest, RefreshRequest, SessionTokens};
use rekey_shared::password_reset::{ConfirmRequest, Confirmed, ResetRequest, ResetRequested};
use reqwest::Response;

use super::app::App;

pub fn asks_for_reset(email: &str) -> Call<ResetRequested> {
    api::request_reset(&ResetRequest { email: email.to_owned(), locale: None })
}

pub fn confirms(token: &str) -> Call<Confirmed> {
    api::confirm_reset(&ConfirmRequest { token: token.into(), new_password: None })
}

pub fn logs_in(user: &str, password: &str) -> Call<SessionTokens> {
    api::log_in(&LoginRequest { user: user.to_owned(), password: password.into(), ..LoginRequest::default() })
}

pub fn refreshes(token: &str) -> Call<Option<SessionTokens>> {
    api::refresh_session(&RefreshRequest { refresh_token: Some(token.into()) })
}

pub fn changes_password(current: &str, new: &str) -> Call<SessionTokens> {
    api::change_password(&ChangePassword { current_password: current.into(), new_password: new.into() })
}

impl App {
    pub fn api(&self) -> Client {
        Client::over(self.client.clone(), &self.base).within(super::PATIENCE)
    }

    /// The answer as it came.
    pub async fn asks<A>(&self, call: &Call<A>) -> Response {
        self.api().respond(call.request(), None).await.unwrap()
    }

    pub async fn asks_as<A>(&self, access_token: &str, call: &Call<A>) -> Response {
        self.api().respond(call.request(), Some(&access_token.into())).await.unwrap()
    }

    /// Logs in as an app does, and stays so.
    pub async fn session(&self, user: &str, password: &str) -> Session {
        let tokens = self.api().send(&logs_in(user, password)).await.unwrap();
        Session::new(self.api(), tokens)
    }
}

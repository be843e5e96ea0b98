//! A function for each operation of the API that makes a [`Call`]. A test compares them with `docs/openapi.json`.

mod account;
mod admin;
#[cfg(test)]
mod described;

pub use account::*;
pub use admin::*;
use http::Method;

use super::Call;
use crate::client_config::ClientConfig;
use crate::credential_request::{CredentialRequest, CredentialRequested};
use crate::login::{LoginRequest, RefreshRequest, SessionTokens};
use crate::password_reset::{ConfirmRequest, Confirmed, ResetRequest, ResetRequested};
use crate::paths;

/// What is public of this installation.
pub fn config() -> Call<ClientConfig> {
    Call::get(paths::CONFIG)
}

/// Asks for a reset link. The answer is the same for everyone.
pub fn request_reset(reset: &ResetRequest) -> Call<ResetRequested> {
    Call::new(Method::POST, paths::PASSWORD_RESET_REQUEST).with_body(reset)
}

/// Confirms a reset link: the old password and all sessions end.
pub fn confirm_reset(confirm: &ConfirmRequest) -> Call<Confirmed> {
    Call::new(Method::POST, paths::PASSWORD_RESET_CONFIRM).with_body(confirm)
}

/// Begins a session.
pub fn log_in(login: &LoginRequest) -> Call<SessionTokens> {
    Call::new(Method::POST, paths::LOGIN).with_body(login)
}

/// A new access token by an app's refresh token or a browser's cookie; `None` with neither.
pub fn refresh_session(refresh: &RefreshRequest) -> Call<Option<SessionTokens>> {
    Call::new(Method::POST, paths::SESSION_REFRESH).with_body(refresh).or_nothing()
}

/// Ends the session of the access token, the refresh token or the cookie.
pub fn log_out(refresh: &RefreshRequest) -> Call<()> {
    Call::without_answer(Method::POST, paths::LOGOUT).with_body(refresh)
}

/// Asks the operator for an account. The answer is the same for everyone.
pub fn request_credential(request: &CredentialRequest) -> Call<CredentialRequested> {
    Call::new(Method::POST, paths::CREDENTIAL_REQUESTS).with_body(request)
}

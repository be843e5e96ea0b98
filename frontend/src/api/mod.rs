//! The only room that knows HTTP. Each function says what is asked, as a [`Call`]; a call that needs somebody logged in
//! is made by [`crate::session::SessionHandle::ask`].

mod account;
mod admin;
mod call;

use std::time::Duration;

pub(crate) use account::*;
pub(crate) use admin::*;
pub(crate) use call::{Call, Request};
use rekey_shared::client_config::ClientConfig;
use rekey_shared::credential_request::{CredentialRequest, CredentialRequested};
use rekey_shared::login::{LoginRequest, SessionTokens};
use rekey_shared::password_reset::{ConfirmRequest, Confirmed, ResetRequest, ResetRequested};
use rekey_shared::paths;
use rekey_shared::problem::{FieldError, Problem, ProblemCode};
use rekey_shared::secret::Secret;
use reqwest::Method;
use serde::Serialize;

/// Why there is no answer to show.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Failure {
    /// No connection, or nothing came in time.
    NoAnswer,
    /// Something between us and the server answered, or the two are of different versions.
    Unreadable,
    /// The server said no, and why.
    Refused { problem: Problem, retry_after: Option<u64> },
    /// This page said no before it asked the server.
    Incomplete(Vec<FieldError>),
    /// Nobody is logged in, so the server was not asked.
    NobodyHere,
}

impl Failure {
    pub(crate) fn code(&self) -> Option<ProblemCode> {
        match self {
            Self::Refused { problem, .. } => Some(problem.code),
            Self::NoAnswer | Self::Unreadable | Self::Incomplete(_) | Self::NobodyHere => None,
        }
    }

    pub(crate) fn field_errors(&self) -> &[FieldError] {
        match self {
            Self::Refused { problem, .. } => &problem.errors,
            Self::Incomplete(errors) => errors,
            Self::NoAnswer | Self::Unreadable | Self::NobodyHere => &[],
        }
    }
}

/// The body of a POST that has nothing to say; the API still wants JSON.
#[derive(Serialize)]
struct Nothing {}

pub(crate) async fn config() -> Result<ClientConfig, Failure> {
    // The page can do without, so it does not wait as long as a person would.
    Call::get(paths::CONFIG).within(Duration::from_secs(5)).send(None).await
}

pub(crate) async fn log_in(login: LoginRequest) -> Result<SessionTokens, Failure> {
    Call::with_body(Method::POST, paths::LOGIN, &login).send(None).await
}

/// A new access token for the session that the browser's cookie keeps; `None` without a cookie.
pub(crate) async fn refresh_session() -> Result<Option<SessionTokens>, Failure> {
    Call::with_body(Method::POST, paths::SESSION_REFRESH, &Nothing {}).or_none().send(None).await
}

pub(crate) async fn log_out(access_token: Option<Secret>) -> Result<(), Failure> {
    Call::<()>::with_body(Method::POST, paths::LOGOUT, &Nothing {}).no_answer().send(access_token.as_ref()).await
}

pub(crate) async fn request_reset(reset: ResetRequest) -> Result<ResetRequested, Failure> {
    Call::with_body(Method::POST, paths::PASSWORD_RESET_REQUEST, &reset).send(None).await
}

pub(crate) async fn confirm_reset(confirm: ConfirmRequest) -> Result<Confirmed, Failure> {
    Call::with_body(Method::POST, paths::PASSWORD_RESET_CONFIRM, &confirm).send(None).await
}

pub(crate) async fn request_credential(request: CredentialRequest) -> Result<CredentialRequested, Failure> {
    Call::with_body(Method::POST, paths::CREDENTIAL_REQUESTS, &request).send(None).await
}

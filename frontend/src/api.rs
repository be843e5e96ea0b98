//! The only file that knows HTTP.

use std::time::Duration;

use rekey_shared::account::{ChangePassword, Me};
use rekey_shared::client_config::ClientConfig;
use rekey_shared::login::{LoginRequest, SessionTokens};
use rekey_shared::password_reset::{ConfirmRequest, Confirmed, ResetRequest, ResetRequested};
use rekey_shared::paths;
use rekey_shared::problem::{FieldError, Problem, ProblemCode};
use rekey_shared::secret::Secret;
use reqwest::header::RETRY_AFTER;
use reqwest::{Client, Method, RequestBuilder, Response, StatusCode};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::browser;

const TIME_OUT: Duration = Duration::from_secs(15);

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
}

impl Failure {
    pub(crate) fn code(&self) -> Option<ProblemCode> {
        match self {
            Self::Refused { problem, .. } => Some(problem.code),
            Self::NoAnswer | Self::Unreadable | Self::Incomplete(_) => None,
        }
    }

    pub(crate) fn field_errors(&self) -> &[FieldError] {
        match self {
            Self::Refused { problem, .. } => &problem.errors,
            Self::Incomplete(errors) => errors,
            Self::NoAnswer | Self::Unreadable => &[],
        }
    }
}

pub(crate) async fn config() -> Result<ClientConfig, Failure> {
    // The page can do without, so it does not wait as long as a person would.
    read(answer(request(Method::GET, paths::CONFIG).timeout(Duration::from_secs(5))).await?).await
}

pub(crate) async fn log_in(login: LoginRequest) -> Result<SessionTokens, Failure> {
    read(answer(request(Method::POST, paths::LOGIN).json(&login)).await?).await
}

/// A new access token for the session that the browser's cookie keeps; `None` without a cookie.
pub(crate) async fn refresh_session() -> Result<Option<SessionTokens>, Failure> {
    let response = answer(request(Method::POST, paths::SESSION_REFRESH).json(&Nothing {})).await?;
    match response.status() {
        StatusCode::NO_CONTENT => Ok(None),
        _ => read(response).await.map(Some),
    }
}

pub(crate) async fn log_out(access_token: Option<Secret>) -> Result<(), Failure> {
    let request = request(Method::POST, paths::LOGOUT).json(&Nothing {});
    answer(match access_token {
        Some(token) => request.bearer_auth(token.expose()),
        None => request,
    })
    .await
    .map(drop)
}

pub(crate) async fn me(access_token: &Secret) -> Result<Me, Failure> {
    read(answer(request(Method::GET, paths::ME).bearer_auth(access_token.expose())).await?).await
}

pub(crate) async fn change_password(access_token: Secret, change: ChangePassword) -> Result<SessionTokens, Failure> {
    let request = request(Method::POST, paths::ME_PASSWORD).bearer_auth(access_token.expose());
    read(answer(request.json(&change)).await?).await
}

pub(crate) async fn request_reset(reset: ResetRequest) -> Result<ResetRequested, Failure> {
    read(answer(request(Method::POST, paths::PASSWORD_RESET_REQUEST).json(&reset)).await?).await
}

pub(crate) async fn confirm_reset(confirm: ConfirmRequest) -> Result<Confirmed, Failure> {
    read(answer(request(Method::POST, paths::PASSWORD_RESET_CONFIRM).json(&confirm)).await?).await
}

/// The body of a POST that has nothing to say; the API still wants JSON.
#[derive(Serialize)]
struct Nothing {}

fn request(method: Method, path: &str) -> RequestBuilder {
    let request = Client::new().request(method, browser::origin() + path).timeout(TIME_OUT);
    #[cfg(target_arch = "wasm32")]
    let request = request.fetch_credentials_same_origin();
    request
}

async fn answer(request: RequestBuilder) -> Result<Response, Failure> {
    let response = request.send().await.map_err(|_| Failure::NoAnswer)?;
    if response.status().is_success() {
        return Ok(response);
    }
    let retry_after = response.headers().get(RETRY_AFTER).and_then(|value| value.to_str().ok()?.parse().ok());
    let problem = read(response).await?;
    Err(Failure::Refused { problem, retry_after })
}

async fn read<A: DeserializeOwned>(response: Response) -> Result<A, Failure> {
    let body = response.bytes().await.map_err(|_| Failure::NoAnswer)?;
    serde_json::from_slice(&body).map_err(|_| Failure::Unreadable)
}

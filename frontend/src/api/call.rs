use std::borrow::Cow;
use std::time::Duration;

use rekey_shared::secret::Secret;
use reqwest::header::{CONTENT_TYPE, RETRY_AFTER};
use reqwest::{Client, Method, Response};
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::Failure;
use crate::browser;

const TIME_OUT: Duration = Duration::from_secs(15);

/// What is asked of the server, and how its answer is read. It can be sent again, with another token.
///
/// Only making the body and reading the answer is generic; everything between exists once in the WASM.
pub(crate) struct Call<A> {
    method: Method,
    path: Cow<'static, str>,
    body: Option<Vec<u8>>,
    time_out: Duration,
    read: fn(&[u8]) -> Option<A>,
}

impl<A: DeserializeOwned> Call<A> {
    pub(super) fn get(path: impl Into<Cow<'static, str>>) -> Self {
        let read = |body: &[u8]| serde_json::from_slice(body).ok();
        Self { method: Method::GET, path: path.into(), body: None, time_out: TIME_OUT, read }
    }

    pub(super) fn with_body(method: Method, path: impl Into<Cow<'static, str>>, body: &impl Serialize) -> Self {
        // No type of ours fails to serialise; if one did, the server would say that the body is missing.
        Self { method, body: serde_json::to_vec(body).ok(), ..Self::get(path) }
    }

    pub(super) fn or_none(self) -> Call<Option<A>> {
        self.read_by(|body| if body.is_empty() { Some(None) } else { serde_json::from_slice(body).ok().map(Some) })
    }
}

impl Call<()> {
    pub(super) fn without_body(method: Method, path: impl Into<Cow<'static, str>>) -> Self {
        Self { method, ..Self::get(path) }.no_answer()
    }
}

impl<A> Call<A> {
    /// The status says it all.
    pub(super) fn no_answer(self) -> Call<()> {
        self.read_by(|_| Some(()))
    }

    pub(super) fn within(self, time_out: Duration) -> Self {
        Self { time_out, ..self }
    }

    fn read_by<B>(self, read: fn(&[u8]) -> Option<B>) -> Call<B> {
        Call { method: self.method, path: self.path, body: self.body, time_out: self.time_out, read }
    }

    pub(crate) async fn send(&self, access_token: Option<&Secret>) -> Result<A, Failure> {
        let request = Client::new().request(self.method.clone(), browser::origin() + &self.path).timeout(self.time_out);
        #[cfg(target_arch = "wasm32")]
        let request = request.fetch_credentials_same_origin();
        let request = match &self.body {
            Some(body) => request.header(CONTENT_TYPE, "application/json").body(body.clone()),
            None => request,
        };
        let request = match access_token {
            Some(token) => request.bearer_auth(token.expose()),
            None => request,
        };
        let response = request.send().await.map_err(|_| Failure::NoAnswer)?;
        (self.read)(&body_of(response).await?).ok_or(Failure::Unreadable)
    }
}

async fn body_of(response: Response) -> Result<Vec<u8>, Failure> {
    let is_success = response.status().is_success();
    let retry_after = response.headers().get(RETRY_AFTER).and_then(|value| value.to_str().ok()?.parse().ok());
    let body = response.bytes().await.map_err(|_| Failure::NoAnswer)?;
    if is_success {
        return Ok(body.into());
    }
    let problem = serde_json::from_slice(&body).map_err(|_| Failure::Unreadable)?;
    Err(Failure::Refused { problem, retry_after })
}

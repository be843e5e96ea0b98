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

/// What is asked of the server. It can be sent again, with another token.
pub(crate) struct Request {
    method: Method,
    path: Cow<'static, str>,
    body: Option<Vec<u8>>,
    time_out: Duration,
}

/// A request, and how its answer is read. Only this is generic; everything else exists once in the WASM.
pub(crate) struct Call<A> {
    pub(crate) request: Request,
    read: fn(&[u8]) -> Option<A>,
}

impl<A: DeserializeOwned> Call<A> {
    pub(super) fn get(path: impl Into<Cow<'static, str>>) -> Self {
        let request = Request { method: Method::GET, path: path.into(), body: None, time_out: TIME_OUT };
        Self { request, read: |body| serde_json::from_slice(body).ok() }
    }

    pub(super) fn with_body(method: Method, path: impl Into<Cow<'static, str>>, body: &impl Serialize) -> Self {
        let mut call = Self::get(path);
        call.request.method = method;
        // No type of ours fails to serialise; if one did, the server would say that the body is missing.
        call.request.body = serde_json::to_vec(body).ok();
        call
    }

    pub(super) fn or_none(self) -> Call<Option<A>> {
        self.read_by(|body| if body.is_empty() { Some(None) } else { serde_json::from_slice(body).ok().map(Some) })
    }
}

impl Call<()> {
    pub(super) fn without_body(method: Method, path: impl Into<Cow<'static, str>>) -> Self {
        let mut call = Self::get(path).no_answer();
        call.request.method = method;
        call
    }
}

impl<A> Call<A> {
    /// The status says it all.
    pub(super) fn no_answer(self) -> Call<()> {
        self.read_by(|_| Some(()))
    }

    pub(super) fn within(mut self, time_out: Duration) -> Self {
        self.request.time_out = time_out;
        self
    }

    fn read_by<B>(self, read: fn(&[u8]) -> Option<B>) -> Call<B> {
        Call { request: self.request, read }
    }

    pub(crate) fn read(&self, body: &[u8]) -> Result<A, Failure> {
        (self.read)(body).ok_or(Failure::Unreadable)
    }

    pub(crate) async fn send(&self, access_token: Option<&Secret>) -> Result<A, Failure> {
        self.read(&self.request.send(access_token).await?)
    }
}

impl Request {
    /// The body of the answer, if it is one of success.
    pub(crate) async fn send(&self, access_token: Option<&Secret>) -> Result<Vec<u8>, Failure> {
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
        body_of(request.send().await.map_err(|_| Failure::NoAnswer)?).await
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

use std::time::Duration;

use reqwest::header::{CONTENT_TYPE, RETRY_AFTER};
use reqwest::{RequestBuilder, Response};

use super::{Answer, Call, Failure, Request};
use crate::secret::Secret;

/// As long as a person waits.
const TIME_OUT: Duration = Duration::from_secs(15);

/// A server of Rekey, as somebody sees it who calls its API. A clone shares its connections.
#[derive(Clone, Debug)]
pub struct Client {
    http: reqwest::Client,
    origin: String,
    time_out: Duration,
}

impl Client {
    /// The server at an origin such as `https://rekey.example.com`.
    #[must_use]
    pub fn new(origin: &str) -> Self {
        Self::over(reqwest::Client::new(), origin)
    }

    /// The same over connections that are made as the caller wants them.
    ///
    /// A native program that logs in with [`SessionKind::Cookie`](crate::login::SessionKind::Cookie) needs one that
    /// keeps cookies and sends the server's own `Origin`; a browser does both by itself.
    #[must_use]
    pub fn over(http: reqwest::Client, origin: &str) -> Self {
        Self { http, origin: origin.trim_end_matches('/').to_owned(), time_out: TIME_OUT }
    }

    /// With another patience than 15 seconds for each call.
    #[must_use]
    pub fn within(mut self, time_out: Duration) -> Self {
        self.time_out = time_out;
        self
    }

    /// Asks as nobody.
    ///
    /// # Errors
    /// Why there is no answer of the call's type.
    pub async fn send<A>(&self, call: &Call<A>) -> Result<A, Failure> {
        call.read(&self.exchange(call.request(), None).await?)
    }

    /// Asks as whoever has this access token. [`crate::client::Session::ask`] also renews it.
    ///
    /// # Errors
    /// As [`Self::send`].
    pub async fn send_as<A>(&self, access_token: &Secret, call: &Call<A>) -> Result<A, Failure> {
        call.read(&self.exchange(call.request(), Some(access_token)).await?)
    }

    /// What both are made of.
    ///
    /// # Errors
    /// As [`Self::send`], but for answers that cannot be read as JSON of their type.
    pub async fn exchange(&self, request: &Request, access_token: Option<&Secret>) -> Result<Answer, Failure> {
        let response = self.respond(request, access_token).await.map_err(|error| Failure::no_answer(&error))?;
        let status = response.status().as_u16();
        let retry_after = response.headers().get(RETRY_AFTER).cloned();
        let body = response.bytes().await.map_err(|error| Failure::no_answer(&error))?;
        Answer::of(status, retry_after.as_ref().and_then(|value| value.to_str().ok()), body.into())
    }

    /// The answer as it came, whatever its status, for whoever wants its headers.
    ///
    /// # Errors
    /// No connection, or nothing came in time.
    pub async fn respond(&self, request: &Request, access_token: Option<&Secret>) -> reqwest::Result<Response> {
        self.prepare(request, access_token).send().await
    }

    /// A request that is not sent yet, for whoever wants to add a header.
    pub fn prepare(&self, request: &Request, access_token: Option<&Secret>) -> RequestBuilder {
        let address = self.origin.clone() + &request.address();
        let builder = self.http.request(request.method().clone(), address);
        let builder = builder.timeout(request.time_out().unwrap_or(self.time_out));
        #[cfg(target_arch = "wasm32")]
        let builder = builder.fetch_credentials_same_origin();
        let builder = match request.body() {
            Some(body) => builder.header(CONTENT_TYPE, "application/json").body(body.to_vec()),
            None => builder,
        };
        match access_token {
            Some(token) => builder.bearer_auth(token.expose()),
            None => builder,
        }
    }
}

//! The API, typed: for the browser page, for the tests of the API, and for programs of others.
//!
//! A [`Call`] is what is asked, as a value; [`api`] has a function for each operation of the API that makes one. A
//! [`Client`] sends it to a server and reads the answer, or says by a [`Failure`] why there is none. A [`Session`] does
//! so for somebody who is logged in, and renews the access token when it has run out.
//!
//! ```no_run
//! use rekey_shared::client::{Client, Failure, Session, api};
//! use rekey_shared::login::LoginRequest;
//! use rekey_shared::problem::ProblemCode;
//!
//! # async fn example() -> Result<(), Failure> {
//! let client = Client::new("https://rekey.example.com");
//! let login = LoginRequest { user: "ann".into(), password: "nine green bottles".into(), ..LoginRequest::default() };
//! let tokens = match client.send(&api::log_in(&login)).await {
//!     Err(Failure::Refused { problem, retry_after }) if problem.code == ProblemCode::TooManyAttempts => {
//!         println!("not before {retry_after:?}");
//!         return Ok(());
//!     }
//!     answer => answer?,
//! };
//! let session = Session::new(client, tokens).kept_by(|refresh_token| {
//!     // Into the system's keychain, before anything else: the one before it is used up.
//!     # let _ = refresh_token;
//! });
//! let me = session.ask(&api::me()).await?;
//! println!("{} <{}>", me.user_name, me.email);
//! # Ok(())
//! # }
//! ```
//!
//! For `https` the program that uses this names a TLS library as a feature of `reqwest`, such as `rustls`. What else
//! belongs to connections (proxies, certificates, the name of the app that a person sees in the list of their sessions)
//! is that of the [`reqwest::Client`] which [`Client::over`] is given.

pub mod api;
mod call;
mod failure;
mod session;

use std::time::Duration;

pub use call::{Answer, Call, Request};
pub use failure::Failure;
use reqwest::header::{CONTENT_TYPE, RETRY_AFTER};
use reqwest::{RequestBuilder, Response};
pub use session::Session;

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

    /// Asks as whoever has this access token. [`Session::ask`] also renews it.
    ///
    /// # Errors
    /// As [`Self::send`].
    pub async fn send_as<A>(&self, access_token: &Secret, call: &Call<A>) -> Result<A, Failure> {
        call.read(&self.exchange(call.request(), Some(access_token)).await?)
    }

    /// What both are made of. It is not generic: each type of answer costs the browser's program some bytes, and a layer
    /// over this one need not pay them again.
    ///
    /// # Errors
    /// As [`Self::send`], but for answers that cannot be read as JSON of their type.
    pub async fn exchange(&self, request: &Request, access_token: Option<&Secret>) -> Result<Answer, Failure> {
        let response = self.respond(request, access_token).await.map_err(|error| Failure::no_answer(&error))?;
        let status = response.status();
        let retry_after = response.headers().get(RETRY_AFTER).and_then(|value| value.to_str().ok()?.parse().ok());
        let body = response.bytes().await.map_err(|error| Failure::no_answer(&error))?;
        if status.is_success() {
            return Ok(Answer { status: status.as_u16(), body: body.into() });
        }
        match serde_json::from_slice(&body) {
            Ok(problem) => Err(Failure::Refused { problem, retry_after: retry_after.map(Duration::from_secs) }),
            Err(_) => Err(Failure::Unreadable { status: status.as_u16() }),
        }
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

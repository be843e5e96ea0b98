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
#[cfg(feature = "client")]
mod sending;
#[cfg(feature = "client")]
mod session;

pub use call::{Answer, Call, Request};
pub use failure::Failure;
#[cfg(feature = "client")]
pub use sending::Client;
#[cfg(feature = "client")]
pub use session::Session;

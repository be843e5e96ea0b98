//! The doors of `backend/fuzz`: what strangers write, and Rekey reads. Only with the feature `drill`.

#[cfg(test)]
mod properties;

use std::net::{IpAddr, SocketAddr};

use actix_web::ResponseError as _;
use actix_web::http::header::{HeaderName, HeaderValue};
use actix_web::test::TestRequest;
use ipnet::IpNet;
use rekey_shared::admin::ChangeAccount;
use rekey_shared::login::LoginRequest;

use crate::clock::Clock;
use crate::error::Error;
use crate::login::access_token::{AccessTokens, Scope};
use crate::login::cookies::CookieName;
use crate::login::signing_keys::SigningKeys;
use crate::web::query::WantedPage;
use crate::web::{client_address, json, query as queries};

/// A request with these headers; what HTTP allows in none is left out.
fn request(headers: &[(&str, &[u8])]) -> TestRequest {
    headers.iter().fold(TestRequest::default(), |request, (name, value)| {
        match (HeaderName::try_from(*name), HeaderValue::from_bytes(value)) {
            (Ok(name), Ok(value)) => request.append_header((name, value)),
            _ => request,
        }
    })
}

/// Who asks, when the peer sends these headers and these proxies are trusted.
#[must_use]
pub fn client_address(peer: IpAddr, proxies: &[IpAddr], headers: &[(&str, &[u8])]) -> IpAddr {
    let trusted: Vec<IpNet> = proxies.iter().copied().map(IpNet::from).collect();
    let request = request(headers).peer_addr(SocketAddr::new(peer, 4711)).to_http_request();
    client_address::client_address(&request, &trusted)
}

/// The session's cookie in this header.
#[must_use]
pub fn session_cookie(header: &[u8]) -> Option<String> {
    let value = CookieName::Session.value(&request(&[("cookie", header)]).to_http_request(), true)?;
    Some(value.expose().to_owned())
}

/// The status that a body with fields of every kind would get.
#[must_use]
pub fn body(bytes: &[u8]) -> u16 {
    let login = json::parse::<LoginRequest>(bytes).map(|_| ());
    status(login.and_then(|()| json::parse::<ChangeAccount>(bytes).map(|_| ())))
}

/// The status that a query would get.
#[must_use]
pub fn query(text: &str) -> u16 {
    status(queries::parse::<WantedPage>(text).map(|_| ()))
}

fn status(read: Result<(), Error>) -> u16 {
    read.map_or_else(|error| error.status_code().as_u16(), |()| 200)
}

/// Access tokens of a server that is nowhere.
pub struct Tokens(AccessTokens, Clock);

impl Tokens {
    /// With a key of its own.
    ///
    /// # Panics
    /// When there is no folder for the key.
    #[must_use]
    #[expect(clippy::expect_used, reason = "without a key there is nothing to try")]
    pub fn new() -> Self {
        let folder = std::env::temp_dir().join(format!("rekey-fuzz-{}", std::process::id()));
        std::fs::create_dir_all(&folder).expect("a folder");
        let keys = SigningKeys::load_or_create(&folder.join("keys.pem")).expect("a key");
        // Nobody clears up behind a `static`. A token of an unknown key has them read again: those that are known stay.
        let _ = std::fs::remove_dir_all(&folder);
        Self(AccessTokens::new(keys, "https://support.example.com".to_owned()), Clock::system())
    }

    /// A good one.
    #[must_use]
    pub fn issue(&self) -> String {
        self.issue_for("session")
    }

    /// A good one for this session.
    ///
    /// # Panics
    /// When it cannot be signed.
    #[must_use]
    #[expect(clippy::expect_used, reason = "without a token there is nothing to try")]
    pub fn issue_for(&self, session: &str) -> String {
        let token = self.0.issue("account", session, 3, Scope::PasswordChange, self.1.now());
        token.expect("a token").expose().to_owned()
    }

    /// Whether one is taken for good.
    #[must_use]
    pub fn accept(&self, token: &str) -> bool {
        self.0.verify(token, self.1.now()).is_ok()
    }
}

impl Default for Tokens {
    fn default() -> Self {
        Self::new()
    }
}

//! The cookies, and who may send them.

use actix_web::HttpRequest;
use actix_web::cookie::{Cookie, SameSite, time};
use rekey_shared::secret::Secret;

use crate::app::Rekey;
use crate::error::Error;

/// Which of Rekey's cookies.
#[derive(Clone, Copy)]
pub(crate) enum CookieName {
    Session,
    Device,
    /// The session's, for tools on other hosts of the cookie domain ([`super::tools_cookie`]).
    Tools,
}

impl CookieName {
    /// Over https the prefix `__Host-` keeps sibling hosts from setting it (RFC 6265bis 4.1.3.2), `__Secure-` only whoever
    /// has no TLS.
    fn text(self, https: bool) -> &'static str {
        match (self, https) {
            (Self::Session, true) => "__Host-rekey_session",
            (Self::Session, false) => "rekey_session",
            (Self::Device, true) => "__Host-rekey_device",
            (Self::Device, false) => "rekey_device",
            (Self::Tools, true) => "__Secure-rekey_tools",
            (Self::Tools, false) => "rekey_tools",
        }
    }

    /// What the browser sent.
    pub(crate) fn read(self, request: &HttpRequest, rekey: &Rekey) -> Option<Secret> {
        self.value(request, rekey.config.public_url.is_https())
    }

    pub(crate) fn value(self, request: &HttpRequest, https: bool) -> Option<Secret> {
        request.cookie(self.text(https)).map(|cookie| Secret::from(cookie.value()))
    }

    /// The cookie to send, for this long.
    pub(crate) fn set(self, rekey: &Rekey, value: &Secret, life: std::time::Duration) -> Cookie<'static> {
        let https = rekey.config.public_url.is_https();
        let seconds = i64::try_from(life.as_secs()).unwrap_or(i64::MAX);
        let domain = rekey.config.cookie_domain.as_ref().filter(|_| matches!(self, Self::Tools));
        let mut cookie = Cookie::build(self.text(https), value.expose().to_owned())
            .path("/")
            .secure(https)
            .http_only(true)
            .same_site(SameSite::Lax)
            .max_age(time::Duration::seconds(seconds))
            .finish();
        if let Some(domain) = domain {
            cookie.set_domain(domain.to_string());
        }
        cookie
    }

    /// Takes the cookie back.
    fn clear(self, rekey: &Rekey) -> Cookie<'static> {
        self.set(rekey, &Secret::default(), std::time::Duration::ZERO)
    }
}

/// The cookie by which tools on other hosts know a session, where there is a domain for it.
pub(crate) fn for_tools(rekey: &Rekey, session_id: &str) -> Result<Option<Cookie<'static>>, Error> {
    if rekey.config.cookie_domain.is_none() {
        return Ok(None);
    }
    let value = super::tools_cookie::of_session(&rekey.tokens.keys().all(), session_id)?;
    Ok(Some(CookieName::Tools.set(rekey, &value, rekey.config.session_life)))
}

/// Takes back all that tells of a session.
pub(crate) fn clear_session(rekey: &Rekey) -> impl Iterator<Item = Cookie<'static>> {
    let tools = rekey.config.cookie_domain.is_some().then(|| CookieName::Tools.clear(rekey));
    std::iter::once(CookieName::Session.clear(rekey)).chain(tools)
}

/// Refuses a call with the cookie that another site's page may have caused (ASVS 3.5.1).
pub(crate) fn check_same_origin(request: &HttpRequest, rekey: &Rekey) -> Result<(), Error> {
    if is_same_origin(request, rekey) == Some(true) { Ok(()) } else { Err(Error::Forbidden) }
}

/// Refuses a call with the cookie that another site's page has caused.
pub(crate) fn refuse_other_sites(request: &HttpRequest, rekey: &Rekey) -> Result<(), Error> {
    if is_same_origin(request, rekey) == Some(false) { Err(Error::Forbidden) } else { Ok(()) }
}

/// Whether the call came from one of Rekey's own pages; nothing where it does not say.
fn is_same_origin(request: &HttpRequest, rekey: &Rekey) -> Option<bool> {
    let text = |name: &str| request.headers().get(name).and_then(|value| value.to_str().ok());
    match (text("sec-fetch-site"), text("origin")) {
        (Some(site), _) => Some(site == "same-origin"),
        (None, Some(origin)) => Some(origin == rekey.config.public_url.origin()),
        (None, None) => None,
    }
}

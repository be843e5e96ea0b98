//! `GET /forward-auth`: a proxy asks, before each request that it passes on to a tool, who is there.
//!
//! It changes nothing but when the session was last used, and its answer goes to the proxy. So it wants no same-origin
//! request as the other calls with a cookie do: a page that makes somebody's browser send one learns nothing and causes
//! nothing. What the person's browser is made to send to the tool itself, the tool has to look at.

use actix_web::http::header::{HeaderName, HeaderValue, LOCATION};
use actix_web::{FromRequest as _, HttpRequest, HttpResponse, HttpResponseBuilder, ResponseError as _};
use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};
use rekey_shared::paths::{self, page};
use rekey_shared::problem::ProblemCode;
use rekey_shared::return_to::ReturnTo;

use super::access_token::Scope;
use super::cookies::CookieName;
use super::seen::{self, Shown};
use super::session::{AnySession, Session};
use super::{tool_token, tools_cookie};
use crate::config::{Config, CookieDomain};
use crate::error::Error;
use crate::opaque_token::fingerprint;
use crate::web::openapi::{problems, tag};
use crate::web::{Shared, client_address, spa};

/// Header values are ASCII. What is not, and the sign itself, is percent-encoded (UTF-8): servers read bytes beyond ASCII
/// as Latin-1, as UTF-8 or not at all (goauthentik/authentik#24156), but `%C3%AB` arrives everywhere, and one call decodes
/// it. RFC 8187 would be for parameters of a value, RFC 2047 for mail.
const HEADER: &AsciiSet = &CONTROLS.add(b'%');

/// What would end the value of a query, or be read as something else.
const QUERY: &AsciiSet =
    &CONTROLS.add(b' ').add(b'"').add(b'#').add(b'%').add(b'&').add(b'\'').add(b'+').add(b'<').add(b'>').add(b'\\');

/// `GET /forward-auth`
#[utoipa::path(
    get,
    path = paths::FORWARD_AUTH,
    operation_id = "forward_auth",
    tag = tag::LOGIN,
    summary = "Who is there, for a proxy in front of a tool",
    description = "A proxy asks this for each request to a tool, with the request's own headers, and hands the `Remote-*` \
        headers of the answer to the tool. The browser's cookie is asked first, then an access token. Only a trusted proxy \
        (`REKEY_TRUSTED_PROXIES`) may say what page was asked for: by `X-Forwarded-Proto`, `-Host` and `-Uri` (Caddy, \
        Traefik), or by `X-Original-URL` (nginx).",
    security(("access_token" = []), ("session_cookie" = [])),
    responses(
        (status = 200, description = "Somebody is logged in. What is not ASCII, and the percent sign, is percent-encoded \
            (UTF-8).", headers(
            ("Remote-User" = String, description = "The user name."),
            ("Remote-Name" = String, description = "The name, or the user name where there is none."),
            ("Remote-Email" = String, description = "The email address."),
            ("Remote-Groups" = String, description = "The role: `member` or `admin`."),
            ("Remote-Token" = String, description = "A JWT of five minutes whose audience is the tool's origin; only where a \
                trusted proxy says which tool it is."),
        )),
        (status = 302, description = "Nobody is logged in, a browser asked for a page, and a trusted proxy said which by \
            `X-Forwarded-Uri`.", headers(("Location" = String, description = "The login, which leads back."))),
    ),
    extensions(("x-problems" = json!([problems::SESSION, problems::SERVER]))),
)]
pub(crate) async fn forward_auth(rekey: Shared, request: HttpRequest) -> Result<HttpResponse, Error> {
    let asked = Asked::read(&request, &rekey.config);
    match who(&rekey, &request).await {
        Ok(session) => let_in(&rekey, &session, asked.page.as_ref()),
        Err(error) if matches!(error.problem_code(), ProblemCode::Unauthenticated | ProblemCode::SessionEnded) => {
            Ok(log_in_first(&error, &rekey, &request, &asked))
        }
        Err(other) => Err(other),
    }
}

/// The cookie first: the header may be the tool's own affair.
async fn who(rekey: &Shared, request: &HttpRequest) -> Result<Session, Error> {
    let keys = rekey.tokens.keys().all();
    let shown = [
        CookieName::Session.read(request, rekey).map(|cookie| Shown::Cookie(fingerprint(cookie.expose()))),
        CookieName::Tools
            .read(request, rekey)
            .filter(|_| rekey.config.cookie_domain.is_some())
            .and_then(|cookie| tools_cookie::session_of(&keys, &cookie))
            .map(Shown::Id),
    ];
    for shown in shown.into_iter().flatten() {
        match seen::of_browser(rekey, shown).await {
            Err(Error::SessionEnded) => {}
            other => return other,
        }
    }
    let AnySession(session) = AnySession::extract(request).await?;
    // A mailed password opens nothing but the choice of an own one.
    if session.scope == Scope::Full { Ok(session) } else { Err(Error::Unauthenticated) }
}

fn let_in(rekey: &Shared, session: &Session, page: Option<&ReturnTo>) -> Result<HttpResponse, Error> {
    let account = &session.account;
    let mut response = HttpResponse::Ok();
    tell(&mut response, "remote-user", &account.user_name)?;
    tell(&mut response, "remote-name", account.shown_name())?;
    tell(&mut response, "remote-email", &account.email)?;
    tell(&mut response, "remote-groups", account.role().name())?;
    // Without an origin it would be a token for everybody.
    if let Some(page) = page {
        let token = tool_token::issue(&rekey.tokens, account, page.origin(), rekey.clock.now())?;
        tell(&mut response, "remote-token", token.expose())?;
    }
    Ok(response.finish())
}

fn tell(response: &mut HttpResponseBuilder, name: &'static str, value: &str) -> Result<(), Error> {
    let value = HeaderValue::try_from(utf8_percent_encode(value, HEADER).to_string())
        .map_err(|error| Error::Internal(format!("{name}: {error}")))?;
    response.insert_header((HeaderName::from_static(name), value));
    Ok(())
}

fn log_in_first(error: &Error, rekey: &Shared, request: &HttpRequest, asked: &Asked) -> HttpResponse {
    let refused = || error.error_response();
    // A script that asked for data would get a page.
    let Some(page) = asked.page.as_ref().filter(|_| spa::wants_html(request)) else { return refused() };
    let login = rekey.config.public_url.page(page::LOGIN);
    let location = format!("{login}?return_to={}", utf8_percent_encode(page.url(), QUERY));
    let Ok(location) = HeaderValue::try_from(location) else { return refused() };
    let mut response = if asked.redirects { HttpResponse::Found().finish() } else { refused() };
    response.headers_mut().insert(LOCATION, location);
    response
}

/// What a proxy says of the request that it was sent.
struct Asked {
    /// None: the proxy is not trusted or does not say, or it is no page of a tool that gets the cookie.
    page: Option<ReturnTo>,
    /// nginx's `auth_request` takes a redirect for a fault. It is told the way to the login with the 401.
    redirects: bool,
}

impl Asked {
    fn read(request: &HttpRequest, config: &Config) -> Self {
        if !client_address::is_from_proxy(request, &config.trusted_proxies) {
            return Self { page: None, redirects: false };
        }
        // Sent twice, nobody knows which one the proxy wrote.
        let one = |name: &str| {
            let mut lines = request.headers().get_all(name);
            lines.next().filter(|_| lines.next().is_none()).and_then(|line| line.to_str().ok())
        };
        let forwarded = || {
            let uri = one("x-forwarded-uri").filter(|uri| uri.starts_with('/'))?;
            Some(format!("{}://{}{uri}", one("x-forwarded-proto")?, one("x-forwarded-host")?))
        };
        let original = one("x-original-url").map(str::to_owned);
        let redirects = original.is_none();
        let domain = config.cookie_domain.as_ref().map(CookieDomain::as_str);
        let page =
            original.or_else(forwarded).and_then(|url| ReturnTo::parse(&url, &config.public_url.origin(), domain));
        Self { page, redirects }
    }
}

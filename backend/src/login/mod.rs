//! Logging in, staying logged in, logging out.
//!
//! Every attempt that is not throttled costs the same: one look-up, one verification, one counted failure that a
//! right password takes back. A mailed password is checked by its fingerprint beside that verification; it is never
//! throttled, because nobody guesses 90 bits, and so a reset always lets the owner in. What comes of it is written only
//! if the account's epoch is still the one under which the password was read.

pub mod access_token;
mod attempt;
pub(crate) mod cookies;
pub mod device;
mod ed25519;
pub mod foreign_hash;
pub(crate) mod forward_auth;
mod hash_threads;
pub mod password;
pub(crate) mod refresh;
mod refresh_token;
mod seen;
pub mod session;
pub mod signing_keys;
pub mod throttle;
mod tool_token;
mod tools_cookie;
mod verified_tokens;

use std::time::Duration;

use actix_web::{HttpRequest, HttpResponse};
use rekey_shared::login::{LoginRequest, SessionKind, SessionTokens};
use rekey_shared::password_rules::MAX_BYTES;
use rekey_shared::paths;
use rekey_shared::problem::{FieldCode, FieldError, ProblemCode};
use rekey_shared::secret::Secret;

use crate::app::Rekey;
use crate::drill;
use crate::error::Error;
use crate::metrics::journeys::LoggedIn;
use crate::metrics::limits::Limit;
use crate::web::json::Body;
use crate::web::openapi::{problems, tag};
use crate::web::{Shared, client};
use attempt::{Begin, Counted, Found};
pub(crate) use attempt::{is_live_temporary, temporary_fingerprint};
use cookies::{CookieName, refuse_other_sites};
use session::Begun;
use signing_keys::KeySet;
use throttle::Admission;

/// A browser that has not logged in for a year is not known any more.
const DEVICE_LIFE: Duration = Duration::from_hours(365 * 24);

/// `POST /login`
#[utoipa::path(
    post,
    path = paths::LOGIN,
    operation_id = "log_in",
    tag = tag::LOGIN,
    summary = "Log in",
    description = "With user name or email address. With a mailed password `password_change_required` is true: then there \
        is no refresh, and the access token opens only `POST /me/password` and `POST /logout`. After five wrong \
        passwords in a row the user waits, longer each time; a browser that the account knows by its device \
        cookie has a count of its own.",
    request_body = LoginRequest,
    responses((
            status = 200,
            description = "A session has begun.", body = SessionTokens,
            headers(("Set-Cookie" = String, description = "Only with `session: \"cookie\"`: the session, and the device by which the account knows this browser.")),
            links(
                ("refresh" = (operation_id = "refresh_session", request_body = json!({ "refresh_token": "$response.body#/refresh_token" }))),
            ))),
    extensions(("x-problems" = json!([
        problems::BODY, problems::LIMIT, problems::SERVER,
        [ProblemCode::InvalidCredentials, ProblemCode::TooManyAttempts, ProblemCode::Forbidden]
    ]))),
)]
pub(crate) async fn log_in(
    rekey: Shared,
    request: HttpRequest,
    body: Body<LoginRequest>,
) -> Result<HttpResponse, Error> {
    let Body(wanted) = body;
    attempt_login(&rekey, &request, wanted).await.inspect_err(|error| rekey.metrics.journeys.logins.refused(error))
}

async fn attempt_login(rekey: &Shared, request: &HttpRequest, wanted: LoginRequest) -> Result<HttpResponse, Error> {
    let LoginRequest { user, password, session: kind } = wanted;
    check_fields(&user, &password)?;
    let old_session = CookieName::Session.read(request, rekey);
    if old_session.is_some() {
        // It would end. What tells no origin is no page of another site, but perhaps a program that keeps cookies.
        refuse_other_sites(request, rekey)?;
    }
    let caller = client(rekey, request);
    rekey.limits.admit(caller.address)?;
    let device = CookieName::Device.read(request, rekey);
    let seat = rekey.hasher.seat()?;

    let user_key = throttle::user_key(&user);
    let turn = rekey.login_turns.try_take(&user_key);
    let Found { account, is_temporary, counted } =
        attempt::find(rekey, user_key.clone(), &password, device.clone(), turn.is_some()).await?;
    let (_turn, admission) = match counted {
        Counted::Apart => {
            drop(turn);
            (None, Admission::Admitted { begins_delay: false })
        }
        Counted::WithUser(admission) => (turn, admission),
        Counted::NotYet => {
            let turn = rekey.login_turns.take(&user_key).await;
            (turn, throttle::admit(&rekey.db, &user_key, &rekey.clock).await?)
        }
    };
    let begins_delay = match admission {
        Admission::Admitted { begins_delay } => begins_delay,
        Admission::Throttled { retry_after } => {
            rekey.metrics.limits.count(Limit::Login);
            return Err(Error::TooManyAttempts { retry_after });
        }
    };
    let hash = account.as_ref().and_then(|account| account.password_hash.clone());
    let is_own = seat.verify(&password, hash).await?;
    drill::point("login.verified");
    let (known, address) = (account.clone(), caller.address);
    let right = account.filter(|account| account.is_enabled() && (is_own || is_temporary));
    let attempt = Begin { is_own, password, user_key, kind, device, old_session, caller };
    let begun = match right {
        Some(account) => attempt::begin(rekey, account, attempt).await,
        None => Err(Error::InvalidCredentials),
    };
    if matches!(begun, Err(Error::InvalidCredentials)) {
        tracing::info!("login.failed");
        attempt::record_failure(rekey, known, address, begins_delay).await?;
    }
    let (begun, device) = begun?;
    tracing::info!(account.id = %begun.account_id, login.temporary = !is_own, "login.succeeded");
    let response = answer(rekey, request, &begun, device.as_ref())?;
    rekey.metrics.journeys.logins.good(if is_own { LoggedIn::OwnPassword } else { LoggedIn::MailedPassword });
    Ok(response)
}

/// `GET /.well-known/jwks.json`
#[utoipa::path(
    get,
    path = paths::JWKS,
    operation_id = "get_jwks",
    tag = tag::SERVER,
    summary = "Public keys",
    description = "They verify access tokens (RFC 7517, RFC 8037). A token names its key by `kid`; the list changes when \
        keys are rotated.",
    responses((status = 200, description = "All keys that verify.", body = KeySet)),
)]
pub(crate) async fn jwks(rekey: Shared) -> HttpResponse {
    HttpResponse::Ok().json(rekey.tokens.keys().jwks())
}

fn check_fields(user: &str, password: &Secret) -> Result<(), Error> {
    let mut errors = Vec::new();
    if user.trim().is_empty() {
        errors.push(FieldError::new("user", FieldCode::Required));
    }
    if password.is_empty() {
        errors.push(FieldError::new("password", FieldCode::Required));
    } else if password.expose().len() > MAX_BYTES {
        errors.push(FieldError::new("password", FieldCode::TooLong));
    }
    if errors.is_empty() { Ok(()) } else { Err(Error::InvalidInput(errors)) }
}

/// The answer to everything that begins a session.
pub(crate) fn answer(
    rekey: &Rekey,
    request: &HttpRequest,
    begun: &Begun,
    device: Option<&Secret>,
) -> Result<HttpResponse, Error> {
    rekey.metrics.journeys.sessions_begun.count(begun.kind);
    let mut response = HttpResponse::Ok();
    let mut refresh_token = None;
    match (begun.kind, &begun.refresh) {
        (SessionKind::Cookie, Some(cookie)) => {
            response.cookie(CookieName::Session.set(rekey, cookie, rekey.config.session_life));
            if let Some(cookie) = cookies::for_tools(rekey, &begun.id)? {
                response.cookie(cookie);
            }
        }
        (SessionKind::Token, refresh) => refresh_token.clone_from(refresh),
        (SessionKind::Cookie, None) if CookieName::Session.read(request, rekey).is_some() => {
            // Otherwise a reload would bring back who was logged in here before.
            for cookie in cookies::clear_session(rekey) {
                response.cookie(cookie);
            }
        }
        (SessionKind::Cookie, None) => {}
    }
    if let Some(device) = device {
        response.cookie(CookieName::Device.set(rekey, device, DEVICE_LIFE));
    }
    let session = (begun.account_id.as_str(), begun.id.as_str(), begun.epoch);
    Ok(response.json(session::tokens_of(rekey, session, begun.scope, refresh_token)?))
}

//! Staying logged in, and logging out.

use actix_web::{HttpRequest, HttpResponse, ResponseError as _};
use rekey_shared::admin::AuditEvent;
use rekey_shared::login::{RefreshRequest, SessionTokens};
use rekey_shared::paths;
use rekey_shared::problem::ProblemCode;
use rekey_shared::secret::Secret;

use super::access_token::Scope;
use super::cookies::{self, CookieName, check_same_origin};
use super::refresh_token;
use super::session::{self, AnySession, Session};
use crate::account::record;
use crate::admin::audit::Event;
use crate::db::{Db, DbError};
use crate::error::Error;
use crate::metrics::journeys::EndedBy;
use crate::web::json::OptionalBody;
use crate::web::openapi::{problems, tag};
use crate::web::{Shared, client};

/// `POST /session/refresh`: an app's token is answered with its successor, a browser's cookie stays what it is.
#[utoipa::path(
    post,
    path = paths::SESSION_REFRESH,
    operation_id = "refresh_session",
    tag = tag::LOGIN,
    summary = "Get the next access token",
    description = "An app sends its refresh token, and gets its successor: each is good once, and one that is used again \
        later than a moment after ends the session. A browser sends its cookie and no body.",
    request_body = Option<RefreshRequest>,
    security((), ("session_cookie" = [])),
    responses(
        (status = 200, description = "The session lives.", body = SessionTokens,
            links(
                ("refresh" = (operation_id = "refresh_session", request_body = json!({ "refresh_token": "$response.body#/refresh_token" }))),
            )),
        (status = 204, description = "Neither a refresh token nor a cookie was sent: nobody is logged in here."),
    ),
    extensions(("x-problems" = json!([
        problems::BODY, problems::LIMIT, problems::SERVER,
        [ProblemCode::SessionEnded, ProblemCode::Forbidden]
    ]))),
)]
pub(crate) async fn refresh(
    rekey: Shared,
    request: HttpRequest,
    body: OptionalBody<RefreshRequest>,
) -> Result<HttpResponse, Error> {
    let OptionalBody(RefreshRequest { refresh_token }) = body;
    if let Some(token) = refresh_token {
        let rotated = refresh_token::rotate(&rekey, token, client(&rekey, &request).address).await;
        if matches!(rotated, Err(Error::SessionEnded)) {
            // Guesses are counted, and the calls of apps whose sessions live are not.
            rekey.limits.admit(client(&rekey, &request).address)?;
        }
        let (session, successor) = rotated?;
        return tokens(&rekey, &session, Some(successor));
    }
    let Some(cookie) = CookieName::Session.read(&request, &rekey) else {
        return Ok(HttpResponse::NoContent().finish());
    };
    check_same_origin(&request, &rekey)?;
    match session::of_cookie(&rekey, &cookie).await {
        Ok(session) => {
            let mut response = tokens(&rekey, &session, None)?;
            give_tools_cookie(&rekey, &request, &session, &mut response)?;
            Ok(response)
        }
        Err(Error::SessionEnded) => {
            // The browser would offer the dead cookie at every page.
            let mut response = Error::SessionEnded.error_response();
            for cookie in cookies::clear_session(&rekey) {
                if response.add_cookie(&cookie).is_err() {
                    tracing::warn!("cookie.not_cleared");
                }
            }
            Ok(response)
        }
        Err(other) => Err(other),
    }
}

/// A browser whose session began before there was a cookie domain, or under a key that is gone, has not the tools' cookie.
fn give_tools_cookie(
    rekey: &Shared,
    request: &HttpRequest,
    session: &Session,
    response: &mut HttpResponse,
) -> Result<(), Error> {
    let Some(cookie) = cookies::for_tools(rekey, &session.id)? else { return Ok(()) };
    let has_it = CookieName::Tools.read(request, rekey).is_some_and(|had| had.expose() == cookie.value());
    if !has_it {
        response.add_cookie(&cookie).map_err(|error| Error::Internal(format!("the tools' cookie: {error}")))?;
    }
    Ok(())
}

fn tokens(rekey: &Shared, session: &Session, refresh_token: Option<Secret>) -> Result<HttpResponse, Error> {
    let named = (session.account.id.as_str(), session.id.as_str(), session.account.epoch);
    Ok(HttpResponse::Ok().json(session::tokens_of(rekey, named, Scope::Full, refresh_token)?))
}

/// `POST /logout`: ends what the call names, and is content when there is nothing to end.
#[utoipa::path(
    post,
    path = paths::LOGOUT,
    operation_id = "log_out",
    tag = tag::LOGIN,
    summary = "Log out",
    description = "Ends the sessions that the call names: by access token, by refresh token or by cookie. When there is \
        nothing to end, it is content.",
    request_body = Option<RefreshRequest>,
    security((), ("access_token" = []), ("session_cookie" = [])),
    responses((status = 204, description = "The session has ended, or there was none.", headers(("Set-Cookie" = String, description = "Takes the cookie back, if one was sent.")))),
    extensions(("x-problems" = json!([problems::BODY, problems::SERVER, [ProblemCode::Forbidden]]))),
)]
pub(crate) async fn log_out(
    rekey: Shared,
    request: HttpRequest,
    session: Result<AnySession, Error>,
    body: OptionalBody<RefreshRequest>,
) -> Result<HttpResponse, Error> {
    let cookie = CookieName::Session.read(&request, &rekey);
    if cookie.is_some() {
        check_same_origin(&request, &rekey)?;
    }
    let id = match session {
        Ok(AnySession(session)) => Some(session.id),
        Err(Error::Unauthenticated | Error::SessionEnded) => None,
        // Nobody is told to be logged out who is not.
        Err(other) => return Err(other),
    };
    let had_cookie = cookie.is_some();
    let OptionalBody(RefreshRequest { refresh_token }) = body;
    if id.is_some() || had_cookie || refresh_token.is_some() {
        let (now, address) = (rekey.clock.now(), client(&rekey, &request).address);
        let end = move |db: &mut Db| {
            let mut account_ids = session::delete(db, id.as_deref(), cookie.as_ref())?;
            account_ids.extend(session::delete(db, None, refresh_token.as_ref())?);
            for id in &account_ids {
                if let Some(account) = record::find(db, id)? {
                    Event::own(AuditEvent::LoggedOut, &account).from(address).insert(db, now)?;
                }
            }
            Ok::<_, DbError>(account_ids.len())
        };
        let ended = rekey.db.write(end).await?;
        rekey.metrics.journeys.sessions_ended.count_many(EndedBy::Logout, ended);
    }
    let mut response = HttpResponse::NoContent();
    if had_cookie {
        for cookie in cookies::clear_session(&rekey) {
            response.cookie(cookie);
        }
    }
    Ok(response.finish())
}

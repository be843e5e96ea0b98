//! Staying logged in, and logging out.

use actix_web::{HttpRequest, HttpResponse};
use rekey_shared::login::RefreshRequest;

use super::access_token::Scope;
use super::cookies::{CookieName, check_same_origin};
use super::session::{self, AnySession};
use crate::error::Error;
use crate::web::json::OptionalBody;
use crate::web::{Shared, request_id};

/// `POST /session/refresh`
pub(crate) async fn refresh(
    rekey: Shared,
    request: HttpRequest,
    body: OptionalBody<RefreshRequest>,
) -> Result<HttpResponse, Error> {
    let OptionalBody(RefreshRequest { refresh_token }) = body;
    if refresh_token.is_some() {
        // Apps get no refresh token yet, so this is none of ours.
        return Err(Error::SessionEnded);
    }
    let Some(cookie) = CookieName::Session.read(&request, &rekey) else {
        return Ok(HttpResponse::NoContent().finish());
    };
    check_same_origin(&request, &rekey)?;
    match session::of_cookie(&rekey, &cookie).await {
        Ok(session) => {
            let named = (session.account.id.as_str(), session.id.as_str(), session.account.epoch);
            Ok(HttpResponse::Ok().json(session::tokens_of(&rekey, named, Scope::Full, rekey.clock.now())?))
        }
        Err(Error::SessionEnded) => {
            // The browser would offer the dead cookie at every page.
            let mut response = Error::SessionEnded.response(&request_id(&request));
            if response.add_cookie(&CookieName::Session.clear(&rekey)).is_err() {
                tracing::warn!("cookie.not_cleared");
            }
            Ok(response)
        }
        Err(other) => Err(other),
    }
}

/// `POST /logout`: ends what the call names, and is content when there is nothing to end.
pub(crate) async fn log_out(
    rekey: Shared,
    request: HttpRequest,
    session: Result<AnySession, Error>,
    _: OptionalBody<RefreshRequest>,
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
    if id.is_some() || had_cookie {
        rekey
            .db
            .write(move |db| session::delete(db, id.as_deref(), cookie.as_ref()))
            .await?;
    }
    let mut response = HttpResponse::NoContent();
    if had_cookie {
        response.cookie(CookieName::Session.clear(&rekey));
    }
    Ok(response.finish())
}

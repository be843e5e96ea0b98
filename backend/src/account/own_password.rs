//! Choosing an own password, with the current one or a mailed one.

use std::net::IpAddr;

use actix_web::{HttpRequest, HttpResponse};
use rekey_shared::account::ChangePassword;
use rekey_shared::admin::AuditEvent;
use rekey_shared::login::SessionTokens;
use rekey_shared::password_rules::{self, MAX_BYTES};
use rekey_shared::paths;
use rekey_shared::problem::{FieldCode, FieldError, ProblemCode};
use rekey_shared::secret::Secret;
use unicode_normalization::UnicodeNormalization;

use super::common_passwords::is_common;
use super::record::{self, Account};
use crate::admin::audit::Event;
use crate::app::Rekey;
use crate::db::Db;
use crate::error::Error;
use crate::login::access_token::Scope;
use crate::login::session::{self, AnySession, Begun, Session};
use crate::login::throttle::{self, Admission};
use crate::login::{answer, is_live_temporary, temporary_fingerprint};
use crate::mail::queue::{self, Kind, Promise};
use crate::metrics::journeys::Done;
use crate::metrics::limits::Limit;
use crate::password_reset::end_links_and_passwords;
use crate::web::after::After;
use crate::web::fields::Fields;
use crate::web::json::Body;
use crate::web::openapi::{problems, tag};
use crate::web::{Shared, client};

/// `POST /me/password`: a new full session; everything that the old password had opened is dead.
#[utoipa::path(
    post,
    path = paths::ME_PASSWORD,
    operation_id = "change_password",
    tag = tag::ACCOUNT,
    summary = "Choose an own password",
    description = "With the current password, own or mailed. Every session ends, this one too, and the answer is a new one. \
        A password has 15 characters at least and 1,024 bytes at most, is not one that many people use, and not \
        made of own names.",
    request_body = ChangePassword,
    security(("access_token" = [])),
    responses((
            status = 200,
            description = "The new password holds, and this is a new session.", body = SessionTokens,
            headers(("Set-Cookie" = String, description = "The new session, where the old one had a cookie.")))),
    extensions(("x-problems" = json!([
        problems::SESSION, problems::BODY, problems::SERVER,
        [ProblemCode::InvalidCredentials, ProblemCode::TooManyAttempts, ProblemCode::PasswordRejected]
    ]))),
)]
pub(crate) async fn change(
    rekey: Shared,
    request: HttpRequest,
    After(AnySession(session), body): After<AnySession, Body<ChangePassword>>,
) -> Result<HttpResponse, Error> {
    let Body(wanted) = body;
    let changes = &rekey.metrics.journeys.password_changes;
    let begun = set_new(&rekey, &request, session, wanted).await.inspect_err(|error| changes.refused(error))?;
    changes.good(Done::Ok);
    answer(&rekey, &request, &begun, None)
}

async fn set_new(
    rekey: &Shared,
    request: &HttpRequest,
    session: Session,
    wanted: ChangePassword,
) -> Result<Begun, Error> {
    let ChangePassword { current_password, new_password } = wanted;
    let mut fields = Fields::default();
    check_current(&mut fields, &current_password);
    fields.check()?;
    check_rules(&new_password, Some(&current_password), rekey, &session.account)?;
    let caller = client(rekey, request);
    let epoch = session.account.epoch;
    verify_current(rekey, &session, current_password, caller.address).await?;
    let hash = rekey.hasher.seat()?.hash(&new_password).await?;

    let shared = rekey.clone();
    let begun: Begun = rekey
        .db
        .write(move |db: &mut Db| {
            let now = shared.clock.now();
            // Not the epoch of before the hashing: a reset in between wins.
            let account = record::raise_epoch(db, &session.account.id, Some(epoch), Some(&hash), now)?
                .ok_or(Error::SessionEnded)?;
            end_links_and_passwords(db, &account.id, now)?;
            throttle::delete_all(db, &account)?;
            session::delete(db, Some(&session.id), None)?;
            let notice = Promise::to(Kind::PasswordChanged, &account.email_key).with_data(&caller.address.to_string());
            queue::insert(db, &notice.for_epoch(&account.id, account.epoch), now)?;
            Event::own(AuditEvent::PasswordChanged, &account).from(caller.address).insert(db, now)?;
            Ok::<_, Error>(session::insert(db, &shared, &account, (Scope::Full, session.kind), &caller, now)?)
        })
        .await?;
    rekey.mail.nudge();
    tracing::info!(account.id = %begun.account_id, "account.password_changed");
    Ok(begun)
}

/// Whether there is a current password to verify.
pub(crate) fn check_current(fields: &mut Fields, current: &Secret) {
    match current.expose().len() {
        0 => fields.refuse("current_password", FieldCode::Required),
        length if length > MAX_BYTES => fields.refuse("current_password", FieldCode::TooLong),
        _ => {}
    }
}

/// Holds a new password to the rules; `current` is the one that it must not be.
pub(crate) fn check_rules(
    new: &Secret,
    current: Option<&Secret>,
    rekey: &Rekey,
    account: &Account,
) -> Result<(), Error> {
    if new.is_empty() {
        return Err(Error::field("new_password", FieldCode::Required));
    }
    let names = [account.user_name.as_str(), account.email.as_str(), rekey.config.app_name.as_str()];
    let mut broken = broken_rules(new, &names);
    if current.is_some_and(|current| new.expose().trim() == current.expose().trim()) {
        broken.push(FieldCode::Unchanged);
    }
    if broken.is_empty() {
        return Ok(());
    }
    Err(Error::PasswordRejected(broken.into_iter().map(|code| FieldError::new("new_password", code)).collect()))
}

/// What is wrong with a new password: by the rules that the page knows too, and by the list that only the server has.
pub(crate) fn broken_rules(new: &Secret, names: &[&str]) -> Vec<FieldCode> {
    let normalised = Secret::from(new.expose().nfkc().collect::<String>());
    let mut broken = password_rules::broken_rules(normalised.expose(), names);
    // As typed, too: NFKC can make a long text shorter, and hashing sees both.
    if new.expose().len() > MAX_BYTES && !broken.contains(&FieldCode::TooLong) {
        broken.push(FieldCode::TooLong);
    }
    // The other rules say better what to do, and nearly everything too short is common as well.
    if broken.is_empty() && is_common(new) {
        broken.push(FieldCode::TooCommon);
    }
    broken
}

/// The current password, own or mailed; throttled like a login, because it could be guessed like one,
/// but by a count of its own: a stranger who fails to log in keeps nobody from a new password.
pub(crate) async fn verify_current(
    rekey: &Shared,
    session: &Session,
    current: Secret,
    from: IpAddr,
) -> Result<(), Error> {
    let seat = rekey.hasher.seat()?;
    let now = rekey.clock.now();
    let (id, typed) = (session.account.id.clone(), temporary_fingerprint(&current));
    let is_temporary: bool = rekey.db.read(move |db| is_live_temporary(db, &typed, &id, now)).await?;
    if !is_temporary {
        match throttle::admit(&rekey.db, &throttle::session_key(&session.account.id), &rekey.clock).await? {
            Admission::Admitted { .. } => {}
            Admission::Throttled { retry_after } => {
                rekey.metrics.limits.count(Limit::CurrentPassword);
                return Err(Error::TooManyAttempts { retry_after });
            }
        }
    }
    let is_own = seat.verify(&current, session.account.password_hash.clone()).await?;
    if is_own || is_temporary {
        return Ok(());
    }
    // Somebody who has a session and not the password. As often as the delay lets them try.
    let (now, event) = (rekey.clock.now(), Event::own(AuditEvent::CurrentPasswordWrong, &session.account).from(from));
    rekey.db.write(move |db: &mut Db| event.insert(db, now)).await?;
    Err(Error::InvalidCredentials)
}

use actix_web::{HttpRequest, HttpResponse};
use rekey_shared::password_reset::{ConfirmRequest, Confirmed};
use rekey_shared::problem::FieldCode;
use rekey_shared::secret::Secret;

use super::reset_link::{self, ResetLink, State};
use crate::account::record;
use crate::clock::Timestamp;
use crate::db::Db;
use crate::drill;
use crate::error::Error;
use crate::login::{device, throttle};
use crate::mail::queue::{self, Kind, Promise};
use crate::web::json::Body;
use crate::web::{Shared, client};

/// `POST /password-reset/confirm`. Only this uses a link up; no GET does, whoever opens it.
pub(crate) async fn confirm(
    rekey: Shared,
    request: HttpRequest,
    body: Body<ConfirmRequest>,
) -> Result<HttpResponse, Error> {
    let Body(ConfirmRequest { token, new_password: _ }) = body;
    let token = Secret::from(token.expose().trim());
    if token.is_empty() {
        return Err(Error::field("token", FieldCode::Required));
    }
    rekey.limits.admit(client(&rekey, &request).address)?;
    let now = rekey.clock.now();
    // A look without the lock: whoever comes late does not keep the account's row from others.
    let (token, link) = rekey
        .db
        .read(move |db| reset_link::find(db, &token).map(|link| (token, link)))
        .await?;
    let link = good(link, now)?;
    let account_id = rekey.db.write(move |db| reset(db, &token, &link, now)).await?;
    rekey.mail.nudge();
    tracing::info!(account.id = %account_id, "password_reset.confirmed");
    Ok(HttpResponse::Ok().json(Confirmed::NewPasswordSent))
}

fn good(link: Option<ResetLink>, now: Timestamp) -> Result<ResetLink, Error> {
    let link = link.ok_or(Error::ResetLinkUnknown)?;
    match link.state(now) {
        State::Good => Ok(link),
        State::Used => Err(Error::ResetLinkUsed),
        State::Expired => Err(Error::ResetLinkExpired),
    }
}

/// One transaction, all or nothing. The account's row comes first: it is the lock under which nothing else mints, claims
/// or sets one of its credentials.
fn reset(db: &mut Db, token: &Secret, link: &ResetLink, now: Timestamp) -> Result<String, Error> {
    let account = record::raise_epoch(db, &link.account_id, None, None, now)?.ok_or(Error::ResetLinkUsed)?;
    drill::point("confirm.epoch_raised");
    if !reset_link::claim(db, token, now)? {
        // Another confirmation was faster; this one is undone.
        return Err(Error::ResetLinkUsed);
    }
    drill::point("confirm.claimed");
    super::end_links_and_passwords(db, &account.id, now)?;
    throttle::delete_all(db, &account)?;
    device::delete_all(db, &account.id)?;
    let promise = Promise::to(Kind::NewPassword, &account.email_key)
        .for_epoch(&account.id, account.epoch)
        .in_language(link.locale());
    queue::insert(db, &promise, now)?;
    drill::point("confirm.promised");
    Ok(account.id)
}

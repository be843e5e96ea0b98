use actix_web::{HttpRequest, HttpResponse};
use rekey_shared::account::{ConfirmEmail, EmailConfirmed};
use rekey_shared::admin::AuditEvent;
use rekey_shared::email_address::EmailAddress;
use rekey_shared::paths;
use rekey_shared::problem::{FieldCode, ProblemCode};
use rekey_shared::secret::Secret;

use super::link::{self, EmailLink};
use crate::account::record::{self, Account};
use crate::admin::audit::Event;
use crate::clock::Timestamp;
use crate::db::Db;
use crate::error::Error;
use crate::web::json::Body;
use crate::web::openapi::{problems, tag};
use crate::web::{Shared, client};

/// `POST /me/email/confirm`. Only this uses the link up; no GET does, whoever opens it. It asks for no session: the letter
/// is perhaps read on another device, and who holds the token has shown that the mailbox is theirs.
#[utoipa::path(
    post,
    path = paths::ME_EMAIL_CONFIRM,
    operation_id = "confirm_email_change",
    tag = tag::ACCOUNT,
    summary = "Confirm the new address",
    description = "The token of the letter is enough: it may be read on another device. Links and mailed passwords of \
        before end, sessions go on, and the old address is told.",
    request_body = ConfirmEmail,
    responses((status = 200, description = "Letters go to the new address from now on.", body = EmailConfirmed)),
    extensions(("x-problems" = json!([
        problems::BODY, problems::LIMIT, problems::SERVER,
        [ProblemCode::ResetLinkUnknown, ProblemCode::ResetLinkUsed, ProblemCode::ResetLinkExpired]
    ]))),
)]
pub(crate) async fn confirm(
    rekey: Shared,
    request: HttpRequest,
    body: Body<ConfirmEmail>,
) -> Result<HttpResponse, Error> {
    let token = Secret::from(body.0.token.expose().trim());
    if token.is_empty() {
        return Err(Error::field("token", FieldCode::Required));
    }
    let caller = client(&rekey, &request);
    rekey.limits.admit(caller.address)?;
    let clock = rekey.clock.clone();
    let account = rekey
        .db
        .write(move |db: &mut Db| {
            let now = clock.now();
            let (account, email) = good(db, &token, now)?;
            // The account's row first, as everywhere; what was read before it is checked again by what follows.
            let changed =
                super::change(db, &account, &email, Some(caller.address), now)?.ok_or(Error::ResetLinkUsed)?;
            if !link::claim(db, &token, now)? {
                return Err(Error::ResetLinkUsed);
            }
            Event::own(AuditEvent::EmailChanged, &changed).from(caller.address).insert(db, now)?;
            Ok::<_, Error>(changed)
        })
        .await?;
    rekey.mail.nudge();
    tracing::info!(account.id = %account.id, "account.email_changed");
    Ok(HttpResponse::Ok().json(EmailConfirmed::EmailChanged))
}

/// The account and its new address, if the link is good. One that was asked for before the last change of credentials is
/// as good as used.
fn good(db: &mut Db, token: &Secret, now: Timestamp) -> Result<(Account, EmailAddress), Error> {
    let link: EmailLink = link::find(db, token)?.ok_or(Error::ResetLinkUnknown)?;
    let account: Option<Account> = record::find(db, &link.account_id)?;
    let account = account.filter(|account| account.epoch == link.epoch && account.is_enabled());
    let (Some(account), None) = (account, link.used_at) else {
        return Err(Error::ResetLinkUsed);
    };
    if link.expires_at <= now {
        return Err(Error::ResetLinkExpired);
    }
    let email = EmailAddress::parse(&link.email).map_err(|_| Error::Internal("a stored address".to_owned()))?;
    Ok((account, email))
}

use std::time::Duration;

use actix_web::{HttpRequest, HttpResponse};
use rekey_shared::account::{ChangeEmail, EmailChangeAsked};
use rekey_shared::admin::AuditEvent;
use rekey_shared::problem::FieldCode;

use crate::account::own_password::{check_current, verify_current};
use crate::account::record;
use crate::admin::audit::Event;
use crate::db::Db;
use crate::error::Error;
use crate::login::session::FullSession;
use crate::login::throttle;
use crate::mail::queue::{self, Kind, Promise};
use crate::web::fields::Fields;
use crate::web::json::Body;
use crate::web::{Shared, client};

/// Addresses that one account may ask for in an hour: more than typing errors need, and no use for writing to strangers.
const MOST_AN_HOUR: i64 = 10;

/// `POST /me/email`: promises a link to the new address. The answer is the same whether or not another account has it;
/// the letter tells its owner.
pub(crate) async fn ask(
    rekey: Shared,
    request: HttpRequest,
    FullSession(session): FullSession,
    body: Body<ChangeEmail>,
) -> Result<HttpResponse, Error> {
    let Body(ChangeEmail { email, current_password }) = body;
    let mut fields = Fields::default();
    let email = fields.email("email", &email);
    if email.as_ref().is_some_and(|email| email.as_str() == session.account.email) {
        fields.refuse("email", FieldCode::Unchanged);
    }
    check_current(&mut fields, &current_password);
    let email = fields.checked(email)?;
    verify_current(&rekey, &session, current_password).await?;

    let (caller, account) = (client(&rekey, &request), session.account);
    let (clock, id) = (rekey.clock.clone(), account.id.clone());
    let is_one_too_many = rekey
        .db
        .write(move |db: &mut Db| {
            let now = clock.now();
            if !record::lock(db, &account.id, account.epoch)? {
                return Err(Error::SessionEnded);
            }
            throttle::delete(db, &[&throttle::session_key(&account.id)])?;
            if queue::count_of_the_hour(db, Kind::ConfirmEmail, &account.id, now)? >= MOST_AN_HOUR {
                // No error: the password was right, and its attempt is taken back all the same.
                return Ok(true);
            }
            let promise = Promise::to(Kind::ConfirmEmail, email.key())
                .with_data(email.as_str())
                .for_epoch(&account.id, account.epoch);
            queue::insert(db, &promise, now)?;
            Event::own(AuditEvent::EmailChangeAsked, &account).from(caller.address).insert(db, now)?;
            Ok(false)
        })
        .await?;
    if is_one_too_many {
        return Err(Error::TooManyRequests { retry_after: Duration::from_mins(15) });
    }
    rekey.mail.nudge();
    tracing::info!(account.id = %id, "account.email_change_asked");
    Ok(HttpResponse::Accepted().json(EmailChangeAsked::EmailSent))
}

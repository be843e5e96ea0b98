use std::time::Duration;

use actix_web::{HttpRequest, HttpResponse};
use rekey_shared::account::{ChangeEmail, EmailChangeAsked};
use rekey_shared::admin::AuditEvent;
use rekey_shared::paths;
use rekey_shared::problem::{FieldCode, ProblemCode};

use crate::account::lock;
use crate::account::own_password::{check_current, verify_current};
use crate::admin::audit::Event;
use crate::db::{Db, at_once};
use crate::error::Error;
use crate::login::session::FullSession;
use crate::login::throttle;
use crate::mail::queue::{self, Kind, Promise};
use crate::metrics::limits::Limit;
use crate::web::after::After;
use crate::web::fields::Fields;
use crate::web::json::Body;
use crate::web::openapi::{problems, tag};
use crate::web::{Shared, client};

/// Addresses that one account may ask for in an hour: more than typing errors need, and no use for writing to strangers.
const MOST_AN_HOUR: i64 = 10;

/// `POST /me/email`: promises a link to the new address. The answer is the same whether or not another account has it;
/// the letter tells its owner.
#[utoipa::path(
    post,
    path = paths::ME_EMAIL,
    operation_id = "ask_email_change",
    tag = tag::ACCOUNT,
    summary = "Ask for another address",
    description = "A link is mailed to the new address, which counts only when that is confirmed. The answer is the same \
        whether or not another account has the address.",
    request_body = ChangeEmail,
    security(("access_token" = [])),
    responses((status = 202, description = "A letter is on its way to the new address.", body = EmailChangeAsked)),
    extensions(("x-problems" = json!([
        problems::FULL_SESSION, problems::BODY, problems::LIMIT, problems::SERVER,
        [ProblemCode::InvalidCredentials, ProblemCode::TooManyAttempts]
    ]))),
)]
pub(crate) async fn ask(
    rekey: Shared,
    request: HttpRequest,
    After(FullSession(session), body): After<FullSession, Body<ChangeEmail>>,
) -> Result<HttpResponse, Error> {
    let Body(ChangeEmail { email, current_password }) = body;
    let mut fields = Fields::default();
    let email = fields.email("email", &email);
    if email.as_ref().is_some_and(|email| email.as_str() == session.account.email) {
        fields.refuse("email", FieldCode::Unchanged);
    }
    check_current(&mut fields, &current_password);
    let email = fields.checked(email)?;
    let caller = client(&rekey, &request);
    verify_current(&rekey, &session, current_password, caller.address).await?;

    let account = session.account;
    let (clock, id) = (rekey.clock.clone(), account.id.clone());
    let is_one_too_many = rekey
        .db
        .write(move |db: &mut Db| {
            let now = clock.now();
            if !lock::lock(db, &account.id, account.epoch)? {
                return Err(Error::SessionEnded);
            }
            at_once(db, &[&throttle::deletion(&throttle::session_key(&account.id))])?;
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
        rekey.metrics.limits.count(Limit::EmailChanges);
        return Err(Error::TooManyRequests { retry_after: Duration::from_mins(15) });
    }
    tracing::info!(account.id = %id, "account.email_change_asked");
    Ok(HttpResponse::Accepted().json(EmailChangeAsked::EmailSent))
}

use std::net::IpAddr;

use actix_web::{HttpRequest, HttpResponse};
use rekey_shared::admin::AuditEvent;
use rekey_shared::password_reset::{ConfirmRequest, Confirmed, ResetStyle};
use rekey_shared::paths;
use rekey_shared::problem::{FieldCode, ProblemCode};
use rekey_shared::secret::Secret;

use super::reset_link::{self, ResetLink, State};
use crate::account::own_password::check_rules;
use crate::account::record::{self, Account};
use crate::admin::audit::Event;
use crate::clock::Timestamp;
use crate::db::{Db, at_once_returning};
use crate::drill;
use crate::error::Error;
use crate::login::{device, throttle};
use crate::mail::queue::{self, Kind, Promise};
use crate::metrics::journeys::Done;
use crate::opaque_token::fingerprint;
use crate::web::json::Body;
use crate::web::openapi::{problems, tag};
use crate::web::{Shared, client};

/// `POST /password-reset/confirm`. Only this uses a link up; no GET does, whoever opens it.
#[utoipa::path(
    post,
    path = paths::PASSWORD_RESET_CONFIRM,
    operation_id = "confirm_password_reset",
    tag = tag::PASSWORD_RESET,
    summary = "Use a reset link up",
    description = "Works once: the old password, all sessions and all other links of the account end. With the style \
        `mailed` a new password is mailed, and `new_password` is ignored; with the style `chosen` `new_password` \
        becomes the password, and one that breaks a rule leaves the link good. `GET /config.json` tells the \
        style.",
    request_body = ConfirmRequest,
    responses((status = 200, description = "The link is used, and what it promises is done.", body = Confirmed)),
    extensions(("x-problems" = json!([
        problems::BODY, problems::LIMIT, problems::SERVER,
        [
            ProblemCode::ResetLinkUnknown,
            ProblemCode::ResetLinkUsed,
            ProblemCode::ResetLinkExpired,
            ProblemCode::PasswordRejected,
        ]
    ]))),
)]
pub(crate) async fn confirm(
    rekey: Shared,
    request: HttpRequest,
    body: Body<ConfirmRequest>,
) -> Result<HttpResponse, Error> {
    let Body(wanted) = body;
    let resets = &rekey.metrics.journeys.resets;
    let done = use_link(&rekey, &request, wanted).await.inspect_err(|error| resets.refused(error))?;
    resets.good(Done::Ok);
    Ok(HttpResponse::Ok().json(done))
}

async fn use_link(rekey: &Shared, request: &HttpRequest, wanted: ConfirmRequest) -> Result<Confirmed, Error> {
    let ConfirmRequest { token, new_password } = wanted;
    let token = Secret::from(token.expose().trim());
    if token.is_empty() {
        return Err(Error::field("token", FieldCode::Required));
    }
    let caller = client(rekey, request);
    rekey.limits.admit(caller.address)?;
    let now = rekey.clock.now();
    // A look without the lock: whoever comes late does not keep the account's row from others.
    let key = fingerprint(token.expose());
    let found = rekey.reset_links.ask(key.clone()).await?;
    let (link, account) = good(found, now)?;
    let new = match rekey.config.reset_style {
        ResetStyle::Mailed => New::Mailed,
        // The rules and the hash come before the claim: a typo burns nothing.
        ResetStyle::Chosen => {
            let password = new_password.unwrap_or_default();
            check_rules(&password, None, rekey, &account)?;
            let hash = rekey.hasher.seat()?.hash(&password).await?;
            New::Chosen { hash }
        }
    };
    let done = match new {
        New::Mailed => Confirmed::NewPasswordSent,
        New::Chosen { .. } => Confirmed::PasswordChanged,
    };
    let clock = rekey.clock.clone();
    let reset = move |db: &mut Db| reset(db, &key, &link, (&new, caller.address), clock.now());
    let account_id = rekey.db.write_by_key(reset).await?;
    rekey.mail.nudge();
    tracing::info!(account.id = %account_id, "password_reset.confirmed");
    Ok(done)
}

/// What takes the place of the old password.
enum New {
    /// One that the worker makes and mails.
    Mailed,
    /// The person's own.
    Chosen { hash: String },
}

fn good(found: Option<reset_link::Found>, now: Timestamp) -> Result<(ResetLink, Account), Error> {
    let (link, account) = found.ok_or(Error::ResetLinkUnknown)?;
    match link.state(now) {
        State::Good => Ok((link, account)),
        State::Used => Err(Error::ResetLinkUsed),
        State::Expired => Err(Error::ResetLinkExpired),
    }
}

/// One transaction, all or nothing. The account's row comes first: it is the lock under which nothing else mints, claims
/// or sets one of its credentials.
fn reset(
    db: &mut Db,
    key: &str,
    link: &ResetLink,
    (new, from): (&New, IpAddr),
    now: Timestamp,
) -> Result<String, Error> {
    let hash = match new {
        New::Mailed => None,
        New::Chosen { hash } => Some(hash.as_str()),
    };
    let account = record::raise_epoch(db, &link.account_id, None, hash, now)?.ok_or(Error::ResetLinkUsed)?;
    drill::point("confirm.epoch_raised");
    let promise = match new {
        New::Mailed => Promise::to(Kind::NewPassword, &account.email_key),
        New::Chosen { .. } => Promise::to(Kind::PasswordChanged, &account.email_key).with_data(&from.to_string()),
    };
    let promise = promise.for_epoch(&account.id, account.epoch).in_language(link.locale());
    let event = Event::new(AuditEvent::PasswordReset).to(&account).from(from);
    let ended = at_once_returning(
        db,
        &[
            &super::end_passwords(&account.id, now),
            &throttle::deletion_of_all(&account),
            &device::deletion_of_all(&account.id),
            &queue::insertion(&promise, now),
            &event.insertion(now),
            // The last: what it returns is told.
            &super::end_links(&account.id, now),
        ],
    )?;
    if !ended.iter().any(|ended| ended == key) {
        // It was used, or has expired, after it was looked at. All of this is undone.
        return Err(Error::ResetLinkUsed);
    }
    drill::point("confirm.promised");
    Ok(account.id)
}

#[cfg(test)]
mod tests {
    use std::net::Ipv4Addr;

    use diesel::prelude::*;
    use rekey_shared::account::Role;
    use rekey_shared::email_address::EmailAddress;
    use rekey_shared::locale::Locale;

    use super::reset_link::NewLink;
    use super::*;
    use crate::account::record::NewAccount;
    use crate::account::user_name::UserName;
    use crate::db::schema::{mail_queue, reset_links};
    use crate::db::{Database, DbError};

    /// An account with two links, of which the first was used after somebody had found it good.
    fn add(db: &mut Db, now: Timestamp) -> Result<String, DbError> {
        let ann = NewAccount {
            user_name: UserName::parse("ann").unwrap(),
            email: EmailAddress::parse("ann@example.com").unwrap(),
            name: None,
            role: Role::Member,
            locale: Locale::En,
            password_hash: None,
        };
        let id = record::insert(db, &ann, now)?;
        let link = |token: &str| {
            let until = now + chrono::TimeDelta::hours(1);
            NewLink::new(&Secret::from(token), &id, None, (now, until))
        };
        reset_link::insert_all(db, &[link("used"), link("good")])?;
        let used = reset_links::table.find(fingerprint("used"));
        diesel::update(used).set(reset_links::used_at.eq(now)).execute(db)?;
        Ok(id)
    }

    #[tokio::test]
    async fn a_link_that_was_used_meanwhile_ends_no_other() {
        let folder = tempfile::tempdir().unwrap();
        let database = Database::of_test(folder.path()).await;
        let now = Timestamp::default();
        let id = database.write(move |db| add(db, now)).await.unwrap();
        let confirms = async |token: &'static str| {
            let reset = move |db: &mut Db| {
                let key = fingerprint(token);
                let (link, _) = reset_link::find_all(db, std::slice::from_ref(&key))?.remove(0).unwrap();
                reset(db, &key, &link, (&New::Mailed, Ipv4Addr::LOCALHOST.into()), now)
            };
            database.write(reset).await
        };
        assert!(matches!(confirms("used").await, Err(Error::ResetLinkUsed)));
        let promises = |db: &mut Db| Ok::<i64, DbError>(mail_queue::table.count().get_result(db)?);
        assert_eq!(database.read(promises).await.unwrap(), 0);
        assert_eq!(confirms("good").await.unwrap(), id, "it is as good as before");
        assert_eq!(database.read(promises).await.unwrap(), 1);
    }
}

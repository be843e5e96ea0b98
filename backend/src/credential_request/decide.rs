//! The operator's answer to a request. The same for the administration's pages and the command line.

use diesel::prelude::*;
use rekey_shared::account::Role;
use rekey_shared::admin::{AuditEvent, WaitingRequest};
use rekey_shared::email_address::EmailAddress;
use rekey_shared::list::List;
use rekey_shared::locale::Locale;
use rekey_shared::problem::FieldCode;

use super::{Request, waits};
use crate::account::record::{self, Account, NewAccount};
use crate::account::user_name::UserName;
use crate::admin::accounts::add;
use crate::admin::audit::Actor;
use crate::clock::{Timestamp, rfc3339};
use crate::db::schema::{accounts, credential_requests};
use crate::db::{Db, DbError, MultiBackend};
use crate::error::Error;
use crate::mail::queue::{self, Kind, Promise};
use crate::web::query::{one_more_than, page};

/// A page of the requests that wait, the oldest first, from behind `after` on.
pub fn waiting(db: &mut Db, after: Option<&str>, size: usize) -> Result<List<WaitingRequest>, DbError> {
    let mut rows = credential_requests::table
        .filter(waits!())
        .order(credential_requests::id)
        .limit(one_more_than(size))
        .select(Request::as_select())
        .into_boxed();
    if let Some(after) = after {
        rows = rows.filter(credential_requests::id.gt(after.to_owned()));
    }
    let requests: Vec<Request> = rows.load(db)?;
    let List { items, next_cursor } = page(requests, size, |request| request.id.clone());
    let items = items.into_iter().map(|request| shown(db, request)).collect::<Result<_, DbError>>()?;
    Ok(List { items, next_cursor })
}

fn shown(db: &mut Db, request: Request) -> Result<WaitingRequest, DbError> {
    Ok(WaitingRequest {
        proposed_user_name: propose_user_name(db, &request.email)?,
        locale: locale_of(&request),
        id: request.id,
        name: request.name,
        email: request.email,
        note: request.note,
        address: request.address,
        created_at: rfc3339(request.created_at),
    })
}

fn locale_of(request: &Request) -> Locale {
    request.locale.as_deref().and_then(Locale::from_tag).unwrap_or_default()
}

/// What stands before the "@", with a number behind it where somebody has that name already.
fn propose_user_name(db: &mut Db, email: &str) -> Result<String, DbError> {
    let local = email.rsplit_once('@').map_or(email, |(local, _)| local);
    let base = local.split('+').next().unwrap_or(local).chars().take(60).collect::<String>();
    for number in 1..100 {
        let proposed = if number == 1 { base.clone() } else { format!("{base}{number}") };
        if let Ok(name) = UserName::parse(&proposed)
            && record::find_by_user_key(db, name.key())?.is_none()
        {
            return Ok(name.as_str().to_owned());
        }
    }
    // The operator will think of something.
    Ok(base)
}

/// Makes the account and promises its first password. Of all who approve or reject, one gets it.
///
/// # Errors
/// [`Error::NotFound`] when no such request waits, [`Error::InvalidInput`] for a user name that cannot be used.
pub fn approve(
    db: &mut Db,
    id: &str,
    user_name: Option<&UserName>,
    actor: &Actor,
    now: Timestamp,
) -> Result<Account, Error> {
    let request = claim(db, id, ("approved", None), now)?.ok_or(Error::NotFound)?;
    let email = EmailAddress::parse(&request.email).map_err(|_| Error::Internal("a stored address".to_owned()))?;
    let user_name = match user_name {
        Some(name) => name.clone(),
        None => UserName::parse(&propose_user_name(db, &request.email)?)
            .map_err(|_| Error::field("user_name", FieldCode::Required))?,
    };
    // Another administrator added them meanwhile: nobody waits any more.
    if record::find_by_email_key(db, email.key())?.is_some() {
        return Err(Error::NotFound);
    }
    if record::find_by_user_key(db, user_name.key())?.is_some() {
        return Err(Error::field("user_name", FieldCode::Taken));
    }
    let locale = locale_of(&request);
    let account =
        NewAccount { user_name, email, name: Some(request.name), role: Role::Member, locale, password_hash: None };
    let account = match add::insert(db, &account, actor, now) {
        Err(error) if error.is_taken() => return Err(Error::field("user_name", FieldCode::Taken)),
        added => added?,
    };
    add::promise_welcome(db, &account, now)?;
    actor.did(AuditEvent::CredentialApproved).to(&account).insert(db, now)?;
    Ok(account)
}

/// Says no, with a sentence if the operator has one.
///
/// # Errors
/// [`Error::NotFound`] when no such request waits.
pub fn reject(db: &mut Db, id: &str, reason: Option<&str>, actor: &Actor, now: Timestamp) -> Result<(), Error> {
    let request = claim(db, id, ("rejected", reason), now)?.ok_or(Error::NotFound)?;
    queue::insert(db, &Promise::to(Kind::CredentialRejected, &request.email_key).with_data(&request.id), now)?;
    Ok(actor.did(AuditEvent::CredentialRejected).with(request.id).insert(db, now)?)
}

fn claim(
    db: &mut Db,
    id: &str,
    (state, reason): (&str, Option<&str>),
    now: Timestamp,
) -> Result<Option<Request>, DbError> {
    let open = credential_requests::table.filter(credential_requests::id.eq(id)).filter(waits!());
    Ok(diesel::update(open)
        .set((
            credential_requests::state.eq(state),
            credential_requests::reason.eq(reason),
            credential_requests::decided_at.eq(now),
        ))
        .returning(<Request as Selectable<MultiBackend>>::construct_selection())
        .get_result(db)
        .optional()?)
}

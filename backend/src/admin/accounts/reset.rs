use rekey_shared::admin::AuditEvent;
use rekey_shared::problem::FieldCode;
use rekey_shared::secret::Secret;

use super::row;
use crate::account::record::Account;
use crate::admin::audit::Actor;
use crate::clock::Timestamp;
use crate::db::Db;
use crate::error::Error;
use crate::mail::queue::{self, Kind, Promise};
use crate::opaque_token;
use crate::password_reset::reset_link::{self, NewLink};

/// Promises a reset link to the account's address, however many letters it had in this hour: no stranger can cause it.
///
/// # Errors
/// [`Error::NotFound`]; [`Error::InvalidInput`] for a disabled account, which no link would open.
pub(crate) fn promise(db: &mut Db, id: &str, actor: &Actor, now: Timestamp) -> Result<(), Error> {
    let account = lock_enabled(db, id)?;
    queue::insert(db, &Promise::to(Kind::ResetLink, &account.email_key).for_epoch(&account.id, account.epoch), now)?;
    Ok(actor.did(AuditEvent::ResetAsked).to(&account).insert(db, now)?)
}

/// Makes a reset link that the operator gives to the person some other way.
///
/// # Errors
/// As [`promise`].
pub(crate) fn print(
    db: &mut Db,
    id: &str,
    actor: &Actor,
    (now, expires_at): (Timestamp, Timestamp),
) -> Result<Secret, Error> {
    let account = lock_enabled(db, id)?;
    let token = opaque_token::generate(&mut rand::rng());
    reset_link::insert_all(db, &[NewLink::new(&token, &account.id, None, (now, expires_at))])?;
    actor.did(AuditEvent::ResetLinkPrinted).to(&account).insert(db, now)?;
    Ok(token)
}

fn lock_enabled(db: &mut Db, id: &str) -> Result<Account, Error> {
    let account = row::lock(db, id)?.ok_or(Error::NotFound)?;
    if account.is_enabled() { Ok(account) } else { Err(Error::field("", FieldCode::AccountDisabled)) }
}

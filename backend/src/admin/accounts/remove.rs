use rekey_shared::admin::AuditEvent;
use rekey_shared::problem::FieldCode;

use super::row;
use crate::account::record::Account;
use crate::admin::audit::Actor;
use crate::clock::Timestamp;
use crate::db::{Db, admin_lock};
use crate::error::Error;
use crate::login::throttle;

/// Deletes an account with all that it has open and all that it is promised.
///
/// # Errors
/// [`Error::NotFound`]; [`Error::InvalidInput`] for the last administrator.
pub(crate) fn remove(db: &mut Db, id: &str, actor: &Actor, now: Timestamp) -> Result<Account, Error> {
    admin_lock::lock(db)?;
    let account = row::lock(db, id)?.ok_or(Error::NotFound)?;
    if row::is_last_admin(db, &account)? {
        return Err(Error::field("", FieldCode::LastAdmin));
    }
    throttle::delete_all(db, &account)?;
    row::delete(db, &account.id)?;
    actor.did(AuditEvent::AccountDeleted).to(&account).insert(db, now)?;
    Ok(account)
}

//! Another email address for an account.
//!
//! The person asks for it with the current password ([`ask`]); a link goes to the new address ([`link`]). Until it is
//! confirmed ([`confirm`]) nothing has changed, so that a typo locks nobody out. Then links and mailed passwords of before
//! are dead, the sessions go on, and the old address is told.

pub mod ask;
pub mod confirm;
pub mod link;

use std::net::IpAddr;

use diesel::prelude::*;
use rekey_shared::email_address::EmailAddress;
use rekey_shared::problem::FieldCode;

use super::record::{self, Account};
use crate::clock::Timestamp;
use crate::db::schema::{mail_queue, sessions};
use crate::db::{Db, DbError};
use crate::error::Error;
use crate::mail::queue::{self, Kind, Promise};
use crate::password_reset::end_links_and_passwords;

/// Sets the address of an account whose epoch is still that of `account`, and promises the old address a notice of it.
/// Nothing: the account has changed since it was read.
///
/// # Errors
/// [`Error::InvalidInput`] when another account has the address.
pub fn change(
    db: &mut Db,
    account: &Account,
    email: &EmailAddress,
    from: Option<IpAddr>,
    now: Timestamp,
) -> Result<Option<Account>, Error> {
    let changed = match record::set_email(db, &account.id, account.epoch, email, now) {
        Err(error) if error.is_taken() => return Err(Error::field("email", FieldCode::Taken)),
        other => other?,
    };
    let Some(changed) = changed else { return Ok(None) };
    end_links_and_passwords(db, &changed.id, now)?;
    take_along(db, account, &changed, now)?;
    let from = from.map_or_else(String::new, |from| from.to_string());
    let notice = Promise::to(Kind::EmailChanged, &account.email_key)
        .with_data(&format!("{from}\n{}", account.email))
        .for_epoch(&changed.id, changed.epoch);
    queue::insert(db, &notice, now)?;
    Ok(Some(changed))
}

/// What goes on under the new epoch: the living sessions, because nobody's password has changed, and a first password
/// that was not mailed yet, or that no server took, because the address was corrected for its sake.
fn take_along(db: &mut Db, before: &Account, after: &Account, now: Timestamp) -> Result<(), DbError> {
    let living = sessions::table.filter(sessions::account_id.eq(&after.id)).filter(sessions::epoch.eq(before.epoch));
    diesel::update(living).set(sessions::epoch.eq(after.epoch)).execute(db)?;
    let welcome = mail_queue::table
        .filter(mail_queue::account_id.eq(&after.id))
        .filter(mail_queue::epoch.eq(before.epoch))
        .filter(mail_queue::kind.eq(Kind::Welcome.name()))
        .filter(mail_queue::state.eq_any(["waiting", "stopped"]));
    diesel::update(welcome)
        .set((
            mail_queue::epoch.eq(after.epoch),
            mail_queue::address.eq(&after.email_key),
            mail_queue::state.eq("waiting"),
            mail_queue::due_at.eq(now),
        ))
        .execute(db)?;
    Ok(())
}

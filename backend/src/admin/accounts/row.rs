//! The row of an account, as administrators read it, and the statements by which only they change it.

use diesel::prelude::*;
use rekey_shared::account::Role;
use rekey_shared::admin::AdminAccount;
use rekey_shared::locale::Locale;

use crate::account::record::{Account, columns};
use crate::clock::{Timestamp, rfc3339};
use crate::db::schema::accounts;
use crate::db::{Db, DbError};

/// What an administrator may see of an account.
#[must_use]
pub fn shown(account: Account) -> AdminAccount {
    AdminAccount {
        role: account.role(),
        locale: account.locale(),
        disabled: !account.is_enabled(),
        has_password: account.password_hash.is_some(),
        created_at: rfc3339(account.created_at),
        id: account.id,
        user_name: account.user_name,
        email: account.email,
        name: account.display_name,
    }
}

/// Locks the row, be the account disabled or not, and reads it under the lock.
pub fn lock(db: &mut Db, id: &str) -> Result<Option<Account>, DbError> {
    Ok(diesel::update(accounts::table.find(id))
        .set(accounts::epoch.eq(accounts::epoch))
        .returning(columns())
        .get_result(db)
        .optional()?)
}

/// Whether the account is the only enabled administrator. Sure only under [`crate::db::admin_lock`].
pub fn is_last_admin(db: &mut Db, account: &Account) -> Result<bool, DbError> {
    if account.role() != Role::Admin || !account.is_enabled() {
        return Ok(false);
    }
    let others = accounts::table
        .filter(accounts::role.eq(Role::Admin.name()))
        .filter(accounts::disabled_at.is_null())
        .filter(accounts::id.ne(&account.id));
    Ok(!diesel::select(diesel::dsl::exists(others)).get_result(db)?)
}

/// Lets nobody in any more. The epoch ends what is open and what is promised; the password stays, so that the person gets
/// in with it when the account is enabled again.
pub fn set_disabled(db: &mut Db, id: &str, now: Timestamp) -> Result<Account, DbError> {
    let changes = (
        accounts::disabled_at.eq(now),
        accounts::epoch.eq(accounts::epoch + 1),
        accounts::credentials_changed_at.eq(now),
    );
    Ok(diesel::update(accounts::table.find(id)).set(changes).returning(columns()).get_result(db)?)
}

/// Lets the person in again.
pub fn set_enabled(db: &mut Db, id: &str) -> Result<Account, DbError> {
    let changes = accounts::disabled_at.eq(None::<Timestamp>);
    Ok(diesel::update(accounts::table.find(id)).set(changes).returning(columns()).get_result(db)?)
}

pub fn set_details(
    db: &mut Db,
    id: &str,
    (name, role, locale): (Option<&str>, Role, Locale),
) -> Result<Account, DbError> {
    let changes = (accounts::display_name.eq(name), accounts::role.eq(role.name()), accounts::locale.eq(locale.code()));
    Ok(diesel::update(accounts::table.find(id)).set(changes).returning(columns()).get_result(db)?)
}

/// Deletes the account with everything that hangs on it; the record of what happened keeps its name.
pub fn delete(db: &mut Db, id: &str) -> Result<(), DbError> {
    diesel::delete(accounts::table.find(id)).execute(db)?;
    Ok(())
}

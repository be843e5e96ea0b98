use diesel::result::Error as QueryError;
use rekey_shared::admin::{AddAccount, AdminAccount, AuditEvent};
use rekey_shared::problem::FieldCode;

use super::row;
use crate::account::record::{self, Account, NewAccount};
use crate::admin::audit::Actor;
use crate::clock::Timestamp;
use crate::db::{Database, Db, DbError};
use crate::error::Error;
use crate::mail::queue::{self, Kind, Promise};
use crate::web::fields::Fields;

/// # Errors
/// [`Error::InvalidInput`] names every field that is wrong.
pub(super) fn parse(wanted: &AddAccount) -> Result<NewAccount, Error> {
    let mut fields = Fields::default();
    let user_name = fields.user_name("user_name", &wanted.user_name);
    let email = fields.email("email", &wanted.email);
    let name = wanted.name.as_deref().and_then(|name| fields.name("name", name));
    let locale = fields.locale("locale", wanted.locale.as_deref());
    let (user_name, email) = fields.checked(user_name.zip(email))?;
    let locale = locale.unwrap_or_default();
    Ok(NewAccount { user_name, email, name, role: wanted.role, locale, password_hash: None })
}

/// Adds an account in a transaction, unless another one has its user name or its address.
///
/// # Errors
/// [`Error::InvalidInput`] names what is taken.
pub(crate) async fn unless_taken<T: Send + 'static>(
    database: &Database,
    account: &NewAccount,
    add: impl FnOnce(&mut Db, &NewAccount) -> Result<T, DbError> + Send + 'static,
) -> Result<T, Error> {
    let account = account.clone();
    let added = account.clone();
    match database.write(move |db| add(db, &added)).await {
        // The index decides, not a look before: two who add the same name at once both find it free.
        Err(error) if error.is_taken() => {
            let fields: Result<Fields, DbError> = database.read(move |db| taken(db, &account)).await;
            fields?.check()?;
            // It was free again when it was looked at.
            Err(Error::field("user_name", FieldCode::Taken))
        }
        other => Ok(other?),
    }
}

fn taken(db: &mut Db, account: &NewAccount) -> Result<Fields, DbError> {
    let mut fields = Fields::default();
    for (field, key) in [("user_name", account.user_name.key()), ("email", account.email.key())] {
        if record::find_by_user_key(db, key)?.is_some() {
            fields.refuse(field, FieldCode::Taken);
        }
    }
    Ok(fields)
}

/// Adds an account, and promises its first password by mail.
pub(super) fn with_welcome(
    db: &mut Db,
    account: &NewAccount,
    actor: &Actor,
    now: Timestamp,
) -> Result<AdminAccount, DbError> {
    let added = insert(db, account, actor, now)?;
    promise_welcome(db, &added, now)?;
    Ok(row::shown(added))
}

/// Adds an account and records who did.
pub(crate) fn insert(db: &mut Db, account: &NewAccount, actor: &Actor, now: Timestamp) -> Result<Account, DbError> {
    let id = record::insert(db, account, now)?;
    let added = record::find(db, &id)?.ok_or(DbError::Query(QueryError::NotFound))?;
    actor.did(AuditEvent::AccountAdded).to(&added).insert(db, now)?;
    Ok(added)
}

/// Promises the letter with user name and first password.
pub(crate) fn promise_welcome(db: &mut Db, account: &Account, now: Timestamp) -> Result<(), DbError> {
    queue::insert(db, &Promise::to(Kind::Welcome, &account.email_key).for_epoch(&account.id, account.epoch), now)
}

use rekey_shared::account::Role;
use rekey_shared::admin::{AuditEvent, ChangeAccount};
use rekey_shared::email_address::EmailAddress;
use rekey_shared::locale::Locale;
use rekey_shared::problem::FieldCode;

use super::row;
use crate::account::email;
use crate::account::record::Account;
use crate::admin::audit::Actor;
use crate::clock::Timestamp;
use crate::db::{Db, DbError, admin_lock};
use crate::error::Error;
use crate::login::session;
use crate::password_reset::end_links_and_passwords;
use crate::web::fields::Fields;

/// What is to be otherwise; the rest stays.
#[derive(Default)]
pub(crate) struct Change {
    /// An empty one takes the name away.
    pub(crate) name: Option<String>,
    pub(crate) email: Option<EmailAddress>,
    pub(crate) role: Option<Role>,
    pub(crate) locale: Option<Locale>,
    pub(crate) disabled: Option<bool>,
}

/// # Errors
/// [`Error::InvalidInput`] names every field that is wrong.
pub(crate) fn parse(wanted: ChangeAccount) -> Result<Change, Error> {
    let mut fields = Fields::default();
    let change = Change {
        name: wanted.name.map(|name| fields.name("name", &name).unwrap_or_default()),
        email: wanted.email.and_then(|email| fields.email("email", &email)),
        role: wanted.role,
        locale: fields.locale("locale", wanted.locale.as_deref()),
        disabled: wanted.disabled,
    };
    fields.check()?;
    Ok(change)
}

/// Changes an account, all of it or nothing.
///
/// # Errors
/// [`Error::NotFound`]; [`Error::InvalidInput`] for an address that is taken, and for the last administrator.
pub(crate) fn change(db: &mut Db, id: &str, change: &Change, actor: &Actor, now: Timestamp) -> Result<Account, Error> {
    if change.role == Some(Role::Member) || change.disabled == Some(true) {
        admin_lock::lock(db)?;
    }
    let account = row::lock(db, id)?.ok_or(Error::NotFound)?;
    keep_an_admin(db, &account, change)?;
    // Enabled first and disabled last: what comes between is refused to a disabled account.
    let account = enable(db, account, change, actor, now)?;
    let account = change_email(db, account, change, actor, now)?;
    let account = change_details(db, account, change, actor, now)?;
    disable(db, account, change, actor, now)
}

fn keep_an_admin(db: &mut Db, account: &Account, change: &Change) -> Result<(), Error> {
    let mut fields = Fields::default();
    for (field, takes_away) in
        [("role", change.role == Some(Role::Member)), ("disabled", change.disabled == Some(true))]
    {
        if takes_away && row::is_last_admin(db, account)? {
            fields.refuse(field, FieldCode::LastAdmin);
        }
    }
    fields.check()
}

fn enable(db: &mut Db, account: Account, change: &Change, actor: &Actor, now: Timestamp) -> Result<Account, DbError> {
    if change.disabled != Some(false) || account.is_enabled() {
        return Ok(account);
    }
    actor.did(AuditEvent::AccountEnabled).to(&account).insert(db, now)?;
    row::set_enabled(db, &account.id)
}

/// Ends everything that is open or promised: sessions and promises by the epoch, links and mailed passwords by hand.
fn disable(db: &mut Db, account: Account, change: &Change, actor: &Actor, now: Timestamp) -> Result<Account, Error> {
    if change.disabled != Some(true) || !account.is_enabled() {
        return Ok(account);
    }
    let account = row::set_disabled(db, &account.id, now)?;
    end_links_and_passwords(db, &account.id, now)?;
    session::delete_all(db, &account.id)?;
    actor.did(AuditEvent::AccountDisabled).to(&account).insert(db, now)?;
    Ok(account)
}

fn change_email(
    db: &mut Db,
    account: Account,
    change: &Change,
    actor: &Actor,
    now: Timestamp,
) -> Result<Account, Error> {
    let Some(email) = change.email.as_ref().filter(|email| email.as_str() != account.email) else {
        return Ok(account);
    };
    // Nothing only when the epoch were another, and the row is locked.
    let account = email::change(db, &account, email, actor.address(), now)?.ok_or(Error::NotFound)?;
    actor.did(AuditEvent::EmailChanged).to(&account).insert(db, now)?;
    Ok(account)
}

fn change_details(
    db: &mut Db,
    account: Account,
    change: &Change,
    actor: &Actor,
    now: Timestamp,
) -> Result<Account, DbError> {
    let name = change.name.as_deref().or(account.display_name.as_deref()).filter(|name| !name.is_empty());
    let role = change.role.unwrap_or_else(|| account.role());
    let locale = change.locale.unwrap_or_else(|| account.locale());
    let mut changed = Vec::new();
    if name != account.display_name.as_deref() {
        changed.push("name".to_owned());
    }
    if role != account.role() {
        changed.push(format!("role {}", role.name()));
    }
    if locale != account.locale() {
        changed.push(format!("language {}", locale.code()));
    }
    if changed.is_empty() {
        return Ok(account);
    }
    let account = row::set_details(db, &account.id, (name, role, locale))?;
    actor.did(AuditEvent::AccountChanged).to(&account).with(changed.join(", ")).insert(db, now)?;
    Ok(account)
}

/// Ends all sessions of an account, at once and everywhere, and tells how many that were.
///
/// # Errors
/// [`Error::NotFound`].
pub(crate) fn end_sessions(db: &mut Db, id: &str, actor: &Actor, now: Timestamp) -> Result<(Account, usize), Error> {
    // The lock: a login that is under way has begun its session before, or begins it after.
    let account = row::lock(db, id)?.ok_or(Error::NotFound)?;
    let ended = session::delete_all(db, &account.id)?;
    actor.did(AuditEvent::SessionsEnded).to(&account).insert(db, now)?;
    Ok((account, ended))
}

//! The row of an account, and the few statements by which it changes.

use diesel::prelude::*;
use rekey_shared::account::{Me, Role};
use rekey_shared::email_address::EmailAddress;
use rekey_shared::locale::Locale;
use uuid::Uuid;

use super::user_name::UserName;
use crate::clock::Timestamp;
use crate::db::schema::accounts;
use crate::db::{Db, DbError, MultiBackend, PreparedDsl};

/// An account as the database has it.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = accounts)]
pub struct Account {
    pub id: String,
    pub user_name: String,
    pub user_name_key: String,
    pub email: String,
    pub email_key: String,
    pub display_name: Option<String>,
    role: String,
    locale: String,
    /// None: cleared by a confirmation, or never set; only a mailed password opens the account then.
    pub password_hash: Option<String>,
    /// Grows whenever a credential changes; what was checked under an older one counts for nothing.
    pub epoch: i64,
    pub credentials_changed_at: Timestamp,
    pub disabled_at: Option<Timestamp>,
    pub created_at: Timestamp,
}

impl Account {
    #[must_use]
    pub fn role(&self) -> Role {
        if self.role == Role::Admin.name() { Role::Admin } else { Role::Member }
    }

    /// How tools may call the person: everybody has a user name.
    #[must_use]
    pub fn shown_name(&self) -> &str {
        self.display_name.as_deref().unwrap_or(&self.user_name)
    }

    #[must_use]
    pub fn locale(&self) -> Locale {
        Locale::from_tag(&self.locale).unwrap_or_default()
    }

    /// What the person, and the operator, may see of it.
    #[must_use]
    pub fn into_me(self) -> Me {
        Me {
            role: self.role(),
            locale: self.locale(),
            id: self.id,
            user_name: self.user_name,
            email: self.email,
            name: self.display_name,
        }
    }

    /// Somebody to write to.
    #[cfg(any(test, feature = "drill"))]
    pub(crate) fn sample(user_name: &str, email: &str, now: Timestamp) -> Self {
        Self {
            id: String::new(),
            user_name: user_name.to_owned(),
            user_name_key: user_name.to_owned(),
            email: email.to_owned(),
            email_key: email.to_owned(),
            display_name: None,
            role: Role::Member.name().to_owned(),
            locale: Locale::En.code().to_owned(),
            password_hash: None,
            epoch: 1,
            credentials_changed_at: now,
            disabled_at: None,
            created_at: now,
        }
    }

    #[must_use]
    pub fn is_enabled(&self) -> bool {
        self.disabled_at.is_none()
    }
}

/// What `RETURNING` gives back: `as_returning` does not build for two databases at once.
pub fn columns() -> <Account as Selectable<MultiBackend>>::SelectExpression {
    <Account as Selectable<MultiBackend>>::construct_selection()
}

/// A new account.
#[derive(Clone)]
pub struct NewAccount {
    pub user_name: UserName,
    pub email: EmailAddress,
    pub name: Option<String>,
    pub role: Role,
    pub locale: Locale,
    pub password_hash: Option<String>,
}

/// A new account's row.
#[derive(Insertable)]
#[diesel(table_name = accounts, treat_none_as_default_value = false)]
pub(super) struct Row<'a> {
    id: String,
    user_name: &'a str,
    user_name_key: &'a str,
    email: &'a str,
    email_key: &'a str,
    display_name: Option<String>,
    role: &'a str,
    locale: &'a str,
    password_hash: Option<String>,
    epoch: i64,
    credentials_changed_at: Timestamp,
    created_at: Timestamp,
}

impl<'a> Row<'a> {
    pub(super) fn new(account: &'a NewAccount, now: Timestamp) -> Self {
        Self {
            id: Uuid::now_v7().to_string(),
            user_name: account.user_name.as_str(),
            user_name_key: account.user_name.key(),
            email: account.email.as_str(),
            email_key: account.email.key(),
            display_name: account.name.clone(),
            role: account.role.name(),
            locale: account.locale.code(),
            password_hash: account.password_hash.clone(),
            epoch: 1,
            credentials_changed_at: now,
            created_at: now,
        }
    }
}

/// Adds an account and tells its id.
pub fn insert(db: &mut Db, account: &NewAccount, now: Timestamp) -> Result<String, DbError> {
    let row = Row::new(account, now);
    diesel::insert_into(accounts::table).values(&row).execute(db)?;
    Ok(row.id)
}

/// That it has this canonical user name or email address. The two never meet: a user name holds no "@".
#[expect(clippy::elidable_lifetime_names, reason = "auto_type wants it named")]
#[diesel::dsl::auto_type]
pub fn has_user_key<'a>(key: &'a str) -> _ {
    accounts::user_name_key.eq(key).or(accounts::email_key.eq(key))
}

/// The account of this user.
pub fn find_by_user_key(db: &mut Db, key: &str) -> Result<Option<Account>, DbError> {
    Ok(accounts::table.filter(has_user_key(key)).select(Account::as_select()).get_result(db).optional()?)
}

pub fn find_by_email_key(db: &mut Db, key: &str) -> Result<Option<Account>, DbError> {
    Ok(accounts::table.filter(accounts::email_key.eq(key)).select(Account::as_select()).get_result(db).optional()?)
}

pub fn find(db: &mut Db, id: &str) -> Result<Option<Account>, DbError> {
    Ok(accounts::table.find(id).select(Account::as_select()).get_result(db).optional()?)
}

/// Clears or sets the password and raises the epoch: every session, token and half-done write of before is dead.
///
/// `expected` is the epoch under which the caller checked the person; none where a reset link speaks for them. Returns
/// the account as it is now, or nothing when the epoch was another or the account is disabled.
pub fn raise_epoch(
    db: &mut Db,
    id: &str,
    expected: Option<i64>,
    password_hash: Option<&str>,
    now: Timestamp,
) -> Result<Option<Account>, DbError> {
    let changes = (
        accounts::epoch.eq(accounts::epoch + 1),
        accounts::password_hash.eq(password_hash),
        accounts::credentials_changed_at.eq(now),
    );
    let account = accounts::table.filter(accounts::id.eq(id).and(accounts::disabled_at.is_null()));
    let raised = match expected {
        Some(epoch) => diesel::update(account.filter(accounts::epoch.eq(epoch)))
            .set(changes)
            .returning(columns())
            .prepared()
            .get_result(db)
            .optional()?,
        None => diesel::update(account).set(changes).returning(columns()).prepared().get_result(db).optional()?,
    };
    Ok(raised)
}

/// Replaces the hash of an unchanged password by one with today's parameters; not a change of credentials.
pub fn set_rehashed(db: &mut Db, id: &str, epoch: i64, password_hash: &str) -> Result<(), DbError> {
    diesel::update(accounts::table.filter(accounts::id.eq(id).and(accounts::epoch.eq(epoch))))
        .set(accounts::password_hash.eq(password_hash))
        .execute(db)?;
    Ok(())
}

/// Sets the name, if the epoch is still the one that was read.
pub fn set_name(db: &mut Db, id: &str, epoch: i64, name: Option<&str>) -> Result<bool, DbError> {
    let account = accounts::table.filter(accounts::id.eq(id).and(accounts::epoch.eq(epoch)));
    Ok(diesel::update(account).set(accounts::display_name.eq(name)).execute(db)? == 1)
}

/// Sets the language, if the epoch is still the one that was read.
pub fn set_locale(db: &mut Db, id: &str, epoch: i64, locale: Locale) -> Result<bool, DbError> {
    let account = accounts::table.filter(accounts::id.eq(id).and(accounts::epoch.eq(epoch)));
    Ok(diesel::update(account).set(accounts::locale.eq(locale.code())).execute(db)? == 1)
}

/// Changes the address and raises the epoch; the password stays. Nothing when the epoch was another.
pub fn set_email(
    db: &mut Db,
    id: &str,
    epoch: i64,
    email: &EmailAddress,
    now: Timestamp,
) -> Result<Option<Account>, DbError> {
    Ok(diesel::update(accounts::table.filter(accounts::id.eq(id).and(accounts::epoch.eq(epoch))))
        .set((
            accounts::email.eq(email.as_str()),
            accounts::email_key.eq(email.key()),
            accounts::epoch.eq(accounts::epoch + 1),
            accounts::credentials_changed_at.eq(now),
        ))
        .returning(columns())
        .get_result(db)
        .optional()?)
}

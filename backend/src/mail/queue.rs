//! Promises of letters. A promise is written in the transaction of what it tells of; it is kept until a letter is on its
//! way or can never be.

use std::time::Duration;

use diesel::prelude::*;
use rekey_shared::locale::Locale;
use uuid::Uuid;

use crate::clock::{Timestamp, span};
use crate::db::schema::{accounts, mail_queue};
use crate::db::{Db, DbError, MultiBackend};

/// For how long a worker has a promise to itself; a worker that dies is taken over after it.
pub const LEASE: Duration = Duration::from_secs(15);

/// How many rows for unknown addresses one statement settles: enough for a flood, few enough to hold no lock for long.
const BATCH: i64 = 500;

/// Which letter is promised.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A reset link, if the address has an account. Strangers can cause it.
    ResetLink,
    /// A new password after a confirmation.
    NewPassword,
    /// User name and password of a new account.
    Welcome,
    /// The notice that the person's own password was changed; its data is the address from which.
    PasswordChanged,
    /// The notice that an unknown browser logged in; its data is the address from which.
    SignedIn,
    /// A link to a new address of the account; its data is that address.
    ConfirmEmail,
    /// The notice to an old address; its data is from where it was changed and, on a line of its own, that old address.
    EmailChanged,
    /// To an address that was given for a new account, if it has one already. Strangers can cause it.
    AccountExists,
    /// Tells the operator that people ask for accounts.
    CredentialRequests,
    /// Tells somebody that their request was rejected; its data is the request's id.
    CredentialRejected,
}

impl Kind {
    const ALL: [Self; 10] = [
        Self::ResetLink,
        Self::NewPassword,
        Self::Welcome,
        Self::PasswordChanged,
        Self::SignedIn,
        Self::ConfirmEmail,
        Self::EmailChanged,
        Self::AccountExists,
        Self::CredentialRequests,
        Self::CredentialRejected,
    ];

    /// The name in the database and in the log.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::ResetLink => "reset_link",
            Self::NewPassword => "new_password",
            Self::Welcome => "welcome",
            Self::PasswordChanged => "password_changed",
            Self::SignedIn => "signed_in",
            Self::ConfirmEmail => "confirm_email",
            Self::EmailChanged => "email_changed",
            Self::AccountExists => "account_exists",
            Self::CredentialRequests => "credential_requests",
            Self::CredentialRejected => "credential_rejected",
        }
    }
}

/// A promise.
#[derive(Clone, Debug)]
pub struct Promise {
    pub id: String,
    pub kind: Kind,
    /// The account and its epoch, where the promise rests on them.
    pub account: Option<(String, i64)>,
    /// The canonical form of the address; the letter goes to what the account stores.
    pub address: String,
    pub locale: Option<Locale>,
    /// What the letter tells beside.
    pub data: Option<String>,
    pub attempts: i32,
    pub created_at: Timestamp,
    /// When it took one of its address's letters of the hour.
    counted_at: Option<Timestamp>,
    pub(super) leased_until: Option<Timestamp>,
}

impl Promise {
    /// A promise to an address.
    #[must_use]
    pub fn to(kind: Kind, address: &str) -> Self {
        Self {
            id: Uuid::now_v7().to_string(),
            kind,
            account: None,
            address: address.to_owned(),
            locale: None,
            data: None,
            attempts: 0,
            created_at: Timestamp::default(),
            counted_at: None,
            leased_until: None,
        }
    }

    /// In this language; without one, the account's.
    #[must_use]
    pub fn in_language(mut self, locale: Option<Locale>) -> Self {
        self.locale = locale;
        self
    }

    /// With something that the letter tells.
    #[must_use]
    pub fn with_data(mut self, data: &str) -> Self {
        self.data = Some(data.to_owned());
        self
    }

    /// That holds only while the account has this epoch.
    #[must_use]
    pub fn for_epoch(mut self, account_id: &str, epoch: i64) -> Self {
        self.account = Some((account_id.to_owned(), epoch));
        self
    }
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = mail_queue)]
struct Row {
    id: String,
    kind: String,
    account_id: Option<String>,
    epoch: Option<i64>,
    address: String,
    locale: Option<String>,
    data: Option<String>,
    attempts: i32,
    created_at: Timestamp,
    counted_at: Option<Timestamp>,
    leased_until: Option<Timestamp>,
}

impl Row {
    fn promise(self) -> Option<Promise> {
        Some(Promise {
            kind: Kind::ALL.into_iter().find(|kind| kind.name() == self.kind)?,
            id: self.id,
            account: self.account_id.zip(self.epoch),
            address: self.address,
            locale: self.locale.as_deref().and_then(Locale::from_tag),
            data: self.data,
            attempts: self.attempts,
            created_at: self.created_at,
            counted_at: self.counted_at,
            leased_until: self.leased_until,
        })
    }
}

/// Promises a letter from now on.
pub fn insert(db: &mut Db, promise: &Promise, now: Timestamp) -> Result<(), DbError> {
    diesel::insert_into(mail_queue::table)
        .values((
            mail_queue::id.eq(&promise.id),
            mail_queue::kind.eq(promise.kind.name()),
            mail_queue::account_id.eq(promise.account.as_ref().map(|(id, _)| id)),
            mail_queue::epoch.eq(promise.account.as_ref().map(|(_, epoch)| epoch)),
            mail_queue::address.eq(&promise.address),
            mail_queue::locale.eq(promise.locale.map(Locale::code)),
            mail_queue::data.eq(&promise.data),
            mail_queue::attempts.eq(0),
            mail_queue::due_at.eq(now),
            mail_queue::state.eq("waiting"),
            mail_queue::created_at.eq(now),
        ))
        .execute(db)?;
    Ok(())
}

/// Due, and nobody else's.
macro_rules! is_due {
    ($now:expr) => {
        mail_queue::state
            .eq("waiting")
            .and(mail_queue::due_at.le($now))
            .and(mail_queue::leased_until.is_null().or(mail_queue::leased_until.le($now)))
    };
}

/// Settles in one go what was asked for addresses that no account has: a flood of invented addresses must not bury real
/// letters. Returns how many that were.
pub fn drop_unknown(db: &mut Db, now: Timestamp) -> Result<usize, DbError> {
    let known = accounts::table.filter(accounts::email_key.eq(mail_queue::address));
    let ids: Vec<String> = mail_queue::table
        .filter(is_due!(now))
        .filter(mail_queue::kind.eq_any([Kind::ResetLink.name(), Kind::AccountExists.name()]))
        .filter(diesel::dsl::not(diesel::dsl::exists(known)))
        .order(mail_queue::due_at)
        .limit(BATCH)
        .select(mail_queue::id)
        .load(db)?;
    if ids.is_empty() {
        return Ok(0);
    }
    let dropped = diesel::update(mail_queue::table.filter(mail_queue::id.eq_any(ids)).filter(is_due!(now)))
        .set((mail_queue::state.eq("dropped"), mail_queue::last_error.eq("no account has this address")))
        .execute(db)?;
    Ok(dropped)
}

/// Whether anything is due: the question that costs nothing while there is nothing to do.
pub fn is_any_due(db: &mut Db, now: Timestamp) -> Result<bool, DbError> {
    Ok(diesel::select(diesel::dsl::exists(mail_queue::table.filter(is_due!(now)))).get_result(db)?)
}

/// Leases the promise that has been due for longest.
pub fn claim(db: &mut Db, now: Timestamp) -> Result<Option<Promise>, DbError> {
    let candidates: Vec<String> = mail_queue::table
        .filter(is_due!(now))
        .order((mail_queue::due_at, mail_queue::id))
        .limit(8)
        .select(mail_queue::id)
        .load(db)?;
    // Another worker may take one between the look and the lease; then the next one is tried.
    for id in candidates {
        let leased: Option<Row> = diesel::update(mail_queue::table.filter(mail_queue::id.eq(id)).filter(is_due!(now)))
            .set(mail_queue::leased_until.eq(now + span(LEASE)))
            .returning(<Row as Selectable<MultiBackend>>::construct_selection())
            .get_result(db)
            .optional()?;
        if let Some(promise) = leased.and_then(Row::promise) {
            return Ok(Some(promise));
        }
    }
    Ok(None)
}

/// The promise, if the lease is still this worker's.
macro_rules! held {
    ($promise:expr) => {
        mail_queue::table
            .filter(mail_queue::id.eq(&$promise.id))
            .filter(mail_queue::state.eq("waiting"))
            .filter(mail_queue::leased_until.eq($promise.leased_until))
    };
}
pub(super) use held;

/// Prolongs the lease. No: another worker has it, and will send.
pub fn renew(db: &mut Db, promise: &mut Promise, now: Timestamp) -> Result<bool, DbError> {
    let until = now + span(LEASE);
    let renewed = diesel::update(held!(promise)).set(mail_queue::leased_until.eq(until)).execute(db)?;
    if renewed == 1 {
        promise.leased_until = Some(until);
    }
    Ok(renewed == 1)
}

/// Takes one of the letters that the address gets in an hour. Comes under the account's lock, so that two workers do not
/// both take the last one; a retry has taken its own already.
pub fn take_one_of_the_hour(
    db: &mut Db,
    promise: &Promise,
    letters_per_hour: u32,
    now: Timestamp,
) -> Result<bool, DbError> {
    if letters_per_hour == 0 || promise.counted_at.is_some() {
        return Ok(true);
    }
    let taken: i64 = mail_queue::table
        .filter(mail_queue::address.eq(&promise.address))
        .filter(mail_queue::counted_at.gt(now - chrono::Duration::hours(1)))
        .count()
        .get_result(db)?;
    if taken >= i64::from(letters_per_hour) {
        return Ok(false);
    }
    diesel::update(mail_queue::table.find(&promise.id)).set(mail_queue::counted_at.eq(now)).execute(db)?;
    Ok(true)
}

//! The queue of promises: who may make a letter of which, and when.

use std::collections::HashSet;
use std::time::Duration;

use diesel::prelude::*;
use rekey_shared::locale::Locale;

pub(crate) use super::promise::insertion;
pub use super::promise::{Kind, Promise, insert, insert_all};
use crate::clock::{Timestamp, span};
use crate::db::schema::{accounts, mail_queue};
use crate::db::{Db, DbError, MultiBackend};

/// For how long a worker has a promise to itself; a worker that dies is taken over after it.
pub const LEASE: Duration = Duration::from_secs(15);

/// So many invented addresses at a time are a flood. Fewer go the way of every promise, up to the letter that is not made:
/// requests that come meanwhile would show by their time whether the worker has one to make.
const FLOOD: usize = 16;

/// How many rows for unknown addresses one statement settles: enough for a flood, few enough to hold no lock for long.
const BATCH: i64 = 500;

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

/// Due, and nobody else's.
macro_rules! is_due {
    ($now:expr) => {
        mail_queue::state
            .eq("waiting")
            .and(mail_queue::due_at.le($now))
            .and(mail_queue::leased_until.is_null().or(mail_queue::leased_until.le($now)))
    };
}

/// Settles in one go what was asked for many addresses that no account has: a flood of invented addresses must not bury
/// real letters. Returns how many that were.
pub fn drop_flood(db: &mut Db, now: Timestamp) -> Result<usize, DbError> {
    // Of the first ones only: a backlog of real letters must not be gone through for each of them.
    let first: Vec<(String, String)> = mail_queue::table
        .filter(is_due!(now))
        .filter(mail_queue::kind.eq_any([Kind::ResetLink.name(), Kind::AccountExists.name()]))
        .order((mail_queue::due_at, mail_queue::id))
        .limit(BATCH)
        .select((mail_queue::id, mail_queue::address))
        .load(db)?;
    let addresses: HashSet<&str> = first.iter().map(|(_, address)| address.as_str()).collect();
    let known: Vec<String> =
        accounts::table.filter(accounts::email_key.eq_any(addresses)).select(accounts::email_key).load(db)?;
    let known: HashSet<String> = known.into_iter().collect();
    let ids: Vec<&str> =
        first.iter().filter(|(_, address)| !known.contains(address)).map(|(id, _)| id.as_str()).collect();
    if ids.len() <= FLOOD {
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

/// Takes one of the hour for a letter that tells an account's owner something that a stranger has caused: the first such one
/// only, and never the last letter of the hour, so that it keeps no reset link from anybody.
pub fn take_one_for_news(
    db: &mut Db,
    promise: &Promise,
    letters_per_hour: u32,
    now: Timestamp,
) -> Result<bool, DbError> {
    if letters_per_hour == 0 || promise.counted_at.is_some() {
        return Ok(true);
    }
    let news = mail_queue::table
        .filter(mail_queue::address.eq(&promise.address))
        .filter(mail_queue::counted_at.gt(now - chrono::Duration::hours(1)))
        .filter(mail_queue::kind.ne(Kind::ResetLink.name()));
    if letters_per_hour == 1 || diesel::select(diesel::dsl::exists(news)).get_result(db)? {
        return Ok(false);
    }
    take_one_of_the_hour(db, promise, letters_per_hour, now)
}

/// How many letters of a kind an account has caused within an hour.
pub fn count_of_the_hour(db: &mut Db, kind: Kind, account_id: &str, now: Timestamp) -> Result<i64, DbError> {
    Ok(mail_queue::table
        .filter(mail_queue::account_id.eq(account_id))
        .filter(mail_queue::kind.eq(kind.name()))
        .filter(mail_queue::created_at.gt(now - chrono::Duration::hours(1)))
        .count()
        .get_result(db)?)
}

//! The queue of promises: who may make a letter of which, and when.

use std::collections::{BTreeSet, HashSet};
use std::time::Duration;

use diesel::prelude::*;
use rekey_shared::locale::Locale;

pub(crate) use super::promise::insertion;
pub use super::promise::{Kind, Promise, insert, insert_all};
use crate::backoff::{LONGEST_LETTER_WAIT, jittered_at_most};
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
    let unknown = mail_queue::table.filter(mail_queue::id.eq_any(ids));
    let dropped = (mail_queue::state.eq("dropped"), mail_queue::last_error.eq("no account has this address"));
    Ok(match db {
        // Another worker may have taken some since.
        Db::Postgres(postgres) => diesel::update(unknown.filter(is_due!(now))).set(dropped).execute(postgres)?,
        // Nobody has; and asked again whether they are due, SQLite would go through all that are.
        Db::Sqlite(sqlite) => diesel::update(unknown).set(dropped).execute(sqlite)?,
    })
}

/// Lets letters be due whose time is further away than any wait: the clock has been put back since. Tells how many.
pub fn catch_up(db: &mut Db, now: Timestamp) -> Result<usize, DbError> {
    let latest = now + span(jittered_at_most(LONGEST_LETTER_WAIT));
    let ahead = mail_queue::table.filter(mail_queue::state.eq("waiting")).filter(mail_queue::due_at.gt(latest));
    Ok(diesel::update(ahead).set(mail_queue::due_at.eq(now)).execute(db)?)
}

/// Whether anything is due: the question that costs nothing while there is nothing to do.
pub fn is_any_due(db: &mut Db, now: Timestamp) -> Result<bool, DbError> {
    Ok(diesel::select(diesel::dsl::exists(mail_queue::table.filter(is_due!(now)))).get_result(db)?)
}

/// Leases the promises that have been due for longest, so many at most.
pub fn claim(db: &mut Db, most: i64, now: Timestamp) -> Result<Vec<Promise>, DbError> {
    let due = mail_queue::table
        .filter(is_due!(now))
        .order((mail_queue::due_at, mail_queue::id))
        .limit(most)
        .select(mail_queue::id);
    let ids: Vec<String> = match db {
        // What another worker is taking is left to it: waiting for its rows would be in vain.
        Db::Postgres(postgres) => due.for_update().skip_locked().load(postgres)?,
        Db::Sqlite(sqlite) => due.load(sqlite)?,
    };
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    // Nobody has taken one since, for they are locked: so that is not asked again, as above.
    let leased: Vec<Row> = diesel::update(mail_queue::table.filter(mail_queue::id.eq_any(&ids)))
        .set(mail_queue::leased_until.eq(now + span(LEASE)))
        .returning(<Row as Selectable<MultiBackend>>::construct_selection())
        .get_results(db)?;
    let mut promises: Vec<Promise> = leased.into_iter().filter_map(Row::promise).collect();
    promises.sort_by_cached_key(|promise| ids.iter().position(|id| *id == promise.id));
    Ok(promises)
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

/// Those of the promises whose lease still ends then, and is this worker's.
macro_rules! leased_together {
    ($end:expr, $ids:expr) => {
        mail_queue::table
            .filter(mail_queue::id.eq_any($ids))
            .filter(mail_queue::state.eq("waiting"))
            .filter(mail_queue::leased_until.eq($end))
    };
}

/// Prolongs leases, and returns the promises whose they still are: another worker has the others, and will send.
pub fn renew(db: &mut Db, promises: Vec<Promise>, now: Timestamp) -> Result<Vec<Promise>, DbError> {
    let until = now + span(LEASE);
    let renewed = each_end(&promises, |end, ids| {
        let renewed = diesel::update(leased_together!(end, ids)).set(mail_queue::leased_until.eq(until));
        Ok(renewed.returning(mail_queue::id).get_results::<String>(db)?)
    })?;
    let held = promises.into_iter().filter(|promise| renewed.contains(&promise.id));
    Ok(held.map(|promise| Promise { leased_until: Some(until), ..promise }).collect())
}

/// The promises whose leases are still this worker's; they stay so until the end of the transaction, and for a good while
/// after it.
pub fn hold(db: &mut Db, promises: Vec<Promise>, now: Timestamp) -> Result<Vec<Promise>, DbError> {
    let is_long = |promise: &Promise| promise.leased_until.is_some_and(|until| until > now + span(LEASE / 2));
    if !promises.iter().all(is_long) {
        return renew(db, promises, now);
    }
    let held = each_end(&promises, |end, ids| {
        let held = leased_together!(end, ids).select(mail_queue::id);
        // To write each row only in order to know that it is there would be most of what the letter costs here.
        Ok(match db {
            Db::Postgres(postgres) => held.for_no_key_update().load::<String>(postgres)?,
            Db::Sqlite(sqlite) => held.load::<String>(sqlite)?,
        })
    })?;
    Ok(promises.into_iter().filter(|promise| held.contains(&promise.id)).collect())
}

/// What was leased together ends together; there are several ends only after some were prolonged and others lost.
fn each_end(
    promises: &[Promise],
    mut ask: impl FnMut(Option<Timestamp>, Vec<&str>) -> Result<Vec<String>, DbError>,
) -> Result<HashSet<String>, DbError> {
    let ends: BTreeSet<_> = promises.iter().map(|promise| promise.leased_until).collect();
    let mut answers = HashSet::new();
    for end in ends {
        let same = promises.iter().filter(|promise| promise.leased_until == end);
        answers.extend(ask(end, same.map(|promise| promise.id.as_str()).collect())?);
    }
    Ok(answers)
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

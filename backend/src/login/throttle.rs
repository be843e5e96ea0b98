//! A growing delay after failed logins, never a lock. The same for a user that exists and one that does not; in the
//! database, so that neither a restart nor a second instance forgets it.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::Duration;

use diesel::dsl::{case_when, sql};
use diesel::prelude::*;
use diesel::query_dsl::methods;
use diesel::sql_types::{self, Text};
use rekey_shared::email_address::EmailAddress;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::account::record::Account;
use crate::account::user_name;
use crate::clock::{Clock, Timestamp, span, until};
use crate::db::schema::login_throttle;
use crate::db::{Database, Db, DbError, PreparedDsl, Statement, at_once};
use crate::opaque_token::fingerprint;

/// Failures in a row that cost no delay.
const FREE_FAILURES: i32 = 5;
const LONGEST_DELAY: Duration = Duration::from_mins(15);

/// Whether an attempt may be made.
#[derive(Debug, PartialEq, Eq)]
pub enum Admission {
    /// A failure now is one more than costs no delay.
    Admitted {
        begins_delay: bool,
    },
    Throttled {
        retry_after: Duration,
    },
}

/// The canonical form of what was typed in "User": an email address's or a user name's.
#[must_use]
pub fn user_key(typed: &str) -> String {
    EmailAddress::parse(typed).map_or_else(|_| user_name::fold(typed.trim()), |email| email.key().to_owned())
}

/// Attempts of one user that are under way in this process. Each is counted as failed while it is, so that more of them
/// than [`FREE_FAILURES`] would throttle each other although all are right.
#[derive(Default)]
pub struct Turns(Mutex<HashMap<String, Weak<Semaphore>>>);

impl Turns {
    /// No more than there are cores to hash on, and fewer than the free failures.
    const AT_ONCE: usize = 4;
    /// Users whose attempts are all over are forgotten when the list is this long.
    const KEPT: usize = 1024;

    /// Waits until the attempt may begin. It is over when the permit is dropped.
    pub async fn take(&self, user_key: &str) -> Option<OwnedSemaphorePermit> {
        // Never closed, so there is always a permit to come.
        self.of(user_key).acquire_owned().await.ok()
    }

    /// As [`Self::take`], if it may begin at once.
    pub fn try_take(&self, user_key: &str) -> Option<OwnedSemaphorePermit> {
        self.of(user_key).try_acquire_owned().ok()
    }

    fn of(&self, user_key: &str) -> Arc<Semaphore> {
        let mut users = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if users.len() >= Self::KEPT {
            users.retain(|_, turns| turns.strong_count() > 0);
        }
        users.get(user_key).and_then(Weak::upgrade).unwrap_or_else(|| {
            let turns = Arc::new(Semaphore::new(Self::AT_ONCE));
            users.insert(user_key.to_owned(), Arc::downgrade(&turns));
            turns
        })
    }
}

/// The key under which guesses at the current password of a session are counted: not the login's, which strangers reach.
#[must_use]
pub fn session_key(account_id: &str) -> String {
    format!("\0password of {account_id}")
}

/// Counts an attempt as failed before it is made; a right password takes it back. Otherwise a hundred guesses at once
/// would all pass before the first one has failed.
///
/// The commit need not wait for the disk: who is told that the attempt failed is told so after one that does.
pub async fn admit(database: &Database, user_key: &str, clock: &Clock) -> Result<Admission, DbError> {
    let (key, clock) = (user_key.to_owned(), clock.clone());
    database.write_each(move |db: &mut Db| count(db, &key, &clock)).await
}

/// When the next attempt may be made after one more failure.
macro_rules! not_before {
    ($now:expr, $($failures:literal),*) => {{
        let after = |delay| ($now + span(delay)).into_sql::<sql_types::Timestamp>();
        case_when(login_throttle::failures.lt(FREE_FAILURES), after(Duration::ZERO))
            $(.when(login_throttle::failures.eq($failures - 1), after(delay_after($failures))))*
            .otherwise(after(LONGEST_DELAY))
    }};
}

/// One more failure of a key, if it may go on; a key that is new has its first. One statement, so that two at once cannot
/// both come before the delay.
macro_rules! one_more {
    ($key:expr, $now:expr) => {{
        let row = (login_throttle::key.eq($key), login_throttle::failures.eq(1), login_throttle::not_before.eq($now));
        let more = (
            login_throttle::failures.eq(login_throttle::failures + 1),
            login_throttle::not_before.eq(not_before!($now, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15)),
        );
        // No delay is longer: where one ends later, the clock has been put back since.
        let is_over = login_throttle::not_before.le($now).or(login_throttle::not_before.gt($now + span(LONGEST_DELAY)));
        let may_go_on = login_throttle::failures.le(FREE_FAILURES).or(is_over);
        let counted = diesel::insert_into(login_throttle::table).values(row);
        methods::FilterDsl::filter(counted.on_conflict(login_throttle::key).do_update().set(more), may_go_on)
    }};
}

/// What PostgreSQL gives back beside the failures: that this commit does not wait for the disk.
const RELAXED: &str = "set_config('synchronous_commit', 'off', true)";

/// See [`admit`].
pub(super) fn count(db: &mut Db, user_key: &str, clock: &Clock) -> Result<Admission, DbError> {
    let key = &fingerprint(user_key);
    loop {
        // Not the time when it came: it may have waited for its turn to write.
        let now = clock.now();
        let failures: Option<i32> = match db {
            Db::Postgres(postgres) => {
                let counted = one_more!(key, now).returning((login_throttle::failures, sql::<Text>(RELAXED)));
                counted.prepared().get_result(postgres).map(|(failures, _): (i32, String)| failures)
            }
            Db::Sqlite(sqlite) => one_more!(key, now).returning(login_throttle::failures).prepared().get_result(sqlite),
        }
        .optional()?;
        if let Some(failures) = failures {
            return Ok(Admission::Admitted { begins_delay: failures == FREE_FAILURES + 1 });
        }
        let not_before: Option<Timestamp> =
            login_throttle::table.find(key).select(login_throttle::not_before).get_result(db).optional()?;
        // Without a row the owner has logged in meanwhile, by another instance; and a delay may just have ended.
        let lasts = |not_before: &Timestamp| *not_before > now && *not_before <= now + span(LONGEST_DELAY);
        if let Some(not_before) = not_before.filter(lasts) {
            return Ok(Admission::Throttled { retry_after: until(now, not_before) });
        }
    }
}

/// Forgets the failures of this user.
pub(crate) fn deletion(user_key: &str) -> impl Statement + use<> {
    diesel::delete(login_throttle::table.filter(login_throttle::key.eq(fingerprint(user_key))))
}

/// Forgets every failure that was counted against an account.
pub fn delete_all(db: &mut Db, account: &Account) -> Result<(), DbError> {
    at_once(db, &[&deletion_of_all(account)])
}

pub(crate) fn deletion_of_all(account: &Account) -> impl Statement + use<> {
    let is = |key: &str| login_throttle::key.eq(fingerprint(key));
    // Not a list: PostgreSQL takes one of unknown length for long, and would plan anew each time.
    let any = is(&account.user_name_key).or(is(&account.email_key)).or(is(&session_key(&account.id)));
    diesel::delete(login_throttle::table.filter(any))
}

/// 1 s after the sixth failure in a row, doubling to 15 minutes.
fn delay_after(failures: i32) -> Duration {
    let Ok(doublings) = u32::try_from(failures - FREE_FAILURES - 1) else {
        return Duration::ZERO;
    };
    Duration::from_secs(1).saturating_mul(2_u32.saturating_pow(doublings)).min(LONGEST_DELAY)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_delay_grows_from_the_sixth_failure_to_a_quarter_of_an_hour() {
        let seconds: Vec<_> = (1..=17).map(|failures| delay_after(failures).as_secs()).collect();
        assert_eq!(seconds, [0, 0, 0, 0, 0, 1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900]);
        assert_eq!(delay_after(i32::MAX), LONGEST_DELAY);
    }

    #[cfg(feature = "drill")]
    #[tokio::test]
    async fn each_failure_is_counted_with_its_delay_and_none_during_one() {
        let folder = tempfile::tempdir().unwrap();
        let database = Database::of_test(folder.path()).await;
        let clock = Clock::default();
        clock.stop();
        for failures in 1..=17 {
            let admission = admit(&database, "ann", &clock).await.unwrap();
            assert_eq!(admission, Admission::Admitted { begins_delay: failures == FREE_FAILURES + 1 }, "{failures}");
            let delay = delay_after(failures);
            if !delay.is_zero() {
                let again = admit(&database, "ann", &clock).await.unwrap();
                assert_eq!(again, Admission::Throttled { retry_after: delay }, "{failures}");
            }
            clock.advance(delay);
        }
        assert_eq!(admit(&database, "bob", &clock).await.unwrap(), Admission::Admitted { begins_delay: false });
    }

    #[test]
    fn one_user_has_one_key_however_it_is_typed() {
        assert_eq!(user_key(" Ann@EXAMPLE.com "), user_key("ann@example.com"));
        assert_eq!(user_key("ＡＮＮ"), user_key("ann"));
        assert_ne!(user_key("ann"), user_key("ann@example.com"));
    }
}

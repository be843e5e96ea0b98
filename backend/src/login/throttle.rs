//! A growing delay after failed logins, never a lock. The same for a user that exists and one that does not; in the
//! database, so that neither a restart nor a second instance forgets it.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::Duration;

use diesel::prelude::*;
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
        let turns = {
            let mut users = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            if users.len() >= Self::KEPT {
                users.retain(|_, turns| turns.strong_count() > 0);
            }
            users.get(user_key).and_then(Weak::upgrade).unwrap_or_else(|| {
                let turns = Arc::new(Semaphore::new(Self::AT_ONCE));
                users.insert(user_key.to_owned(), Arc::downgrade(&turns));
                turns
            })
        };
        // Never closed, so there is always a permit to come.
        turns.acquire_owned().await.ok()
    }
}

/// The key under which guesses at the current password of a session are counted: not the login's, which strangers reach.
#[must_use]
pub fn session_key(account_id: &str) -> String {
    format!("\0password of {account_id}")
}

/// Counts an attempt as failed before it is made; a right password takes it back. Otherwise a hundred guesses at once
/// would all pass before the first one has failed.
pub async fn admit(database: &Database, user_key: &str, clock: &Clock) -> Result<Admission, DbError> {
    let key = fingerprint(user_key);
    // The time under the lock: an attempt that waited for it is not judged by when it came.
    let count = |key: String, clock: Clock| move |db: &mut Db| count(db, &key, clock.now());
    match database.write(count(key.clone(), clock.clone())).await {
        // Another attempt inserted the row at the same time; now it is there to be counted in.
        Err(DbError::Query(diesel::result::Error::DatabaseError(
            diesel::result::DatabaseErrorKind::UniqueViolation,
            _,
        ))) => database.write(count(key, clock.clone())).await,
        outcome => outcome,
    }
}

fn count(db: &mut Db, key: &str, now: Timestamp) -> Result<Admission, DbError> {
    loop {
        let may_go_on = login_throttle::failures.le(FREE_FAILURES).or(login_throttle::not_before.le(now));
        let open = login_throttle::table.filter(login_throttle::key.eq(key).and(may_go_on));
        let failures: Option<i32> = diesel::update(open)
            .set(login_throttle::failures.eq(login_throttle::failures + 1))
            .returning(login_throttle::failures)
            .prepared()
            .get_result(db)
            .optional()?;
        if let Some(failures) = failures {
            let not_before = login_throttle::not_before.eq(now + span(delay_after(failures)));
            at_once(db, &[&diesel::update(login_throttle::table.find(key)).set(not_before)])?;
            return Ok(Admission::Admitted { begins_delay: failures == FREE_FAILURES + 1 });
        }
        let row: Option<(i32, Timestamp)> = login_throttle::table
            .find(key)
            .select((login_throttle::failures, login_throttle::not_before))
            .get_result(db)
            .optional()?;
        match row {
            None => {
                diesel::insert_into(login_throttle::table)
                    .values((
                        login_throttle::key.eq(key),
                        login_throttle::failures.eq(1),
                        login_throttle::not_before.eq(now),
                    ))
                    .execute(db)?;
                return Ok(Admission::Admitted { begins_delay: false });
            }
            Some((failures, not_before)) if failures > FREE_FAILURES && not_before > now => {
                return Ok(Admission::Throttled { retry_after: until(now, not_before) });
            }
            // PostgreSQL: inserted between the two statements, by an attempt that came first.
            Some(_) => {}
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

    #[test]
    fn one_user_has_one_key_however_it_is_typed() {
        assert_eq!(user_key(" Ann@EXAMPLE.com "), user_key("ann@example.com"));
        assert_eq!(user_key("ＡＮＮ"), user_key("ann"));
        assert_ne!(user_key("ann"), user_key("ann@example.com"));
    }
}

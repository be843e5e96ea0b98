//! What becomes of a promise that a worker had in hand.

use diesel::prelude::*;

use super::queue::{Promise, held};
use crate::clock::Timestamp;
use crate::db::schema::mail_queue;
use crate::db::{Db, DbError};

/// What became of a promise.
#[derive(Debug)]
pub enum Settled {
    /// The mail server has taken the letter.
    Sent,
    /// No letter is owed any more.
    Dropped(String),
    /// The mail server will never take it, or has not for too long.
    Stopped(String),
    /// The mail server does not take this letter now.
    RetryAt(Timestamp, String),
    /// The mail server cannot be used; the letter is not to blame, and waits.
    Released(String),
}

/// Writes down what became of a promise, and gives up the lease.
pub fn settle(db: &mut Db, promise: &Promise, settled: &Settled, now: Timestamp) -> Result<(), DbError> {
    let no_lease = mail_queue::leased_until.eq(None::<Timestamp>);
    match settled {
        // Whoever has the lease by now: the letter is out.
        Settled::Sent => diesel::update(mail_queue::table.find(&promise.id))
            .set((
                mail_queue::state.eq("sent"),
                mail_queue::sent_at.eq(now),
                mail_queue::attempts.eq(promise.attempts + 1),
                mail_queue::last_error.eq(None::<&str>),
                no_lease,
            ))
            .execute(db)?,
        Settled::Dropped(reason) => diesel::update(held!(promise))
            .set((mail_queue::state.eq("dropped"), mail_queue::last_error.eq(reason), no_lease))
            .execute(db)?,
        Settled::Stopped(reason) => diesel::update(held!(promise))
            .set((
                mail_queue::state.eq("stopped"),
                mail_queue::attempts.eq(promise.attempts + 1),
                mail_queue::last_error.eq(reason),
                no_lease,
            ))
            .execute(db)?,
        Settled::RetryAt(due_at, reason) => diesel::update(held!(promise))
            .set((
                mail_queue::due_at.eq(due_at),
                mail_queue::attempts.eq(promise.attempts + 1),
                mail_queue::last_error.eq(reason),
                no_lease,
            ))
            .execute(db)?,
        Settled::Released(reason) => {
            diesel::update(held!(promise)).set((mail_queue::last_error.eq(reason), no_lease)).execute(db)?
        }
    };
    Ok(())
}

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
    /// The worker was told to stop before its turn.
    Untried,
}

/// Writes down what became of promises, and gives up the leases.
pub fn settle(db: &mut Db, settled: &[(Promise, Settled)], now: Timestamp) -> Result<(), DbError> {
    let sent = settled.iter().filter(|(_, became)| matches!(became, Settled::Sent));
    let sent: Vec<&str> = sent.map(|(promise, _)| promise.id.as_str()).collect();
    if !sent.is_empty() {
        // Whoever has the lease by now: the letters are out.
        diesel::update(mail_queue::table.filter(mail_queue::id.eq_any(sent)))
            .set((
                mail_queue::state.eq("sent"),
                mail_queue::sent_at.eq(now),
                mail_queue::attempts.eq(mail_queue::attempts + 1),
                mail_queue::last_error.eq(None::<&str>),
                mail_queue::leased_until.eq(None::<Timestamp>),
            ))
            .execute(db)?;
    }
    for (promise, became) in settled {
        settle_unsent(db, promise, became)?;
    }
    Ok(())
}

/// Lets letters wait that were stopped for no fault of theirs, and that are not older than is worth trying. Tells how many.
pub fn put_back(db: &mut Db, ids: &[String], due_at: Timestamp, oldest: Timestamp) -> Result<usize, DbError> {
    let stopped = mail_queue::table
        .filter(mail_queue::id.eq_any(ids))
        .filter(mail_queue::state.eq("stopped"))
        .filter(mail_queue::created_at.gt(oldest));
    Ok(diesel::update(stopped).set((mail_queue::state.eq("waiting"), mail_queue::due_at.eq(due_at))).execute(db)?)
}

fn settle_unsent(db: &mut Db, promise: &Promise, became: &Settled) -> Result<(), DbError> {
    let no_lease = mail_queue::leased_until.eq(None::<Timestamp>);
    match became {
        Settled::Sent => 0,
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
        Settled::Untried => diesel::update(held!(promise)).set(no_lease).execute(db)?,
        Settled::Released(reason) => {
            diesel::update(held!(promise)).set((mail_queue::last_error.eq(reason), no_lease)).execute(db)?
        }
    };
    Ok(())
}

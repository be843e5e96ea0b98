//! How much waits in the queue. Each question is answered by an index; the numbers cost a look at as many entries of it.

use diesel::prelude::*;

use crate::clock::Timestamp;
use crate::db::schema::mail_queue;
use crate::db::{Db, DbError};

/// Letters that are not out. What was sent or dropped is not counted: that would cost more from day to day.
pub struct Backlog {
    pub due: i64,
    /// Tried again later.
    pub delayed: i64,
    /// The operator's.
    pub stopped: i64,
    /// Since when the first letter has been due.
    pub oldest_due: Option<Timestamp>,
    /// When the oldest letter was promised that is still tried.
    pub oldest_waiting: Option<Timestamp>,
}

pub fn load(db: &mut Db, now: Timestamp) -> Result<Backlog, DbError> {
    let waiting = mail_queue::state.eq("waiting");
    let due = waiting.and(mail_queue::due_at.le(now));
    let delayed = waiting.and(mail_queue::due_at.gt(now));
    Ok(Backlog {
        due: mail_queue::table.filter(due).count().get_result(db)?,
        delayed: mail_queue::table.filter(delayed).count().get_result(db)?,
        stopped: mail_queue::table.filter(mail_queue::state.eq("stopped")).count().get_result(db)?,
        oldest_due: mail_queue::table
            .filter(due)
            .order((mail_queue::due_at, mail_queue::id))
            .select(mail_queue::due_at)
            .first(db)
            .optional()?,
        // The ids sort by time.
        oldest_waiting: mail_queue::table
            .filter(waiting)
            .order(mail_queue::id)
            .select(mail_queue::created_at)
            .first(db)
            .optional()?,
    })
}

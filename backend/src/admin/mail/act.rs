//! What the operator does to promised letters. A worker may hold one of them at that moment: it finds out before it makes
//! the letter, and a letter that is out by then counts as sent.

use diesel::prelude::*;
use rekey_shared::admin::{AuditEvent, MailState, QueuedMail};

use super::list::Row;
use crate::account::record;
use crate::admin::audit::{Actor, Event};
use crate::clock::Timestamp;
use crate::db::schema::mail_queue;
use crate::db::{Db, DbError, MultiBackend};
use crate::error::Error;
use crate::mail::queue::Kind;

/// Letters that one transaction puts forward at most.
const BATCH: i64 = 500;

/// Why a letter was dropped.
const DROPPED: &str = "dropped by the operator";

/// Letters with which something can still be done.
macro_rules! is_open {
    () => {
        mail_queue::state.eq_any([MailState::Waiting.name(), MailState::Stopped.name()])
    };
}

/// Letters that no worker is trying at this moment.
macro_rules! in_no_hand {
    ($now:expr) => {
        mail_queue::leased_until.is_null().or(mail_queue::leased_until.le($now))
    };
}

/// A letter is tried now, as if it never had been.
macro_rules! due_at {
    ($now:expr) => {
        (
            mail_queue::state.eq(MailState::Waiting.name()),
            mail_queue::due_at.eq($now),
            mail_queue::leased_until.eq(None::<Timestamp>),
            mail_queue::attempts.eq(0),
        )
    };
}

/// Tries a letter now that waits or was stopped.
///
/// # Errors
/// [`Error::NotFound`]: there is none with this id, or it has been sent or dropped.
pub(crate) fn retry(db: &mut Db, id: &str, actor: &Actor, now: Timestamp) -> Result<QueuedMail, Error> {
    let tried = diesel::update(mail_queue::table.find(id).filter(is_open!()).filter(in_no_hand!(now)))
        .set(due_at!(now))
        .returning(<Row as Selectable<MultiBackend>>::construct_selection())
        .get_result(db)
        .optional()?;
    // One that a worker has in hand is being tried at this moment.
    let row = match tried {
        None => mail_queue::table.find(id).filter(is_open!()).select(Row::as_select()).get_result(db).optional()?,
        some => some,
    };
    recorded(db, row, actor.did(AuditEvent::MailRetried), now)
}

/// Drops a letter that waits or was stopped.
///
/// # Errors
/// As [`retry`].
pub(crate) fn drop(db: &mut Db, id: &str, actor: &Actor, now: Timestamp) -> Result<QueuedMail, Error> {
    let row = diesel::update(mail_queue::table.find(id).filter(is_open!()))
        .set((
            mail_queue::state.eq(MailState::Dropped.name()),
            mail_queue::last_error.eq(DROPPED),
            mail_queue::leased_until.eq(None::<Timestamp>),
        ))
        .returning(<Row as Selectable<MultiBackend>>::construct_selection())
        .get_result(db)
        .optional()?;
    recorded(db, row, actor.did(AuditEvent::MailDropped), now)
}

/// The record names the account, where the promise does, and never the address: a stranger may have typed it.
fn recorded(db: &mut Db, row: Option<Row>, mut event: Event, now: Timestamp) -> Result<QueuedMail, Error> {
    let row = row.ok_or(Error::NotFound)?;
    if let Some(account) = row.account_id.as_deref().map(|id| record::find(db, id)).transpose()?.flatten() {
        event = event.to(&account);
    }
    let letter = row.shown();
    event.with(format!("{} {}", letter.kind, letter.id)).insert(db, now)?;
    Ok(letter)
}

/// Tries some of all letters in this state now, those after an id. Tells how many, and after which id to go on.
pub(crate) fn retry_some(
    db: &mut Db,
    state: MailState,
    after: &str,
    now: Timestamp,
) -> Result<(usize, Option<String>), DbError> {
    let ids: Vec<String> = mail_queue::table
        .filter(mail_queue::state.eq(state.name()))
        .filter(mail_queue::id.gt(after))
        .order(mail_queue::id)
        .limit(BATCH)
        .select(mail_queue::id)
        .load(db)?;
    let last = ids.last().cloned();
    let some = mail_queue::table.filter(mail_queue::id.eq_any(ids)).filter(is_open!()).filter(in_no_hand!(now));
    let retried = diesel::update(some).set(due_at!(now)).execute(db)?;
    Ok((retried, last))
}

/// Letters that were sent, stopped or dropped, and promised before this moment. Those by which the letters of an hour are
/// counted stay for that hour.
macro_rules! is_over {
    ($before:expr, $now:expr) => {{
        let hour_ago = $now - chrono::Duration::hours(1);
        let counts_no_more = mail_queue::counted_at.is_null().or(mail_queue::counted_at.le(hour_ago));
        let is_no_announcement =
            mail_queue::kind.ne(Kind::CredentialRequests.name()).or(mail_queue::created_at.le(hour_ago));
        mail_queue::state
            .ne(MailState::Waiting.name())
            .and(mail_queue::created_at.le($before))
            .and(counts_no_more)
            .and(is_no_announcement)
    }};
}

/// How many letters [`delete_some`] would delete in the end.
pub(crate) fn count_over(db: &mut Db, before: Timestamp, now: Timestamp) -> Result<i64, DbError> {
    Ok(mail_queue::table.filter(is_over!(before, now)).count().get_result(db)?)
}

/// Deletes some of the letters that are over.
pub(crate) fn delete_some(db: &mut Db, before: Timestamp, now: Timestamp) -> Result<usize, DbError> {
    let ids: Vec<String> =
        mail_queue::table.filter(is_over!(before, now)).select(mail_queue::id).limit(BATCH).load(db)?;
    if ids.is_empty() {
        return Ok(0);
    }
    Ok(diesel::delete(mail_queue::table.filter(mail_queue::id.eq_any(ids))).execute(db)?)
}

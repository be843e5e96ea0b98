use diesel::prelude::*;
use rekey_shared::admin::{MailState, QueuedMail};
use rekey_shared::list::List;

use crate::clock::{Timestamp, rfc3339};
use crate::db::schema::mail_queue;
use crate::db::{Db, DbError, MultiBackend};
use crate::web::query;

#[derive(Queryable, Selectable)]
#[diesel(table_name = mail_queue)]
pub(super) struct Row {
    id: String,
    kind: String,
    pub(super) account_id: Option<String>,
    address: String,
    state: String,
    attempts: i32,
    last_error: Option<String>,
    created_at: Timestamp,
    due_at: Timestamp,
    sent_at: Option<Timestamp>,
}

impl Row {
    pub(super) fn shown(self) -> QueuedMail {
        // The table allows no other state.
        let state = MailState::ALL.into_iter().find(|state| state.name() == self.state).unwrap_or(MailState::Waiting);
        QueuedMail {
            id: self.id,
            kind: self.kind,
            address: self.address,
            state,
            attempts: self.attempts.unsigned_abs(),
            last_error: self.last_error,
            created_at: rfc3339(self.created_at),
            due_at: (state == MailState::Waiting).then(|| rfc3339(self.due_at)),
            sent_at: self.sent_at.map(rfc3339),
        }
    }
}

/// A page of letters, the newest first.
pub(crate) fn page(
    db: &mut Db,
    state: Option<MailState>,
    cursor: Option<&str>,
    size: usize,
) -> Result<List<QueuedMail>, DbError> {
    let mut letters = mail_queue::table.select(Row::as_select()).into_boxed::<MultiBackend>();
    if let Some(state) = state {
        letters = letters.filter(mail_queue::state.eq(state.name()));
    }
    if let Some(before) = cursor {
        letters = letters.filter(mail_queue::id.lt(before));
    }
    let rows: Vec<Row> = letters.order(mail_queue::id.desc()).limit(query::one_more_than(size)).load(db)?;
    let letters: Vec<QueuedMail> = rows.into_iter().map(Row::shown).collect();
    Ok(query::page(letters, size, |letter| letter.id.clone()))
}

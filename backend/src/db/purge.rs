//! Old rows are deleted on schedule (ASVS 14.2.7).

use chrono::Duration;
use diesel::prelude::*;
use rekey_shared::admin::AuditEvent;

use super::schema::{
    audit_events, credential_requests, email_changes, known_devices, login_throttle, mail_queue, reset_links, sessions,
    temporary_passwords,
};
use super::{Db, DbError};
use crate::clock::Timestamp;

/// Rows of one kind that one step deletes at most.
const BATCH: i64 = 500;

/// Deletes the oldest of what nobody needs any more, and tells how many rows that were; nothing is left at 0.
pub fn step(db: &mut Db, now: Timestamp) -> Result<usize, DbError> {
    let mut rows = 0;
    macro_rules! purge {
        ($table:ident, $key:ident, $old:expr) => {
            let keys: Vec<String> = $table::table.filter($old).select($table::$key).limit(BATCH).load(db)?;
            if !keys.is_empty() {
                rows += diesel::delete($table::table.filter($table::$key.eq_any(keys))).execute(db)?;
            }
        };
    }
    let ago = |duration: Duration| now - duration;
    // So long a link's owner is told "used" or "expired" rather than "unknown".
    purge!(reset_links, fingerprint, reset_links::expires_at.lt(ago(Duration::days(7))));
    purge!(temporary_passwords, fingerprint, temporary_passwords::expires_at.lt(ago(Duration::days(7))));
    purge!(sessions, id, sessions::expires_at.lt(now));
    // A day without a failure ends a row of failures; the delay itself is a quarter of an hour at most.
    purge!(login_throttle, key, login_throttle::not_before.lt(ago(Duration::days(1))));
    purge!(known_devices, fingerprint, known_devices::used_at.lt(ago(Duration::days(365))));
    // The limit of letters looks back an hour; what was sent or stopped is kept for the operator to see.
    let (hour, month) = (ago(Duration::hours(1)), ago(Duration::days(30)));
    let is_settled = mail_queue::state.ne("waiting");
    purge!(mail_queue, id, is_settled.and(mail_queue::state.eq("dropped")).and(mail_queue::created_at.lt(hour)));
    purge!(mail_queue, id, is_settled.and(mail_queue::created_at.lt(month)));
    purge!(email_changes, fingerprint, email_changes::expires_at.lt(ago(Duration::days(7))));
    purge!(credential_requests, id, credential_requests::created_at.lt(ago(Duration::days(90))));
    // Strangers cause these by the thousand.
    let month_old = first_id_of(ago(Duration::days(30)));
    let of_strangers = [AuditEvent::LoginFailed, AuditEvent::LoginDelayed, AuditEvent::CredentialAsked];
    let of_strangers = of_strangers.map(AuditEvent::text);
    purge!(audit_events, id, audit_events::event.eq_any(of_strangers).and(audit_events::id.lt(month_old.clone())));
    // Somewhat more than a year, so that one year can be looked back on whole.
    purge!(audit_events, id, audit_events::happened_at.lt(ago(Duration::days(400))));
    Ok(rows)
}

/// What the id of nothing older begins with: the ids are UUIDv7, whose first 48 bits are the time (RFC 9562 5.7).
fn first_id_of(time: Timestamp) -> String {
    let milliseconds = time.and_utc().timestamp_millis();
    format!("{:08x}-{:04x}", milliseconds >> 16, milliseconds & 0xffff)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_sort_by_time() {
        let before = crate::clock::system_time();
        let id = uuid::Uuid::now_v7().to_string();
        assert!(first_id_of(before - Duration::milliseconds(1)) < id);
        assert!(first_id_of(before + Duration::days(1)) > id);
    }
}

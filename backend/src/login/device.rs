//! Known devices (OWASP "device cookies"): a browser that has logged in to an account before has a counter of its own
//! there, so that an attacker's failures do not keep the owner out.

use diesel::prelude::*;
use rekey_shared::secret::Secret;

use crate::clock::Timestamp;
use crate::db::schema::known_devices;
use crate::db::{Db, DbError, Statement};
use crate::opaque_token::{self, fingerprint};

/// Failures in a row after which the device is known no longer.
const FAILURES: i32 = 5;

/// Counts an attempt of a known device as failed before it is made. No: the device is not known for this account.
pub fn admit(db: &mut Db, device: &Secret, account_id: &str) -> Result<bool, DbError> {
    let row = known_devices::table.find((fingerprint(device.expose()), account_id.to_owned()));
    let failures: Option<i32> = diesel::update(row)
        .set(known_devices::failures.eq(known_devices::failures + 1))
        .returning(known_devices::failures)
        .get_result(db)
        .optional()?;
    let Some(failures) = failures else { return Ok(false) };
    if failures < FAILURES {
        return Ok(true);
    }
    diesel::delete(known_devices::table.find((fingerprint(device.expose()), account_id.to_owned()))).execute(db)?;
    Ok(failures == FAILURES)
}

/// Remembers that this browser logged in, and returns its cookie, the one it has or a new one, and whether it was known
/// for this account. A cookie that Rekey never
/// gave out is not taken over: somebody may have planted it there.
pub fn set_known(
    db: &mut Db,
    device: Option<Secret>,
    account_id: &str,
    now: Timestamp,
) -> Result<(Secret, bool), DbError> {
    let device = match device {
        Some(device) if is_ours(db, &device)? => device,
        _ => opaque_token::generate(&mut rand::rng()),
    };
    let key = fingerprint(device.expose());
    let known = diesel::update(known_devices::table.find((&key, account_id)))
        .set((known_devices::failures.eq(0), known_devices::used_at.eq(now)))
        .execute(db)?;
    if known == 0 {
        diesel::insert_into(known_devices::table)
            .values((
                known_devices::fingerprint.eq(&key),
                known_devices::account_id.eq(account_id),
                known_devices::failures.eq(0),
                known_devices::created_at.eq(now),
                known_devices::used_at.eq(now),
            ))
            .execute(db)?;
    }
    Ok((device, known > 0))
}

/// Forgets the failures of a device that has just logged in.
pub fn forgive(db: &mut Db, device: &Secret, account_id: &str, now: Timestamp) -> Result<(), DbError> {
    diesel::update(known_devices::table.find((fingerprint(device.expose()), account_id.to_owned())))
        .set((known_devices::failures.eq(0), known_devices::used_at.eq(now)))
        .execute(db)?;
    Ok(())
}

fn is_ours(db: &mut Db, device: &Secret) -> Result<bool, DbError> {
    let known = known_devices::table.filter(known_devices::fingerprint.eq(fingerprint(device.expose())));
    Ok(diesel::select(diesel::dsl::exists(known)).get_result(db)?)
}

/// Knows no device of this account any more.
pub(crate) fn deletion_of_all(account_id: &str) -> impl Statement + '_ {
    diesel::delete(known_devices::table.filter(known_devices::account_id.eq(account_id)))
}

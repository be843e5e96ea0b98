//! Instances share leases and ends of links by the time, so that their clocks and the database's must tell the same.

use std::time::Duration;

use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::BigInt;

use super::{Database, Db, DbError};
use crate::clock::{span, system_time};

/// A lease of a letter is renewed ten seconds before it ends.
pub const MOST_APART: Duration = Duration::from_secs(5);

/// Compares the clocks.
///
/// # Errors
/// [`DbError::Clock`] when they are too far apart.
pub async fn run(database: &Database) -> Result<(), DbError> {
    database.look(&database.requests, compare).await
}

/// Compares the clocks.
///
/// # Errors
/// [`DbError::Clock`] when they are too far apart.
pub fn compare(db: &mut Db) -> Result<(), DbError> {
    let apart = offset(db)?.abs();
    if apart > span(MOST_APART) { Err(DbError::Clock(apart.num_seconds())) } else { Ok(()) }
}

/// How far the database's clock is ahead. SQLite has none of its own.
///
/// # Errors
/// [`DbError`] when it cannot be asked.
pub fn offset(db: &mut Db) -> Result<chrono::Duration, DbError> {
    let Db::Postgres(postgres) = db else { return Ok(chrono::Duration::zero()) };
    let asked = system_time();
    let there: i64 =
        diesel::select(sql::<BigInt>("CAST(EXTRACT(EPOCH FROM now()) * 1000 AS BIGINT)")).get_result(postgres)?;
    let answered = system_time();
    let (earliest, latest) = (asked.and_utc().timestamp_millis(), answered.and_utc().timestamp_millis());
    // However long the answer took: right is whatever lies between question and answer. And a clock may be put back.
    Ok(chrono::Duration::milliseconds(there - there.clamp(earliest, latest.max(earliest))))
}

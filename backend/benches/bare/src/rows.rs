//! Inserts of the row that a request for a reset makes, into a database with Rekey's schema and Rekey's pragmas.

use std::error::Error;
use std::time::{Duration, Instant};

use diesel::connection::SimpleConnection as _;
use diesel::prelude::*;
use diesel::sqlite::SqliteConnection;
use serde_json::json;

use crate::Measured;

/// Rows of one transaction.
const GROUP: u64 = 100;
/// As long as a client that waits for one answer after the other lets the database rest.
const PAUSE: Duration = Duration::from_micros(50);

diesel::table! {
    mail_queue (id) {
        id -> Text,
        kind -> Text,
        account_id -> Nullable<Text>,
        epoch -> Nullable<BigInt>,
        address -> Text,
        locale -> Nullable<Text>,
        data -> Nullable<Text>,
        attempts -> Integer,
        due_at -> Text,
        state -> Text,
        created_at -> Text,
    }
}

/// Rows a second, many to a transaction and one to a transaction, and how long one commit takes.
pub(crate) fn insert(file: &str, seconds: u64) -> Measured {
    let mut sqlite = open(file)?;
    let time = Duration::from_secs(seconds);
    let mut number = 0;
    let (grouped, _) = rate(time, &mut number, GROUP, None, &mut sqlite)?;
    let (single, commits) = rate(time, &mut number, 1, None, &mut sqlite)?;
    let (_, apart) = rate(time, &mut number, 1, Some(PAUSE), &mut sqlite)?;
    Ok(json!({
        "grouped_per_s": grouped,
        "single_per_s": single,
        "single_p50_ms": middle_ms(commits),
        "apart_p50_ms": middle_ms(apart),
    }))
}

pub(crate) fn open(file: &str) -> Result<SqliteConnection, Box<dyn Error>> {
    let mut sqlite = SqliteConnection::establish(file)?;
    sqlite.batch_execute("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;")?;
    Ok(sqlite)
}

fn middle_ms(mut times: Vec<Duration>) -> f64 {
    times.sort_unstable();
    times.get(times.len() / 2).copied().unwrap_or_default().as_secs_f64() * 1e3
}

/// Rows a second, and the time of each commit, perhaps with a pause after each.
fn rate(
    time: Duration,
    number: &mut u64,
    group: u64,
    pause: Option<Duration>,
    sqlite: &mut SqliteConnection,
) -> QueryResult<(f64, Vec<Duration>)> {
    let (began, first) = (Instant::now(), *number);
    let mut commits = Vec::new();
    while began.elapsed() < time {
        let since = Instant::now();
        commit(sqlite, number, group)?;
        commits.push(since.elapsed());
        if let Some(pause) = pause {
            #[expect(clippy::disallowed_methods, reason = "the pause is what is measured")]
            std::thread::sleep(pause);
        }
    }
    #[expect(clippy::cast_precision_loss, reason = "nobody inserts 2^52 rows here")]
    let rows = (*number - first) as f64;
    Ok((rows / began.elapsed().as_secs_f64(), commits))
}

/// So many rows, by one transaction.
pub(crate) fn commit(sqlite: &mut SqliteConnection, number: &mut u64, rows: u64) -> QueryResult<()> {
    sqlite.immediate_transaction(|sqlite| {
        for _ in 0..rows {
            *number += 1;
            insert_one(sqlite, *number)?;
        }
        Ok(())
    })
}

fn insert_one(sqlite: &mut SqliteConnection, number: u64) -> QueryResult<()> {
    const NOW: &str = "2026-11-24 12:00:00.000";
    diesel::insert_into(mail_queue::table)
        .values((
            // As long as a UUID, and in order as those of version 7 are.
            mail_queue::id.eq(format!("01900000-0000-7000-8000-{number:012x}")),
            mail_queue::kind.eq("reset_link"),
            mail_queue::account_id.eq(None::<&str>),
            mail_queue::epoch.eq(None::<i64>),
            mail_queue::address.eq(format!("person{number}@example.com")),
            mail_queue::locale.eq(Some("en")),
            mail_queue::data.eq(None::<&str>),
            mail_queue::attempts.eq(0),
            mail_queue::due_at.eq(NOW),
            mail_queue::state.eq("waiting"),
            mail_queue::created_at.eq(NOW),
        ))
        .execute(sqlite)
        .map(drop)
}

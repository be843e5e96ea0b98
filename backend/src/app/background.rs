//! What goes on beside the requests.

use std::time::Duration;

use tokio::sync::watch;
use tokio::task::JoinSet;

use crate::backoff::doubled;
use crate::db::{DbError, clock_check, migrations, purge};
use crate::mail::queue;
use crate::mail::worker::Worker;
use crate::web::Shared;

const TIDIED_EVERY: Duration = Duration::from_mins(10);
const KEYS_READ_EVERY: Duration = Duration::from_secs(8);
const WORKER_REPLACED_AFTER: Duration = Duration::from_secs(1);
const LONGEST_DATABASE_WAIT: Duration = Duration::from_secs(15);

/// Which of it this process does.
#[derive(Clone, Copy, Debug)]
pub struct Tasks {
    /// Makes and sends letters.
    pub mail_worker: bool,
    /// Whether the database was brought up to date at the start. A server of PostgreSQL may be away then, and come.
    pub is_migrated: bool,
}

/// Does it until told to stop; then finishes the letter in hand.
///
/// # Errors
/// [`DbError`] when a database that was waited for came and cannot be used.
pub async fn work(rekey: Shared, tasks: Tasks, stop: watch::Receiver<bool>) -> Result<(), DbError> {
    if !tasks.is_migrated && !migrate_when_there(&rekey, stop.clone()).await? {
        return Ok(());
    }
    let mut running = JoinSet::new();
    running.spawn(reload_keys(rekey.clone(), stop.clone()));
    running.spawn(tidy_regularly(rekey.clone(), stop.clone()));
    if tasks.mail_worker {
        running.spawn(keep_working(rekey, stop));
    }
    running.join_all().await;
    Ok(())
}

/// Waits for the database and brings it up to date. No: told to stop before. It stays closed while the clocks are apart:
/// two workers would send the same letter.
async fn migrate_when_there(rekey: &Shared, mut stop: watch::Receiver<bool>) -> Result<bool, DbError> {
    for attempt in 0.. {
        let migrated = match migrations::run(&rekey.db).await {
            Ok(applied) => clock_check::run(&rekey.db).await.map(|()| applied),
            Err(error) => Err(error),
        };
        match migrated {
            Ok(applied) => {
                rekey.db.open_for_all();
                tracing::info!(db.migrations = applied, "database.there");
                return Ok(true);
            }
            Err(error @ DbError::Clock(_)) => tracing::error!(error.cause = %error, "database.clock_apart"),
            Err(error) if rekey.db.may_come(&error) || !error.is_connection() && error.is_passing() => {
                tracing::warn!(error.cause = %error, "database.away");
            }
            Err(error) => return Err(error),
        }
        tokio::select! {
            () = tokio::time::sleep(doubled(attempt, LONGEST_DATABASE_WAIT)) => {}
            _ = stop.changed() => return Ok(false),
        }
    }
    Ok(false)
}

/// A worker that panics is replaced: without one, people would be told "Email Sent" and no letter would leave.
async fn keep_working(rekey: Shared, mut stop: watch::Receiver<bool>) {
    while let Err(error) = tokio::spawn(Worker::new(rekey.clone(), stop.clone()).run()).await {
        tracing::error!(error.cause = %error, "mail.worker_died");
        tokio::select! {
            () = tokio::time::sleep(WORKER_REPLACED_AFTER) => {}
            _ = stop.changed() => return,
        }
    }
}

/// `rekey keys rotate` changes the file under a server that runs.
async fn reload_keys(rekey: Shared, mut stop: watch::Receiver<bool>) {
    while !*stop.borrow() {
        tokio::select! {
            () = tokio::time::sleep(KEYS_READ_EVERY) => rekey.tokens.keys().reload(),
            _ = stop.changed() => {}
        }
    }
}

async fn tidy_regularly(rekey: Shared, mut stop: watch::Receiver<bool>) {
    while !*stop.borrow() {
        catch_up(&rekey).await;
        purge(&rekey, &stop).await;
        rekey.limits.purge();
        tokio::select! {
            () = tokio::time::sleep(TIDIED_EVERY) => {}
            _ = stop.changed() => {}
        }
    }
}

async fn catch_up(rekey: &Shared) {
    let now = rekey.clock.now();
    match rekey.db.write(move |db| queue::catch_up(db, now)).await {
        Ok(0) => {}
        Ok(letters) => tracing::warn!(mail.letters = letters, "clock.put_back"),
        Err(error) => tracing::warn!(error.cause = %error, "mail.step_failed"),
    }
}

/// In steps, each a transaction of its own, so that a flood's leftovers hold the lock from nobody.
async fn purge(rekey: &Shared, stop: &watch::Receiver<bool>) {
    while !*stop.borrow() {
        let now = rekey.clock.now();
        match rekey.db.write(move |db| purge::step(db, now)).await {
            Ok(0) => return,
            Ok(rows) => tracing::info!(db.rows = rows, "database.purged"),
            Err(error) => return tracing::warn!(error.cause = %error, "database.purge_failed"),
        }
    }
}

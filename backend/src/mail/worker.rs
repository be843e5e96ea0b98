//! The mail worker: keeps promises.
//!
//! One step: settle what was asked for unknown addresses if it is a flood, lease promises, and keep them. One at first
//! and, as long as the mail server takes them at once, more and more at a time: each transaction is then for all of them.

mod keep;

use std::time::{Duration, Instant};

use tokio::sync::watch;

use super::queue;
use super::transport::Transport;
use crate::clock::Timestamp;
use crate::credential_request::announce::{self, Undone};
use crate::db::{Db, DbError};
use crate::drill;
use crate::web::Shared;

/// A promise of another instance is found within this time.
const LOOK: Duration = Duration::from_millis(500);
/// A mail server that has had nothing to do for this long is let go.
const IDLE: Duration = Duration::from_secs(10);
/// Whether there is a flood of invented addresses is asked so often. By the clock, not by what was found: else the time of
/// a stranger's next request would tell whether the last one was for somebody.
const FLOOD_LOOK: Duration = Duration::from_millis(100);

/// What a step did.
#[derive(Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Nothing is due.
    Empty,
    /// Something was.
    Worked,
    /// The mail server cannot be used before then; letters wait.
    ServerAwayUntil(Timestamp),
}

/// A worker with a connection of its own.
pub struct Worker {
    rekey: Shared,
    transport: Transport,
    away: Option<Away>,
    /// The promise over which the connection broke last, since a letter went well.
    last_broken: Option<String>,
    /// How many promises it takes at a time.
    batch: i64,
    /// When it found no flood.
    no_flood: Option<Instant>,
}

/// The mail server is away.
struct Away {
    failures: u32,
    until: Timestamp,
}

impl Worker {
    #[must_use]
    pub fn new(rekey: Shared) -> Self {
        let transport = Transport::new(&rekey.config);
        Self { rekey, transport, away: None, last_broken: None, batch: 1, no_flood: None }
    }

    /// Works until told to stop; the letters in hand are finished.
    pub async fn run(mut self, mut stop: watch::Receiver<bool>) {
        while !*stop.borrow() {
            let has_more = match self.step().await {
                Ok(Outcome::Empty | Outcome::ServerAwayUntil(_)) => false,
                Ok(Outcome::Worked) => true,
                Err(error) => {
                    tracing::warn!(error.cause = %error, "mail.step_failed");
                    false
                }
            };
            if !has_more {
                self.batch = 1;
                self.transport.close_idle(IDLE).await;
                tokio::select! {
                    () = self.rekey.mail.nudged() => {}
                    () = tokio::time::sleep(LOOK) => {}
                    _ = stop.changed() => {}
                }
            }
        }
        self.transport.close().await;
    }

    /// Some promises, or none.
    ///
    /// # Errors
    /// [`DbError`] when the database fails; the promises in hand are then taken over after their lease.
    pub async fn step(&mut self) -> Result<Outcome, DbError> {
        let now = self.rekey.clock.now();
        let rekey = self.rekey.clone();
        let look = move |db: &mut Db| {
            Ok::<_, DbError>((queue::is_any_due(db, now)?, announce::is_due(db, &rekey.config, now)?))
        };
        let (is_any_due, has_news) = self.rekey.db.read(look).await?;
        if has_news {
            self.announce(now).await?;
        } else if !is_any_due {
            return Ok(Outcome::Empty);
        }
        let is_away = self.away.as_ref().map(|away| away.until).filter(|until| *until > now);
        let looks_for_flood = self.no_flood.is_none_or(|since| since.elapsed() >= FLOOD_LOOK);
        let most = is_away.is_none().then_some(self.batch);
        let claimed = self.rekey.db.write(move |db| {
            let unknown = if looks_for_flood { queue::drop_flood(db, now)? } else { 0 };
            let promises = most.map(|most| queue::claim(db, most, now)).transpose()?.unwrap_or_default();
            Ok::<_, DbError>((unknown, promises))
        });
        let (unknown, promises) = claimed.await?;
        if looks_for_flood {
            // Where there was one, there may be more of it.
            self.no_flood = (unknown == 0).then(Instant::now);
        }
        self.rekey.metrics.letters.unknown_addresses(unknown);
        if promises.is_empty() {
            return Ok(is_away.map_or(Outcome::Empty, Outcome::ServerAwayUntil));
        }
        drill::point("worker.leased");
        self.keep(promises).await
    }

    /// Promises the operator a letter of what is new.
    async fn announce(&self, now: Timestamp) -> Result<(), DbError> {
        let rekey = self.rekey.clone();
        match self.rekey.db.write(move |db| announce::announce(db, &rekey.config, now)).await {
            Ok(()) | Err(Undone::NotNow) => Ok(()),
            Err(Undone::Db(error)) => Err(error),
        }
    }
}

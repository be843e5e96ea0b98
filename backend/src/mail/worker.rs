//! The mail worker: keeps promises.
//!
//! One step: settle what was asked for unknown addresses if it is a flood, lease some promises, and keep them. One at
//! first and, as long as the mail server takes letters at once, more and more at a time: each transaction is then for all
//! of them.

mod ahead;
mod deal;
mod hand;
mod keep;

use std::time::{Duration, Instant};

use rand::RngExt;
use tokio::sync::watch;

use super::transport::Transport;
use crate::backoff::{LONGEST_SERVER_WAIT, jittered_at_most};
use crate::clock::{Timestamp, span};
use crate::db::DbError;
use crate::web::Shared;
use ahead::Ahead;
use keep::MOST;

/// A promise of another instance, or of a stranger's request, is found within this time.
const LOOK: Duration = Duration::from_millis(500);
/// While the database fails, the next look comes twice as late each time, up to four seconds.
const MOST_DOUBLINGS: u32 = 3;
/// While the mail server is away, floods are looked for this often: with thousands of letters waiting a look is not cheap.
const LOOK_WHILE_AWAY: Duration = Duration::from_secs(5);
/// And while letters go out, this often. By the clock, never by what was found: else the time of a stranger's next request
/// would tell whether the last one was for somebody.
const FLOOD_LOOK: Duration = Duration::from_millis(200);
/// Nudged again, a worker that has just looked lets so much time pass: what many ask for at once is then done together. Nobody
/// notices that a letter comes so much later.
const BREATH: Duration = Duration::from_millis(50);
/// A mail server that has had nothing to do for this long is let go.
const IDLE: Duration = Duration::from_secs(10);

/// What a step did.
#[derive(Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Nothing is due.
    Empty,
    /// What was due was dealt with, some or all of it.
    Worked,
    /// The mail server cannot be used before then; letters wait.
    ServerAwayUntil(Timestamp),
}

/// A worker with a connection of its own.
pub struct Worker {
    rekey: Shared,
    stop: watch::Receiver<bool>,
    transport: Transport,
    away: Option<Away>,
    /// The promise over which the connection broke last, since a letter went well.
    last_broken: Option<String>,
    /// The letters that were stopped since one went well, and perhaps for who sends them.
    unwelcome: Vec<Unwelcome>,
    /// And those that were.
    put_back: Vec<Unwelcome>,
    /// How many promises it takes at a time at most.
    most: i64,
    /// Whether the last time it was so many: then there are more.
    took_most: bool,
    ahead: Option<Ahead>,
    flood_look_at: Instant,
}

/// A letter that was stopped.
struct Unwelcome {
    id: String,
    address: String,
}

/// The mail server is away.
struct Away {
    failures: u32,
    until: Timestamp,
    /// When to look for floods again.
    look_at: Timestamp,
}

impl Away {
    /// Not longer than any wait: then the clock has been put back since.
    fn lasts(&self, now: Timestamp) -> bool {
        self.until > now && self.until <= now + span(jittered_at_most(LONGEST_SERVER_WAIT))
    }
}

impl Worker {
    /// Works until told to stop.
    #[must_use]
    pub fn new(rekey: Shared, stop: watch::Receiver<bool>) -> Self {
        let transport = Transport::new(&rekey.config);
        Self {
            rekey,
            stop,
            transport,
            away: None,
            last_broken: None,
            unwelcome: Vec::new(),
            put_back: Vec::new(),
            most: 1,
            took_most: false,
            ahead: None,
            flood_look_at: Instant::now(),
        }
    }

    /// Works until told to stop; the letter in hand is finished.
    pub async fn run(mut self) {
        let mut failures = 0;
        while !*self.stop.borrow() {
            let began = Instant::now();
            let has_more = match self.step().await {
                Ok(outcome) => {
                    failures = 0;
                    outcome == Outcome::Worked && self.took_most
                }
                Err(error) => {
                    tracing::warn!(error.cause = %error, "mail.step_failed");
                    failures += 1;
                    false
                }
            };
            if !has_more {
                // A server that took letters at once a moment ago does so again. Not so many that the next ones are made
                // ahead: there are none.
                self.most = self.most.min(MOST / 2);
                if self.transport.close_idle(IDLE).await {
                    self.most = 1;
                }
                // A database that fails, on a full disk for example, may do so for long: its log need not fill the disk too.
                let look = LOOK.mul_f64(rand::rng().random_range(0.1..1.0)) * 2_u32.pow(failures.min(MOST_DOUBLINGS));
                let nudged = async {
                    tokio::time::sleep(BREATH.saturating_sub(began.elapsed())).await;
                    self.rekey.mail.nudged().await;
                };
                tokio::select! {
                    () = nudged => {}
                    () = tokio::time::sleep(look) => {}
                    _ = self.stop.changed() => {}
                }
            }
        }
        if let Err(error) = self.release_ahead().await {
            tracing::warn!(error.cause = %error, "mail.step_failed");
        }
        self.transport.close().await;
    }

    /// Some promises, or none.
    ///
    /// # Errors
    /// [`DbError`] when the database fails; the promises in hand are then taken over after their lease.
    pub async fn step(&mut self) -> Result<Outcome, DbError> {
        if let Some(ahead) = self.ahead.take() {
            let minted = ahead.arrives().await?;
            return if minted.is_empty() { Ok(Outcome::Empty) } else { self.deliver(minted, false).await };
        }
        let now = self.rekey.clock.now();
        let mut is_away = None;
        if let Some(away) = self.away.as_mut().filter(|away| away.lasts(now)) {
            if away.look_at > now {
                return Ok(Outcome::ServerAwayUntil(away.until));
            }
            away.look_at = now + span(LOOK_WHILE_AWAY);
            is_away = Some(away.until);
        }
        let looks_for_flood = is_away.is_some() || self.looks_for_flood();
        let most = if is_away.is_some() { 0 } else { self.most };
        let promises = ahead::look(&self.rekey, most, looks_for_flood).await?;
        if promises.is_empty() {
            return Ok(is_away.map_or(Outcome::Empty, Outcome::ServerAwayUntil));
        }
        self.keep(promises).await
    }

    /// Whether it is time to.
    fn looks_for_flood(&mut self) -> bool {
        let now = Instant::now();
        let is_time = self.flood_look_at <= now;
        if is_time {
            self.flood_look_at = now + FLOOD_LOOK;
        }
        is_time
    }
}

//! The mail worker: keeps promises.
//!
//! One step: settle what was asked for unknown addresses if it is a flood, lease a promise, connect, make the link or
//! password and commit its fingerprint, send, settle. A crash between any two of these loses nothing: the promise is taken
//! over when its lease is over, and what may have been delivered stays good.

use std::time::Duration;

use rand::RngExt;
use tokio::sync::watch;

use super::fault::Step;
use super::lease::leased;
use super::letters::Letter;
use super::mint::{Minted, mint};
use super::queue::{self, Promise};
use super::settle::{Settled, settle};
use super::transport::{Refusal, SendError, Transport};
use crate::backoff::{LONGEST_LETTER_WAIT, LONGEST_SERVER_WAIT, doubled, jittered};
use crate::clock::{Timestamp, span};
use crate::credential_request::announce::{self, Undone};
use crate::db::{Db, DbError};
use crate::drill;
use crate::metrics::letters::Outcome as Came;
use crate::metrics::limits::Limit;
use crate::web::Shared;

/// A promise of another instance, or of a stranger's request, is found within this time.
const LOOK: Duration = Duration::from_millis(500);
/// While the mail server is away, floods are looked for this often: with thousands of letters waiting a look is not cheap.
const LOOK_WHILE_AWAY: Duration = Duration::from_secs(5);
/// A mail server that has had nothing to do for this long is let go.
const IDLE: Duration = Duration::from_secs(10);
/// A letter that was refused for so long, and so often, comes too late. Age alone is no reason: the server may have been
/// away, or asks everybody to come back in five minutes.
const GIVEN_UP_AFTER: (Duration, i32) = (Duration::from_hours(3 * 24), 10);

/// What a server says that takes a letter (RFC 5321 4.2.3).
const TAKEN: u16 = 250;

/// What a step did.
#[derive(Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Nothing is due.
    Empty,
    Sent,
    /// No letter was owed.
    Dropped,
    /// The server does not take this letter now.
    RetryAt(Timestamp),
    /// The server will never take this letter.
    Stopped,
    /// The mail server cannot be used before then; letters wait.
    ServerAwayUntil(Timestamp),
    /// Another worker has taken the promise over.
    Lost,
}

/// A worker with a connection of its own.
pub struct Worker {
    rekey: Shared,
    transport: Transport,
    away: Option<Away>,
    /// The promise over which the connection broke last, since a letter went well.
    last_broken: Option<String>,
}

/// The mail server is away.
struct Away {
    failures: u32,
    until: Timestamp,
    /// When to look for floods again.
    look_at: Timestamp,
}

impl Worker {
    #[must_use]
    pub fn new(rekey: Shared) -> Self {
        let transport = Transport::new(&rekey.config);
        Self { rekey, transport, away: None, last_broken: None }
    }

    /// Works until told to stop; the letter in hand is finished.
    pub async fn run(mut self, mut stop: watch::Receiver<bool>) {
        while !*stop.borrow() {
            let has_more = match self.step().await {
                Ok(Outcome::Empty | Outcome::ServerAwayUntil(_)) => false,
                Ok(_) => true,
                Err(error) => {
                    tracing::warn!(error.cause = %error, "mail.step_failed");
                    false
                }
            };
            if !has_more {
                self.transport.close_idle(IDLE).await;
                let look = LOOK.mul_f64(rand::rng().random_range(0.1..1.0));
                tokio::select! {
                    () = self.rekey.mail.nudged() => {}
                    () = tokio::time::sleep(look) => {}
                    _ = stop.changed() => {}
                }
            }
        }
        self.transport.close().await;
    }

    /// One promise, or none.
    ///
    /// # Errors
    /// [`DbError`] when the database fails; the promise in hand is then taken over after its lease.
    pub async fn step(&mut self) -> Result<Outcome, DbError> {
        let now = self.rekey.clock.now();
        let mut is_away = None;
        if let Some(away) = self.away.as_mut().filter(|away| away.until > now) {
            if away.look_at > now {
                return Ok(Outcome::ServerAwayUntil(away.until));
            }
            away.look_at = now + span(LOOK_WHILE_AWAY);
            is_away = Some(away.until);
        }
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
        let claimed = self.rekey.db.write(move |db| {
            let unknown = queue::drop_flood(db, now)?;
            let promise = if is_away.is_some() { None } else { queue::claim(db, now)? };
            Ok::<_, DbError>((unknown, promise))
        });
        let (unknown, promise) = claimed.await?;
        self.rekey.metrics.letters.unknown_addresses(unknown);
        let Some(promise) = promise else {
            return Ok(is_away.map_or(Outcome::Empty, Outcome::ServerAwayUntil));
        };
        drill::point("worker.leased");
        self.keep(promise).await
    }

    /// Promises the operator a letter of what is new.
    async fn announce(&self, now: Timestamp) -> Result<(), DbError> {
        let rekey = self.rekey.clone();
        match self.rekey.db.write(move |db| announce::announce(db, &rekey.config, now)).await {
            Ok(()) | Err(Undone::NotNow) => Ok(()),
            Err(Undone::Db(error)) => Err(error),
        }
    }

    /// Keeps a promise, prolonging its lease for as long as that takes.
    async fn keep(&mut self, mut promise: Promise) -> Result<Outcome, DbError> {
        // First: no link and no password is made for a server that is not there.
        if let Err(away) = leased(&self.rekey, &mut promise, self.transport.connect()).await {
            return self.server_away(promise, Some(away.step), away.to_string()).await;
        }
        let Some((minted, mut promise)) = mint(&self.rekey, promise).await? else {
            return Ok(Outcome::Lost);
        };
        let letter = match minted {
            Minted::Dropped(reason) => return self.drop(promise, reason).await,
            Minted::Nobody(reason) => {
                self.rekey.metrics.letters.unknown_addresses(1);
                return self.drop(promise, reason).await;
            }
            Minted::OverLimit => {
                self.rekey.metrics.limits.count(Limit::Letters);
                return self.drop(promise, "the address has had its letters of this hour").await;
            }
            Minted::Unwritten(reason) => return self.retry(promise, reason).await,
            Minted::Letter(letter) => letter,
        };
        drill::point("worker.minted");
        let mut sent = self.send(&mut promise, &letter).await;
        if sent == Err(SendError::Stale) {
            sent = match leased(&self.rekey, &mut promise, self.transport.connect()).await {
                Ok(()) => self.send(&mut promise, &letter).await,
                Err(away) => Err(away.into()),
            };
        }
        drill::point("worker.sent");
        match sent {
            Ok(()) => {
                self.server_back();
                self.rekey.metrics.letters.reply(Some(TAKEN));
                self.rekey.metrics.letters.count(promise.kind, Came::Sent);
                tracing::info!(mail.kind = promise.kind.name(), mail.id = %promise.id, mail.attempts = promise.attempts + 1, "mail.sent");
                self.settle(promise, Settled::Sent, Outcome::Sent).await
            }
            Err(SendError::NotNow(Refusal { code, reason })) => {
                self.server_back();
                self.rekey.metrics.letters.reply(code);
                self.retry(promise, reason).await
            }
            Err(SendError::Never(Refusal { code, reason })) => {
                self.server_back();
                self.rekey.metrics.letters.reply(code);
                self.rekey.metrics.letters.count(promise.kind, Came::Stopped);
                tracing::error!(mail.kind = promise.kind.name(), mail.id = %promise.id, mail.error = %reason, "mail.stopped");
                self.settle(promise, Settled::Stopped(reason), Outcome::Stopped).await
            }
            Err(SendError::Broken(Refusal { code, reason })) => {
                self.rekey.metrics.letters.reply(code);
                let last = self.last_broken.replace(promise.id.clone());
                if last.is_some_and(|last| last != promise.id) {
                    // Over one letter after the other: it is the server.
                    self.server_away(promise, None, reason).await
                } else {
                    // Perhaps this letter is what breaks it: it waits by itself, and the others go first.
                    self.retry(promise, reason).await
                }
            }
            Err(SendError::ServerAway { step, reason }) => self.server_away(promise, step, reason).await,
            Err(error @ SendError::Stale) => self.server_away(promise, None, error.to_string()).await,
        }
    }

    async fn send(&mut self, promise: &mut Promise, letter: &Letter) -> Result<(), SendError> {
        let now = self.rekey.clock.now();
        let rekey = self.rekey.clone();
        leased(&rekey, promise, self.transport.send(letter, None, &rekey.config, now)).await
    }

    async fn drop(&self, promise: Promise, reason: &str) -> Result<Outcome, DbError> {
        self.rekey.metrics.letters.count(promise.kind, Came::Dropped);
        tracing::info!(mail.kind = promise.kind.name(), mail.id = %promise.id, mail.reason = reason, "mail.dropped");
        self.settle(promise, Settled::Dropped(reason.to_owned()), Outcome::Dropped).await
    }

    async fn retry(&self, promise: Promise, reason: String) -> Result<Outcome, DbError> {
        let now = self.rekey.clock.now();
        let (age, attempts) = GIVEN_UP_AFTER;
        if now - promise.created_at >= span(age) && promise.attempts + 1 >= attempts {
            self.rekey.metrics.letters.count(promise.kind, Came::Stopped);
            tracing::error!(mail.kind = promise.kind.name(), mail.id = %promise.id, mail.error = %reason, "mail.given_up");
            return self.settle(promise, Settled::Stopped(reason), Outcome::Stopped).await;
        }
        let wait = doubled(u32::try_from(promise.attempts).unwrap_or(u32::MAX), LONGEST_LETTER_WAIT);
        let due_at = now + span(jittered(wait));
        self.rekey.metrics.letters.count(promise.kind, Came::Retried);
        tracing::warn!(mail.kind = promise.kind.name(), mail.id = %promise.id, mail.error = %reason, "mail.retry");
        self.settle(promise, Settled::RetryAt(due_at, reason), Outcome::RetryAt(due_at)).await
    }

    /// No attempt is counted against the letter: it waits, with all others.
    async fn server_away(&mut self, promise: Promise, step: Option<Step>, reason: String) -> Result<Outcome, DbError> {
        self.rekey.metrics.letters.server_fault(step);
        let failures = self.away.as_ref().map_or(0, |away| away.failures);
        let now = self.rekey.clock.now();
        let until = now + span(jittered(doubled(failures, LONGEST_SERVER_WAIT)));
        tracing::error!(mail.error = %reason, mail.failures = failures + 1, "mail.server_away");
        self.away = Some(Away { failures: failures.saturating_add(1), until, look_at: now + span(LOOK_WHILE_AWAY) });
        self.settle(promise, Settled::Released(reason), Outcome::ServerAwayUntil(until)).await
    }

    fn server_back(&mut self) {
        self.last_broken = None;
        if let Some(away) = self.away.take() {
            tracing::info!(mail.failures = away.failures, "mail.server_back");
        }
    }

    async fn settle(&self, promise: Promise, settled: Settled, outcome: Outcome) -> Result<Outcome, DbError> {
        let now = self.rekey.clock.now();
        self.rekey.db.write(move |db| settle(db, &promise, &settled, now)).await?;
        drill::point("worker.settled");
        Ok(outcome)
    }
}

//! Promises in hand: connect, make the links and passwords and commit their fingerprints, send, settle. A crash between any
//! two of these loses nothing: the promises are taken over when their lease is over, and what may have been delivered stays
//! good.

use std::time::{Duration, Instant};

use super::{Away, Outcome, Worker};
use crate::backoff::{LONGEST_LETTER_WAIT, LONGEST_SERVER_WAIT, doubled, jittered};
use crate::clock::{Timestamp, span};
use crate::db::{Db, DbError};
use crate::drill;
use crate::mail::fault::Step;
use crate::mail::lease::{Lost, leased};
use crate::mail::letters::Letter;
use crate::mail::mint::{Minted, mint};
use crate::mail::queue::{self, Promise};
use crate::mail::settle::{Settled, settle};
use crate::mail::transport::{Refusal, SendError};
use crate::metrics::letters::Outcome as Came;
use crate::metrics::limits::Limit;

/// So many promises at a time at most: then a letter's share of the commits is small, and a worker that is killed has not
/// many in hand that it sent and did not settle.
const MOST: i64 = 32;
/// Longer than this none that was sent waits to be settled, and a mail server that needs longer for a batch gets one letter
/// at a time.
const SOON: Duration = Duration::from_millis(250);
/// A letter that was refused for so long, and so often, comes too late. Age alone is no reason: the server may have been
/// away, or asks everybody to come back in five minutes.
const GIVEN_UP_AFTER: (Duration, i32) = (Duration::from_hours(3 * 24), 10);

/// What a server says that takes a letter (RFC 5321 4.2.3).
const TAKEN: u16 = 250;

/// What a promise came to.
enum Dealt {
    Settled(Settled),
    /// The mail server cannot be used: nothing is sent before then, and why.
    ServerAway(Timestamp, String),
}

impl Worker {
    /// Keeps promises that were leased together.
    pub(super) async fn keep(&mut self, mut promises: Vec<Promise>) -> Result<Outcome, DbError> {
        // First: no link and no password is made for a server that is not there.
        if let Err(away) = leased(&self.rekey, &mut promises, self.transport.connect()).await {
            let (until, reason) = self.server_away(Some(away.step), away.to_string());
            return self.release(promises, until, &reason).await;
        }
        let (mut promises, minted) = self.mint(promises).await?;
        drill::point("worker.minted");
        let (mut since, mut settled, mut is_easy) = (Instant::now(), Vec::new(), true);
        for minted in minted {
            // Another worker may have it, and send it.
            if promises[settled.len()].leased_until.is_none_or(|until| until <= self.rekey.clock.now()) {
                promises.remove(settled.len());
                continue;
            }
            match self.deal(&mut promises, settled.len(), minted).await {
                Dealt::Settled(became) => {
                    is_easy &= matches!(became, Settled::Sent | Settled::Dropped(_));
                    settled.push(became);
                }
                Dealt::ServerAway(until, reason) => {
                    let unsent = promises.split_off(settled.len());
                    self.settle(promises.into_iter().zip(settled).collect()).await?;
                    return self.release(unsent, until, &reason).await;
                }
            }
            if since.elapsed() > SOON {
                is_easy = false;
                since = Instant::now();
                self.settle(promises.drain(..settled.len()).zip(settled.drain(..)).collect()).await?;
            }
        }
        self.settle(promises.into_iter().zip(settled).collect()).await?;
        self.batch = if is_easy { MOST.min(self.batch * 2) } else { 1 };
        Ok(Outcome::Worked)
    }

    /// Makes the letters, in one transaction; where one of them is in the way of that, each in its own.
    async fn mint(&mut self, promises: Vec<Promise>) -> Result<(Vec<Promise>, Vec<Minted>), DbError> {
        // One for all, so that their leases go on ending at the same time.
        let now = self.rekey.clock.now();
        match self.mint_together(promises.clone(), now).await {
            Ok(minted) => return Ok(minted),
            Err(Lost::Lease) if promises.len() == 1 => return Ok((Vec::new(), Vec::new())),
            Err(Lost::Db(error)) if promises.len() == 1 || error.is_connection() => return Err(error),
            Err(_) => self.batch = 1,
        }
        let (mut all, mut made) = (Vec::new(), Vec::new());
        for promise in promises {
            match self.mint_together(vec![promise], now).await {
                Ok((promise, minted)) => {
                    all.extend(promise);
                    made.extend(minted);
                }
                Err(Lost::Lease) => {}
                Err(Lost::Db(error)) => tracing::warn!(error.cause = %error, "mail.step_failed"),
            }
        }
        Ok((all, made))
    }

    /// Makes letters, in one transaction that holds only while the leases do.
    async fn mint_together(
        &self,
        mut promises: Vec<Promise>,
        now: Timestamp,
    ) -> Result<(Vec<Promise>, Vec<Minted>), Lost> {
        let rekey = self.rekey.clone();
        let work = move |db: &mut Db| {
            let order = queue::order_of_accounts(db, &promises)?;
            let made = order.into_iter().map(|at| Ok((at, mint(db, &rekey, &promises[at])?)));
            let mut made = made.collect::<Result<Vec<_>, DbError>>()?;
            made.sort_by_key(|(at, _)| *at);
            let minted = made.into_iter().map(|(_, minted)| minted).collect();
            // Last, so that the accounts' rows are locked first, as everywhere.
            if !queue::renew(db, &mut promises, now)? {
                return Err(Lost::Lease);
            }
            drill::point("worker.minting");
            Ok((promises, minted))
        };
        self.rekey.db.write(work).await
    }

    /// Sends one of the promises' letters, if there is one.
    async fn deal(&mut self, promises: &mut [Promise], at: usize, minted: Minted) -> Dealt {
        let letter = match minted {
            Minted::Dropped(reason) => return self.drop(&promises[at], reason),
            Minted::Nobody(reason) => {
                self.rekey.metrics.letters.unknown_addresses(1);
                return self.drop(&promises[at], reason);
            }
            Minted::OverLimit => {
                self.rekey.metrics.limits.count(Limit::Letters);
                return self.drop(&promises[at], "the address has had its letters of this hour");
            }
            Minted::Unwritten(reason) => return self.retry(&promises[at], reason),
            Minted::Letter(letter) => letter,
        };
        let mut sent = self.send(promises, &letter).await;
        if sent == Err(SendError::Stale) {
            sent = match leased(&self.rekey, promises, self.transport.connect()).await {
                Ok(()) => self.send(promises, &letter).await,
                Err(away) => Err(away.into()),
            };
        }
        drill::point("worker.sent");
        let promise = &promises[at];
        match sent {
            Ok(()) => {
                self.server_back();
                self.rekey.metrics.letters.reply(Some(TAKEN));
                self.rekey.metrics.letters.count(promise.kind, Came::Sent);
                tracing::info!(mail.kind = promise.kind.name(), mail.id = %promise.id, mail.attempts = promise.attempts + 1, "mail.sent");
                Dealt::Settled(Settled::Sent)
            }
            Err(SendError::NotNow(Refusal { code, reason })) => {
                self.server_back();
                self.rekey.metrics.letters.reply(code);
                self.retry(promise, reason)
            }
            Err(SendError::Never(Refusal { code, reason })) => {
                self.server_back();
                self.rekey.metrics.letters.reply(code);
                self.rekey.metrics.letters.count(promise.kind, Came::Stopped);
                tracing::error!(mail.kind = promise.kind.name(), mail.id = %promise.id, mail.error = %reason, "mail.stopped");
                Dealt::Settled(Settled::Stopped(reason))
            }
            Err(SendError::Broken(Refusal { code, reason })) => {
                self.rekey.metrics.letters.reply(code);
                let last = self.last_broken.replace(promise.id.clone());
                if last.is_some_and(|last| last != promise.id) {
                    // Over one letter after the other: it is the server.
                    self.away(None, reason)
                } else {
                    // Perhaps this letter is what breaks it: it waits by itself, and the others go first.
                    self.retry(promise, reason)
                }
            }
            Err(SendError::ServerAway { step, reason }) => self.away(step, reason),
            Err(error @ SendError::Stale) => self.away(None, error.to_string()),
        }
    }

    async fn send(&mut self, promises: &mut [Promise], letter: &Letter) -> Result<(), SendError> {
        let now = self.rekey.clock.now();
        let rekey = self.rekey.clone();
        leased(&rekey, promises, self.transport.send(letter, &rekey.config, now)).await
    }

    fn drop(&self, promise: &Promise, reason: &str) -> Dealt {
        self.rekey.metrics.letters.count(promise.kind, Came::Dropped);
        tracing::info!(mail.kind = promise.kind.name(), mail.id = %promise.id, mail.reason = reason, "mail.dropped");
        Dealt::Settled(Settled::Dropped(reason.to_owned()))
    }

    fn retry(&self, promise: &Promise, reason: String) -> Dealt {
        let now = self.rekey.clock.now();
        let (age, attempts) = GIVEN_UP_AFTER;
        if now - promise.created_at >= span(age) && promise.attempts + 1 >= attempts {
            self.rekey.metrics.letters.count(promise.kind, Came::Stopped);
            tracing::error!(mail.kind = promise.kind.name(), mail.id = %promise.id, mail.error = %reason, "mail.given_up");
            return Dealt::Settled(Settled::Stopped(reason));
        }
        let wait = doubled(u32::try_from(promise.attempts).unwrap_or(u32::MAX), LONGEST_LETTER_WAIT);
        self.rekey.metrics.letters.count(promise.kind, Came::Retried);
        tracing::warn!(mail.kind = promise.kind.name(), mail.id = %promise.id, mail.error = %reason, "mail.retry");
        Dealt::Settled(Settled::RetryAt(now + span(jittered(wait)), reason))
    }

    fn away(&mut self, step: Option<Step>, reason: String) -> Dealt {
        let (until, reason) = self.server_away(step, reason);
        Dealt::ServerAway(until, reason)
    }

    /// No attempt is counted against a letter: it waits, with all others. Until when, and why.
    fn server_away(&mut self, step: Option<Step>, reason: String) -> (Timestamp, String) {
        self.rekey.metrics.letters.server_fault(step);
        let failures = self.away.as_ref().map_or(0, |away| away.failures);
        let until = self.rekey.clock.now() + span(jittered(doubled(failures, LONGEST_SERVER_WAIT)));
        tracing::error!(mail.error = %reason, mail.failures = failures + 1, "mail.server_away");
        self.away = Some(Away { failures: failures.saturating_add(1), until });
        (until, reason)
    }

    fn server_back(&mut self) {
        self.last_broken = None;
        if let Some(away) = self.away.take() {
            tracing::info!(mail.failures = away.failures, "mail.server_back");
        }
    }

    /// What was not sent waits until the mail server can be used.
    async fn release(&mut self, promises: Vec<Promise>, until: Timestamp, reason: &str) -> Result<Outcome, DbError> {
        let released = |promise| (promise, Settled::Released(reason.to_owned()));
        self.settle(promises.into_iter().map(released).collect()).await?;
        Ok(Outcome::ServerAwayUntil(until))
    }

    async fn settle(&self, settled: Vec<(Promise, Settled)>) -> Result<(), DbError> {
        if settled.is_empty() {
            return Ok(());
        }
        let now = self.rekey.clock.now();
        self.rekey.db.write(move |db| settle(db, &settled, now)).await?;
        drill::point("worker.settled");
        Ok(())
    }
}

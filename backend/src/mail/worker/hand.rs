//! What a worker has in hand: promises that were leased together, their letters, and what became of them.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use tokio::time::Instant;

use crate::backoff::doubled;
use crate::db::DbError;
use crate::drill;
use crate::mail::letters::Letter;
use crate::mail::queue::{self, Promise};
use crate::mail::settle::{Settled, settle};
use crate::web::Shared;

/// Leases are prolonged this often while a letter is on its way.
const RENEWAL: Duration = Duration::from_secs(5);
/// What became of a letter is written down after this long, however long the next one takes: a worker that is killed sends
/// again what it sent within this time.
pub(super) const SETTLED_AFTER: Duration = Duration::from_millis(100);
/// So long a database that restarts is waited for: what cannot be written down is sent again.
const SETTLED_WITHIN: Duration = Duration::from_secs(5);

pub(super) struct Hand {
    /// First those that are dealt with, then those whose turn comes.
    promises: Vec<Promise>,
    dealt: Vec<Settled>,
    /// Of those whose turn comes.
    letters: VecDeque<Letter>,
    settled: Instant,
    failed: Option<DbError>,
}

impl Hand {
    /// Nothing has become of these yet.
    pub fn new(promises: Vec<Promise>) -> Self {
        Self { promises, dealt: Vec::new(), letters: VecDeque::new(), settled: Instant::now(), failed: None }
    }

    /// These are dealt with, and those have letters.
    pub fn of(dealt: Vec<(Promise, Settled)>, letters: Vec<(Promise, Letter)>) -> Self {
        let (mut promises, dealt): (Vec<_>, _) = dealt.into_iter().unzip();
        let (others, letters): (Vec<_>, _) = letters.into_iter().unzip();
        promises.extend(others);
        Self { dealt, letters, ..Self::new(promises) }
    }

    /// The promises whose turn is to come.
    pub fn into_promises(self) -> Vec<Promise> {
        self.promises
    }

    /// The promise whose turn it is.
    pub fn current(&self) -> Option<&Promise> {
        self.promises.get(self.dealt.len())
    }

    /// The letter whose turn it is.
    pub fn take_letter(&mut self) -> Option<Letter> {
        self.letters.pop_front()
    }

    /// The letter after that.
    pub fn next_letter(&self) -> Option<&Letter> {
        self.letters.front()
    }

    /// Another worker may have the promise whose turn it is, and send its letter.
    pub fn lose_current(&mut self) {
        self.promises.remove(self.dealt.len());
    }

    /// This became of the promise whose turn it was.
    pub fn deal(&mut self, became: Settled) {
        if self.dealt.is_empty() {
            self.settled = Instant::now();
        }
        self.dealt.push(became);
    }

    /// Does what may take long. Meanwhile leases are prolonged, and what was dealt with is settled when its time has come.
    pub async fn during<T>(&mut self, rekey: &Shared, work: impl Future<Output = T>) -> T {
        let mut work = std::pin::pin!(work);
        loop {
            tokio::select! {
                biased;
                done = &mut work => return done,
                () = tokio::time::sleep_until(self.settled + SETTLED_AFTER), if !self.dealt.is_empty() => {
                    if let Err(error) = self.settle_dealt(rekey).await {
                        self.failed = Some(error);
                    }
                }
                () = tokio::time::sleep(RENEWAL) => self.renew(rekey).await,
            }
        }
    }

    async fn renew(&mut self, rekey: &Shared) {
        let (held, now) = (self.promises.clone(), rekey.clock.now());
        // What cannot be prolonged is still finished: a letter twice is better than none.
        let renewed = rekey.db.write(move |db| queue::renew(db, held, now)).await.unwrap_or_default();
        for renewed in renewed {
            if let Some(promise) = self.promises.iter_mut().find(|promise| promise.id == renewed.id) {
                *promise = renewed;
            }
        }
    }

    /// What the database said when it did not take what was to be settled: no letter is sent then whose end could not be
    /// written down either.
    pub fn failure(&mut self) -> Option<DbError> {
        self.failed.take()
    }

    /// Settles all of it; those that were not dealt with come to `rest`.
    pub async fn settle(mut self, rekey: &Shared, rest: impl Fn() -> Settled) -> Result<(), DbError> {
        self.dealt.resize_with(self.promises.len(), rest);
        self.settle_dealt(rekey).await
    }

    async fn settle_dealt(&mut self, rekey: &Shared) -> Result<(), DbError> {
        let dealt = self.promises.drain(..self.dealt.len()).zip(self.dealt.drain(..));
        let dealt: Arc<Vec<(Promise, Settled)>> = Arc::new(dealt.collect());
        if dealt.is_empty() {
            return Ok(());
        }
        let (now, began, mut failures) = (rekey.clock.now(), Instant::now(), 0);
        loop {
            let dealt = dealt.clone();
            match rekey.db.write(move |db| settle(db, &dealt, now)).await {
                Err(error) if error.is_passing() && began.elapsed() < SETTLED_WITHIN => {
                    tracing::warn!(error.cause = %error, "mail.step_failed");
                    tokio::time::sleep(doubled(failures, SETTLED_WITHIN) / 10).await;
                    failures += 1;
                }
                settled => {
                    drill::point("worker.settled");
                    return settled;
                }
            }
        }
    }
}

//! What becomes of one promise in hand.

use std::time::Duration;

use super::hand::Hand;
use super::{Away, LOOK_WHILE_AWAY, Unwelcome, Worker};
use crate::backoff::{LONGEST_LETTER_WAIT, LONGEST_SERVER_WAIT, doubled, jittered};
use crate::clock::{Timestamp, span};
use crate::drill;
use crate::mail::fault::Step;
use crate::mail::letters::Letter;
use crate::mail::mint::Minted;
use crate::mail::queue::Promise;
use crate::mail::settle::Settled;
use crate::mail::transport::{Refusal, SendError};
use crate::metrics::letters::Outcome as Came;
use crate::metrics::limits::Limit;

/// A letter that was refused for so long, and so often, comes too late. Age alone is no reason: the server may have been
/// away, or asks everybody to come back in five minutes.
pub(super) const GIVEN_UP_AFTER: (Duration, i32) = (Duration::from_hours(3 * 24), 10);

/// What a server says that takes a letter (RFC 5321 4.2.3).
const TAKEN: u16 = 250;

/// What a letter came to.
pub(super) enum Dealt {
    Settled(Settled),
    /// The mail server cannot be used: nothing is sent before then, and why.
    ServerAway(Timestamp, String),
}

impl Worker {
    /// The letter that is owed; otherwise what becomes of the promise without one.
    pub(super) fn owed(&self, promise: &Promise, minted: Minted) -> Result<Letter, Settled> {
        match minted {
            Minted::Letter(letter) => Ok(letter),
            Minted::Dropped(reason) => Err(self.dropped(promise, reason)),
            Minted::Nobody(reason) => {
                self.rekey.metrics.letters.unknown_addresses(1);
                Err(self.dropped(promise, reason))
            }
            Minted::OverLimit => {
                self.rekey.metrics.limits.count(Limit::Letters);
                Err(self.dropped(promise, "the address has had its letters of this hour"))
            }
            Minted::Unwritten(reason) => Err(self.retried(promise, reason)),
        }
    }

    /// Sends the letter of the promise whose turn it is; the next one is announced, if the worker goes on.
    pub(super) async fn deal(&mut self, hand: &mut Hand, promise: &Promise, letter: &Letter, goes_on: bool) -> Dealt {
        let mut sent = self.send(hand, letter, goes_on).await;
        if sent == Err(SendError::Stale) {
            let rekey = self.rekey.clone();
            sent = match hand.during(&rekey, self.transport.connect()).await {
                Ok(()) => self.send(hand, letter, goes_on).await,
                Err(away) => Err(away.into()),
            };
        }
        drill::point("worker.sent");
        self.dealt(promise, sent)
    }

    async fn send(&mut self, hand: &mut Hand, letter: &Letter, goes_on: bool) -> Result<(), SendError> {
        let (rekey, now) = (self.rekey.clone(), self.rekey.clock.now());
        let next = hand.next_letter().filter(|_| goes_on).map(|next| next.to.clone());
        hand.during(&rekey, self.transport.send(letter, next.as_deref(), &rekey.config, now)).await
    }

    fn dealt(&mut self, promise: &Promise, sent: Result<(), SendError>) -> Dealt {
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
                Dealt::Settled(self.retried(promise, reason))
            }
            Err(SendError::Never(Refusal { code, reason })) => {
                self.server_back();
                self.rekey.metrics.letters.reply(code);
                Dealt::Settled(self.stopped(promise, reason))
            }
            Err(SendError::Unwelcome(Refusal { code, reason })) => {
                self.rekey.metrics.letters.reply(code);
                if self.unwelcome.iter().any(|other| other.address != promise.address) {
                    // The same over one person after the other: it is the server, or the settings.
                    self.put_back.append(&mut self.unwelcome);
                    self.away(Some(Step::Sender), reason)
                } else {
                    self.unwelcome.push(Unwelcome { id: promise.id.clone(), address: promise.address.clone() });
                    Dealt::Settled(self.stopped(promise, reason))
                }
            }
            Err(SendError::Broken(Refusal { code, reason })) => {
                self.rekey.metrics.letters.reply(code);
                let last = self.last_broken.replace(promise.id.clone());
                if last.is_some_and(|last| last != promise.id) {
                    // Over one letter after the other: it is the server.
                    self.away(None, reason)
                } else {
                    // Perhaps this letter is what breaks it: it waits by itself, and the others go first.
                    Dealt::Settled(self.retried(promise, reason))
                }
            }
            Err(SendError::ServerAway { step, reason }) => self.away(step, reason),
            Err(error @ SendError::Stale) => self.away(None, error.to_string()),
        }
    }

    fn stopped(&self, promise: &Promise, reason: String) -> Settled {
        self.rekey.metrics.letters.count(promise.kind, Came::Stopped);
        tracing::error!(mail.kind = promise.kind.name(), mail.id = %promise.id, mail.error = %reason, "mail.stopped");
        Settled::Stopped(reason)
    }

    fn dropped(&self, promise: &Promise, reason: &str) -> Settled {
        self.rekey.metrics.letters.count(promise.kind, Came::Dropped);
        tracing::info!(mail.kind = promise.kind.name(), mail.id = %promise.id, mail.reason = reason, "mail.dropped");
        Settled::Dropped(reason.to_owned())
    }

    fn retried(&self, promise: &Promise, reason: String) -> Settled {
        let now = self.rekey.clock.now();
        let (age, attempts) = GIVEN_UP_AFTER;
        if now - promise.created_at >= span(age) && promise.attempts + 1 >= attempts {
            self.rekey.metrics.letters.count(promise.kind, Came::Stopped);
            tracing::error!(mail.kind = promise.kind.name(), mail.id = %promise.id, mail.error = %reason, "mail.given_up");
            return Settled::Stopped(reason);
        }
        let wait = doubled(u32::try_from(promise.attempts).unwrap_or(u32::MAX), LONGEST_LETTER_WAIT);
        self.rekey.metrics.letters.count(promise.kind, Came::Retried);
        tracing::warn!(mail.kind = promise.kind.name(), mail.id = %promise.id, mail.error = %reason, "mail.retry");
        Settled::RetryAt(now + span(jittered(wait)), reason)
    }

    fn away(&mut self, step: Option<Step>, reason: String) -> Dealt {
        let (until, reason) = self.server_away(step, reason);
        Dealt::ServerAway(until, reason)
    }

    /// No attempt is counted against a letter: it waits, with all others. Until when, and why.
    pub(super) fn server_away(&mut self, step: Option<Step>, reason: String) -> (Timestamp, String) {
        self.rekey.metrics.letters.server_fault(step);
        let failures = self.away.as_ref().map_or(0, |away| away.failures);
        let now = self.rekey.clock.now();
        let until = now + span(jittered(doubled(failures, LONGEST_SERVER_WAIT)));
        tracing::error!(mail.error = %reason, mail.failures = failures + 1, "mail.server_away");
        self.away = Some(Away { failures: failures.saturating_add(1), until, look_at: now + span(LOOK_WHILE_AWAY) });
        (until, reason)
    }

    fn server_back(&mut self) {
        self.last_broken = None;
        self.unwelcome.clear();
        if let Some(away) = self.away.take() {
            tracing::info!(mail.failures = away.failures, "mail.server_back");
        }
    }
}

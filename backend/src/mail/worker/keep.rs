//! Promises in hand: connect, make the links and passwords and commit their fingerprints, send one letter after the other,
//! settle. A crash between any two of these loses nothing: the promises are taken over when their lease is over, and what
//! may have been delivered stays good.

use super::ahead::{Ahead, mint_all};
use super::deal::{Dealt, GIVEN_UP_AFTER};
use super::hand::{Hand, SETTLED_AFTER};
use super::{Outcome, Worker};
use crate::clock::{Timestamp, span};
use crate::db::DbError;
use crate::drill;
use crate::mail::mint::Minted;
use crate::mail::queue::Promise;
use crate::mail::settle::{Settled, put_back};

/// So many promises at a time at most: a letter's share of the commits is small then, and other writers do not wait for
/// long until all are made.
pub(super) const MOST: i64 = 128;

impl Worker {
    /// Keeps promises that were leased together.
    pub(super) async fn keep(&mut self, promises: Vec<Promise>) -> Result<Outcome, DbError> {
        let (rekey, mut hand) = (self.rekey.clone(), Hand::new(promises));
        // First: no link and no password is made for a server that is not there.
        if let Err(away) = hand.during(&rekey, self.transport.connect()).await {
            let (until, reason) = self.server_away(Some(away.step), away.to_string());
            return self.release(hand, until, &reason).await;
        }
        let minted = mint_all(&rekey, hand.into_promises()).await?;
        drill::point("worker.minted");
        self.deliver(minted, true).await
    }

    /// Sends letters that were made together, perhaps just now. A server that has taken many at once gets the next ones without
    /// a pause.
    pub(super) async fn deliver(
        &mut self,
        minted: Vec<(Promise, Minted)>,
        mut is_fresh: bool,
    ) -> Result<Outcome, DbError> {
        self.took_most = usize::try_from(self.most).is_ok_and(|most| minted.len() >= most);
        let (rekey, mut hand) = (self.rekey.clone(), self.hand_of(minted));
        if self.most == MOST {
            self.ahead = Some(Ahead::begin(&rekey, MOST, self.looks_for_flood()));
        }
        let (began, mut is_easy) = (rekey.clock.now(), true);
        while let Some(promise) = hand.current().cloned() {
            // The letter that the server waits for is in hand already, and finished.
            let stops = *self.stop.borrow();
            if stops && !self.transport.has_announced() {
                break;
            }
            let Some(letter) = hand.take_letter() else { break };
            let is_held = promise.leased_until.is_some_and(|until| until > rekey.clock.now());
            if !is_held && !is_fresh {
                // Another worker may have it, and send it. The first one was made a moment ago: whoever is slower than a lease
                // gets on all the same.
                hand.lose_current();
                continue;
            }
            is_fresh = false;
            match self.deal(&mut hand, &promise, &letter, !stops).await {
                Dealt::Settled(became) => {
                    is_easy &= matches!(became, Settled::Sent | Settled::Stopped(_));
                    hand.deal(became);
                }
                Dealt::ServerAway(until, reason) => return self.release(hand, until, &reason).await,
            }
            if let Some(error) = hand.failure() {
                return Err(error);
            }
        }
        self.most = match (is_easy, rekey.clock.now() - began < span(SETTLED_AFTER)) {
            (true, true) => MOST.min(self.most * 2),
            (true, false) => 1.max(self.most / 2),
            (false, _) => 1,
        };
        hand.settle(&rekey, || Settled::Untried).await?;
        if self.most < MOST {
            // A slow server's letters are not kept from other workers.
            self.release_ahead().await?;
        }
        Ok(Outcome::Worked)
    }

    fn hand_of(&self, minted: Vec<(Promise, Minted)>) -> Hand {
        let (mut dealt, mut letters) = (Vec::new(), Vec::new());
        for (promise, minted) in minted {
            match self.owed(&promise, minted) {
                Ok(letter) => letters.push((promise, letter)),
                Err(became) => dealt.push((promise, became)),
            }
        }
        Hand::of(dealt, letters)
    }

    /// What was not sent waits until the mail server can be used.
    async fn release(&mut self, hand: Hand, until: Timestamp, reason: &str) -> Result<Outcome, DbError> {
        self.most = 1;
        hand.settle(&self.rekey, || Settled::Released(reason.to_owned())).await?;
        self.put_back(until).await?;
        self.release_ahead().await?;
        Ok(Outcome::ServerAwayUntil(until))
    }

    /// What was stopped before the fault showed to be the server's waits with all others, behind them.
    async fn put_back(&mut self, until: Timestamp) -> Result<(), DbError> {
        if self.put_back.is_empty() {
            return Ok(());
        }
        let ids: Vec<String> = self.put_back.iter().map(|letter| letter.id.clone()).collect();
        let oldest = self.rekey.clock.now() - span(GIVEN_UP_AFTER.0);
        let letters = self.rekey.db.write(move |db| put_back(db, &ids, until, oldest)).await?;
        self.put_back.clear();
        tracing::warn!(mail.letters = letters, "mail.put_back");
        Ok(())
    }

    /// Lets go what was to come next.
    pub(super) async fn release_ahead(&mut self) -> Result<(), DbError> {
        let Some(ahead) = self.ahead.take() else { return Ok(()) };
        let promises = ahead.arrives().await?.into_iter().map(|(promise, _)| promise).collect();
        Hand::new(promises).settle(&self.rekey, || Settled::Untried).await
    }
}

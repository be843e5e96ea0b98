//! From a promise to a letter: who makes which.

use super::letters::Letter;
use super::queue::{self, Kind, Promise};
use crate::account::record::Account;
use crate::account::{email, lock, notice};
use crate::admin::audit::Event;
use crate::app::Rekey;
use crate::credential_request::{announce, exists, rejected};
use crate::db::{Db, DbError};
use crate::drill;
use crate::password_reset::reset_link::NewLink;
use crate::password_reset::{reset_link, send_link, send_password};
use crate::web::Shared;

/// What a promise became when its letter was to be made.
pub enum Minted {
    Letter(Letter),
    /// No letter is owed, and why.
    Dropped(&'static str),
    /// No account has the address, and why.
    Nobody(&'static str),
    /// The address has had its letters of this hour.
    OverLimit,
    /// The letter could not be written: a fault of the program, which a newer one may not have.
    Unwritten(String),
}

impl From<Result<Letter, askama::Error>> for Minted {
    fn from(written: Result<Letter, askama::Error>) -> Self {
        match written {
            Ok(letter) => Self::Letter(letter),
            Err(error) => Self::Unwritten(error.to_string()),
        }
    }
}

/// What is read and written together for all letters of a transaction.
pub struct Together {
    /// Those of the letters, locked: by id, or by address.
    accounts: Vec<Account>,
    links: Vec<NewLink>,
    events: Vec<Event>,
}

impl Together {
    /// The enabled account that has this address, if there is one.
    pub fn account_at(&self, email_key: &str) -> Result<Account, &'static str> {
        match self.accounts.iter().find(|account| account.email_key == email_key) {
            None => Err("no account has this address"),
            Some(account) if !account.is_enabled() => Err("the account is disabled"),
            Some(account) => Ok(account.clone()),
        }
    }

    /// The enabled account that has this id and still this epoch.
    pub fn account(&self, id: &str, epoch: i64) -> Option<Account> {
        let is_it = |account: &&Account| account.id == id && account.epoch == epoch && account.is_enabled();
        self.accounts.iter().find(is_it).cloned()
    }

    /// Has a link written down.
    pub fn link(&mut self, link: NewLink) {
        self.links.push(link);
    }

    /// Has it written down that something happened.
    pub fn event(&mut self, event: Event) {
        self.events.push(event);
    }
}

/// Makes letters, in one transaction, of those promises that are still this worker's: another one has the others now.
pub(super) async fn mint(rekey: &Shared, promises: Vec<Promise>) -> Result<Vec<(Promise, Minted)>, DbError> {
    let held = rekey.clone();
    let minted = move |db: &mut Db| {
        // First, as everywhere; and all in one order, so that two workers never wait for each other in a circle.
        let ids: Vec<_> = promises.iter().filter_map(|promise| Some(promise.account.as_ref()?.0.as_str())).collect();
        let addresses: Vec<_> = promises.iter().map(|promise| promise.address.as_str()).collect();
        let accounts = lock::lock_all(db, &ids, &addresses)?;
        let mut together = Together { accounts, links: Vec::new(), events: Vec::new() };
        let promises = queue::hold(db, promises, held.clock.now())?;
        let mut minted = Vec::with_capacity(promises.len());
        for promise in promises {
            let made = write(db, &held, &promise, &mut together)?;
            minted.push((promise, made));
        }
        reset_link::insert_all(db, &together.links)?;
        Event::insert_all(&together.events, db, held.clock.now())?;
        drill::point("worker.minting");
        Ok::<_, DbError>(minted)
    };
    rekey.db.write(minted).await
}

fn write(db: &mut Db, rekey: &Rekey, promise: &Promise, together: &mut Together) -> Result<Minted, DbError> {
    match promise.kind {
        Kind::ResetLink => send_link::mint(db, rekey, promise, together),
        Kind::NewPassword | Kind::Welcome => send_password::mint(db, rekey, promise, together),
        Kind::PasswordChanged | Kind::SignedIn | Kind::EmailChanged => notice::mint(db, rekey, promise),
        Kind::ConfirmEmail => email::link::mint(db, rekey, promise, together),
        Kind::AccountExists => exists::mint(db, rekey, promise, together),
        Kind::CredentialRequests => announce::mint(db, rekey, promise),
        Kind::CredentialRejected => rejected::mint(db, rekey, promise),
    }
}

//! From a promise to a letter: who makes which.

use super::letters::Letter;
use super::queue::{self, Kind, Promise};
use crate::account::{email, notice};
use crate::app::Rekey;
use crate::credential_request::{announce, exists, rejected};
use crate::db::{Db, DbError};
use crate::drill;
use crate::password_reset::{send_link, send_password};
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

/// Makes the letter, in one transaction that holds only while the lease does; none: another worker has the promise now.
pub(super) async fn mint(rekey: &Shared, mut promise: Promise) -> Result<Option<(Minted, Promise)>, DbError> {
    let held = rekey.clone();
    let minted = rekey.db.write(move |db| {
        let minted = write(db, &held, &promise)?;
        // Last, so that the account's row is locked first, as everywhere.
        if !queue::renew(db, &mut promise, held.clock.now())? {
            return Err(Interrupted::Lost);
        }
        drill::point("worker.minting");
        Ok((minted, promise))
    });
    match minted.await {
        Ok(minted) => Ok(Some(minted)),
        Err(Interrupted::Lost) => Ok(None),
        Err(Interrupted::Db(error)) => Err(error),
    }
}

/// Why a minting transaction was undone.
enum Interrupted {
    Lost,
    Db(DbError),
}

impl From<DbError> for Interrupted {
    fn from(error: DbError) -> Self {
        Self::Db(error)
    }
}

fn write(db: &mut Db, rekey: &Rekey, promise: &Promise) -> Result<Minted, DbError> {
    match promise.kind {
        Kind::ResetLink => send_link::mint(db, rekey, promise),
        Kind::NewPassword | Kind::Welcome => send_password::mint(db, rekey, promise),
        Kind::PasswordChanged | Kind::SignedIn | Kind::EmailChanged => notice::mint(db, rekey, promise),
        Kind::ConfirmEmail => email::link::mint(db, rekey, promise),
        Kind::AccountExists => exists::mint(db, rekey, promise),
        Kind::CredentialRequests => announce::mint(db, rekey, promise),
        Kind::CredentialRejected => rejected::mint(db, rekey, promise),
    }
}

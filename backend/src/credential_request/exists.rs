use crate::account::record;
use crate::app::Rekey;
use crate::db::{Db, DbError};
use crate::mail::letters::Letter;
use crate::mail::mint::Minted;
use crate::mail::queue::{self, Promise};

/// Turns the promise into a letter, if the address that was given belongs to an account: its owner is told that they have
/// one. The queue has dropped those for unknown addresses before.
pub fn mint(db: &mut Db, rekey: &Rekey, promise: &Promise) -> Result<Minted, DbError> {
    let Some(found) = record::find_by_email_key(db, &promise.address)? else {
        return Ok(Minted::Dropped("no account has this address"));
    };
    let Some(account) = record::lock_and_find(db, &found.id)? else {
        return Ok(Minted::Dropped("the account is disabled"));
    };
    if account.email_key != promise.address {
        return Ok(Minted::Dropped("the account has another address now"));
    }
    // It was made of this very request; its owner is welcomed by another letter.
    if account.created_at >= promise.created_at {
        return Ok(Minted::Dropped("the account was made after the request"));
    }
    let now = rekey.clock.now();
    if !queue::take_one_of_the_hour(db, promise, rekey.config.reset_mails_per_hour, now)? {
        return Ok(Minted::Dropped("the address has had its letters of this hour"));
    }
    let locale = promise.locale.unwrap_or_else(|| account.locale());
    Ok(Letter::account_exists(&rekey.config, &account, locale).into())
}

//! The notice that a password was changed: what its owner has to know, and never a secret.

use super::record;
use crate::app::Rekey;
use crate::db::{Db, DbError};
use crate::mail::letters::Letter;
use crate::mail::queue::Promise;
use crate::mail::worker::Minted;

/// Turns the promise of a notice into a letter. What it tells of has happened, whatever became of the account since.
pub fn mint(db: &mut Db, rekey: &Rekey, promise: &Promise) -> Result<Minted, DbError> {
    let Some((account_id, _)) = &promise.account else {
        return Ok(Minted::Dropped("the promise names no account"));
    };
    let Some(account) = record::find(db, account_id)? else {
        return Ok(Minted::Dropped("the account is gone"));
    };
    let locale = promise.locale.unwrap_or_else(|| account.locale());
    let from = promise.data.as_deref().unwrap_or_default();
    Ok(Letter::password_changed(&rekey.config, &account, locale, (promise.created_at, from)).into())
}

//! The notices of what has happened to an account: what its owner has to know, and never a secret.

use rekey_shared::email_address::EmailAddress;

use super::record;
use crate::app::Rekey;
use crate::db::{Db, DbError};
use crate::mail::letters::Letter;
use crate::mail::mint::Minted;
use crate::mail::queue::{Kind, Promise};

/// Turns the promise of a notice into a letter. What it tells of has happened, whatever became of the account since.
pub fn mint(db: &mut Db, rekey: &Rekey, promise: &Promise) -> Result<Minted, DbError> {
    let Some((account_id, _)) = &promise.account else {
        return Ok(Minted::Dropped("the promise names no account"));
    };
    let Some(account) = record::find(db, account_id)? else {
        return Ok(Minted::Dropped("the account is gone"));
    };
    let (config, locale) = (&rekey.config, promise.locale.unwrap_or_else(|| account.locale()));
    let data = promise.data.as_deref().unwrap_or_default();
    let (from, old_address) = data.split_once('\n').unwrap_or((data, ""));
    let change = (promise.created_at, from);
    if promise.kind == Kind::SignedIn {
        return Ok(Letter::signed_in(config, &account, locale, change).into());
    }
    if promise.kind == Kind::EmailChanged {
        return Ok(match EmailAddress::parse(old_address) {
            Ok(old) => Letter::email_changed(config, &account, locale, &old, change).into(),
            Err(_) => Minted::Dropped("the promise names no old address"),
        });
    }
    Ok(Letter::password_changed(config, &account, locale, change).into())
}

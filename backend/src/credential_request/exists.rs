use diesel::prelude::*;

use crate::app::Rekey;
use crate::db::schema::credential_requests;
use crate::db::{Db, DbError};
use crate::mail::letters::Letter;
use crate::mail::mint::{Minted, Together};
use crate::mail::queue::{self, Promise};

/// Turns the promise into a letter, if the address that was given belongs to an account: its owner is told that they have
/// one.
pub fn mint(db: &mut Db, rekey: &Rekey, promise: &Promise, together: &Together) -> Result<Minted, DbError> {
    let account = match together.account_at(&promise.address) {
        Ok(account) => account,
        Err(why) => return Ok(Minted::Nobody(why)),
    };
    // It was made of this very request; its owner is welcomed by another letter.
    if account.created_at >= promise.created_at {
        return Ok(Minted::Dropped("the account was made after the request"));
    }
    let now = rekey.clock.now();
    // Answered by this letter. Otherwise it would come up again when the account is deleted one day.
    let open = credential_requests::table
        .filter(credential_requests::email_key.eq(&promise.address))
        .filter(credential_requests::state.eq("waiting"));
    diesel::update(open)
        .set((credential_requests::state.eq("rejected"), credential_requests::decided_at.eq(now)))
        .execute(db)?;
    if !queue::take_one_for_news(db, promise, rekey.config.reset_mails_per_hour, now)? {
        return Ok(Minted::OverLimit);
    }
    let locale = promise.locale.unwrap_or_else(|| account.locale());
    Ok(Letter::account_exists(&rekey.config, &account, locale).into())
}

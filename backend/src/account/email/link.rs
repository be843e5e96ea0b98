//! The link to a new address: a token that only the letter holds, and the row by whose fingerprint it is known.

use diesel::prelude::*;
use rekey_shared::email_address::EmailAddress;
use rekey_shared::paths::page;
use rekey_shared::secret::Secret;

use crate::account::{lock, record};
use crate::app::Rekey;
use crate::clock::{Timestamp, span};
use crate::credential_request::exists;
use crate::db::schema::email_changes;
use crate::db::{Db, DbError};
use crate::mail::letters::Letter;
use crate::mail::mint::{Minted, Together};
use crate::mail::queue::{self, Promise};
use crate::opaque_token::{self, fingerprint};

/// What the database knows of a link.
#[derive(Queryable, Selectable)]
#[diesel(table_name = email_changes)]
pub struct EmailLink {
    pub account_id: String,
    pub epoch: i64,
    pub email: String,
    pub expires_at: Timestamp,
    pub used_at: Option<Timestamp>,
}

/// Turns the promise of a link into a letter: makes the link and writes its fingerprint down. If another account has the
/// address by now, its owner is told so instead.
pub fn mint(db: &mut Db, rekey: &Rekey, promise: &Promise, together: &Together) -> Result<Minted, DbError> {
    let (Some((account_id, epoch)), Some(email)) = (&promise.account, &promise.data) else {
        return Ok(Minted::Dropped("the promise names no account or no address"));
    };
    let (Some(account), Ok(to)) = (record::find(db, account_id)?, EmailAddress::parse(email)) else {
        return Ok(Minted::Dropped("the account is gone"));
    };
    let is_taken = record::find_by_email_key(db, to.key())?.is_some_and(|other| other.id != account.id);
    if is_taken && account.epoch == *epoch {
        return exists::mint(db, rekey, promise, together);
    }
    if is_taken || !lock::lock(db, account_id, *epoch)? {
        return Ok(Minted::Dropped("the account's credentials changed after the link was asked for"));
    }
    let now = rekey.clock.now();
    if !queue::take_one_of_the_hour(db, promise, rekey.config.reset_mails_per_hour, now)? {
        return Ok(Minted::OverLimit);
    }
    let token = opaque_token::generate(&mut rand::rng());
    let life = rekey.config.reset_link_life;
    diesel::insert_into(email_changes::table)
        .values((
            email_changes::fingerprint.eq(fingerprint(token.expose())),
            email_changes::account_id.eq(account_id),
            email_changes::epoch.eq(epoch),
            email_changes::email.eq(to.as_str()),
            email_changes::email_key.eq(to.key()),
            email_changes::created_at.eq(now),
            email_changes::expires_at.eq(now + span(life)),
        ))
        .execute(db)?;
    let locale = promise.locale.unwrap_or_else(|| account.locale());
    let url = format!("{}#{}", rekey.config.public_url.page(page::CONFIRM_EMAIL), token.expose());
    Ok(Letter::confirm_email(&rekey.config, &account, locale, &to, (&url, life)).into())
}

pub fn find(db: &mut Db, token: &Secret) -> Result<Option<EmailLink>, DbError> {
    let key = fingerprint(token.expose());
    Ok(email_changes::table.find(key).select(EmailLink::as_select()).get_result(db).optional()?)
}

/// Uses the link, if it is still good: of all who try, one gets a yes.
pub fn claim(db: &mut Db, token: &Secret, now: Timestamp) -> Result<bool, DbError> {
    let good = email_changes::table
        .filter(email_changes::fingerprint.eq(fingerprint(token.expose())))
        .filter(email_changes::used_at.is_null())
        .filter(email_changes::expires_at.gt(now));
    Ok(diesel::update(good).set(email_changes::used_at.eq(now)).execute(db)? == 1)
}

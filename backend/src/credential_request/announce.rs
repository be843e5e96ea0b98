//! Tells the operator that people ask for accounts: one letter for all of them, and ten minutes of peace.

use diesel::prelude::*;

use super::waits;
use crate::account::record;
use crate::app::Rekey;
use crate::clock::Timestamp;
use crate::config::Config;
use crate::db::schema::{accounts, credential_requests, mail_queue};
use crate::db::{Db, DbError};
use crate::mail::letters::Letter;
use crate::mail::mint::Minted;
use crate::mail::queue::{self, Kind, Promise};

/// Between two letters to the operator.
const PEACE: chrono::Duration = chrono::Duration::minutes(10);

/// Why nothing was announced.
pub enum Undone {
    /// There is nothing new, or another worker was faster.
    NotNow,
    Db(DbError),
}

impl From<DbError> for Undone {
    fn from(error: DbError) -> Self {
        Self::Db(error)
    }
}

impl From<diesel::result::Error> for Undone {
    fn from(error: diesel::result::Error) -> Self {
        Self::Db(error.into())
    }
}

/// Whether there is news and its time has come: the question that costs nothing while there is none.
pub fn is_due(db: &mut Db, config: &Config, now: Timestamp) -> Result<bool, DbError> {
    if config.operator_email.is_none() {
        return Ok(false);
    }
    let news = credential_requests::table.filter(waits!()).filter(credential_requests::announced_at.is_null());
    Ok(diesel::select(diesel::dsl::exists(news)).get_result(db)? && !was_told_lately(db, now)?)
}

fn was_told_lately(db: &mut Db, now: Timestamp) -> Result<bool, DbError> {
    let told = mail_queue::table
        .filter(mail_queue::kind.eq(Kind::CredentialRequests.name()))
        .filter(mail_queue::created_at.gt(now - PEACE));
    Ok(diesel::select(diesel::dsl::exists(told)).get_result(db)?)
}

/// Promises the operator a letter for all that is new.
pub fn announce(db: &mut Db, config: &Config, now: Timestamp) -> Result<(), Undone> {
    let operator = config.operator_email.as_ref().ok_or(Undone::NotNow)?;
    let news = credential_requests::table.filter(waits!()).filter(credential_requests::announced_at.is_null());
    let announced =
        diesel::update(news).set(credential_requests::announced_at.eq(now)).execute(db).map_err(DbError::from)?;
    // After the update, which waits for another worker's: so that worker's letter is seen here.
    if announced == 0 || was_told_lately(db, now)? {
        return Err(Undone::NotNow);
    }
    Ok(queue::insert(db, &Promise::to(Kind::CredentialRequests, operator.key()), now)?)
}

/// Turns the promise into a letter that says how many wait.
pub fn mint(db: &mut Db, rekey: &Rekey, _: &Promise) -> Result<Minted, DbError> {
    let Some(operator) = &rekey.config.operator_email else {
        return Ok(Minted::Dropped("no operator's address is set"));
    };
    let waiting: i64 = credential_requests::table.filter(waits!()).count().get_result(db)?;
    if waiting == 0 {
        return Ok(Minted::Dropped("every request was decided meanwhile"));
    }
    let account = record::find_by_email_key(db, operator.key())?;
    let locale = account.map(|account| account.locale()).unwrap_or_default();
    Ok(Letter::credential_requests(&rekey.config, operator, locale, waiting).into())
}

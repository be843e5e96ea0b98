//! The forgotten password.
//!
//! Somebody types an address: one row is written, the answer is the same for everyone ([`request`]). The mail worker
//! finds out whose address it is, makes a link at the moment it sends and keeps only its fingerprint ([`send_link`],
//! [`reset_link`]). Opening the link changes nothing; confirming it claims it once, ends everything that the old password
//! had opened and promises a new one ([`confirm`]). The worker makes that password, again at the moment it sends
//! ([`send_password`]).

pub mod confirm;
pub mod request;
pub mod reset_link;
pub mod send_link;
pub mod send_password;

use diesel::prelude::*;

use crate::clock::Timestamp;
use crate::db::schema::{reset_links, temporary_passwords};
use crate::db::{Db, DbError, Statement, at_once};

/// Ends the account's links and mailed passwords that are still good: another credential has taken their place.
pub fn end_links_and_passwords(db: &mut Db, account_id: &str, now: Timestamp) -> Result<(), DbError> {
    at_once(db, &[&end_links(account_id, now), &end_passwords(account_id, now)])
}

/// Returns the fingerprints of those that it ended: of all who would use a link up, one finds theirs among them.
pub(crate) fn end_links(account_id: &str, now: Timestamp) -> impl Statement + '_ {
    // What has expired unused stays "expired": that is what its owner is told.
    let links = reset_links::table
        .filter(reset_links::account_id.eq(account_id))
        .filter(reset_links::used_at.is_null())
        .filter(reset_links::expires_at.gt(now));
    diesel::update(links).set(reset_links::used_at.eq(now)).returning(reset_links::fingerprint)
}

pub(crate) fn end_passwords(account_id: &str, now: Timestamp) -> impl Statement + '_ {
    let passwords = temporary_passwords::table
        .filter(temporary_passwords::account_id.eq(account_id))
        .filter(temporary_passwords::ended_at.is_null());
    diesel::update(passwords).set(temporary_passwords::ended_at.eq(now))
}

//! A reset link: a token that only the letter holds, and the row by whose fingerprint it is known.

use std::collections::HashMap;

use diesel::prelude::*;
use rekey_shared::locale::Locale;
use rekey_shared::paths::page;
use rekey_shared::secret::Secret;

use crate::account::record::Account;
use crate::clock::Timestamp;
use crate::config::PublicUrl;
use crate::db::schema::{accounts, reset_links};
use crate::db::{Db, DbError, find_each, insert_each};
use crate::opaque_token::fingerprint;

/// What the database knows of a link.
#[derive(Clone, Queryable, Selectable)]
#[diesel(table_name = reset_links)]
pub struct ResetLink {
    pub account_id: String,
    locale: Option<String>,
    expires_at: Timestamp,
    used_at: Option<Timestamp>,
}

/// Whether a link can be confirmed.
#[derive(Debug, PartialEq, Eq)]
pub enum State {
    Good,
    Used,
    Expired,
}

impl ResetLink {
    /// Used wins over expired: who has confirmed is told so, also a day later.
    #[must_use]
    pub fn state(&self, now: Timestamp) -> State {
        if self.used_at.is_some() {
            State::Used
        } else if self.expires_at <= now {
            State::Expired
        } else {
            State::Good
        }
    }

    /// The language in which the link was asked for.
    #[must_use]
    pub fn locale(&self) -> Option<Locale> {
        self.locale.as_deref().and_then(Locale::from_tag)
    }
}

/// The line to click or copy. The token is in the fragment, which browsers send to nobody (ASVS 14.2.1).
#[must_use]
pub fn url(public_url: &PublicUrl, token: &Secret) -> String {
    format!("{}#{}", public_url.page(page::RESET), token.expose())
}

/// A new link, as it is written down.
#[derive(Insertable)]
#[diesel(table_name = reset_links, treat_none_as_default_value = false)]
pub struct NewLink {
    fingerprint: String,
    account_id: String,
    locale: Option<String>,
    created_at: Timestamp,
    expires_at: Timestamp,
}

impl NewLink {
    #[must_use]
    pub fn new(
        token: &Secret,
        account_id: &str,
        locale: Option<Locale>,
        (created_at, expires_at): (Timestamp, Timestamp),
    ) -> Self {
        Self {
            fingerprint: fingerprint(token.expose()),
            account_id: account_id.to_owned(),
            locale: locale.map(|locale| locale.code().to_owned()),
            created_at,
            expires_at,
        }
    }
}

/// Writes down the fingerprints of new links.
pub fn insert_all(db: &mut Db, links: &[NewLink]) -> Result<(), DbError> {
    insert_each!(db, reset_links::table, links);
    Ok(())
}

/// A link and whose it is.
pub(crate) type Found = (ResetLink, Account);

/// The links with these fingerprints, used or not, each in the place of its fingerprint.
pub(crate) fn find_all(db: &mut Db, keys: &[String]) -> Result<Vec<Option<Found>>, DbError> {
    let links = reset_links::table.inner_join(accounts::table);
    macro_rules! find {
        () => {
            |key| links.filter(reset_links::fingerprint.eq(key)).select((ResetLink::as_select(), Account::as_select()))
        };
    }
    match db {
        // One way to the server and back for all. A list is planned anew each time, one key is not.
        Db::Postgres(postgres) if keys.len() > 1 => {
            let columns = (reset_links::fingerprint, (ResetLink::as_select(), Account::as_select()));
            let rows = links.filter(reset_links::fingerprint.eq_any(keys)).select(columns);
            let rows: HashMap<String, Found> = rows.load(postgres)?.into_iter().collect();
            Ok(keys.iter().map(|key| rows.get(key).cloned()).collect())
        }
        Db::Postgres(postgres) => Ok(find_each(postgres, keys, find!())?),
        Db::Sqlite(sqlite) => Ok(find_each(sqlite, keys, find!())?),
    }
}

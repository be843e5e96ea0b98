//! Promises of letters. A promise is written in the transaction of what it tells of; it is kept until a letter is on its
//! way or can never be.

use diesel::prelude::*;
use rekey_shared::locale::Locale;
use uuid::Uuid;

use crate::clock::Timestamp;
use crate::db::schema::mail_queue;
use crate::db::{Db, DbError, Moment, Statement, at_once, insert_each};

/// Which letter is promised.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A reset link, if the address has an account. Strangers can cause it.
    ResetLink,
    /// A new password after a confirmation.
    NewPassword,
    /// User name and password of a new account.
    Welcome,
    /// The notice that the person's own password was changed; its data is the address from which.
    PasswordChanged,
    /// The notice that an unknown browser logged in; its data is the address from which.
    SignedIn,
    /// A link to a new address of the account; its data is that address.
    ConfirmEmail,
    /// The notice to an old address; its data is from where it was changed and, on a line of its own, that old address.
    EmailChanged,
    /// To an address that was given for a new account, if it has one already. Strangers can cause it.
    AccountExists,
    /// Tells the operator that people ask for accounts.
    CredentialRequests,
    /// Tells somebody that their request was rejected; its data is the request's id.
    CredentialRejected,
}

impl Kind {
    pub(crate) const ALL: [Self; 10] = [
        Self::ResetLink,
        Self::NewPassword,
        Self::Welcome,
        Self::PasswordChanged,
        Self::SignedIn,
        Self::ConfirmEmail,
        Self::EmailChanged,
        Self::AccountExists,
        Self::CredentialRequests,
        Self::CredentialRejected,
    ];

    /// The name in the database and in the log.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::ResetLink => "reset_link",
            Self::NewPassword => "new_password",
            Self::Welcome => "welcome",
            Self::PasswordChanged => "password_changed",
            Self::SignedIn => "signed_in",
            Self::ConfirmEmail => "confirm_email",
            Self::EmailChanged => "email_changed",
            Self::AccountExists => "account_exists",
            Self::CredentialRequests => "credential_requests",
            Self::CredentialRejected => "credential_rejected",
        }
    }
}

/// A promise.
#[derive(Clone, Debug)]
pub struct Promise {
    pub id: String,
    pub kind: Kind,
    /// The account and its epoch, where the promise rests on them.
    pub account: Option<(String, i64)>,
    /// The canonical form of the address; the letter goes to what the account stores.
    pub address: String,
    pub locale: Option<Locale>,
    /// What the letter tells beside.
    pub data: Option<String>,
    pub attempts: i32,
    pub created_at: Timestamp,
    /// When it took one of its address's letters of the hour.
    pub(super) counted_at: Option<Timestamp>,
    pub(super) leased_until: Option<Timestamp>,
}

impl Promise {
    /// A promise to an address.
    #[must_use]
    pub fn to(kind: Kind, address: &str) -> Self {
        Self {
            id: Uuid::now_v7().to_string(),
            kind,
            account: None,
            address: address.to_owned(),
            locale: None,
            data: None,
            attempts: 0,
            created_at: Timestamp::default(),
            counted_at: None,
            leased_until: None,
        }
    }

    /// In this language; without one, the account's.
    #[must_use]
    pub fn in_language(mut self, locale: Option<Locale>) -> Self {
        self.locale = locale;
        self
    }

    /// With something that the letter tells.
    #[must_use]
    pub fn with_data(mut self, data: &str) -> Self {
        self.data = Some(data.to_owned());
        self
    }

    /// That holds only while the account has this epoch.
    #[must_use]
    pub fn for_epoch(mut self, account_id: &str, epoch: i64) -> Self {
        self.account = Some((account_id.to_owned(), epoch));
        self
    }
}

/// A promise as it is written down.
#[derive(Insertable)]
#[diesel(table_name = mail_queue, treat_none_as_default_value = false)]
struct NewRow {
    id: String,
    kind: &'static str,
    account_id: Option<String>,
    epoch: Option<i64>,
    address: String,
    locale: Option<String>,
    data: Option<String>,
    attempts: i32,
    due_at: Moment,
    state: &'static str,
    created_at: Moment,
}

impl NewRow {
    fn new(promise: &Promise, now: Moment) -> Self {
        let (account_id, epoch) = promise.account.clone().unzip();
        Self {
            id: promise.id.clone(),
            kind: promise.kind.name(),
            account_id,
            epoch,
            address: promise.address.clone(),
            locale: promise.locale.map(|locale| locale.code().to_owned()),
            data: promise.data.clone(),
            attempts: 0,
            due_at: now.clone(),
            state: "waiting",
            created_at: now,
        }
    }
}

/// Promises a letter from now on.
pub fn insert(db: &mut Db, promise: &Promise, now: Timestamp) -> Result<(), DbError> {
    at_once(db, &[&insertion(promise, now)])
}

pub(crate) fn insertion(promise: &Promise, now: Timestamp) -> impl Statement + use<> {
    diesel::insert_into(mail_queue::table).values(NewRow::new(promise, now.into()))
}

/// Promises many letters, each from its own moment on.
pub fn insert_all(db: &mut Db, promises: &[(Promise, Timestamp)]) -> Result<Vec<()>, DbError> {
    // Most of those that are written together came in the same millisecond.
    let mut last: Option<Moment> = None;
    let mut moment = |time: Timestamp| match &last {
        Some(moment) if moment.is(time) => moment.clone(),
        _ => last.insert(time.into()).clone(),
    };
    let rows: Vec<NewRow> = promises.iter().map(|(promise, now)| NewRow::new(promise, moment(*now))).collect();
    let mut rows = &rows[..];
    if let Db::Sqlite(sqlite) = db {
        // What a statement does once, such as to open the table and its indexes, is a fifth of what a row costs. diesel
        // knows the statement for eight by the type of its rows, if they borrow nothing, and keeps it prepared. SQLite
        // remembers each page as it was before such a statement: these rows share a few. Rows with random keys do not, and
        // it would write what it remembers to a temporary file.
        let (eights, rest) = rows.as_chunks::<8>();
        for eight in eights {
            diesel::insert_into(mail_queue::table).values(eight).execute(sqlite)?;
        }
        rows = rest;
    }
    insert_each!(db, mail_queue::table, rows);
    Ok(vec![(); promises.len()])
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::clock::{Clock, span};
    use crate::db::Database;

    type Row = (String, String, Option<String>, Timestamp, Timestamp);

    #[tokio::test]
    async fn any_number_of_promises_is_written_each_as_it_is() {
        let folder = tempfile::tempdir().unwrap();
        let database = Database::of_test(folder.path()).await;
        let begin = Clock::system().now();
        let mut written = Vec::new();
        for number in [1, 7, 8, 9, 16, 19, 0] {
            let promises: Vec<_> = (0..number)
                .map(|place| {
                    let promise = Promise::to(Kind::ResetLink, &format!("{number}-{place}@example.com"));
                    // By twos of the same moment.
                    (promise.with_data(&place.to_string()), begin + span(Duration::from_millis(place / 2)))
                })
                .collect();
            written.extend(
                promises.iter().map(|(promise, now)| {
                    (promise.id.clone(), promise.address.clone(), promise.data.clone(), *now, *now)
                }),
            );
            let told = database.write(move |db| insert_all(db, &promises)).await.unwrap();
            assert_eq!(told.len(), usize::try_from(number).unwrap());
        }
        written.sort_unstable();
        let rows = |db: &mut Db| {
            let columns =
                (mail_queue::id, mail_queue::address, mail_queue::data, mail_queue::due_at, mail_queue::created_at);
            Ok::<Vec<Row>, DbError>(mail_queue::table.select(columns).order(mail_queue::id).load(db)?)
        };
        assert_eq!(database.read(rows).await.unwrap(), written);
    }
}

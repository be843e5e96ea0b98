//! Many accounts at once, for an import.

use std::collections::HashSet;

use diesel::prelude::*;

use super::record::{NewAccount, Row};
use crate::clock::Timestamp;
use crate::db::schema::accounts;
use crate::db::{Db, DbError};

/// Accounts in one statement; SQLite takes 32,766 values, PostgreSQL 65,535.
pub const AT_ONCE: usize = 1000;

/// Adds at most [`AT_ONCE`] accounts.
pub fn insert(db: &mut Db, new: &[&NewAccount], now: Timestamp) -> Result<(), DbError> {
    let rows: Vec<Row> = new.iter().map(|account| Row::new(account, now)).collect();
    let insert = diesel::insert_into(accounts::table).values(&rows);
    // The enum of both databases has no insert of many rows.
    match db {
        Db::Postgres(postgres) => insert.execute(postgres)?,
        Db::Sqlite(sqlite) => insert.execute(sqlite)?,
    };
    Ok(())
}

/// Of at most [`AT_ONCE`] new accounts the keys, user names and addresses, that accounts have already. The two never meet:
/// a user name holds no "@".
pub fn find_taken(db: &mut Db, new: &[&NewAccount]) -> Result<HashSet<String>, DbError> {
    let user_names = new.iter().map(|account| account.user_name.key());
    let emails = new.iter().map(|account| account.email.key());
    let taken_names = accounts::table
        .filter(accounts::user_name_key.eq_any(user_names))
        .select(accounts::user_name_key)
        .load::<String>(db)?;
    let taken_emails =
        accounts::table.filter(accounts::email_key.eq_any(emails)).select(accounts::email_key).load::<String>(db)?;
    Ok(taken_names.into_iter().chain(taken_emails).collect())
}

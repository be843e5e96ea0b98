//! The lock on an account's row. Every transaction that mints, claims or sets a credential takes it first, by what is here or
//! by changing the row; so two of them never interleave, and one that rests on an older epoch finds out.

use diesel::backend::Backend;
use diesel::expression::{AppearsOnTable, Expression, SelectableExpression, ValidGrouping};
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::query_builder::{AstPass, QueryFragment, QueryId};
use diesel::serialize::ToSql;
use diesel::sql_types::{BigInt, HasSqlType, Text};
use diesel::sqlite::Sqlite;

use super::record::Account;
use crate::db::schema::accounts;
use crate::db::{Db, DbError};

/// The account's id, its row locked for the rest of the transaction; NULL when the account is disabled or gone, or its epoch is
/// no longer the one that was read. So a row that must belong to it is refused in the statement that locks.
#[derive(Clone, Debug, QueryId, ValidGrouping)]
pub(crate) struct LockedId {
    id: String,
    epoch: i64,
}

impl LockedId {
    pub(crate) fn new(id: &str, epoch: i64) -> Self {
        Self { id: id.to_owned(), epoch }
    }

    fn walk<'b, DB>(&'b self, mut pass: AstPass<'_, 'b, DB>, lock: &str) -> QueryResult<()>
    where
        DB: Backend + HasSqlType<Text> + HasSqlType<BigInt>,
        String: ToSql<Text, DB>,
        i64: ToSql<BigInt, DB>,
    {
        pass.push_sql("(SELECT id FROM accounts WHERE id = ");
        pass.push_bind_param::<Text, _>(&self.id)?;
        pass.push_sql(" AND epoch = ");
        pass.push_bind_param::<BigInt, _>(&self.epoch)?;
        pass.push_sql(" AND disabled_at IS NULL");
        pass.push_sql(lock);
        pass.push_sql(")");
        Ok(())
    }
}

impl QueryFragment<Pg> for LockedId {
    fn walk_ast<'b>(&'b self, pass: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        self.walk(pass, " FOR NO KEY UPDATE")
    }
}

impl QueryFragment<Sqlite> for LockedId {
    /// It has one writer, who has locked everything.
    fn walk_ast<'b>(&'b self, pass: AstPass<'_, 'b, Sqlite>) -> QueryResult<()> {
        self.walk(pass, "")
    }
}

impl Expression for LockedId {
    /// What a column takes that is never NULL: it is for that column to refuse it.
    type SqlType = Text;
}

impl<From> AppearsOnTable<From> for LockedId {}
impl<From> SelectableExpression<From> for LockedId {}

/// Locks the account's row for the rest of the transaction, if its epoch is still the one that was read.
pub fn lock(db: &mut Db, id: &str, epoch: i64) -> Result<bool, DbError> {
    let is_locked = diesel::select(LockedId::new(id, epoch).is_not_null());
    Ok(match db {
        Db::Postgres(postgres) => is_locked.get_result(postgres)?,
        Db::Sqlite(sqlite) => is_locked.get_result(sqlite)?,
    })
}

/// Locks the rows of all accounts that have one of the ids or addresses, in an order that is the same for everybody, and
/// reads them under the lock.
pub fn lock_all(db: &mut Db, ids: &[&str], email_keys: &[&str]) -> Result<Vec<Account>, DbError> {
    let at = accounts::email_key.eq_any(email_keys);
    match db {
        Db::Postgres(postgres) => Ok(accounts::table
            .filter(accounts::id.eq_any(ids).or(at))
            .order(accounts::id)
            .select(Account::as_select())
            .for_no_key_update()
            .load(postgres)?),
        // It has one writer, who has locked everything; and by an OR of which one side is empty it would look at all.
        Db::Sqlite(sqlite) => {
            let mut found: Vec<Account> = accounts::table.filter(at).select(Account::as_select()).load(sqlite)?;
            if !ids.is_empty() {
                found.extend(
                    accounts::table.filter(accounts::id.eq_any(ids)).select(Account::as_select()).load(sqlite)?,
                );
            }
            Ok(found)
        }
    }
}

#[cfg(test)]
mod tests {
    use diesel::connection::SimpleConnection as _;

    use super::*;
    use crate::db::Database;

    #[tokio::test]
    async fn only_the_account_that_was_read_is_locked() {
        let folder = tempfile::tempdir().unwrap();
        let database = Database::of_test(folder.path()).await;
        let look = |db: &mut Db| {
            let Db::Sqlite(sqlite) = db else { unreachable!() };
            let account = |id: &str, disabled: &str| {
                format!(
                    "INSERT INTO accounts (id, user_name, user_name_key, email, email_key, role, locale, epoch, \
                     credentials_changed_at, disabled_at, created_at) VALUES ('{id}', '{id}', '{id}', '{id}@example.com', \
                     '{id}@example.com', 'member', 'en', 7, '2026-11-28 00:00:00', {disabled}, '2026-11-28 00:00:00');"
                )
            };
            sqlite.batch_execute(&(account("ann", "NULL") + &account("bob", "'2026-11-28 00:00:00'")))?;
            let mut is_locked = |id, epoch| lock(db, id, epoch).unwrap();
            assert!(is_locked("ann", 7));
            assert!(!is_locked("ann", 6), "her password has changed since");
            assert!(!is_locked("bob", 7), "he is disabled");
            assert!(!is_locked("eve", 7), "she is gone");
            Ok::<_, DbError>(())
        };
        database.write(look).await.unwrap();
    }

    #[test]
    fn on_postgresql_others_wait_for_the_row() {
        let statement = diesel::debug_query::<Pg, _>(&diesel::select(LockedId::new("ann", 7))).to_string();
        assert!(statement.contains("FOR NO KEY UPDATE"), "{statement}");
    }
}

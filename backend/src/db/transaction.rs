//! Where a write begins and ends.

use diesel::connection::{AnsiTransactionManager, Connection, TransactionManager};

use super::{Db, DbError};

type Transactions = <Db as Connection>::TransactionManager;

/// SQLite takes the write lock at the start (`BEGIN IMMEDIATE`): a transaction that reads first and writes then would be
/// refused when another one wrote in between.
pub(super) fn begin_write(db: &mut Db) -> Result<(), DbError> {
    match db {
        Db::Sqlite(sqlite) => AnsiTransactionManager::begin_transaction_sql(sqlite, "BEGIN IMMEDIATE"),
        Db::Postgres(postgres) => AnsiTransactionManager::begin_transaction(postgres),
    }
    .map_err(DbError::Query)
}

/// All of it or, after an error, nothing.
pub(crate) fn write_transaction<T, E>(db: &mut Db, work: impl FnOnce(&mut Db) -> Result<T, E>) -> Result<T, E>
where
    E: From<DbError>,
{
    begin_write(db)?;
    match work(db) {
        Ok(value) => {
            Transactions::commit_transaction(db).map_err(DbError::Query)?;
            Ok(value)
        }
        Err(error) => {
            // The first error is the one to tell; a connection that cannot even roll back is thrown away by the pool.
            let _ = Transactions::rollback_transaction(db);
            Err(error)
        }
    }
}

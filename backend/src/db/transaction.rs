//! Where a transaction begins and ends.

use diesel::QueryResult;
use diesel::connection::{AnsiTransactionManager, Connection, TransactionManager};
use diesel::pg::PgConnection;

use super::{Db, DbError};

type Transactions = <Db as Connection>::TransactionManager;

/// Whether SQLite's commit waits for the disk. PostgreSQL's do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Commit {
    /// It does not. Everybody sees it at once, and it is on disk with the next one that waits.
    Relaxed,
    Durable,
}

/// For which values PostgreSQL plans a statement that is kept prepared (its `plan_cache_mode`). SQLite plans it once.
#[derive(Clone, Copy, Debug)]
pub(super) enum Plan {
    /// For those at hand, unless it finds after five times that this is not worth its while. Only so does it use an index
    /// of some of the rows (`WHERE state = 'waiting'`), and see that a time is true of few.
    OfTheseValues,
    /// Once for whatever values come: right for rows that are found by a key, where each plan would be the same.
    OfAllValues,
}

/// SQLite takes the write lock at the start (`BEGIN IMMEDIATE`): a transaction that reads first and writes then would be
/// refused when another one wrote in between.
pub(super) fn begin_write(db: &mut Db, commit: Commit, plan: Plan) -> Result<(), DbError> {
    match db {
        Db::Sqlite(sqlite) => {
            // Each says for itself how it ends, so that no connection keeps what another write wanted.
            let begin = match commit {
                Commit::Durable => "PRAGMA synchronous = FULL; BEGIN IMMEDIATE",
                Commit::Relaxed => "PRAGMA synchronous = NORMAL; BEGIN IMMEDIATE",
            };
            AnsiTransactionManager::begin_transaction_sql(sqlite, begin)
        }
        Db::Postgres(postgres) => begin(postgres, plan),
    }
    .map_err(DbError::Query)
}

/// In one way to the server and back.
fn begin(postgres: &mut PgConnection, plan: Plan) -> QueryResult<()> {
    let begin = match plan {
        Plan::OfTheseValues => "BEGIN",
        Plan::OfAllValues => "BEGIN; SET LOCAL plan_cache_mode = force_generic_plan",
    };
    AnsiTransactionManager::begin_transaction_sql(postgres, begin)
}

/// All of it or, after an error, nothing.
pub(super) fn write_transaction<T, E>(
    db: &mut Db,
    plan: Plan,
    work: impl FnOnce(&mut Db) -> Result<T, E>,
) -> Result<T, E>
where
    E: From<DbError>,
{
    begin_write(db, Commit::Durable, plan)?;
    end(db, work)
}

/// Reads rows that are found by a key.
pub(super) fn read_by_key<T, E>(db: &mut Db, work: impl FnOnce(&mut Db) -> Result<T, E>) -> Result<T, E>
where
    E: From<DbError>,
{
    match db {
        Db::Sqlite(_) => return work(db),
        Db::Postgres(postgres) => begin(postgres, Plan::OfAllValues).map_err(DbError::Query)?,
    }
    end(db, work)
}

fn end<T, E>(db: &mut Db, work: impl FnOnce(&mut Db) -> Result<T, E>) -> Result<T, E>
where
    E: From<DbError>,
{
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

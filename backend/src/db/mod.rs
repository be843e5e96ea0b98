//! The database: SQLite or PostgreSQL, chosen by the URL's scheme, one schema and one set of queries for both.
//!
//! Verbs are fixed: `find` (Option), `load` (must exist), `insert`, `claim`, `set_…`, `delete`.

pub mod admin_lock;
mod connect;
pub mod migrations;
pub mod purge;
pub mod schema;

use std::sync::Arc;
use std::time::Duration;

use diesel::connection::{AnsiTransactionManager, Connection, TransactionManager};
use diesel::pg::PgConnection;
use diesel::r2d2;
use diesel::sqlite::SqliteConnection;
use tokio::sync::Mutex;

pub use connect::DatabaseUrl;

/// A connection to either database.
#[derive(diesel::MultiConnection)]
pub enum Db {
    Postgres(PgConnection),
    Sqlite(SqliteConnection),
}

/// Why the database did not do what it was asked to.
#[derive(Debug, thiserror::Error)]
pub enum DbError {
    /// No connection: the server is away, or all connections are busy.
    #[error("no connection to the database: {0}")]
    Connection(String),
    #[error("the database refused: {0}")]
    Query(#[from] diesel::result::Error),
    #[error("the database task ended early")]
    Task,
}

impl DbError {
    /// Whether another row has what must be the only one of its kind.
    #[must_use]
    pub fn is_taken(&self) -> bool {
        use diesel::result::{DatabaseErrorKind, Error};
        matches!(self, Self::Query(Error::DatabaseError(DatabaseErrorKind::UniqueViolation, _)))
    }

    /// Whether the same may work a moment later.
    #[must_use]
    pub fn is_passing(&self) -> bool {
        use diesel::result::{DatabaseErrorKind, Error};
        match self {
            Self::Connection(_) | Self::Query(Error::BrokenTransactionManager) => true,
            Self::Query(Error::DatabaseError(kind, information)) => match kind {
                DatabaseErrorKind::ClosedConnection | DatabaseErrorKind::SerializationFailure => true,
                // SQLITE_BUSY has no kind of its own.
                _ => information.message().contains("database is locked"),
            },
            Self::Query(_) | Self::Task => false,
        }
    }
}

/// Connections to the database. Cheap to clone.
#[derive(Clone)]
pub struct Database {
    pool: r2d2::Pool<connect::Manager>,
    /// SQLite has one writer at a time, and waiting for its lock means polling; in one process a fair queue in front of
    /// it is faster and starves nobody. PostgreSQL locks rows by itself.
    writer: Option<Arc<Mutex<()>>>,
}

impl Database {
    /// Prepares a pool. A server that is away is told by the first question, not here.
    #[must_use]
    pub fn open(url: &DatabaseUrl, connections: u32) -> Self {
        let pool = r2d2::Pool::builder()
            .max_size(connections)
            .min_idle(Some(1))
            .connection_timeout(Duration::from_secs(5))
            .error_handler(Box::new(connect::Quiet))
            .build_unchecked(connect::Manager::new(url.clone()));
        let writer = matches!(url, DatabaseUrl::Sqlite(_)).then(Arc::default);
        Self { pool, writer }
    }

    /// Reads outside of a transaction.
    ///
    /// # Errors
    /// What `work` returns, or [`DbError`] when there is no connection.
    pub async fn read<T, E>(&self, work: impl FnOnce(&mut Db) -> Result<T, E> + Send + 'static) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<DbError> + Send + 'static,
    {
        let pool = self.pool.clone();
        blocking(move || work(&mut *connection(&pool)?)).await
    }

    /// Writes in one transaction: all of it or, after an error, nothing.
    ///
    /// # Errors
    /// What `work` returns, or [`DbError`] when there is no connection or the commit fails.
    pub async fn write<T, E>(&self, work: impl FnOnce(&mut Db) -> Result<T, E> + Send + 'static) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<DbError> + Send + 'static,
    {
        let turn = match &self.writer {
            Some(writer) => Some(Arc::clone(writer).lock_owned().await),
            None => None,
        };
        let pool = self.pool.clone();
        blocking(move || {
            let _turn = turn;
            write_transaction(&mut *connection(&pool)?, work)
        })
        .await
    }
}

type Pooled = r2d2::PooledConnection<connect::Manager>;

fn connection(pool: &r2d2::Pool<connect::Manager>) -> Result<Pooled, DbError> {
    pool.get().map_err(|error| DbError::Connection(error.to_string()))
}

/// Runs what blocks on a thread that may block. The work goes on when the caller is dropped: a client that hangs up never
/// leaves a transaction half-way.
async fn blocking<T, E>(work: impl FnOnce() -> Result<T, E> + Send + 'static) -> Result<T, E>
where
    T: Send + 'static,
    E: From<DbError> + Send + 'static,
{
    let span = tracing::Span::current();
    tokio::task::spawn_blocking(move || span.in_scope(work)).await.map_err(|_| DbError::Task)?
}

/// SQLite takes the write lock at the start (`BEGIN IMMEDIATE`): a transaction that reads first and writes then would be
/// refused when another one wrote in between.
pub(crate) fn write_transaction<T, E>(db: &mut Db, work: impl FnOnce(&mut Db) -> Result<T, E>) -> Result<T, E>
where
    E: From<DbError>,
{
    type Transactions = <Db as Connection>::TransactionManager;
    let fault = |error| E::from(DbError::Query(error));
    match db {
        Db::Sqlite(sqlite) => AnsiTransactionManager::begin_transaction_sql(sqlite, "BEGIN IMMEDIATE"),
        Db::Postgres(postgres) => AnsiTransactionManager::begin_transaction(postgres),
    }
    .map_err(fault)?;
    match work(db) {
        Ok(value) => {
            Transactions::commit_transaction(db).map_err(fault)?;
            Ok(value)
        }
        Err(error) => {
            // The first error is the one to tell; a connection that cannot even roll back is thrown away by the pool.
            let _ = Transactions::rollback_transaction(db);
            Err(error)
        }
    }
}

//! The database: SQLite or PostgreSQL, chosen by the URL's scheme, one schema and one set of queries for both.
//!
//! Verbs are fixed: `find` (Option), `load` (must exist), `insert`, `claim`, `set_…`, `delete`.

pub mod admin_lock;
mod at_once;
pub mod clock_check;
mod connect;
mod error;
mod find_each;
pub mod group;
mod insert_each;
mod lane;
pub mod look;
pub mod migrations;
mod moment;
#[cfg(test)]
mod plans;
mod prepared;
pub mod purge;
pub mod schema;
#[cfg(feature = "drill")]
mod statements;
mod together;
mod transaction;
mod write;
mod writer;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use diesel::pg::PgConnection;
use diesel::r2d2;
use diesel::sqlite::SqliteConnection;
use tokio::sync::Mutex;
use tokio::time::Instant;

pub(crate) use at_once::{Statement, at_once, at_once_returning};
pub use connect::DatabaseUrl;
pub use error::DbError;
pub(crate) use find_each::find_each;
pub(crate) use insert_each::insert_each;
use lane::Lane;
pub(crate) use moment::Moment;
pub(crate) use prepared::PreparedDsl;
#[cfg(feature = "drill")]
pub use statements::Statements;
use together::Together;
use transaction::read_by_key;
use writer::{Writer, Writing};

use crate::telemetry;

/// A connection to either database.
#[derive(diesel::MultiConnection)]
pub enum Db {
    Postgres(PgConnection),
    Sqlite(SqliteConnection),
}

/// What a PostgreSQL server says that is there and will not change its mind.
const REFUSALS: [&str; 6] =
    ["authentication failed", "does not exist", "pg_hba.conf", "not permitted to log in", "certificate", "SSL"];

/// Connections to the database. Cheap to clone.
#[derive(Clone)]
pub struct Database {
    pool: Pool,
    requests: Lane,
    health: Lane,
    /// Of SQLite. PostgreSQL has as many as there are connections.
    writer: Option<Arc<Writer>>,
    /// Whether the schema is this program's. Until then it is only looked at.
    is_open: Arc<AtomicBool>,
    #[cfg(feature = "drill")]
    statements: Statements,
}

#[derive(Clone)]
struct Pool {
    connections: r2d2::Pool<connect::Manager>,
    /// SQLite has one writer at a time, and waiting for its lock means polling; in one process a fair queue in front of
    /// it is faster and starves nobody. PostgreSQL locks rows by itself.
    turn: Option<Arc<Mutex<()>>>,
}

/// How many connections there are.
#[derive(Clone, Copy, Debug)]
pub struct Connections {
    pub open: u32,
    pub in_use: u32,
    pub most: u32,
}

/// How long a request waits for a connection; who only asks how the database is, waits for less.
const CONNECTION_WAIT: Duration = Duration::from_secs(5);
const HEALTH_WAIT: Duration = Duration::from_secs(1);

impl Database {
    /// Prepares a pool. A server that is away is told by the first question, not here.
    #[must_use]
    pub fn open(url: &DatabaseUrl, connections: u32) -> Self {
        let manager = connect::Manager::new(url.clone());
        #[cfg(feature = "drill")]
        let statements = manager.statements.clone();
        let pool = r2d2::Pool::builder()
            .max_size(connections)
            .min_idle(Some(kept_ready(url)))
            .connection_timeout(CONNECTION_WAIT)
            .error_handler(Box::new(connect::Quiet))
            .build_unchecked(manager);
        let turn: Option<Arc<Mutex<()>>> = matches!(url, DatabaseUrl::Sqlite(_)).then(Arc::default);
        let pool = Pool { connections: pool, turn: turn.clone() };
        // One is kept for those who ask how the database is: a flood must not make a server look as if it were down.
        let requests = Lane::new(connections.saturating_sub(1).max(1), CONNECTION_WAIT);
        let writer = turn.map(|turn| Together::new(Writing { turn }, writer::BOUNDS, (pool.clone(), requests.clone())));
        Self {
            pool,
            requests,
            health: Lane::new(1, HEALTH_WAIT),
            writer,
            is_open: Arc::default(),
            #[cfg(feature = "drill")]
            statements,
        }
    }

    /// What it is asked.
    #[cfg(feature = "drill")]
    #[must_use]
    pub fn statements(&self) -> &Statements {
        &self.statements
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
        self.check_open()?;
        self.look(&self.requests, work).await
    }

    /// As [`Self::read`], of rows that are found by a key; see [`Self::write_by_key`].
    ///
    /// # Errors
    /// As [`Self::read`].
    pub async fn read_by_key<T, E>(&self, work: impl FnOnce(&mut Db) -> Result<T, E> + Send + 'static) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<DbError> + Send + 'static,
    {
        self.read(|db| read_by_key(db, work)).await
    }

    /// Looks at it although it may not be open yet, if this lane has a connection in time.
    async fn look<T, E>(&self, lane: &Lane, work: impl FnOnce(&mut Db) -> Result<T, E> + Send + 'static) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<DbError> + Send + 'static,
    {
        let (place, until) = lane.enter().await?;
        let pool = self.pool.clone();
        blocking(move || {
            let _place = place;
            connection(&pool, until - Instant::now())?.work(work)
        })
        .await
    }

    /// Reads for whoever only wants to know how things are, and does not wait long for a connection.
    ///
    /// # Errors
    /// As [`Self::read`].
    pub async fn glance<T, E>(&self, work: impl FnOnce(&mut Db) -> Result<T, E> + Send + 'static) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<DbError> + Send + 'static,
    {
        self.check_open()?;
        self.look(&self.requests.for_at_most(HEALTH_WAIT), work).await
    }

    /// How many connections there are at this moment.
    #[must_use]
    pub fn connections(&self) -> Connections {
        let r2d2::State { connections, idle_connections, .. } = self.pool.connections.state();
        Connections {
            open: connections,
            in_use: connections.saturating_sub(idle_connections),
            most: self.pool.connections.max_size(),
        }
    }

    /// Lets everybody use it, after it was brought up to date.
    pub fn open_for_all(&self) {
        self.is_open.store(true, Ordering::Release);
    }

    fn check_open(&self) -> Result<(), DbError> {
        if self.is_open.load(Ordering::Acquire) { Ok(()) } else { Err(DbError::NotYet) }
    }

    /// Whether it is a server that does not answer now and perhaps will. A file that cannot be opened stays so.
    #[must_use]
    pub fn may_come(&self, error: &DbError) -> bool {
        let is_refused = |text: &str| REFUSALS.iter().any(|refusal| text.contains(refusal));
        self.writer.is_none() && matches!(error, DbError::Connection(text) if !is_refused(text))
    }
}

/// Connections that are opened ahead of need. One to a server, for it takes its time. None to a file, which takes less than
/// what it is needed for: each costs a tenth of a mebibyte, and at the start two that open the file at once find each
/// other's locks, and one sleeps for milliseconds.
fn kept_ready(url: &DatabaseUrl) -> u32 {
    u32::from(matches!(url, DatabaseUrl::Postgres(_)))
}

type Pooled = r2d2::PooledConnection<connect::Manager>;

fn connection(pool: &Pool, wait: Duration) -> Result<Pooled, DbError> {
    pool.connections.get_timeout(wait).map_err(|error| DbError::Connection(error.to_string()))
}

/// Runs what blocks on a thread that may block. The work goes on when the caller is dropped: a client that hangs up never
/// leaves a transaction half-way.
async fn blocking<T, E>(work: impl FnOnce() -> Result<T, E> + Send + 'static) -> Result<T, E>
where
    T: Send + 'static,
    E: From<DbError> + Send + 'static,
{
    let id = telemetry::request_id();
    tokio::task::spawn_blocking(move || telemetry::of_request(id, work)).await.map_err(|_| DbError::Task)?
}

#[cfg(test)]
impl Database {
    /// A new one in SQLite, up to date, with one connection.
    pub(crate) async fn of_test(folder: &std::path::Path) -> Self {
        let url = DatabaseUrl::parse(&format!("sqlite://{}/rekey.db", folder.display())).unwrap();
        let database = Self::open(&url, 1);
        migrations::run(&database).await.unwrap();
        database.open_for_all();
        database
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_may_come_that_did_not_refuse() {
        let server = Database::open(&DatabaseUrl::parse("postgres://localhost/rekey").unwrap(), 1);
        let file = Database::open(&DatabaseUrl::parse("sqlite://nowhere/rekey.db").unwrap(), 1);
        let connection = |text: &str| DbError::Connection(text.to_owned());
        let away = connection("could not connect: Connection refused");
        assert!(server.may_come(&away) && !file.may_come(&away));
        assert!(!server.may_come(&connection("FATAL:  password authentication failed for user \"rekey\"")));
        assert!(!server.may_come(&DbError::Task));
    }
}

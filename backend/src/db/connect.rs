use std::fmt;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use diesel::connection::{Connection, SimpleConnection, TransactionManager};
use diesel::pg::PgConnection;
use diesel::r2d2::{self, ManageConnection};
use diesel::sqlite::SqliteConnection;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use super::Db;
use crate::private_folder;

/// Which database, and where.
#[derive(Clone)]
pub enum DatabaseUrl {
    /// `sqlite://path/to/file.db`
    Sqlite(PathBuf),
    /// `postgres://user:password@host/name`, as libpq reads it.
    Postgres(String),
}

impl DatabaseUrl {
    /// Reads `DATABASE_URL`.
    ///
    /// # Errors
    /// A sentence that says which forms there are.
    pub fn parse(text: &str) -> Result<Self, String> {
        if let Some(path) = text.strip_prefix("sqlite://") {
            if path.is_empty() || path.ends_with('/') {
                return Err("sqlite:// needs the path of a file, such as sqlite://data/rekey.db".to_owned());
            }
            return Ok(Self::Sqlite(PathBuf::from(path)));
        }
        if let Some(rest) = text.strip_prefix("postgres://").or_else(|| text.strip_prefix("postgresql://")) {
            // libpq would quote the part that it cannot read, and with it the password.
            return if is_readable(rest) {
                Ok(Self::Postgres(text.to_owned()))
            } else {
                Err("it cannot be read; a special character in user and password is written as %XX".to_owned())
            };
        }
        Err("a database URL starts with sqlite:// or postgres://".to_owned())
    }
}

/// Whether host and port end where the path begins, and every % begins an escape.
fn is_readable(rest: &str) -> bool {
    let authority = rest.split(['/', '?']).next().unwrap_or_default();
    let hosts = authority.rsplit_once('@').map_or(authority, |(_, hosts)| hosts);
    let has_good_ports = hosts.split(',').all(|host| {
        let after_brackets = host.rsplit_once(']').map_or(host, |(_, rest)| rest);
        after_brackets.split_once(':').is_none_or(|(_, port)| port.parse::<u16>().is_ok())
    });
    let mut escapes = rest.split('%').skip(1);
    has_good_ports
        && escapes.all(|after| after.get(..2).is_some_and(|hex| hex.bytes().all(|byte| byte.is_ascii_hexdigit())))
}

impl fmt::Debug for DatabaseUrl {
    /// Without the URL of PostgreSQL: a password is in it.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sqlite(path) => write!(formatter, "sqlite://{}", path.display()),
            Self::Postgres(_) => formatter.write_str("postgres://[secret]"),
        }
    }
}

/// Opens and checks connections for the pool. By hand, because the derived `establish` tries one database after the other
/// and reports the last one's error.
pub(super) struct Manager {
    url: DatabaseUrl,
    #[cfg(feature = "drill")]
    pub(super) statements: super::Statements,
}

impl Manager {
    pub(super) fn new(url: DatabaseUrl) -> Self {
        Self {
            url,
            #[cfg(feature = "drill")]
            statements: super::Statements::default(),
        }
    }

    fn establish(&self) -> Result<Db, ConnectError> {
        match &self.url {
            DatabaseUrl::Postgres(url) => {
                let mut postgres = PgConnection::establish(url)?;
                postgres.batch_execute(KEEP_PROMISES)?;
                Ok(Db::Postgres(postgres))
            }
            DatabaseUrl::Sqlite(path) => {
                if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
                    private_folder::create(folder)
                        .map_err(|error| ConnectError::Folder(folder.display().to_string(), error))?;
                }
                let mut sqlite = SqliteConnection::establish(&path.to_string_lossy())?;
                // busy_timeout first: switching to WAL takes a lock that another process may hold.
                sqlite.batch_execute(
                    "PRAGMA busy_timeout = 5000; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; \
                     PRAGMA foreign_keys = ON;",
                )?;
                Ok(Db::Sqlite(sqlite))
            }
        }
    }
}

/// Two of PostgreSQL's settings that Rekey's promises rest on, whatever the server, the database or the role has for them
/// (<https://www.postgresql.org/docs/current/runtime-config-client.html>). Who waits for a row wants to see what became
/// of it, and not to be refused because it has changed (`40001`). And a letter is promised when it is on disk; any other
/// value of `synchronous_commit` but `off` waits for that, and may wait for a standby as well.
const KEEP_PROMISES: &str = "SELECT set_config('default_transaction_isolation', 'read committed', false), \
     CASE current_setting('synchronous_commit') WHEN 'off' THEN set_config('synchronous_commit', 'on', false) END";

#[derive(Debug, thiserror::Error)]
pub(super) enum ConnectError {
    #[error("cannot make the folder {0}: {1}")]
    Folder(String, std::io::Error),
    #[error("{0}")]
    Connect(#[from] diesel::ConnectionError),
    #[error("{0}")]
    Query(#[from] diesel::result::Error),
}

/// A server that answered within this time is not asked first whether it is still there: under load that is one way to it
/// and back for each request.
const TRUSTED_FOR: Duration = Duration::from_millis(500);

/// A connection of the pool.
pub(super) struct Connected {
    db: Db,
    /// When it did what it was asked, if that was the last that is known of it. One that is dead fails again and again in
    /// the hand of whoever asks soon: diesel gives it up when a statement fails, and not when one cannot be prepared.
    went_well: Option<Instant>,
}

impl Connected {
    /// Works with it. An error may be the connection's, so that the next one to use it asks first whether it is there.
    pub(super) fn work<T, E>(&mut self, work: impl FnOnce(&mut Db) -> Result<T, E>) -> Result<T, E> {
        self.went_well = None;
        let done = work(&mut self.db)?;
        self.went_well = Some(Instant::now());
        Ok(done)
    }
}

impl ManageConnection for Manager {
    type Connection = Connected;
    type Error = ConnectError;

    fn connect(&self) -> Result<Connected, ConnectError> {
        #[cfg_attr(not(feature = "drill"), expect(unused_mut, reason = "only a drill listens to it"))]
        let mut db = self.establish()?;
        #[cfg(feature = "drill")]
        self.statements.listen_to(&mut db);
        Ok(Connected { db, went_well: Some(Instant::now()) })
    }

    fn is_valid(&self, connection: &mut Connected) -> Result<(), ConnectError> {
        // A file does not go away between two queries; a server does.
        match &mut connection.db {
            Db::Postgres(postgres) if connection.went_well.is_none_or(|then| then.elapsed() > TRUSTED_FOR) => {
                Ok(postgres.batch_execute("SELECT 1")?)
            }
            Db::Postgres(_) | Db::Sqlite(_) => Ok(()),
        }
    }

    /// The pool asks this of each connection that is given back.
    fn has_broken(&self, connection: &mut Connected) -> bool {
        std::thread::panicking()
            || <Db as Connection>::TransactionManager::is_broken_transaction_manager(&mut connection.db)
    }
}

/// How long a server may take that is only looked at; libpq waits for minutes by itself.
const LOOK_SECONDS: &str = "connect_timeout=5";

/// Opens what is there, and changes nothing: makes no file, and leaves its journal as it is.
pub(super) fn existing(url: &DatabaseUrl) -> Result<Db, ConnectError> {
    match url {
        DatabaseUrl::Postgres(url) if url.contains("connect_timeout=") => {
            Ok(Db::Postgres(PgConnection::establish(url)?))
        }
        DatabaseUrl::Postgres(url) => {
            let mark = if url.contains('?') { '&' } else { '?' };
            Ok(Db::Postgres(PgConnection::establish(&format!("{url}{mark}{LOOK_SECONDS}"))?))
        }
        DatabaseUrl::Sqlite(path) => {
            let path = utf8_percent_encode(&path.to_string_lossy(), NON_ALPHANUMERIC).to_string();
            let mut sqlite = SqliteConnection::establish(&format!("file:{path}?mode=rw"))?;
            sqlite.batch_execute("PRAGMA busy_timeout = 5000")?;
            Ok(Db::Sqlite(sqlite))
        }
    }
}

/// The pool would print each failed connection to the log by itself; the request that needed it tells it already.
#[derive(Debug)]
pub(super) struct Quiet;

impl<E: std::error::Error> r2d2::HandleError<E> for Quiet {
    fn handle_error(&self, error: E) {
        tracing::debug!(db.error = %error, "database.connect_failed");
    }
}

#[cfg(test)]
mod tests {
    use diesel::prelude::*;
    use diesel::sql_types::Text;

    #[derive(QueryableByName)]
    struct Choice {
        #[diesel(sql_type = Text)]
        compile_options: String,
    }

    /// One that was built otherwise works as well, and nobody would notice.
    #[test]
    fn sqlite_is_built_as_cargo_is_told() {
        let mut sqlite = SqliteConnection::establish(":memory:").unwrap();
        let choices: Vec<Choice> = diesel::sql_query("PRAGMA compile_options").load(&mut sqlite).unwrap();
        let has = |choice: &str| choices.iter().any(|Choice { compile_options }| compile_options.starts_with(choice));
        // Several threads use it at once.
        assert!(has("THREADSAFE=1"));
        assert!(has("DEFAULT_MEMSTATUS=0"), "it was built without .cargo/config.toml");
        for unwanted in [
            "ENABLE_MEMORY_MANAGEMENT",
            "ENABLE_COLUMN_METADATA",
            "ENABLE_DBSTAT_VTAB",
            "ENABLE_FTS",
            "ENABLE_LOAD_EXTENSION",
            "ENABLE_RTREE",
            "ENABLE_STAT4",
            "SOUNDEX",
        ] {
            assert!(!has(unwanted), "{unwanted}");
        }
        assert!(has("OMIT_LOAD_EXTENSION"));
    }
}

//! A database of its own for each test: a file, or a database in a private PostgreSQL cluster.

use std::ffi::OsStr;
use std::ops::Deref;
use std::path::Path;
use std::process::Command;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};

use diesel::connection::SimpleConnection;
use diesel::prelude::*;

use super::postgres::Postgres;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Sqlite,
    Postgres,
}

/// A fresh, empty database.
pub fn create(kind: Kind, folder: &Path) -> Url {
    match kind {
        Kind::Sqlite => format!("sqlite://{}", folder.join("rekey.db").display()).into(),
        // In a language, as a company's PostgreSQL is: what needs another order than that must say so itself.
        Kind::Postgres => create_on_postgres("LOCALE_PROVIDER icu ICU_LOCALE 'en-US'"),
    }
}

/// A database on PostgreSQL that has only the letters of Western Europe.
pub fn create_in_latin() -> Url {
    create_on_postgres("ENCODING 'LATIN1'")
}

fn create_on_postgres(how: &str) -> Url {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let name = format!("test_{}", NEXT.fetch_add(1, Ordering::Relaxed));
    let mut server = PgConnection::establish(&cluster().url()).unwrap();
    server.batch_execute(&format!("CREATE DATABASE {name} TEMPLATE template0 {how}")).unwrap();
    Url { url: cluster().url_of("postgres", &name), name: Some(name) }
}

/// Where a database is. One of the cluster goes with whoever has its URL, as one of SQLite goes with its folder: hundreds
/// of them are gigabytes.
pub struct Url {
    url: String,
    name: Option<String>,
}

impl Url {
    /// What PostgreSQL calls it.
    pub fn name(&self) -> Option<&str> {
        self.name.as_deref()
    }

    /// Somebody else has it from now on.
    pub fn hand_over(&mut self) -> Self {
        Self { url: self.url.clone(), name: self.name.take() }
    }
}

impl From<String> for Url {
    /// Of a database that is somebody else's.
    fn from(url: String) -> Self {
        Self { url, name: None }
    }
}

impl Deref for Url {
    type Target = str;

    fn deref(&self) -> &str {
        &self.url
    }
}

impl AsRef<OsStr> for Url {
    fn as_ref(&self) -> &OsStr {
        self.url.as_ref()
    }
}

impl Drop for Url {
    fn drop(&mut self) {
        let Some(name) = &self.name else { return };
        let dropped = PgConnection::establish(&cluster().url())
            .map(|mut server| server.batch_execute(&format!("DROP DATABASE {name} WITH (FORCE)")));
        assert!(matches!(dropped, Ok(Ok(()))) || std::thread::panicking(), "{name}: {dropped:?}");
    }
}

/// One number from the database, by SQL that both understand.
pub fn count(url: &str, sql: &str) -> i64 {
    #[derive(QueryableByName)]
    struct Count {
        #[diesel(sql_type = diesel::sql_types::BigInt)]
        count: i64,
    }
    let row: Count = match url.strip_prefix("sqlite://") {
        Some(path) => {
            let mut sqlite = SqliteConnection::establish(path).unwrap();
            sqlite.batch_execute("PRAGMA busy_timeout = 5000").unwrap();
            diesel::sql_query(sql).get_result(&mut sqlite).unwrap()
        }
        None => diesel::sql_query(sql).get_result(&mut PgConnection::establish(url).unwrap()).unwrap(),
    };
    row.count
}

/// Changes rows behind the server's back.
pub fn execute(url: &str, sql: &str) {
    match url.strip_prefix("sqlite://") {
        Some(path) => {
            let mut sqlite = SqliteConnection::establish(path).unwrap();
            sqlite.batch_execute("PRAGMA busy_timeout = 5000").unwrap();
            sqlite.batch_execute(sql).unwrap();
        }
        None => read_committed(url).batch_execute(sql).unwrap(),
    }
}

/// For changes while the server may be writing as well.
fn read_committed(url: &str) -> PgConnection {
    let mut postgres = PgConnection::establish(url).unwrap();
    postgres.batch_execute("SET default_transaction_isolation = 'read committed'").unwrap();
    postgres
}

/// Keeps everybody else from writing into a SQLite file, as a backup tool may, for as long as the connection is kept.
pub fn hold(url: &str) -> SqliteConnection {
    let mut sqlite = SqliteConnection::establish(url.strip_prefix("sqlite://").unwrap()).unwrap();
    sqlite.batch_execute("PRAGMA busy_timeout = 5000; BEGIN IMMEDIATE").unwrap();
    sqlite
}

/// Every column there is, as "table.column", and whether it must be filled.
pub fn columns(url: &str) -> Vec<(String, bool)> {
    #[derive(QueryableByName)]
    struct Column {
        #[diesel(sql_type = diesel::sql_types::Text)]
        name: String,
        #[diesel(sql_type = diesel::sql_types::BigInt)]
        required: i64,
    }
    const SQLITE: &str = "SELECT tables.name || '.' || columns.name AS name, columns.\"notnull\" AS required \
        FROM sqlite_master AS tables JOIN pragma_table_info(tables.name) AS columns \
        WHERE tables.type = 'table' AND tables.name NOT LIKE '\\_\\_%' ESCAPE '\\' AND tables.name NOT LIKE 'sqlite%'";
    const POSTGRES: &str = "SELECT table_name || '.' || column_name AS name, \
        CAST(CASE is_nullable WHEN 'NO' THEN 1 ELSE 0 END AS BIGINT) AS required \
        FROM information_schema.columns WHERE table_schema = 'public' AND table_name NOT LIKE '\\_\\_%'";
    let rows: Vec<Column> = match url.strip_prefix("sqlite://") {
        Some(path) => diesel::sql_query(SQLITE).load(&mut SqliteConnection::establish(path).unwrap()).unwrap(),
        None => diesel::sql_query(POSTGRES).load(&mut PgConnection::establish(url).unwrap()).unwrap(),
    };
    let mut columns: Vec<_> = rows.into_iter().map(|column| (column.name, column.required == 1)).collect();
    columns.sort();
    columns
}

/// The texts of every column, so many of each at most; only those of rows whose value in some column is `of`, if that is
/// given.
pub fn texts(url: &str, most: usize, of: Option<&str>) -> std::collections::BTreeSet<String> {
    #[derive(QueryableByName)]
    struct Value {
        #[diesel(sql_type = diesel::sql_types::Text)]
        value: String,
    }
    const SQLITE: &str = "SELECT tables.name || '.' || columns.name AS value FROM sqlite_master AS tables \
        JOIN pragma_table_info(tables.name) AS columns WHERE tables.type = 'table' AND columns.type = 'TEXT'";
    const POSTGRES: &str = "SELECT table_name || '.' || column_name AS value FROM information_schema.columns \
        WHERE table_schema = 'public' AND data_type = 'text'";
    let (mut sqlite, mut postgres) = match url.strip_prefix("sqlite://") {
        Some(path) => (Some(SqliteConnection::establish(path).unwrap()), None),
        None => (None, Some(PgConnection::establish(url).unwrap())),
    };
    let mut ask = |sqlite_sql: &str, postgres_sql: &str| -> Vec<String> {
        let rows: Vec<Value> = match (&mut sqlite, &mut postgres) {
            (Some(sqlite), _) => diesel::sql_query(sqlite_sql).load(sqlite).unwrap(),
            (_, postgres) => diesel::sql_query(postgres_sql).load(postgres.as_mut().unwrap()).unwrap(),
        };
        rows.into_iter().map(|row| row.value).collect()
    };
    let columns = ask(SQLITE, POSTGRES);
    let columns: Vec<_> = columns.iter().map(|column| column.split_once('.').unwrap()).collect();
    let mut texts = std::collections::BTreeSet::new();
    for (table, column) in &columns {
        let of_table = columns.iter().filter(|(other, _)| other == table);
        let of = of.map(|of| of_table.map(|(_, column)| format!("{column} = '{of}'")).collect::<Vec<_>>().join(" OR "));
        let of = of.unwrap_or_else(|| "TRUE".to_owned());
        let sql = format!(
            "SELECT DISTINCT {column} AS value FROM {table} WHERE {column} IS NOT NULL AND ({of}) LIMIT {most}"
        );
        texts.extend(ask(&sql, &sql));
    }
    texts
}

/// What a thief of a PostgreSQL backup has; SQLite's files are read as they are.
pub fn dump(url: &str) -> Vec<u8> {
    if url.starts_with("sqlite://") {
        return Vec::new();
    }
    let output = Command::new("pg_dump").arg(url).output().expect("pg_dump");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    output.stdout
}

fn cluster() -> &'static Postgres {
    static CLUSTER: OnceLock<Postgres> = OnceLock::new();
    CLUSTER.get_or_init(|| {
        let cluster = Postgres::new();
        cluster.start_with(&[
            "max_connections=400",
            "fsync=off",
            // A new database is written to the log as well, and of that the default keeps a gigabyte.
            "max_wal_size=128MB",
            "min_wal_size=32MB",
            // As others may want it who use a company's server: Rekey must say by itself what it needs.
            "default_transaction_isolation=serializable",
        ]);
        cluster
    })
}

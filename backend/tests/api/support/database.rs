//! A database of its own for each test: a file, or a database in a private PostgreSQL cluster.

use std::io::Read;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};

use diesel::connection::SimpleConnection;
use diesel::prelude::*;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Sqlite,
    Postgres,
}

/// A fresh, empty database.
pub fn create(kind: Kind, folder: &Path) -> String {
    match kind {
        Kind::Sqlite => format!("sqlite://{}", folder.join("rekey.db").display()),
        Kind::Postgres => {
            static NEXT: AtomicU32 = AtomicU32::new(0);
            let name = format!("test_{}", NEXT.fetch_add(1, Ordering::Relaxed));
            let mut server = PgConnection::establish(&cluster().url("postgres")).unwrap();
            // In a language, as a company's PostgreSQL is: what needs another order than that must say so itself.
            let language = "TEMPLATE template0 LOCALE_PROVIDER icu ICU_LOCALE 'en-US'";
            server.batch_execute(&format!("CREATE DATABASE {name} {language}")).unwrap();
            cluster().url(&name)
        }
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
        None => PgConnection::establish(url).unwrap().batch_execute(sql).unwrap(),
    }
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

struct Cluster {
    folder: String,
    /// Ends with this process: the shell that holds PostgreSQL reads from a pipe that closes then.
    _keeper: Child,
}

impl Cluster {
    fn url(&self, database: &str) -> String {
        format!("postgresql://postgres@/{database}?host={}", self.folder)
    }
}

fn cluster() -> &'static Cluster {
    static CLUSTER: OnceLock<Cluster> = OnceLock::new();
    CLUSTER.get_or_init(start)
}

/// PostgreSQL refuses to run as root; then it runs as the user that Debian's package made.
fn start() -> Cluster {
    const SCRIPT: &str = r#"
        set -e
        export PATH="$(ls -d /usr/lib/postgresql/*/bin | tail -1):$PATH" LC_ALL=C
        folder=$(mktemp -d /tmp/rekey-test-postgres.XXXXXX)
        cd "$folder"
        initdb -D data -U postgres -A trust -E UTF8 --locale=C >initdb.log 2>&1
        postgres -D data -k "$folder" -c listen_addresses= -c max_connections=400 -c fsync=off >server.log 2>&1 &
        server=$!
        until pg_isready -q -h "$folder" -U postgres; do kill -0 $server; sleep 0.05; done
        echo "$folder"
        read -r _ || true
        kill -INT $server
        wait $server || true
        cd / && rm -rf "$folder"
    "#;
    let mut command = Command::new("bash");
    command.args(["-c", SCRIPT]).stdin(Stdio::piped()).stdout(Stdio::piped()).current_dir("/tmp");
    if let Some((user, group)) = unprivileged("postgres") {
        command.uid(user).gid(group);
    }
    let mut keeper = command.spawn().expect("bash");
    let mut folder = String::new();
    let mut output = keeper.stdout.take().unwrap();
    let mut byte = [0];
    while output.read(&mut byte).unwrap() == 1 && byte[0] != b'\n' {
        folder.push(char::from(byte[0]));
    }
    assert!(!folder.is_empty(), "PostgreSQL did not start: is Debian's package postgresql installed?");
    Cluster { folder, _keeper: keeper }
}

/// For root: the user and group that a server of this name runs as.
pub fn unprivileged(name: &str) -> Option<(u32, u32)> {
    let id = |arguments: &[&str]| {
        let output = Command::new("id").args(arguments).output().unwrap();
        String::from_utf8(output.stdout).unwrap().trim().parse::<u32>().ok()
    };
    if id(&["-u"])? != 0 {
        return None;
    }
    let of_name = |flag: &str| id(&[flag, name]).unwrap_or_else(|| panic!("the user {name}"));
    Some((of_name("-u"), of_name("-g")))
}

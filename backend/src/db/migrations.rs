//! Brings the schema up to date. Every command that opens the database does it first.

use diesel::connection::SimpleConnection;
use diesel::dsl::sql;
use diesel::migration::MigrationSource;
use diesel::prelude::*;
use diesel::sql_types::{Bool, Text};
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};

use super::{Database, Db, DbError, MultiBackend, look};

const MIGRATIONS: EmbeddedMigrations = embed_migrations!();

/// Any number, the same in every Rekey: PostgreSQL lets one process at a time hold it.
const ADVISORY_LOCK: i64 = 0x0052_454b_4559;

/// PostgreSQL only, and only when it is not so yet: it compares text by the database's language, in which "b" may stand
/// before "B" and white space may not count. The lists of accounts go by ranges of these two columns, and SQLite compares
/// bytes. Changing a column's collation builds its index anew, once.
const COMPARE_BYTES: &str = r#"
    DO $$ BEGIN
        IF EXISTS (
            SELECT FROM pg_attribute JOIN pg_collation ON pg_collation.oid = attcollation
            WHERE attrelid = 'accounts'::regclass AND attname IN ('user_name_key', 'email_key') AND collname <> 'C'
        ) THEN
            ALTER TABLE accounts
                ALTER COLUMN user_name_key TYPE TEXT COLLATE "C",
                ALTER COLUMN email_key TYPE TEXT COLLATE "C";
        END IF;
    END $$
"#;

/// Applies what is missing and tells how many migrations that were.
///
/// # Errors
/// [`DbError`] when the database cannot be reached or refuses a migration.
pub async fn run(database: &Database) -> Result<usize, DbError> {
    database.look(&database.requests, apply).await
}

/// Whether the schema is the one that this program knows.
///
/// # Errors
/// [`DbError`] when the database cannot be reached.
pub async fn are_applied(database: &Database) -> Result<bool, DbError> {
    database.check_open()?;
    database
        .look(&database.health, |db| db.has_pending_migration(MIGRATIONS).map(|pending| !pending).map_err(refused))
        .await
}

/// How the schema compares with the one that this program knows.
#[derive(Debug, PartialEq, Eq)]
pub enum Status {
    UpToDate,
    /// So many are missing.
    Pending(usize),
    /// A newer program applied this one.
    Newer(String),
}

/// Tells it without changing anything; diesel's own question makes the table of migrations where there is none.
///
/// # Errors
/// [`DbError`] when the database does not answer.
pub fn status(db: &mut Db) -> Result<Status, DbError> {
    let applied = recorded(db)?;
    let known = known()?;
    Ok(match applied.iter().find(|version| !known.contains(version)) {
        Some(version) => Status::Newer(version.clone()),
        None if applied.len() == known.len() => Status::UpToDate,
        None => Status::Pending(known.len() - applied.len()),
    })
}

fn recorded(db: &mut Db) -> Result<Vec<String>, DbError> {
    let has_table: bool = match db {
        Db::Postgres(postgres) => {
            diesel::select(sql::<Bool>("to_regclass('__diesel_schema_migrations') IS NOT NULL")).get_result(postgres)?
        }
        Db::Sqlite(sqlite) => diesel::select(sql::<Bool>(
            "EXISTS (SELECT 1 FROM sqlite_master WHERE name = '__diesel_schema_migrations')",
        ))
        .get_result(sqlite)?,
    };
    if !has_table {
        return Ok(Vec::new());
    }
    let versions = diesel::select(sql::<Text>("version FROM __diesel_schema_migrations"));
    Ok(match db {
        Db::Postgres(postgres) => versions.load(postgres)?,
        Db::Sqlite(sqlite) => versions.load(sqlite)?,
    })
}

fn known() -> Result<Vec<String>, DbError> {
    let known = MigrationSource::<MultiBackend>::migrations(&MIGRATIONS).map_err(refused)?;
    Ok(known.iter().map(|migration| migration.name().version().to_string()).collect())
}

fn apply(db: &mut Db) -> Result<usize, DbError> {
    look::holds_every_text(db)?;
    // Instances that start together must not migrate together. SQLite's own lock does not cover a whole migration, so
    // there the transaction is opened round it.
    match db {
        Db::Postgres(postgres) => postgres.batch_execute(&format!("SELECT pg_advisory_lock({ADVISORY_LOCK})"))?,
        Db::Sqlite(sqlite) => sqlite.batch_execute("PRAGMA busy_timeout = 30000")?,
    }
    let applied = retry_when_another_was_first(db).and_then(|applied| {
        compare_keys_by_bytes(db)?;
        Ok(applied)
    });
    let tidied = match db {
        Db::Postgres(postgres) => postgres.batch_execute(&format!("SELECT pg_advisory_unlock({ADVISORY_LOCK})")),
        Db::Sqlite(sqlite) => sqlite.batch_execute("PRAGMA busy_timeout = 5000"),
    };
    // A migration's own error says more; the lock ends with the connection in any case.
    let applied = applied?;
    tidied?;
    Ok(applied)
}

fn compare_keys_by_bytes(db: &mut Db) -> Result<(), DbError> {
    match db {
        Db::Postgres(postgres) => Ok(postgres.batch_execute(COMPARE_BYTES)?),
        Db::Sqlite(_) => Ok(()),
    }
}

/// On SQLite two processes can both find a migration pending; the second one then fails on a table that is there, and
/// finds nothing pending when it looks again.
fn retry_when_another_was_first(db: &mut Db) -> Result<usize, DbError> {
    let may_race = matches!(db, Db::Sqlite(_));
    for _ in 0..3 {
        match pending_applied(db) {
            Err(_) if may_race => {}
            outcome => return outcome,
        }
    }
    pending_applied(db)
}

fn pending_applied(db: &mut Db) -> Result<usize, DbError> {
    refuse_newer(db)?;
    db.run_pending_migrations(MIGRATIONS).map(|versions| versions.len()).map_err(refused)
}

/// A newer program's tables may mean something else to this one.
fn refuse_newer(db: &mut Db) -> Result<(), DbError> {
    let known = known()?;
    let applied = db.applied_migrations().map_err(refused)?;
    match applied.into_iter().map(|version| version.to_string()).find(|version| !known.contains(version)) {
        Some(version) => Err(DbError::Newer(version)),
        None => Ok(()),
    }
}

fn refused(error: Box<dyn std::error::Error + Send + Sync>) -> DbError {
    DbError::Query(diesel::result::Error::QueryBuilderError(error))
}

//! Looks at a database without changing anything: for `rekey check`.

use diesel::connection::SimpleConnection;
use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::Text;

use super::{DatabaseUrl, Db, DbError, blocking, connect};

/// Opens one connection and looks. A file that is missing stays so.
///
/// # Errors
/// What `work` returns, or [`DbError`] when the database cannot be reached.
pub async fn look<T: Send + 'static>(
    url: &DatabaseUrl,
    work: impl FnOnce(&mut Db) -> Result<T, DbError> + Send + 'static,
) -> Result<T, DbError> {
    let url = url.clone();
    blocking(move || {
        let mut db = connect::existing(&url).map_err(|error| DbError::Connection(error.to_string()))?;
        work(&mut db)
    })
    .await
}

/// Whether it can hold every text. `SQL_ASCII` is PostgreSQL's name for bytes that it does not look at.
///
/// # Errors
/// [`DbError::Encoding`] when it cannot, or what hinders asking.
pub fn holds_every_text(db: &mut Db) -> Result<(), DbError> {
    let Db::Postgres(postgres) = db else { return Ok(()) };
    let encoding: String = diesel::select(sql::<Text>("current_setting('server_encoding')")).get_result(postgres)?;
    if ["UTF8", "SQL_ASCII"].contains(&encoding.as_str()) { Ok(()) } else { Err(DbError::Encoding(encoding)) }
}

/// Whether it can be written to. SQLite: begins to, and lets it be, which shows a file of somebody else's. PostgreSQL says
/// whether it only follows another server.
///
/// # Errors
/// [`DbError`] says why not.
pub fn takes_writes(db: &mut Db) -> Result<(), DbError> {
    match db {
        Db::Sqlite(sqlite) => Ok(sqlite.batch_execute("BEGIN IMMEDIATE; ROLLBACK")?),
        Db::Postgres(postgres) => {
            let answer = sql::<Text>("current_setting('transaction_read_only')");
            let read_only: String = diesel::select(answer).get_result(postgres)?;
            if read_only == "on" { Err(DbError::ReadOnly) } else { Ok(()) }
        }
    }
}

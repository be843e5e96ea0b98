//! Looks at a database without changing anything: for `rekey check`.

use diesel::connection::SimpleConnection;

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

/// Whether it can be written to. Begins to, and lets it be: a disk that is full and a file of somebody else's show then.
///
/// # Errors
/// [`DbError`] says why not.
pub fn takes_writes(db: &mut Db) -> Result<(), DbError> {
    match db {
        Db::Sqlite(sqlite) => Ok(sqlite.batch_execute("BEGIN IMMEDIATE; ROLLBACK")?),
        Db::Postgres(_) => Ok(()),
    }
}

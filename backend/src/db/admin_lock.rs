use diesel::connection::SimpleConnection;

use super::{Db, DbError};

/// Any number, the same in every Rekey, and another one than that of the migrations.
const ADVISORY_LOCK: i64 = 0x0052_454b_4541;

/// Whoever takes an administrator away waits here for all others who do, until the end of the transaction. Comes before
/// the account's own lock.
///
/// On PostgreSQL two administrators who demote each other at the same moment lock a row each, and each still sees the other
/// one as an administrator; a lock on rows does not help, because the rows that matter are those of the others. SQLite has
/// one writer, and a write transaction is the lock.
pub fn lock(db: &mut Db) -> Result<(), DbError> {
    match db {
        Db::Postgres(postgres) => {
            Ok(postgres.batch_execute(&format!("SELECT pg_advisory_xact_lock({ADVISORY_LOCK})"))?)
        }
        Db::Sqlite(_) => Ok(()),
    }
}

use diesel::result::DatabaseErrorInformation;

use super::clock_check;

/// What SQLite, which knows no other language, and PostgreSQL say of what will be no better in a moment.
const LASTING: [&str; 7] = [
    "no such ",
    "has no column",
    "syntax error",
    "datatype mismatch",
    "malformed",
    "not a database",
    "permission denied",
];

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
    /// It is being waited for, or brought up to date.
    #[error("it is not up to date yet")]
    NotYet,
    /// It follows another server, or was told to take no changes.
    #[error("it takes no changes: DATABASE_URL must name the PostgreSQL server that does")]
    ReadOnly,
    /// It cannot hold every name and address.
    #[error("it keeps text as {0}, which has not all letters: it must be one that was made with ENCODING 'UTF8'")]
    Encoding(String),
    /// It was brought up to date by a newer program, whose changes this one does not know.
    #[error("a newer Rekey has changed it (migration {0}): run that version, or a newer one")]
    Newer(String),
    /// Leases of letters and the ends of links and sessions are told by each instance's own clock.
    #[error(
        "this machine's clock and the database's are {0} s apart, and {most} s is the most: set both by a time server",
        most = clock_check::MOST_APART.as_secs()
    )]
    Clock(i64),
}

impl DbError {
    /// The same, for another who waited for it.
    pub(super) fn again(&self) -> Self {
        use diesel::result::Error;
        match self {
            Self::Connection(text) => Self::Connection(text.clone()),
            Self::Query(Error::DatabaseError(kind, information)) => {
                Self::Query(Error::DatabaseError(*kind, Box::new(Copied::of(information.as_ref()))))
            }
            Self::Query(Error::BrokenTransactionManager) => Self::Query(Error::BrokenTransactionManager),
            Self::Query(other) => Self::Query(Error::QueryBuilderError(other.to_string().into())),
            Self::Task => Self::Task,
            Self::NotYet => Self::NotYet,
            Self::ReadOnly => Self::ReadOnly,
            Self::Encoding(encoding) => Self::Encoding(encoding.clone()),
            Self::Newer(migration) => Self::Newer(migration.clone()),
            Self::Clock(seconds) => Self::Clock(*seconds),
        }
    }

    /// Whether another row has what must be the only one of its kind.
    #[must_use]
    pub fn is_taken(&self) -> bool {
        use diesel::result::{DatabaseErrorKind, Error};
        matches!(self, Self::Query(Error::DatabaseError(DatabaseErrorKind::UniqueViolation, _)))
    }

    /// Whether a row has no value where this column must have one.
    #[must_use]
    pub fn is_without(&self, column: &str) -> bool {
        use diesel::result::{DatabaseErrorKind, Error};
        match self {
            Self::Query(Error::DatabaseError(DatabaseErrorKind::NotNullViolation, information)) => {
                information.message().contains(column)
            }
            _ => false,
        }
    }

    /// Whether there was no connection.
    #[must_use]
    pub fn is_connection(&self) -> bool {
        matches!(self, Self::Connection(_))
    }

    /// Whether the same may work a moment later.
    #[must_use]
    pub fn is_passing(&self) -> bool {
        use diesel::result::{DatabaseErrorKind, Error};
        match self {
            Self::Connection(_) | Self::NotYet | Self::Query(Error::BrokenTransactionManager) => true,
            Self::Query(Error::DatabaseError(kind, information)) => match kind {
                DatabaseErrorKind::ClosedConnection
                | DatabaseErrorKind::UnableToSendCommand
                | DatabaseErrorKind::SerializationFailure
                | DatabaseErrorKind::ReadOnlyTransaction => true,
                // A full disk, a deadlock, a server that is being stopped: PostgreSQL says so in the language of its
                // machine, and diesel does not tell the SQLSTATE. What is wrong with a statement has a place in it.
                DatabaseErrorKind::Unknown => {
                    information.statement_position().is_none()
                        && !LASTING.iter().any(|lasting| information.message().contains(lasting))
                }
                _ => false,
            },
            Self::Query(_) | Self::Task | Self::ReadOnly | Self::Encoding(_) | Self::Newer(_) | Self::Clock(_) => false,
        }
    }
}

/// As much of what a database said as is asked for.
struct Copied {
    message: String,
    statement_position: Option<i32>,
}

impl Copied {
    fn of(information: &dyn DatabaseErrorInformation) -> Self {
        Self { message: information.message().to_owned(), statement_position: information.statement_position() }
    }
}

impl DatabaseErrorInformation for Copied {
    fn message(&self) -> &str {
        &self.message
    }

    fn details(&self) -> Option<&str> {
        None
    }

    fn hint(&self) -> Option<&str> {
        None
    }

    fn table_name(&self) -> Option<&str> {
        None
    }

    fn column_name(&self) -> Option<&str> {
        None
    }

    fn constraint_name(&self) -> Option<&str> {
        None
    }

    fn statement_position(&self) -> Option<i32> {
        self.statement_position
    }
}

#[cfg(test)]
mod tests {
    use diesel::connection::SimpleConnection;

    use super::*;
    use crate::db::{Database, Db};

    /// What SQLite says when the one connection there is cannot write.
    async fn refused(pragma: &'static str) -> DbError {
        let folder = tempfile::tempdir().unwrap();
        let database = Database::of_test(folder.path()).await;
        let execute = |sql: &'static str| {
            move |db: &mut Db| match db {
                Db::Sqlite(sqlite) => Ok::<_, DbError>(sqlite.batch_execute(sql)?),
                Db::Postgres(_) => unreachable!(),
            }
        };
        database.read(execute(pragma)).await.unwrap();
        database.write(execute("CREATE TABLE more AS SELECT zeroblob(1000000)")).await.unwrap_err()
    }

    #[tokio::test]
    async fn a_full_or_read_only_disk_passes() {
        for pragma in ["PRAGMA max_page_count = 1", "PRAGMA query_only = ON"] {
            let error = refused(pragma).await;
            assert!(error.is_passing(), "{pragma}: {error}");
        }
    }

    #[tokio::test]
    async fn what_is_wrong_with_a_statement_does_not_pass() {
        let folder = tempfile::tempdir().unwrap();
        let database = Database::of_test(folder.path()).await;
        for sql in ["SELECT 1 FROM nowhere", "SELECT nothing FROM accounts", "SELEKT 1"] {
            let error = database.read(|db| match db {
                Db::Sqlite(sqlite) => Ok::<_, DbError>(sqlite.batch_execute(sql)?),
                Db::Postgres(_) => unreachable!(),
            });
            let error = error.await.unwrap_err();
            assert!(!error.is_passing() && !error.again().is_passing(), "{sql}: {error}");
        }
    }
}

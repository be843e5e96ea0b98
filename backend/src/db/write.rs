//! Writing to the database.

use super::transaction::{Commit, Plan, write_transaction};
use super::{Database, Db, DbError, writer};

impl Database {
    /// Writes in one transaction: all of it or, after an error, nothing.
    ///
    /// # Errors
    /// What `work` returns, or [`DbError`] when there is no connection or the commit fails.
    pub async fn write<T, E>(&self, work: impl FnOnce(&mut Db) -> Result<T, E> + Send + 'static) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<DbError> + Send + 'static,
    {
        self.transaction(Plan::OfTheseValues, work).await
    }

    /// As [`Self::write`], of rows that are found by a key: PostgreSQL plans each statement once for all values and not,
    /// as it may, for each value anew. Not for those that go by a state or a time.
    ///
    /// # Errors
    /// As [`Self::write`].
    pub async fn write_by_key<T, E>(&self, work: impl FnOnce(&mut Db) -> Result<T, E> + Send + 'static) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<DbError> + Send + 'static,
    {
        self.transaction(Plan::OfAllValues, work).await
    }

    /// Writes by statements that each stand alone, and that nobody is told of before a [`Self::write`] or
    /// [`Self::write_alone`] follows. PostgreSQL commits each by itself, which is two ways to the server less. SQLite has all of
    /// them in one transaction, and does not wait for the disk: everybody sees it at once, and it is on disk with the next write
    /// that waits.
    ///
    /// # Errors
    /// As [`Self::write`]; what was done before the error may be there.
    pub async fn write_each<T, E>(&self, work: impl FnOnce(&mut Db) -> Result<T, E> + Send + 'static) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<DbError> + Send + 'static,
    {
        self.without_transaction(Commit::Relaxed, work).await
    }

    /// Writes by one statement, which PostgreSQL commits by itself: a transaction would be two ways to the server more.
    ///
    /// # Errors
    /// As [`Self::write`].
    pub async fn write_alone<T, E>(&self, work: impl FnOnce(&mut Db) -> Result<T, E> + Send + 'static) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<DbError> + Send + 'static,
    {
        self.without_transaction(Commit::Durable, work).await
    }

    /// Without one on PostgreSQL; SQLite has one writer, who needs it.
    async fn without_transaction<T, E>(
        &self,
        commit: Commit,
        work: impl FnOnce(&mut Db) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<DbError> + Send + 'static,
    {
        self.check_open()?;
        match &self.writer {
            Some(writer) => writer::write(writer, commit, work).await,
            None => self.look(&self.requests, work).await,
        }
    }

    async fn transaction<T, E>(
        &self,
        plan: Plan,
        work: impl FnOnce(&mut Db) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<DbError> + Send + 'static,
    {
        self.check_open()?;
        match &self.writer {
            Some(writer) => writer::write(writer, Commit::Durable, work).await,
            None => self.look(&self.requests, move |db| write_transaction(db, plan, work)).await,
        }
    }
}

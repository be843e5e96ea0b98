//! SQLite has one writer at a time. In this process it is a thread that takes up all that wait: each in a savepoint of its
//! own, and one commit, which is what takes the time, for all. Who fails takes back only what is theirs.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::Duration;

use diesel::connection::{Connection, TransactionManager};
use tokio::sync::{Mutex, oneshot};

use super::together::{Bounds, Together, Work};
use super::transaction::{Commit, Plan, begin_write};
use super::{Db, DbError};
use crate::telemetry;

type Transactions = <Db as Connection>::TransactionManager;

/// A group keeps its first one waiting for as long as it takes the last.
pub(super) const BOUNDS: Bounds = Bounds { group: 32, queue: usize::MAX, patience: None, vigil: Duration::ZERO };

/// The one who writes.
pub(super) type Writer = Together<Writing>;

pub(super) struct Writing {
    pub(super) turn: Arc<Mutex<()>>,
}

/// Hands in what is to be written, and waits until it is committed.
pub(super) async fn write<T, E>(
    writer: &Arc<Writer>,
    commit: Commit,
    work: impl FnOnce(&mut Db) -> Result<T, E> + Send + 'static,
) -> Result<T, E>
where
    T: Send + 'static,
    E: From<DbError> + Send + 'static,
{
    let (tell, told) = oneshot::channel();
    let id = telemetry::request_id();
    let work = move |db: &mut Db| telemetry::of_request(id, || work(db));
    writer.hand_in(Box::new(Task { commit, work: Some(work), outcome: None, tell }));
    told.await.map_err(|_| DbError::Task)?
}

/// One caller's changes.
pub(super) trait Change: Send {
    /// How its commit has to be.
    fn commit(&self) -> Commit;

    /// Makes them. False: they are to be taken back.
    fn make(&mut self, db: &mut Db) -> bool;

    /// Tells the caller what came of it.
    fn tell(self: Box<Self>, committed: Result<(), DbError>);
}

struct Task<F, T, E> {
    commit: Commit,
    work: Option<F>,
    outcome: Option<Result<T, E>>,
    tell: oneshot::Sender<Result<T, E>>,
}

impl<F, T, E> Change for Task<F, T, E>
where
    F: FnOnce(&mut Db) -> Result<T, E> + Send,
    T: Send,
    E: From<DbError> + Send,
{
    fn commit(&self) -> Commit {
        self.commit
    }

    fn make(&mut self, db: &mut Db) -> bool {
        let Some(work) = self.work.take() else { return false };
        let outcome = catch_unwind(AssertUnwindSafe(|| work(db))).unwrap_or_else(|_| Err(DbError::Task.into()));
        self.outcome.insert(outcome).is_ok()
    }

    fn tell(self: Box<Self>, committed: Result<(), DbError>) {
        // What it failed over by itself tells more than that nothing was committed.
        let outcome = match (self.outcome, committed) {
            (Some(Ok(value)), Ok(())) => Ok(value),
            (Some(Err(error)), _) => Err(error),
            (_, Err(error)) => Err(error.into()),
            (None, Ok(())) => Err(DbError::Task.into()),
        };
        // The work goes on when the caller is gone: a client that hangs up leaves nothing half-way.
        let _ = self.tell.send(outcome);
    }
}

impl Work for Writing {
    type Part = Box<dyn Change>;

    fn work(&self, db: &mut Db, mut changes: Vec<Self::Part>) -> bool {
        let committed = {
            let _turn = self.turn.blocking_lock();
            commit(db, &mut changes)
        };
        let went_well = committed.is_ok();
        for change in changes {
            change.tell(committed.as_ref().copied().map_err(DbError::again));
        }
        went_well
    }

    fn refuse(change: Self::Part, error: &Arc<DbError>) {
        change.tell(Err(error.again()));
    }
}

/// All of them in one transaction.
fn commit(db: &mut Db, changes: &mut [Box<dyn Change>]) -> Result<(), DbError> {
    // One of them that waits for the disk is reason enough.
    let strictest = changes.iter().map(|change| change.commit()).max();
    begin_write(db, strictest.unwrap_or(Commit::Durable), Plan::OfTheseValues)?;
    let made = match changes {
        // Alone, the transaction is savepoint enough.
        [change] => {
            if !change.make(db) {
                return Ok(Transactions::rollback_transaction(db)?);
            }
            Ok(())
        }
        _ => changes.iter_mut().try_for_each(|change| in_savepoint(db, change.as_mut())),
    };
    match made {
        Ok(()) => Ok(Transactions::commit_transaction(db)?),
        Err(error) => {
            // The first error is the one to tell.
            let _ = Transactions::rollback_transaction(db);
            Err(error)
        }
    }
}

/// An error is one over which SQLite gave the whole transaction up, such as a full disk.
fn in_savepoint(db: &mut Db, change: &mut dyn Change) -> Result<(), DbError> {
    Transactions::begin_transaction(db)?;
    if change.make(db) {
        Transactions::commit_transaction(db)?;
    } else {
        Transactions::rollback_transaction(db)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use diesel::connection::SimpleConnection;
    use diesel::dsl::sql;
    use diesel::prelude::*;
    use diesel::sql_types::BigInt;

    use super::*;
    use crate::db::{Database, DatabaseUrl};

    fn run(db: &mut Db, statement: &str) -> Result<(), DbError> {
        match db {
            Db::Sqlite(sqlite) => Ok(sqlite.batch_execute(statement)?),
            Db::Postgres(_) => unreachable!(),
        }
    }

    fn add(number: i64) -> impl FnOnce(&mut Db) -> Result<(), DbError> {
        move |db| run(db, &format!("INSERT INTO numbers VALUES ({number})"))
    }

    /// A database that has a table and lets nobody write before the returned sender is dropped.
    async fn held_up(folder: &std::path::Path) -> (Database, std::sync::mpsc::Sender<()>) {
        let url = DatabaseUrl::parse(&format!("sqlite://{}/rekey.db", folder.display())).unwrap();
        let database = Database::open(&url, 4);
        database.open_for_all();
        database.write(|db| run(db, "CREATE TABLE numbers (number INTEGER NOT NULL UNIQUE)")).await.unwrap();
        let (go, wait) = std::sync::mpsc::channel::<()>();
        let (began, has_begun) = oneshot::channel();
        let holder = database.clone();
        tokio::spawn(async move {
            let hold = move |_: &mut Db| {
                let _ = began.send(());
                let _ = wait.recv();
                Ok::<_, DbError>(())
            };
            holder.write(hold).await
        });
        has_begun.await.unwrap();
        (database, go)
    }

    type Outcome = tokio::task::JoinHandle<Result<(), DbError>>;

    async fn behind<W>(database: &Database, work: W) -> Outcome
    where
        W: FnOnce(&mut Db) -> Result<(), DbError> + Send + 'static,
    {
        let (waiting, writer) = (database.writer.as_ref().unwrap().waiting(), database.clone());
        let outcome = tokio::spawn(async move { writer.write(work).await });
        while database.writer.as_ref().unwrap().waiting() == waiting {
            tokio::task::yield_now().await;
        }
        outcome
    }

    async fn numbers(database: &Database) -> i64 {
        let count = |db: &mut Db| {
            Ok::<_, DbError>(diesel::select(sql::<BigInt>("(SELECT SUM(number) FROM numbers)")).get_result(db)?)
        };
        database.read(count).await.unwrap()
    }

    #[tokio::test]
    async fn who_fails_in_a_group_takes_back_only_what_is_theirs() {
        let folder = tempfile::tempdir().unwrap();
        let (database, go) = held_up(folder.path()).await;
        let first = behind(&database, add(1)).await;
        let twice = behind(&database, |db| add(20)(db).and_then(|()| add(1)(db))).await;
        let panics = behind(&database, |db| add(300)(db).map(|()| panic!("on purpose"))).await;
        let last = behind(&database, add(4_000)).await;
        drop(go);
        first.await.unwrap().unwrap();
        assert!(twice.await.unwrap().unwrap_err().is_taken());
        assert!(matches!(panics.await.unwrap(), Err(DbError::Task)));
        last.await.unwrap().unwrap();
        assert_eq!(numbers(&database).await, 4_001);
    }

    #[tokio::test]
    async fn when_nothing_is_committed_all_are_told() {
        let folder = tempfile::tempdir().unwrap();
        let (database, go) = held_up(folder.path()).await;
        let first = behind(&database, add(1)).await;
        // As SQLite does by itself over a full disk.
        let gives_up = behind(&database, |db| run(db, "ROLLBACK")).await;
        let last = behind(&database, add(4_000)).await;
        drop(go);
        for one in [first, gives_up, last] {
            one.await.unwrap().unwrap_err();
        }
        // And the next one may.
        database.write(add(7)).await.unwrap();
        assert_eq!(numbers(&database).await, 7);
    }
}

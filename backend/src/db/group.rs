//! Rows of many requests in one transaction: all that wait while one commit is under way go into the next. A request that
//! comes alone waits for nobody, and each is answered only after its row is on disk.

use std::time::Duration;

use tokio::sync::{mpsc, oneshot};

use super::{Database, Db, DbError};
use crate::error::Error;

/// Rows of one transaction at most.
const GROUP: usize = 512;
/// Rows that may wait, a second or two of commits: who comes later is told so at once.
const QUEUE: usize = 8 * GROUP;

/// Inserts some rows.
type Insert<T> = fn(&mut Db, &[T]) -> Result<(), DbError>;

struct Waiting<T> {
    row: T,
    committed: oneshot::Sender<Result<(), String>>,
}

/// Where rows are handed in. Cheap to clone.
#[derive(Clone)]
pub struct GroupCommit<T>(mpsc::Sender<Waiting<T>>);

impl<T: Send + 'static> GroupCommit<T> {
    /// Begins to commit in the background, until the last clone is dropped.
    #[must_use]
    pub fn start(database: Database, insert: Insert<T>) -> Self {
        let (sender, waiting) = mpsc::channel(QUEUE);
        tokio::spawn(commit_groups(database, insert, waiting));
        Self(sender)
    }

    /// Waits until the row is committed.
    ///
    /// # Errors
    /// [`Error::Unavailable`] when too many wait, or the database does not take it now.
    pub async fn commit(&self, row: T) -> Result<(), Error> {
        let unavailable = |cause: String| Error::Unavailable { retry_after: Duration::from_secs(2), cause };
        let (committed, answer) = oneshot::channel();
        self.0
            .try_send(Waiting { row, committed })
            .map_err(|_| unavailable("too many rows wait to be committed".to_owned()))?;
        match answer.await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(cause)) => Err(unavailable(cause)),
            Err(_) => Err(unavailable("the server is being stopped".to_owned())),
        }
    }
}

async fn commit_groups<T: Send + 'static>(
    database: Database,
    insert: Insert<T>,
    mut waiting: mpsc::Receiver<Waiting<T>>,
) {
    let mut group = Vec::new();
    // Whatever is there, and never waits for more: with one request there is one row.
    while waiting.recv_many(&mut group, GROUP).await > 0 {
        let (rows, answers): (Vec<T>, Vec<_>) = group.drain(..).map(|one| (one.row, one.committed)).unzip();
        let written = database.write(move |db| insert(db, &rows)).await.map_err(|error: DbError| error.to_string());
        for committed in answers {
            // Who has hung up does not read it.
            let _ = committed.send(written.clone());
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{Condvar, Mutex};

    use super::*;
    use crate::db::DatabaseUrl;

    /// Holds commits up until a test opens it, and remembers how many rows each had.
    struct Gate {
        open: (Mutex<bool>, Condvar),
        groups: Mutex<Vec<usize>>,
    }

    impl Gate {
        const fn new() -> Self {
            Self { open: (Mutex::new(false), Condvar::new()), groups: Mutex::new(Vec::new()) }
        }

        #[expect(clippy::unnecessary_wraps, reason = "stands for an insert, which may fail")]
        fn pass(&self, rows: usize) -> Result<(), DbError> {
            self.groups.lock().unwrap().push(rows);
            let (open, opened) = &self.open;
            let _open = opened.wait_while(open.lock().unwrap(), |open| !*open).unwrap();
            Ok(())
        }

        fn open(&self) {
            *self.open.0.lock().unwrap() = true;
            self.open.1.notify_all();
        }
    }

    fn database(folder: &std::path::Path) -> Database {
        let url = DatabaseUrl::parse(&format!("sqlite://{}/rekey.db", folder.display())).unwrap();
        let database = Database::open(&url, 1);
        database.open_for_all();
        database
    }

    type Answers = Vec<tokio::task::JoinHandle<Result<(), Error>>>;

    /// A commit that the gate holds up.
    async fn hold_up(gate: &Gate, commits: &GroupCommit<usize>) -> Answers {
        let waiting = hand_in(commits, 1);
        while gate.groups.lock().unwrap().is_empty() {
            tokio::task::yield_now().await;
        }
        waiting
    }

    /// Rows that wait behind it.
    async fn queue_up(commits: &GroupCommit<usize>, rows: usize) -> Answers {
        let waiting = hand_in(commits, rows);
        while commits.0.capacity() > QUEUE - rows {
            tokio::task::yield_now().await;
        }
        waiting
    }

    fn hand_in(commits: &GroupCommit<usize>, rows: usize) -> Answers {
        (0..rows)
            .map(|row| {
                let commits = commits.clone();
                tokio::spawn(async move { commits.commit(row).await })
            })
            .collect()
    }

    #[tokio::test]
    async fn who_waits_at_the_same_time_is_committed_together() {
        static GATE: Gate = Gate::new();
        let folder = tempfile::tempdir().unwrap();
        let commits = GroupCommit::start(database(folder.path()), |_, rows| GATE.pass(rows.len()));
        let mut waiting = hold_up(&GATE, &commits).await;
        waiting.extend(queue_up(&commits, 300).await);
        GATE.open();
        for one in waiting {
            one.await.unwrap().unwrap();
        }
        assert_eq!(*GATE.groups.lock().unwrap(), [1, 300]);
    }

    #[tokio::test]
    async fn each_of_a_group_that_failed_is_told() {
        let folder = tempfile::tempdir().unwrap();
        let commits = GroupCommit::start(database(folder.path()), |_, _: &[usize]| Err(DbError::Task));
        for one in hand_in(&commits, 2) {
            let told = one.await.unwrap();
            assert!(matches!(told, Err(Error::Unavailable { cause, .. }) if cause.contains("task")));
        }
    }

    #[tokio::test]
    async fn beyond_the_bound_the_answer_comes_at_once() {
        static GATE: Gate = Gate::new();
        let folder = tempfile::tempdir().unwrap();
        let commits = GroupCommit::start(database(folder.path()), |_, rows| GATE.pass(rows.len()));
        let mut waiting = hold_up(&GATE, &commits).await;
        waiting.extend(queue_up(&commits, QUEUE).await);
        let refused = commits.commit(0).await;
        assert!(matches!(refused, Err(Error::Unavailable { cause, .. }) if cause.contains("too many")));
        GATE.open();
        for one in waiting {
            one.await.unwrap().unwrap();
        }
    }
}

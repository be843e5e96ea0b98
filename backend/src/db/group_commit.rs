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
    use std::sync::Mutex;

    use super::*;
    use crate::db::DatabaseUrl;

    static GROUPS: Mutex<Vec<usize>> = Mutex::new(Vec::new());

    fn database(folder: &std::path::Path) -> Database {
        Database::open(&DatabaseUrl::parse(&format!("sqlite://{}/rekey.db", folder.display())).unwrap(), 1)
    }

    fn slowly(_: &mut Db, rows: &[u32]) -> Result<(), DbError> {
        std::thread::sleep(Duration::from_millis(100));
        GROUPS.lock().unwrap().push(rows.len());
        Ok(())
    }

    #[tokio::test]
    async fn who_waits_at_the_same_time_is_committed_together() {
        let folder = tempfile::tempdir().unwrap();
        let commits = GroupCommit::start(database(folder.path()), slowly);
        commits.commit(0).await.unwrap();
        let many: Vec<_> = (1..=300)
            .map(|row| {
                let commits = commits.clone();
                tokio::spawn(async move { commits.commit(row).await })
            })
            .collect();
        for one in many {
            one.await.unwrap().unwrap();
        }
        let groups = GROUPS.lock().unwrap();
        assert_eq!((groups[0], groups.iter().sum::<usize>()), (1, 301));
        assert!(groups.len() <= 4, "{groups:?}");
    }

    #[tokio::test]
    async fn each_of_a_group_that_failed_is_told() {
        let folder = tempfile::tempdir().unwrap();
        let refuse = |_: &mut Db, _: &[u32]| Err(DbError::Task);
        let commits = GroupCommit::start(database(folder.path()), refuse);
        for _ in 0..2 {
            let told = commits.commit(1).await;
            assert!(matches!(told, Err(Error::Unavailable { cause, .. }) if cause.contains("task")));
        }
    }

    #[tokio::test]
    async fn beyond_the_bound_the_answer_comes_at_once() {
        let folder = tempfile::tempdir().unwrap();
        let never = |_: &mut Db, _: &[usize]| {
            std::thread::sleep(Duration::from_millis(300));
            Ok(())
        };
        let commits = GroupCommit::start(database(folder.path()), never);
        let many: Vec<_> = (0..QUEUE + 2 * GROUP)
            .map(|row| {
                let commits = commits.clone();
                tokio::spawn(async move { commits.commit(row).await.is_ok() })
            })
            .collect();
        let mut refused = 0;
        for one in many {
            refused += usize::from(!one.await.unwrap());
        }
        assert!((1..=2 * GROUP).contains(&refused), "{refused}");
    }
}

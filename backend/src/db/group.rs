//! Rows and questions of many requests, taken to the database together: all that wait while one group is under way go into
//! the next. A request that comes alone waits for nobody.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{Mutex, oneshot};

use super::together::{Bounds, Together, Work};
use super::transaction::{Plan, write_transaction};
use super::{Database, Db, DbError};
use crate::error::Error;

/// Rows of one transaction at most. As many as may wait, a second or two of commits: who comes later is told so at once.
const ROWS: Bounds = Bounds { group: 512, queue: 8 * 512, patience: None, vigil: Duration::from_micros(200) };
/// Questions that are asked together at most. One connection on which nothing comes back must not hold up everybody.
const QUESTIONS: Bounds =
    Bounds { group: 64, queue: usize::MAX, patience: Some(Duration::from_millis(20)), vigil: Duration::ZERO };

/// Answers some questions, each with what stands in its place.
type Answer<Q, A> = fn(&mut Db, &[Q]) -> Result<Vec<A>, DbError>;

/// Where they are handed in.
pub struct Group<Q: Send + 'static, A: Send + 'static> {
    database: Database,
    together: Arc<Together<Asking<Q, A>>>,
}

struct Asked<Q, A> {
    question: Q,
    tell: oneshot::Sender<Result<A, Arc<DbError>>>,
}

struct Asking<Q, A> {
    answer: Answer<Q, A>,
    does: Does,
}

enum Does {
    Read,
    /// In a transaction, when it is this writer's turn.
    Write(Arc<Mutex<()>>),
    /// By one statement, which PostgreSQL commits by itself: three ways to the server are two too many.
    WriteAtOnce,
}

impl<Q: Send + 'static> Group<Q, ()> {
    /// Rows that are inserted together, by one commit; each request is answered only after its row is on disk.
    #[must_use]
    pub fn of_rows(database: &Database, insert: Answer<Q, ()>) -> Self {
        let does = database.pool.turn.clone().map_or(Does::WriteAtOnce, Does::Write);
        Self::new(database, Asking { answer: insert, does }, ROWS)
    }
}

impl<Q: Send + 'static, A: Send + 'static> Group<Q, A> {
    /// Questions outside of a transaction. Each is put to the database after it was asked here: no answer is older.
    #[must_use]
    pub fn of_questions(database: &Database, answer: Answer<Q, A>) -> Self {
        Self::new(database, Asking { answer, does: Does::Read }, QUESTIONS)
    }

    fn new(database: &Database, asking: Asking<Q, A>, bounds: Bounds) -> Self {
        let together = Together::new(asking, bounds, (database.pool.clone(), database.requests.clone()));
        Self { database: database.clone(), together }
    }

    /// Waits for its answer; for a row, until it is committed.
    ///
    /// # Errors
    /// [`Error::Unavailable`] when too many wait, or the database does not answer now.
    pub async fn ask(&self, question: Q) -> Result<A, Error> {
        self.database.check_open()?;
        let (tell, told) = oneshot::channel();
        if !self.together.hand_in(Asked { question, tell }) {
            let cause = "too many rows wait to be committed".to_owned();
            return Err(Error::Unavailable { retry_after: Duration::from_secs(2), cause });
        }
        told.await.map_err(|_| DbError::Task)?.map_err(|error| Error::from(&*error))
    }
}

impl<Q: Send + 'static, A: Send + 'static> Work for Asking<Q, A> {
    type Part = Asked<Q, A>;

    fn work(&self, db: &mut Db, parts: Vec<Self::Part>) -> bool {
        let (questions, told): (Vec<Q>, Vec<_>) = parts.into_iter().map(|part| (part.question, part.tell)).unzip();
        let answers = match &self.does {
            Does::Read | Does::WriteAtOnce => (self.answer)(db, &questions),
            Does::Write(turn) => {
                let _turn = turn.blocking_lock();
                write_transaction(db, Plan::OfTheseValues, |db| (self.answer)(db, &questions))
            }
        };
        // Who has hung up does not read it.
        match answers {
            Ok(answers) => {
                for (tell, answer) in told.into_iter().zip(answers) {
                    let _ = tell.send(Ok(answer));
                }
                true
            }
            Err(error) => {
                let error = Arc::new(error);
                for tell in told {
                    let _ = tell.send(Err(Arc::clone(&error)));
                }
                false
            }
        }
    }

    fn refuse(part: Self::Part, error: &Arc<DbError>) {
        let _ = part.tell.send(Err(Arc::clone(error)));
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
        fn pass(&self, rows: usize) -> Result<Vec<()>, DbError> {
            self.groups.lock().unwrap().push(rows);
            let (open, opened) = &self.open;
            let _open = opened.wait_while(open.lock().unwrap(), |open| !*open).unwrap();
            Ok(vec![(); rows])
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

    fn rows(folder: &std::path::Path, insert: Answer<usize, ()>) -> Arc<Group<usize, ()>> {
        Arc::new(Group::of_rows(&database(folder), insert))
    }

    type Answers = Vec<tokio::task::JoinHandle<Result<(), Error>>>;

    /// A commit that the gate holds up.
    async fn hold_up(gate: &Gate, commits: &Arc<Group<usize, ()>>) -> Answers {
        let waiting = hand_in(commits, 1);
        while gate.groups.lock().unwrap().is_empty() {
            tokio::task::yield_now().await;
        }
        waiting
    }

    /// Rows that wait behind it.
    async fn queue_up(commits: &Arc<Group<usize, ()>>, rows: usize) -> Answers {
        let waiting = hand_in(commits, rows);
        while commits.together.waiting() < rows {
            tokio::task::yield_now().await;
        }
        waiting
    }

    fn hand_in(commits: &Arc<Group<usize, ()>>, rows: usize) -> Answers {
        (0..rows)
            .map(|row| {
                let commits = Arc::clone(commits);
                tokio::spawn(async move { commits.ask(row).await })
            })
            .collect()
    }

    #[tokio::test]
    async fn who_waits_at_the_same_time_is_committed_together() {
        static GATE: Gate = Gate::new();
        let folder = tempfile::tempdir().unwrap();
        let commits = rows(folder.path(), |_, rows| GATE.pass(rows.len()));
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
        let commits = rows(folder.path(), |_, _| Err(DbError::Task));
        for one in hand_in(&commits, 2) {
            let told = one.await.unwrap();
            assert!(matches!(told, Err(Error::Internal(cause)) if cause.contains("task")));
        }
    }

    #[tokio::test]
    async fn beyond_the_bound_the_answer_comes_at_once() {
        static GATE: Gate = Gate::new();
        let folder = tempfile::tempdir().unwrap();
        let commits = rows(folder.path(), |_, rows| GATE.pass(rows.len()));
        let mut waiting = hold_up(&GATE, &commits).await;
        waiting.extend(queue_up(&commits, ROWS.queue).await);
        let refused = commits.ask(0).await;
        assert!(matches!(refused, Err(Error::Unavailable { cause, .. }) if cause.contains("too many")));
        GATE.open();
        for one in waiting {
            one.await.unwrap().unwrap();
        }
    }
}

//! Work of many callers that one thread does together: who finds nobody at it begins ("flat combining"), and goes on with
//! what has come meanwhile. So one who is alone waits for no other, and many share a connection, a transaction or a way to
//! the server.

use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use tokio::runtime::Handle;
use tokio::sync::OwnedSemaphorePermit;

use super::lane::Lane;
use super::{Db, DbError, Pool, connection};

/// A worker goes on for so long; then others who wait for a connection have their turn.
const SHIFT: Duration = Duration::from_millis(100);

/// What is done together.
pub(super) trait Work: Send + Sync + 'static {
    /// One caller's part of it.
    type Part: Send + 'static;

    /// Does it, and tells every caller. Whether it went well, and the connection may be used again at once.
    fn work(&self, db: &mut Db, parts: Vec<Self::Part>) -> bool;

    /// Tells a caller that nothing was done.
    fn refuse(part: Self::Part, error: &Arc<DbError>);
}

/// How much at a time.
#[derive(Clone, Copy)]
pub(super) struct Bounds {
    /// Parts that are done together at most.
    pub(super) group: usize,
    /// Parts that may wait.
    pub(super) queue: usize,
    /// When a group takes longer, those who come next do not wait for it. None: they have to.
    pub(super) patience: Option<Duration>,
    /// How long a worker that finds nothing more stays awake for the next part: to wake a thread takes as long as a quarter of
    /// a commit. Not together with `patience`: a worker in its vigil has not begun lately.
    pub(super) vigil: Duration,
}

/// Parts that wait, and whether somebody is at it.
pub(super) struct Together<W: Work> {
    work: W,
    bounds: Bounds,
    pool: Pool,
    lane: Lane,
    /// Where workers run; without one, in that of whoever asks. A server's threads end one by one, the main one last.
    runtime: Option<Handle>,
    state: Mutex<State<W::Part>>,
}

struct State<P> {
    waiting: VecDeque<P>,
    workers: usize,
    /// When one of them last began with a group.
    began: Instant,
}

impl<W: Work> Together<W> {
    pub(super) fn new(work: W, bounds: Bounds, (pool, lane): (Pool, Lane)) -> Arc<Self> {
        let state = State { waiting: VecDeque::new(), workers: 0, began: Instant::now() };
        Arc::new(Self { work, bounds, pool, lane, runtime: Handle::try_current().ok(), state: Mutex::new(state) })
    }

    /// Hands a part in; sees to it that somebody is at work. False: too many wait.
    pub(super) fn hand_in(self: &Arc<Self>, part: W::Part) -> bool {
        let begins = {
            let mut state = self.state();
            if state.waiting.len() >= self.bounds.queue {
                return false;
            }
            state.waiting.push_back(part);
            let is_late = self.bounds.patience.is_some_and(|patience| state.began.elapsed() > patience);
            let begins = state.workers == 0 || is_late;
            if begins {
                state.workers += 1;
                state.began = Instant::now();
            }
            begins
        };
        if begins {
            Arc::clone(self).begin();
        }
        true
    }

    /// Finds a worker a connection.
    fn begin(self: Arc<Self>) {
        let runtime = self.runtime.clone().unwrap_or_else(Handle::current);
        if let Some(place) = self.lane.try_enter() {
            let wait = self.lane.wait();
            runtime.spawn_blocking(move || self.shift(place, wait));
            return;
        }
        runtime.clone().spawn(async move {
            match self.lane.enter().await {
                Ok((place, until)) => {
                    let wait = until - tokio::time::Instant::now();
                    runtime.spawn_blocking(move || self.shift(place, wait));
                }
                Err(error) => self.refuse_all(error),
            }
        });
    }

    fn shift(self: Arc<Self>, place: OwnedSemaphorePermit, wait: Duration) {
        let mut connection = match connection(&self.pool, wait) {
            Ok(connection) => connection,
            Err(error) => return self.refuse_all(error),
        };
        let end = Instant::now() + SHIFT;
        while let Some(parts) = self.await_parts(self.bounds.vigil) {
            // A panic ends with the parts that it was over: who waits for them hears that nobody tells them anything.
            let work = |db: &mut Db| self.work.work(db, parts).then_some(()).ok_or(());
            let done = catch_unwind(AssertUnwindSafe(|| connection.work(work)));
            if !matches!(done, Ok(Ok(()))) || Instant::now() > end {
                drop((connection, place));
                return self.begin();
            }
        }
    }

    /// The next group; none, after a vigil, and the worker is done.
    fn await_parts(&self, vigil: Duration) -> Option<Vec<W::Part>> {
        let end = Instant::now() + vigil;
        loop {
            let mut state = self.state();
            if let Some(parts) = self.take(&mut state) {
                return Some(parts);
            }
            if Instant::now() >= end {
                state.workers -= 1;
                return None;
            }
            drop(state);
            // Whoever else has something to do may go first.
            std::thread::yield_now();
        }
    }

    fn take(&self, state: &mut State<W::Part>) -> Option<Vec<W::Part>> {
        if state.waiting.is_empty() {
            return None;
        }
        state.began = Instant::now();
        let number = state.waiting.len().min(self.bounds.group);
        Some(state.waiting.drain(..number).collect())
    }

    /// Of a worker that has no connection. Who comes next may find one.
    fn refuse_all(&self, error: DbError) {
        let error = Arc::new(error);
        while let Some(parts) = self.await_parts(Duration::ZERO) {
            for part in parts {
                W::refuse(part, &error);
            }
        }
    }

    fn state(&self) -> MutexGuard<'_, State<W::Part>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    #[cfg(test)]
    pub(super) fn waiting(&self) -> usize {
        self.state().waiting.len()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc::{Receiver, Sender, channel};

    use super::*;
    use crate::db::{Database, DatabaseUrl};

    /// What finds no connection.
    const REFUSED: u32 = 7;

    /// Is held up over what is not zero, until the test lets it go on.
    struct Slow {
        begun: Mutex<Sender<Vec<u32>>>,
        go: Mutex<Receiver<()>>,
    }

    impl Work for Slow {
        type Part = u32;

        fn work(&self, _: &mut Db, parts: Vec<u32>) -> bool {
            let is_slow = parts != [0];
            self.begun.lock().unwrap().send(parts).unwrap();
            if is_slow {
                self.go.lock().unwrap().recv().unwrap();
            }
            true
        }

        fn refuse(part: u32, error: &Arc<DbError>) {
            assert_eq!(part, REFUSED, "{error}");
        }
    }

    fn slow(
        patience: Option<Duration>,
        folder: &std::path::Path,
    ) -> (Arc<Together<Slow>>, Receiver<Vec<u32>>, Sender<()>) {
        let url = DatabaseUrl::parse(&format!("sqlite://{}/rekey.db", folder.display())).unwrap();
        let database = Database::open(&url, 4);
        let ((begun, has_begun), (go, wait)) = (channel(), channel());
        let work = Slow { begun: Mutex::new(begun), go: Mutex::new(wait) };
        let bounds = Bounds { group: 2, queue: 4, patience, vigil: Duration::ZERO };
        (Together::new(work, bounds, (database.pool.clone(), database.requests.clone())), has_begun, go)
    }

    #[tokio::test]
    async fn what_comes_meanwhile_is_done_together_and_no_more_than_a_group_at_a_time() {
        let folder = tempfile::tempdir().unwrap();
        let (together, has_begun, go) = slow(None, folder.path());
        assert!(together.hand_in(1));
        assert_eq!(has_begun.recv().unwrap(), [1]);
        assert!((2..6).all(|part| together.hand_in(part)), "as many as may wait");
        assert!(!together.hand_in(6), "one too many");
        for group in [vec![2, 3], vec![4, 5]] {
            go.send(()).unwrap();
            assert_eq!(has_begun.recv().unwrap(), group);
        }
        go.send(()).unwrap();
    }

    #[tokio::test]
    async fn a_vigil_ends() {
        let folder = tempfile::tempdir().unwrap();
        let (mut together, has_begun, _go) = slow(None, folder.path());
        Arc::get_mut(&mut together).unwrap().bounds.vigil = Duration::from_millis(20);
        for _ in 0..2 {
            assert!(together.hand_in(0));
            assert_eq!(has_begun.recv().unwrap(), [0]);
            while together.state().workers > 0 {
                tokio::task::yield_now().await;
            }
        }
    }

    #[tokio::test]
    async fn who_has_no_connection_keeps_no_vigil() {
        let folder = tempfile::tempdir().unwrap();
        let (mut together, _begun, _go) = slow(None, folder.path());
        let lane = Lane::new(1, Duration::from_millis(1));
        let _place = lane.try_enter().unwrap();
        let inner = Arc::get_mut(&mut together).unwrap();
        (inner.bounds.vigil, inner.lane) = (Duration::from_hours(1), lane);
        assert!(together.hand_in(REFUSED));
        while together.state().workers > 0 {
            tokio::task::yield_now().await;
        }
    }

    #[tokio::test]
    async fn one_that_hangs_does_not_hold_up_those_who_can_do_without() {
        let folder = tempfile::tempdir().unwrap();
        let (together, has_begun, go) = slow(Some(Duration::ZERO), folder.path());
        assert!(together.hand_in(1));
        assert_eq!(has_begun.recv().unwrap(), [1]);
        assert!(together.hand_in(0));
        assert_eq!(has_begun.recv().unwrap(), [0], "while the first one is still at it");
        go.send(()).unwrap();
    }
}

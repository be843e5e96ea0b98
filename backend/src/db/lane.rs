//! Who may use a connection, and who waits for one.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::{Instant, timeout_at};

use super::DbError;

/// Connections for one kind of caller. Whoever waits for one waits here, first come first served; in the pool it would take
/// a thread to wait on, and a flood many.
#[derive(Clone)]
pub(super) struct Lane {
    free: Arc<Semaphore>,
    wait: Duration,
}

impl Lane {
    pub(super) fn new(connections: u32, wait: Duration) -> Self {
        Self { free: Arc::new(Semaphore::new(usize::try_from(connections).unwrap_or(Semaphore::MAX_PERMITS))), wait }
    }

    /// The same connections, for somebody who waits for less.
    pub(super) fn for_at_most(&self, wait: Duration) -> Self {
        Self { free: Arc::clone(&self.free), wait }
    }

    /// For how long its callers wait.
    pub(super) fn wait(&self) -> Duration {
        self.wait
    }

    /// A connection's place, if there is one now and nobody waits for it.
    pub(super) fn try_enter(&self) -> Option<OwnedSemaphorePermit> {
        Arc::clone(&self.free).try_acquire_owned().ok()
    }

    /// A connection's place, to be held while it is used, and until when the pool may take to hand it out.
    pub(super) async fn enter(&self) -> Result<(OwnedSemaphorePermit, Instant), DbError> {
        let until = Instant::now() + self.wait;
        let in_time = timeout_at(until, Arc::clone(&self.free).acquire_owned()).await;
        let busy = || DbError::Connection("all of them are busy".to_owned());
        Ok((in_time.map_err(|_| busy())?.map_err(|_| busy())?, until))
    }
}

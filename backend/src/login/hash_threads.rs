//! Threads that do nothing but hash passwords, as many as there are cores. Each keeps the memory that Argon2 works in: 19 MiB
//! taken anew for every hash stay with whichever thread took them, and a flood of logins makes many.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};

use argon2::Block;
use rustix::process::setpriority_process;
use rustix::thread::gettid;

/// Hashing lets everything else go first: with as many hashes as cores at the same priority, one health check in a hundred
/// waits for hundreds of milliseconds. A core that another program wants as well is still theirs for a quarter of the time.
const NICE: i32 = 5;

type Job = Box<dyn FnOnce(&mut Memory) + Send>;

/// What Argon2 works in, taken when it is first needed.
#[derive(Default)]
pub(super) struct Memory(Vec<Block>);

impl Memory {
    /// So many blocks of 1 KiB. What the last hash left in them is overwritten before it is read.
    pub(super) fn blocks(&mut self, number: usize) -> &mut [Block] {
        if self.0.len() < number {
            self.0 = vec![Block::new(); number];
        }
        &mut self.0[..number]
    }
}

/// The threads' common queue; they end when the last of its clones is dropped.
#[derive(Clone)]
pub(super) struct HashThreads {
    jobs: Sender<Job>,
    /// How many of them are at work.
    busy: Arc<AtomicUsize>,
}

impl HashThreads {
    /// Starts so many threads.
    ///
    /// # Errors
    /// When the system has no more of them.
    pub(super) fn start(number: usize) -> std::io::Result<Self> {
        let (sender, receiver) = channel();
        let receiver = Arc::new(Mutex::new(receiver));
        let busy = Arc::<AtomicUsize>::default();
        for _ in 0..number {
            let (receiver, busy) = (Arc::clone(&receiver), Arc::clone(&busy));
            std::thread::Builder::new().name("rekey-hash".to_owned()).spawn(move || work(&receiver, &busy))?;
        }
        Ok(Self { jobs: sender, busy })
    }

    /// How many of them are at work at this moment.
    pub(super) fn busy(&self) -> usize {
        self.busy.load(Ordering::Relaxed)
    }

    /// The work's outcome; none when it panicked. Work that nobody waits for any more when its turn comes is left out.
    pub(super) async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Memory) -> T + Send + 'static,
    ) -> Option<T> {
        let (tell, told) = tokio::sync::oneshot::channel();
        let job = move |memory: &mut Memory| {
            if !tell.is_closed() {
                // Whoever asked may have hung up meanwhile.
                let _ = tell.send(work(memory));
            }
        };
        self.jobs.send(Box::new(job)).ok()?;
        told.await.ok()
    }
}

fn work(jobs: &Mutex<Receiver<Job>>, busy: &AtomicUsize) {
    // One that cannot be nicer hashes all the same.
    let _ = setpriority_process(Some(gettid()), NICE);
    let mut memory = Memory::default();
    loop {
        let job = jobs.lock().unwrap_or_else(PoisonError::into_inner).recv();
        let Ok(job) = job else { return };
        // One that panics must not take the thread with it: the others would have to do its work for ever. Nobody sees
        // what it left half done but the next hash, which overwrites it.
        busy.fetch_add(1, Ordering::Relaxed);
        let _ = catch_unwind(AssertUnwindSafe(|| job(&mut memory)));
        busy.fetch_sub(1, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_panic_takes_no_thread_with_it() {
        let threads = HashThreads::start(1).unwrap();
        assert_eq!(threads.run(|_| -> u8 { panic!("on purpose") }).await, None);
        assert_eq!(threads.run(|_| 7).await, Some(7));
    }

    #[tokio::test]
    async fn the_same_memory_serves_again() {
        let threads = HashThreads::start(1).unwrap();
        let address = || threads.run(|memory| memory.blocks(4).as_ptr().addr());
        assert_eq!(address().await, address().await);
    }

    #[tokio::test]
    async fn what_nobody_waits_for_is_not_done() {
        let threads = HashThreads::start(1).unwrap();
        let (go, wait) = channel::<()>();
        let (done, was_done) = channel();
        let first = tokio::spawn({
            let threads = threads.clone();
            async move { threads.run(move |_| wait.recv().is_ok()).await }
        });
        tokio::task::yield_now().await;
        let given_up = tokio::spawn({
            let threads = threads.clone();
            async move { threads.run(move |_| done.send(())).await }
        });
        tokio::task::yield_now().await;
        given_up.abort();
        assert!(given_up.await.unwrap_err().is_cancelled());
        go.send(()).unwrap();
        assert_eq!(first.await.unwrap(), Some(true));
        assert!(was_done.recv().is_err());
    }
}

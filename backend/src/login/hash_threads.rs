//! Threads that do nothing but hash passwords, as many as there are cores. Each keeps the memory that Argon2 works in: 19 MiB
//! taken anew for every hash stay with whichever thread took them, and a flood of logins makes many.

use std::mem::take;
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

/// Where so many wait for each thread, outcomes are told together.
const CROWD: usize = 16;
/// So many outcomes at a time. A hash leaves nothing in the processor's caches, so that what follows it, a session and an
/// answer, takes half as long where it follows for several at once (seen on two cores). The first of them waits for seven
/// hashes of any thread, whoever came last for sixteen and more of each.
const TOGETHER: usize = 8;

type Job = Box<dyn FnOnce(&mut Memory) -> Outcome + Send>;

/// Tells it to whoever asked.
type Outcome = Box<dyn FnOnce() + Send>;

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
    counts: Arc<Counts>,
}

#[derive(Default)]
struct Counts {
    /// Jobs that no thread has begun with.
    waiting: AtomicUsize,
    /// How many of the threads are at work.
    busy: AtomicUsize,
}

impl HashThreads {
    /// Starts so many threads.
    ///
    /// # Errors
    /// When the system has no more of them.
    pub(super) fn start(threads: usize) -> std::io::Result<Self> {
        let (jobs, receiver) = channel();
        let counts = Arc::<Counts>::default();
        let (queue, outcomes) = (Mutex::new(receiver), Mutex::default());
        let crew = Arc::new(Crew { queue, outcomes, threads, counts: Arc::clone(&counts) });
        for _ in 0..threads {
            let crew = Arc::clone(&crew);
            std::thread::Builder::new().name("rekey-hash".to_owned()).spawn(move || crew.work())?;
        }
        Ok(Self { jobs, counts })
    }

    /// How many of them are at work at this moment.
    pub(super) fn busy(&self) -> usize {
        self.counts.busy.load(Ordering::Relaxed)
    }

    /// The work's outcome; none when it panicked. Work that nobody waits for any more when its turn comes is left out.
    pub(super) async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Memory) -> T + Send + 'static,
    ) -> Option<T> {
        let (tell, told) = tokio::sync::oneshot::channel();
        let job = move |memory: &mut Memory| -> Outcome {
            // Whoever asked may hang up before the work begins, and during it.
            let outcome = (!tell.is_closed()).then(|| work(memory));
            Box::new(move || drop(outcome.map(|outcome| tell.send(outcome))))
        };
        self.counts.waiting.fetch_add(1, Ordering::Relaxed);
        self.jobs.send(Box::new(job)).ok()?;
        told.await.ok()
    }
}

/// What only the threads have: what they leave behind goes with the last of them, and is waited for in vain by nobody.
struct Crew {
    queue: Mutex<Receiver<Job>>,
    /// What is told with the next ones.
    outcomes: Mutex<Vec<Outcome>>,
    threads: usize,
    counts: Arc<Counts>,
}

impl Crew {
    fn work(&self) {
        // One that cannot be nicer hashes all the same.
        let _ = setpriority_process(Some(gettid()), NICE);
        let mut memory = Memory::default();
        loop {
            let job = self.queue.lock().unwrap_or_else(PoisonError::into_inner).recv();
            let Ok(job) = job else { return };
            self.counts.waiting.fetch_sub(1, Ordering::Relaxed);
            // One that panics must not take the thread with it: the others would have to do its work for ever. Nobody sees
            // what it left half done but the next hash, which overwrites it.
            self.counts.busy.fetch_add(1, Ordering::Relaxed);
            let outcome = catch_unwind(AssertUnwindSafe(|| job(&mut memory)));
            self.counts.busy.fetch_sub(1, Ordering::Relaxed);
            // Who panicked has told so itself, and counts like the others: they wait for seven jobs, whatever these do.
            for tell in self.due(outcome.unwrap_or_else(|_| Box::new(|| ()))) {
                let _ = catch_unwind(AssertUnwindSafe(tell));
            }
        }
    }

    /// The outcomes that are told now. None stays for good: the lock orders the looks at how many wait, and each of those that
    /// wait has its own look still to come, the last of them at none.
    fn due(&self, outcome: Outcome) -> Vec<Outcome> {
        let mut outcomes = self.outcomes.lock().unwrap_or_else(PoisonError::into_inner);
        outcomes.push(outcome);
        let is_crowded = self.counts.waiting.load(Ordering::Relaxed) >= CROWD * self.threads;
        if is_crowded && outcomes.len() < TOGETHER { Vec::new() } else { take(&mut *outcomes) }
    }
}

#[cfg(test)]
mod tests {
    use std::task::{Context, Waker};

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

    /// How many have not heard their outcome when each of so many begins, on one thread. The second one panics.
    fn untold(jobs: usize) -> Vec<usize> {
        let threads = HashThreads::start(1).unwrap();
        let ((has_begun, begun), (go, wait)) = (channel(), channel::<()>());
        let wait = Arc::new(Mutex::new(wait));
        let asked = (0..jobs)
            .map(|number| {
                let (threads, has_begun, wait) = (threads.clone(), has_begun.clone(), Arc::clone(&wait));
                let work = move |_: &mut Memory| {
                    has_begun.send(number).unwrap();
                    wait.lock().unwrap_or_else(PoisonError::into_inner).recv().unwrap();
                    assert_ne!(number, 1, "on purpose");
                };
                async move { threads.run(work).await }
            })
            .map(Box::pin);
        let mut asked: Vec<_> = asked.collect();
        let mut still_wait = || {
            asked.retain_mut(|asked| asked.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_pending());
            asked.len()
        };
        assert_eq!(still_wait(), jobs, "in the queue, in this order");
        let at_each = |number| {
            assert_eq!(begun.recv().unwrap(), number);
            let untold = still_wait();
            go.send(()).unwrap();
            untold
        };
        (0..jobs).map(at_each).collect()
    }

    #[test]
    fn out_of_a_crowd_outcomes_are_told_together() {
        let jobs = CROWD + TOGETHER + 1;
        let untold = untold(jobs);
        assert_eq!(untold[1..3], [jobs, jobs - 1], "the second one, who panicked, waits for nobody");
        assert_eq!(untold[TOGETHER - 1..=TOGETHER], [jobs - 1, jobs - TOGETHER]);
    }

    #[test]
    fn who_is_no_crowd_any_more_waits_for_nobody() {
        // The second one, who panics, leaves one less than a crowd behind.
        let jobs = CROWD + 1;
        let untold = untold(jobs);
        assert!(untold.iter().copied().eq([jobs, jobs].into_iter().chain((1..=jobs - 2).rev())), "{untold:?}");
    }
}

//! Argon2id, bounded: as many hashes at a time as there are cores, a short queue before them, and "not now" beyond it. So
//! a flood of logins costs neither memory nor the rest of the server.

use std::sync::Arc;
use std::time::{Duration, Instant};

use argon2::password_hash::phc::{Output, PasswordHash, Salt};
use argon2::{Algorithm, Argon2, Params, Version};
use rekey_shared::secret::Secret;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use unicode_normalization::UnicodeNormalization;

use super::foreign_hash::ForeignHash;
use super::hash_threads::{HashThreads, Memory};
use crate::error::Error;
use crate::metrics::hashes::Hashes;

/// OWASP Password Storage: 19 MiB, two passes, one lane.
const MEMORY_KIB: u32 = 19 * 1024;
const PASSES: u32 = 2;
const LANES: u32 = 1;

/// How a hash with today's parameters begins.
const CURRENT: &str = "$argon2id$v=19$m=19456,t=2,p=1$";

/// A hash with today's parameters of random bytes that nobody has kept. Whoever has no password is checked against it, so
/// that an unknown user costs what a known one does.
const NOBODYS: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$c29tZXRoaW5nIHNhbHR5IQ$zSq2mUGt8rZ9Zh1Rr3mVVnOBY1PyYtEyY0kWpHcdmWk";

/// Hashes that may wait for each core, a second or two of work: who comes later is told so at once.
const QUEUE_PER_CORE: usize = 64;

/// Hashes and checks passwords.
#[derive(Clone)]
pub struct Hasher {
    /// Where a hash runs.
    threads: HashThreads,
    /// A hash that runs or waits.
    seats: Arc<Semaphore>,
    cores: usize,
    metrics: Hashes,
    /// How many hashes have run.
    #[cfg(feature = "drill")]
    runs: Arc<std::sync::atomic::AtomicU64>,
}

/// A place in the queue.
pub struct Seat {
    threads: HashThreads,
    place: OwnedSemaphorePermit,
    metrics: Hashes,
    #[cfg(feature = "drill")]
    runs: Arc<std::sync::atomic::AtomicU64>,
}

impl Hasher {
    /// For this number of cores.
    ///
    /// # Errors
    /// When the system has no more threads.
    pub fn new(cores: usize, metrics: Hashes) -> std::io::Result<Self> {
        Ok(Self {
            threads: HashThreads::start(cores)?,
            seats: Arc::new(Semaphore::new(cores * (1 + QUEUE_PER_CORE))),
            cores,
            metrics,
            #[cfg(feature = "drill")]
            runs: Arc::default(),
        })
    }

    /// Takes a place in the queue.
    ///
    /// # Errors
    /// [`Error::Unavailable`] when the queue is full.
    pub fn seat(&self) -> Result<Seat, Error> {
        let Ok(place) = Arc::clone(&self.seats).try_acquire_owned() else {
            self.metrics.refused.inc();
            return Err(Error::Unavailable {
                retry_after: Duration::from_secs(2),
                cause: "the queue for password hashes is full".to_owned(),
            });
        };
        Ok(Seat {
            threads: self.threads.clone(),
            place,
            metrics: self.metrics.clone(),
            #[cfg(feature = "drill")]
            runs: Arc::clone(&self.runs),
        })
    }

    /// How full it is at this moment.
    #[must_use]
    pub fn load(&self) -> Load {
        let number = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
        let running = self.threads.busy();
        let seated = (self.cores * (1 + QUEUE_PER_CORE)).saturating_sub(self.seats.available_permits());
        Load {
            running: number(running),
            waiting: number(seated.saturating_sub(running)),
            may_wait: number(self.cores * QUEUE_PER_CORE),
        }
    }
}

/// How full the queue is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Load {
    pub running: u32,
    pub waiting: u32,
    pub may_wait: u32,
}

#[cfg(feature = "drill")]
impl Hasher {
    /// How many hashes have run.
    #[must_use]
    pub fn runs(&self) -> u64 {
        self.runs.load(std::sync::atomic::Ordering::SeqCst)
    }
}

impl Seat {
    /// Whether the password has this hash, Rekey's own or another system's. Without a hash the same work is done, and the answer is no.
    ///
    /// # Errors
    /// [`Error::Internal`] when the work was cut off.
    pub async fn verify(self, password: &Secret, hash: Option<String>) -> Result<bool, Error> {
        let password = password.clone();
        self.run(move |memory| {
            let normalised = normalised(&password);
            let mut fits_own = |own: &str| fits(&normalised, own, memory);
            if let Some(own) = hash.as_deref().filter(|hash| !is_outdated(hash)) {
                return Ok(fits_own(own));
            }
            if let Some(foreign) = hash.as_deref().and_then(|hash| ForeignHash::parse(hash).ok()) {
                // Other systems hashed what was typed; one that normalised it did so before.
                let fits = foreign.fits(password.expose());
                return Ok(fits || (normalised != password && foreign.fits(normalised.expose())));
            }
            fits_own(NOBODYS);
            Ok(false)
        })
        .await
    }

    /// The hash of a password, as a PHC string.
    ///
    /// # Errors
    /// [`Error::Internal`] when there is no randomness or no memory.
    pub async fn hash(self, password: &Secret) -> Result<String, Error> {
        let password = password.clone();
        self.run(move |memory| hash_in(&password, memory)).await
    }

    /// The seat goes with the work and not with the request: a client that hangs up frees no core that is still hashing.
    async fn run<T: Send + 'static>(
        self,
        work: impl FnOnce(&mut Memory) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Error> {
        let (place, metrics, asked) = (self.place, self.metrics, Instant::now());
        #[cfg(feature = "drill")]
        self.runs.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
        let worked = self.threads.run(move |memory| {
            let _held = place;
            metrics.wait.observe(asked.elapsed().as_secs_f64());
            metrics.work.observe_closure_duration(|| work(memory))
        });
        worked.await.unwrap_or_else(|| Err(Error::Internal("password hashing was cut off".to_owned())))
    }
}

/// The hash of a password, on this thread: for the command line, where nobody else waits.
///
/// # Errors
/// [`Error::Internal`] when there is no randomness or no memory.
pub fn hash_now(password: &Secret) -> Result<String, Error> {
    hash_in(password, &mut Memory::default())
}

fn hash_in(password: &Secret, memory: &mut Memory) -> Result<String, Error> {
    let salt = Salt::generate();
    let hash = derived(&normalised(password), &salt, Params::DEFAULT_OUTPUT_LEN, memory)
        .ok_or_else(|| Error::Internal("password hashing: not with these parameters".to_owned()))?;
    Ok(format!("{CURRENT}{salt}${hash}"))
}

/// Whether the password has this hash of Rekey's own. The comparison takes the same time wherever they differ.
fn fits(normalised: &Secret, own: &str, memory: &mut Memory) -> bool {
    let hash = PasswordHash::new(own).ok();
    let parts = hash.as_ref().and_then(|hash| Some((hash.salt.as_ref()?, hash.hash.as_ref()?)));
    parts.is_some_and(|(salt, hash)| derived(normalised, salt, hash.len(), memory).as_ref() == Some(hash))
}

fn derived(normalised: &Secret, salt: &Salt, length: usize, memory: &mut Memory) -> Option<Output> {
    let argon2 = argon2();
    let blocks = memory.blocks(argon2.params().block_count());
    let mut output = [0; Output::MAX_LENGTH];
    let output = output.get_mut(..length)?;
    argon2.hash_password_into_with_memory(normalised.expose().as_bytes(), salt, output, blocks).ok()?;
    Output::new(output).ok()
}

/// Whether a hash was made with other parameters than today's, and is replaced when its password is typed again.
#[must_use]
pub fn is_outdated(hash: &str) -> bool {
    !hash.starts_with(CURRENT)
}

fn argon2() -> Argon2<'static> {
    let params = Params::new(MEMORY_KIB, PASSES, LANES, None).unwrap_or_default();
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
}

/// NFKC, so that the same password typed on another keyboard is the same (NIST SP 800-63B-4 3.1.1.2).
fn normalised(password: &Secret) -> Secret {
    Secret::from(password.expose().nfkc().collect::<String>())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hasher_of_one_core() -> Hasher {
        Hasher::new(1, crate::metrics::Metrics::new(crate::clock::Timestamp::default()).unwrap().hashes).unwrap()
    }

    #[tokio::test]
    async fn a_password_fits_its_own_hash_only() {
        let hasher = hasher_of_one_core();
        let hash = hasher.seat().unwrap().hash(&Secret::from("correct horse")).await.unwrap();
        assert!(hash.starts_with(CURRENT), "{hash}");
        let fits =
            async |text: &str| hasher.seat().unwrap().verify(&Secret::from(text), Some(hash.clone())).await.unwrap();
        assert!(fits("correct horse").await);
        assert!(!fits("correct horsf").await);
        assert!(!is_outdated(&hash));
    }

    #[tokio::test]
    async fn a_hash_of_another_length_fits_as_well() {
        let mut short = [0; 16];
        argon2().hash_password_into(b"correct horse", b"some salt", &mut short).unwrap();
        let (salt, output) = (Salt::new(b"some salt").unwrap(), Output::new(&short).unwrap());
        let hash = format!("{CURRENT}{salt}${output}");
        let seat = hasher_of_one_core().seat().unwrap();
        assert!(seat.verify(&Secret::from("correct horse"), Some(hash)).await.unwrap());
    }

    #[tokio::test]
    async fn composed_and_decomposed_are_one_password() {
        let hasher = hasher_of_one_core();
        let hash = hasher.seat().unwrap().hash(&Secret::from("Jos\u{e9}")).await.unwrap();
        assert!(hasher.seat().unwrap().verify(&Secret::from("Jose\u{301}"), Some(hash)).await.unwrap());
    }

    #[tokio::test]
    async fn another_systems_hash_is_of_what_was_typed_or_of_its_normalised_form() {
        let hasher = hasher_of_one_core();
        let fits = async |text: &str, hash: &str| {
            hasher.seat().unwrap().verify(&Secret::from(text), Some(hash.to_owned())).await.unwrap()
        };
        // Django 5.2.19, of the decomposed and of the composed form.
        let decomposed = "pbkdf2_sha256$1000$saltsaltsalt$d78qd8bNXQF5mHh+Eps5w2wMhnKoV87i6BwA9fD5TJM=";
        let composed = "pbkdf2_sha256$1000$saltsaltsalt$pMzrvUBYJ/KkalmDaV0ZbD6728OH5S65stPnAh4eHps=";
        assert!(fits("Tr0ub4dor & So\u{308}hne", decomposed).await);
        assert!(fits("Tr0ub4dor & So\u{308}hne", composed).await);
        assert!(fits("Tr0ub4dor & S\u{f6}hne", composed).await);
        assert!(!fits("Tr0ub4dor & Sohne", composed).await);
        assert!(!fits("Tr0ub4dor & S\u{f6}hne", "in no known format").await);
    }

    #[tokio::test]
    async fn nobodys_hash_is_a_real_one_and_opens_for_nobody() {
        assert!(argon2::password_hash::phc::PasswordHash::new(NOBODYS).is_ok());
        assert!(!is_outdated(NOBODYS));
        assert!(!hasher_of_one_core().seat().unwrap().verify(&Secret::from(""), None).await.unwrap());
    }

    #[test]
    fn beyond_the_queue_the_answer_is_not_now() {
        let hasher = hasher_of_one_core();
        let seats: Vec<_> = std::iter::from_fn(|| hasher.seat().ok()).collect();
        assert_eq!(seats.len(), 1 + QUEUE_PER_CORE);
        assert!(matches!(hasher.seat(), Err(Error::Unavailable { .. })));
        let waiting = u32::try_from(seats.len()).unwrap();
        assert_eq!(hasher.load(), Load { running: 0, waiting, may_wait: waiting - 1 });
        assert_eq!(hasher.metrics.refused.get(), 2, "that one, and the one that ended the queue");
        drop(seats);
        assert!(hasher.seat().is_ok());
    }
}

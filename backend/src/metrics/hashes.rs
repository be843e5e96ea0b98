//! The queue for password hashes.

use prometheus::{Histogram, HistogramOpts, IntCounter, Registry};

use crate::login::password::{Hasher, Load};

/// Seconds: a hash takes some twenty milliseconds of a core, and a full queue a second or two.
const BUCKETS: [f64; 9] = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5];

/// What the hasher measures. Clones count together.
#[derive(Clone)]
pub struct Hashes {
    pub(crate) wait: Histogram,
    pub(crate) work: Histogram,
    pub(crate) refused: IntCounter,
}

impl Hashes {
    pub(super) fn new(registry: &Registry, refused: IntCounter) -> prometheus::Result<Self> {
        let histogram = |name, help| {
            let histogram = Histogram::with_opts(HistogramOpts::new(name, help).buckets(BUCKETS.to_vec()))?;
            registry.register(Box::new(histogram.clone()))?;
            Ok::<_, prometheus::Error>(histogram)
        };
        Ok(Self {
            wait: histogram("rekey_hash_wait_seconds", "How long a password hash waited for a core.")?,
            work: histogram("rekey_hash_duration_seconds", "How long a core worked on a password hash.")?,
            refused,
        })
    }
}

/// Looks at the queue whenever somebody asks.
pub(super) fn watch(registry: &Registry, hasher: &Hasher) -> prometheus::Result<()> {
    let look = |name, help, value: fn(Load) -> u32| {
        let hasher = hasher.clone();
        super::look(registry, name, help, move || value(hasher.load()))
    };
    look("rekey_hashes_running", "Password hashes that are being worked on.", |load| load.running)?;
    look("rekey_hashes_waiting", "Logins and new passwords in the queue for their hash.", |load| load.waiting)?;
    look("rekey_hashes_waiting_max", "How many may wait; whoever comes then is told to come back.", |load| {
        load.may_wait
    })
}

//! What the operator's monitoring reads: counts, times and states, in the text format of Prometheus.
//!
//! Each server has a registry of its own, so that two of them in one process do not share their numbers. Labels are closed
//! lists: never a person, an address, an id, or anything that somebody typed. All the same nobody but the operator may
//! read them: whoever sees a counter move right after a request learns what the answer does not tell.

pub(crate) mod counters;
pub(crate) mod hashes;
pub(crate) mod http;
pub(crate) mod journeys;
pub(crate) mod letters;
pub(crate) mod limits;
pub(crate) mod listener;
mod process;
mod stored;

use prometheus::{PullingGauge, Registry, TextEncoder};

use crate::app::Rekey;
use crate::clock::Timestamp;
use crate::db::Database;
use crate::login::password::Hasher;
use hashes::Hashes;
use http::Http;
use journeys::Journeys;
use letters::Letters;
use limits::Limits;
use stored::Stored;

/// All of them.
pub(crate) struct Metrics {
    registry: Registry,
    pub(crate) journeys: Journeys,
    pub(crate) letters: Letters,
    pub(crate) limits: Limits,
    pub(crate) hashes: Hashes,
    pub(crate) http: Http,
    stored: Stored,
}

impl Metrics {
    /// All at zero.
    ///
    /// # Errors
    /// When two have one name.
    pub(crate) fn new(started: Timestamp) -> prometheus::Result<Self> {
        let registry = Registry::new();
        process::register(&registry, started)?;
        let limits = Limits::of_all(&registry)?;
        Ok(Self {
            journeys: Journeys::new(&registry)?,
            letters: Letters::new(&registry)?,
            hashes: Hashes::new(&registry, limits.of(limits::Limit::HashQueue))?,
            http: Http::new(&registry)?,
            stored: Stored::new(&registry)?,
            limits,
            registry,
        })
    }

    /// Looks at these whenever somebody asks.
    ///
    /// # Errors
    /// When two have one name.
    pub(crate) fn watch(&self, hasher: &Hasher, database: &Database) -> prometheus::Result<()> {
        hashes::watch(&self.registry, hasher)?;
        stored::watch(&self.registry, database)
    }

    /// The page for Prometheus. What the database knows is missing in it while the database does not answer: a number of
    /// before would look like one of now.
    ///
    /// # Errors
    /// When it cannot be written.
    async fn page(&self, rekey: &Rekey) -> prometheus::Result<String> {
        let stored = self.stored.gather(rekey).await;
        let mut families = self.registry.gather();
        families.extend(stored);
        TextEncoder::new().encode_to_string(&families)
    }
}

/// A gauge that is asked whenever somebody asks.
fn look(
    registry: &Registry,
    name: &str,
    help: &str,
    value: impl Fn() -> u32 + Send + Sync + 'static,
) -> prometheus::Result<()> {
    registry.register(Box::new(PullingGauge::new(name, help, Box::new(move || f64::from(value())))?))
}

//! The time, told from outside, so that a test can let a day pass.

use std::time::Duration;

use chrono::{NaiveDateTime, SubsecRound};

/// A moment in UTC with milliseconds: what both databases store and compare alike.
pub type Timestamp = NaiveDateTime;

/// Tells the time. Clones tell the same time.
#[derive(Clone, Debug, Default)]
pub struct Clock {
    #[cfg(feature = "drill")]
    shift: std::sync::Arc<std::sync::atomic::AtomicI64>,
    #[cfg(feature = "drill")]
    stopped: std::sync::Arc<std::sync::OnceLock<Timestamp>>,
    /// Says by how many seconds to be ahead: one clock for many processes.
    #[cfg(feature = "drill")]
    file: Option<std::path::PathBuf>,
}

impl Clock {
    /// The time of the system. In a drill, `REKEY_DRILL_CLOCK_SECONDS` puts it forward, and so does what the file
    /// `REKEY_DRILL_CLOCK_FILE` says at that moment.
    #[must_use]
    pub fn system() -> Self {
        #[cfg(feature = "drill")]
        let clock = Self { file: std::env::var_os("REKEY_DRILL_CLOCK_FILE").map(Into::into), ..Self::default() };
        #[cfg(not(feature = "drill"))]
        let clock = Self::default();
        #[cfg(feature = "drill")]
        if let Some(seconds) = std::env::var("REKEY_DRILL_CLOCK_SECONDS").ok().and_then(|text| text.parse().ok()) {
            clock.advance(Duration::from_secs(seconds));
        }
        clock
    }

    /// Now, in UTC.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        let now = system_time();
        #[cfg(feature = "drill")]
        let now = *self.stopped.get().unwrap_or(&now)
            + chrono::Duration::milliseconds(self.shift.load(std::sync::atomic::Ordering::SeqCst))
            + chrono::Duration::seconds(self.seconds_of_file());
        now.trunc_subsecs(3)
    }

    #[cfg(feature = "drill")]
    fn seconds_of_file(&self) -> i64 {
        let text = self.file.as_ref().and_then(|file| std::fs::read_to_string(file).ok());
        text.and_then(|text| text.trim().parse().ok()).unwrap_or_default()
    }

    /// Stands still from now on, so that only [`Self::advance`] lets time pass: for tests of delays on a slow machine.
    #[cfg(feature = "drill")]
    pub fn stop(&self) {
        self.stopped.get_or_init(system_time);
    }

    /// As somebody does who sets it right.
    #[cfg(feature = "drill")]
    pub fn put_back(&self, by: Duration) {
        self.shift.fetch_sub(span(by).num_milliseconds(), std::sync::atomic::Ordering::SeqCst);
    }

    /// Lets time pass.
    #[cfg(feature = "drill")]
    pub fn advance(&self, by: Duration) {
        self.shift.fetch_add(span(by).num_milliseconds(), std::sync::atomic::Ordering::SeqCst);
    }
}

/// What this machine's clock says, also in a drill: only for comparing it with another machine's.
pub(crate) fn system_time() -> Timestamp {
    #[expect(clippy::disallowed_methods, reason = "the one place that asks the system for the time")]
    chrono::Utc::now().naive_utc()
}

/// A duration for adding to a [`Timestamp`]; what is too long for it (292 million years) is cut.
#[must_use]
pub fn span(duration: Duration) -> chrono::Duration {
    chrono::Duration::from_std(duration).unwrap_or(chrono::Duration::MAX)
}

/// How long it is from `now` until `then`; nothing when it is past.
#[must_use]
pub fn until(now: Timestamp, then: Timestamp) -> Duration {
    (then - now).to_std().unwrap_or_default()
}

/// As the API writes a moment: RFC 3339 with milliseconds, UTC.
#[must_use]
pub fn rfc3339(time: Timestamp) -> String {
    time.format("%Y-%m-%dT%H:%M:%S%.3fZ").to_string()
}

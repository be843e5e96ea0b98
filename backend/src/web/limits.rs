//! Requests per client address. In memory: what guards an account is persisted (`login/throttle`), this only keeps one
//! client from taking the server for itself.

use std::net::IpAddr;
use std::num::NonZeroU32;

use governor::clock::{Clock as _, DefaultClock};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};
use prometheus::IntCounter;

use super::client_address::network_of;
use crate::error::Error;

/// Counts the requests of each client.
pub(crate) struct ClientLimits {
    limiter: Option<DefaultKeyedRateLimiter<IpAddr>>,
    hits: IntCounter,
}

impl ClientLimits {
    /// `per_minute` requests, all at once if the client likes; none: no limit.
    pub(crate) fn new(per_minute: Option<NonZeroU32>, hits: IntCounter) -> Self {
        Self { limiter: per_minute.map(|requests| RateLimiter::keyed(Quota::per_minute(requests))), hits }
    }

    /// Counts one request that needs no session.
    pub(crate) fn admit(&self, client: IpAddr) -> Result<(), Error> {
        let Some(limiter) = &self.limiter else { return Ok(()) };
        limiter.check_key(&network_of(client)).map_err(|refused| {
            self.hits.inc();
            Error::TooManyRequests { retry_after: refused.wait_time_from(DefaultClock::default().now()) }
        })
    }

    /// Forgets clients that have been quiet for long enough.
    pub(crate) fn purge(&self) {
        if let Some(limiter) = &self.limiter {
            limiter.retain_recent();
            limiter.shrink_to_fit();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn limits(per_minute: Option<NonZeroU32>) -> ClientLimits {
        ClientLimits::new(per_minute, IntCounter::new("hits", "of this limit").unwrap())
    }

    #[test]
    fn one_client_is_stopped_and_another_is_not() {
        let limits = limits(NonZeroU32::new(3));
        let (noisy, quiet) = (IpAddr::from([192, 0, 2, 1]), IpAddr::from([192, 0, 2, 2]));
        for _ in 0..3 {
            limits.admit(noisy).unwrap();
        }
        assert!(
            matches!(limits.admit(noisy), Err(Error::TooManyRequests { retry_after }) if retry_after.as_secs() < 61)
        );
        limits.admit(quiet).unwrap();
    }

    #[test]
    fn without_a_limit_nobody_is_stopped() {
        let limits = limits(None);
        for _ in 0..1000 {
            limits.admit(IpAddr::from([192, 0, 2, 1])).unwrap();
        }
    }
}

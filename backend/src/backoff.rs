//! How long to wait before the next try.

use std::time::Duration;

use rand::RngExt;

/// The mail server is asked again after this long at the latest.
pub const LONGEST_SERVER_WAIT: Duration = Duration::from_secs(30);
/// A letter is tried again after this long at the latest.
pub const LONGEST_LETTER_WAIT: Duration = Duration::from_mins(15);

const MOST_JITTER: f64 = 1.25;

/// One second, doubled for each failure before this one.
pub fn doubled(failures: u32, longest: Duration) -> Duration {
    Duration::from_secs(1).saturating_mul(2_u32.saturating_pow(failures)).min(longest)
}

/// Up to a quarter longer, so that workers that failed together do not come back together.
pub fn jittered(wait: Duration) -> Duration {
    wait.mul_f64(rand::rng().random_range(1.0..MOST_JITTER))
}

/// What [`jittered`] never goes beyond.
pub fn jittered_at_most(wait: Duration) -> Duration {
    wait.mul_f64(MOST_JITTER)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_double_up_to_their_longest() {
        let seconds: Vec<_> = (0..7).map(|failures| doubled(failures, LONGEST_SERVER_WAIT).as_secs()).collect();
        assert_eq!(seconds, [1, 2, 4, 8, 16, 30, 30]);
        assert_eq!(doubled(u32::MAX, LONGEST_LETTER_WAIT), LONGEST_LETTER_WAIT);
    }

    #[test]
    fn jitter_never_shortens_and_never_adds_more_than_a_quarter() {
        for _ in 0..100 {
            let wait = jittered(Duration::from_secs(8));
            assert!((8.0..=10.0).contains(&wait.as_secs_f64()), "{wait:?}");
        }
    }
}

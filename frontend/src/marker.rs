//! The sign that this browser asked for a reset: a time in localStorage. With it the link in the mail needs no further
//! click. It is not a secret and proves nothing to the server; it only spares the click.

use crate::browser;

const KEY: &str = "rekey.reset-asked-at";

/// Set by "Send".
pub(crate) fn set() {
    browser::store(KEY, &browser::now_in_milliseconds().to_string());
}

/// Removed by any confirmation that the server has answered for good.
pub(crate) fn remove() {
    browser::forget(KEY);
}

/// Whether this browser asked for a reset whose link can still be good.
pub(crate) fn is_good(link_life_seconds: u64) -> bool {
    still_good(browser::stored(KEY).as_deref(), browser::now_in_milliseconds(), link_life_seconds)
}

/// A time in the future is a clock that was set back: how old the marker is cannot be told, so it is not heeded.
pub(crate) fn still_good(set_at: Option<&str>, now: u64, life_seconds: u64) -> bool {
    set_at
        .and_then(|time| now.checked_sub(time.parse().ok()?))
        .is_some_and(|age| age < life_seconds.saturating_mul(1000))
}

#[cfg(test)]
mod tests {
    use super::still_good;

    const NOW: u64 = 1_700_000_000_000;

    #[test]
    fn it_is_good_for_the_links_life_and_no_longer() {
        assert!(still_good(Some("1700000000000"), NOW, 3600));
        assert!(still_good(Some("1699996400001"), NOW, 3600));
        assert!(!still_good(Some("1699996400000"), NOW, 3600));
    }

    #[test]
    fn nothing_nonsense_and_the_future_are_not_heeded() {
        for set_at in [None, Some(""), Some("soon"), Some("NaN"), Some("inf"), Some("1700000000001")] {
            assert!(!still_good(set_at, NOW, 3600), "{set_at:?}");
        }
    }
}

//! Where the person wanted to go when a tool sent them here to log in: `/?return_to=…`. This tab remembers it over the
//! pages on the way, such as "Choose your own password". A reset ends in another tab, which the letter's link opens: so
//! with "Send" the whole browser remembers it, for as long as the link is good.

use rekey_shared::client_config::ClientConfig;
use rekey_shared::return_to::ReturnTo;

use crate::browser;

const KEY: &str = "rekey.return-to";
const LED_KEY: &str = "rekey.led-to";

/// Whoever is sent here again by a tool so soon after having been led there was not let in, and would not be now.
const SOON_MILLISECONDS: u64 = 30_000;

/// Where the person is led.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Lead {
    To(String),
    /// Not again to a tool that did not let them in: the two would send them to and fro for ever.
    NotLetIn,
}

/// Remembers where this page was told to lead, if that is a tool's page.
pub(crate) fn arrive(config: &ClientConfig) {
    if let Some(page) = parse(&browser::query_value(&browser::query(), "return_to"), config) {
        browser::keep_in_tab(KEY, page.url());
    }
}

/// Somebody has just typed a password here: whatever a tool said before, they go there now.
pub(crate) fn logged_in() {
    browser::forget_in_tab(LED_KEY);
}

/// Remembers it for the tab that the letter's link opens.
pub(crate) fn keep_for_reset() {
    if let Some(url) = browser::kept_in_tab(KEY) {
        browser::store(KEY, &stamped(browser::now_in_milliseconds(), &url));
    }
}

/// Where to lead, once; nowhere when no tool sent the person.
pub(crate) fn take(config: &ClientConfig) -> Option<Lead> {
    let now = browser::now_in_milliseconds();
    let link_life = config.limits.reset_link_life_seconds.saturating_mul(1000);
    let kept = browser::stored(KEY).and_then(|kept| fresh(&kept, now, link_life).map(str::to_owned));
    let page = browser::kept_in_tab(KEY).or(kept);
    browser::forget(KEY);
    browser::forget_in_tab(KEY);
    // Both stores are open to whatever else runs on this host.
    let page = parse(&page?, config)?;
    let led = browser::kept_in_tab(LED_KEY);
    if led.is_some_and(|led| fresh(&led, now, SOON_MILLISECONDS) == Some(page.origin())) {
        browser::forget_in_tab(LED_KEY);
        return Some(Lead::NotLetIn);
    }
    browser::keep_in_tab(LED_KEY, &stamped(now, page.origin()));
    Some(Lead::To(page.url().to_owned()))
}

fn parse(text: &str, config: &ClientConfig) -> Option<ReturnTo> {
    ReturnTo::parse(text, &browser::origin(), config.cookie_domain.as_deref())
}

fn stamped(now: u64, text: &str) -> String {
    format!("{now} {text}")
}

/// The text, if it is not older than this. A time in the future is a clock that was set back.
fn fresh(stamped: &str, now: u64, life: u64) -> Option<&str> {
    let (then, text) = stamped.split_once(' ')?;
    let age = now.checked_sub(then.parse().ok()?)?;
    (age < life).then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_remembered_is_forgotten_in_time() {
        let kept = stamped(1_000, "https://tool.example.com/a b");
        assert_eq!(fresh(&kept, 1_000, 10), Some("https://tool.example.com/a b"));
        assert_eq!(fresh(&kept, 1_009, 10), Some("https://tool.example.com/a b"));
        assert_eq!(fresh(&kept, 1_010, 10), None);
        assert_eq!(fresh(&kept, 999, 10), None);
        for nonsense in ["", " ", "1000", "soon https://tool.example.com/", "-1 a"] {
            assert_eq!(fresh(nonsense, 1_000, 10), None, "{nonsense}");
        }
    }
}

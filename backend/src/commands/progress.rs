//! How far a command has come: drawn on a terminal only, so that what is piped stays clean.

use indicatif::{ProgressBar, ProgressStyle};

/// A bar on standard error that says what is done, and of how many.
pub(super) fn bar(what: &'static str, of: u64) -> ProgressBar {
    let bar = ProgressBar::new(of).with_message(what);
    match ProgressStyle::with_template("{msg} {wide_bar} {human_pos} of {human_len}") {
        Ok(style) => bar.with_style(style),
        Err(_) => bar,
    }
}

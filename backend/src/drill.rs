//! Fault points. Only with the feature `drill`, which no release has, does a name in `REKEY_DRILL_DIE_AT` end the process
//! there as kill -9 would; otherwise a point is nothing.

#[cfg(not(feature = "drill"))]
pub(crate) fn point(_name: &str) {}

#[cfg(feature = "drill")]
pub(crate) fn point(name: &str) {
    use std::sync::OnceLock;

    static DIE_AT: OnceLock<Option<String>> = OnceLock::new();
    let die_at = DIE_AT.get_or_init(|| std::env::var("REKEY_DRILL_DIE_AT").ok());
    if die_at.as_deref() == Some(name) {
        // As kill -9 does: no destructor, no rollback, no goodbye to the mail server.
        std::process::abort();
    }
}

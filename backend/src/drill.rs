//! Fault points. Only with the feature `drill`, which no release has, does a name in `REKEY_DRILL_DIE_AT` end the process
//! there as kill -9 would, and one in `REKEY_DRILL_PANIC_AT` panic there; otherwise a point is nothing.

#[cfg(not(feature = "drill"))]
pub(crate) fn point(_name: &str) {}

#[cfg(feature = "drill")]
pub(crate) fn point(name: &str) {
    use std::sync::OnceLock;

    static DIE_AT: OnceLock<Option<String>> = OnceLock::new();
    static PANIC_AT: OnceLock<Option<String>> = OnceLock::new();
    let named = |points: &'static OnceLock<_>, variable: &str| {
        let points: &Option<String> = points.get_or_init(|| std::env::var(variable).ok());
        points.as_deref().is_some_and(|points| points.split(',').any(|point| point == name))
    };
    if named(&DIE_AT, "REKEY_DRILL_DIE_AT") {
        // As kill -9 does: no destructor, no rollback, no goodbye to the mail server.
        std::process::abort();
    }
    assert!(!named(&PANIC_AT, "REKEY_DRILL_PANIC_AT"), "a drill at {name}");
}

//! Access tokens: one that is good, changed in any way, is good no more.
#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use rekey::fuzz::Tokens;

static TOKENS: LazyLock<Tokens> = LazyLock::new(Tokens::new);
static GOOD: LazyLock<String> = LazyLock::new(|| {
    let good = TOKENS.issue();
    assert!(TOKENS.accept(&good), "the one that is good");
    good
});

fuzz_target!(|change: (u16, u16, &str)| {
    let (from, length, text) = change;
    assert!(!TOKENS.accept(text), "{text}");
    let from = usize::from(from) % (GOOD.len() + 1);
    let to = (from + usize::from(length) % 100).min(GOOD.len());
    let changed = [&GOOD[..from], text, &GOOD[to..]].concat();
    assert!(changed == *GOOD || !TOKENS.accept(&changed), "{changed}");
});

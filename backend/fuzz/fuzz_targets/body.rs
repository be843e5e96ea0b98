//! Bodies and queries of requests.
#![no_main]

use libfuzzer_sys::fuzz_target;
use rekey::fuzz::{body, query};

fuzz_target!(|input: &[u8]| {
    for status in [body(input), query(&String::from_utf8_lossy(input))] {
        assert!(matches!(status, 200 | 400 | 422), "{status}");
    }
});

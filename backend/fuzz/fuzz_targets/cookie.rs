//! What browsers send as cookies.
#![no_main]

use libfuzzer_sys::fuzz_target;
use rekey::fuzz::session_cookie;

fuzz_target!(|header: &[u8]| {
    if let Some(value) = session_cookie(header) {
        assert!(value.len() <= header.len());
    }
});

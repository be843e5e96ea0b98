//! What people type as their address.
#![no_main]

use libfuzzer_sys::fuzz_target;
use rekey_shared::email_address::{EmailAddress, MAX_BYTES, key_prefix};

fuzz_target!(|text: &str| {
    let prefix = key_prefix(text);
    let Ok(address) = EmailAddress::parse(text) else { return };
    assert!(address.as_str().len() <= MAX_BYTES);
    for text in [address.as_str(), address.key(), &address.on_the_wire()] {
        assert!(!text.contains(|c: char| c.is_control() || c.is_whitespace() || "<>\",;:()[]\\".contains(c)), "{text:?}");
        assert_eq!(text.matches('@').count(), 1, "{text:?}");
        // One that is too long for an address is a writing of none.
        if let Ok(same) = EmailAddress::parse(text) {
            assert_eq!(same.key(), address.key());
        }
    }
    assert!(address.key().starts_with(&prefix), "{prefix:?}");
});

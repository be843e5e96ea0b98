use proptest::prelude::*;

use super::*;

/// What looks like an address, from the characters in which writings of one address differ, and from any.
fn addresses() -> impl Strategy<Value = String> {
    let local = "[a-zA-Z0-9.+'ａ-ｚß-ÿΑ-ωİıẞﬀ\u{301}\u{308}\\PC]{1,20}";
    let domain = "([a-zA-Z0-9-ａ-ｚß-ÿΑ-ωа-я]{1,12}\\.){0,3}[a-zA-Zß-ÿа-я]{1,8}";
    (local, domain).prop_map(|(local, domain)| format!("{local}@{domain}"))
}

proptest! {
    #[test]
    fn no_text_is_too_strange_to_be_read(text in any::<String>()) {
        let _ = EmailAddress::parse(&text);
    }

    #[test]
    fn an_accepted_address_fits_a_header_and_is_itself(text in addresses()) {
        let Ok(address) = EmailAddress::parse(&text) else { return Ok(()) };
        prop_assert!(address.as_str().len() <= MAX_BYTES);
        prop_assert!(!address.as_str().contains(|c: char| c.is_control() || c.is_whitespace() || "<>\",;:()[]\\".contains(c)));
        prop_assert_eq!(EmailAddress::parse(address.as_str()).unwrap(), address);
    }
}

#[cfg(feature = "canonical")]
proptest! {
    #[test]
    fn a_key_is_the_key_of_every_writing(text in addresses()) {
        let Ok(address) = EmailAddress::parse(&text) else { return Ok(()) };
        for writing in [address.key().to_owned(), text.to_ascii_uppercase(), format!(" {text}\n"), address.on_the_wire()] {
            // A key may be too long for an address: NFKC makes some characters longer.
            if let Ok(other) = EmailAddress::parse(&writing) {
                prop_assert_eq!(other.key(), address.key(), "{:?}", writing);
            }
        }
    }

    #[test]
    fn on_the_wire_only_the_local_part_may_need_smtputf8(text in addresses()) {
        let Ok(address) = EmailAddress::parse(&text) else { return Ok(()) };
        let wire = address.on_the_wire();
        let (local, domain) = wire.rsplit_once('@').unwrap();
        prop_assert!(is_dot_string(local) && is_domain(domain) && domain.is_ascii(), "{}", wire);
    }

    #[test]
    fn a_search_for_the_whole_address_finds_it(text in addresses()) {
        let Ok(address) = EmailAddress::parse(&text) else { return Ok(()) };
        prop_assert!(address.key().starts_with(&key_prefix(&text)), "{} {}", key_prefix(&text), address.key());
    }
}

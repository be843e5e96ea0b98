//! What proxies write about who is calling, hop by hop, the last proxy's first: X-Forwarded-For, and Forwarded (RFC 7239).
//!
//! Read from the right, because only what stands there was written by a proxy that is trusted. Crates read Forwarded from
//! the left: there a client that sends `for="` and no second quote makes one long text of all that the proxies add.

use std::net::{IpAddr, SocketAddr};

/// The hops of an X-Forwarded-For. None: nobody can read it.
pub(super) fn hops_of_list(list: &str) -> impl Iterator<Item = Option<IpAddr>> {
    list.rsplit(',').map(str::trim).filter(|hop| !hop.is_empty()).map(parse_hop)
}

/// The hops of a Forwarded. None: it names no address, hides it, or nobody can read it.
pub(super) fn hops_of_forwarded(forwarded: &str) -> impl Iterator<Item = Option<IpAddr>> {
    rsplit(forwarded, b',').filter(|element| !element.trim().is_empty()).map(|element| {
        let pairs = rsplit(element, b';').filter_map(|pair| pair.split_once('='));
        let mut hops = pairs.filter(|(name, _)| name.trim().eq_ignore_ascii_case("for")).map(|(_, node)| node);
        match (hops.next(), hops.next()) {
            (Some(node), None) => parse_node(node.trim()),
            // Each name stands once in an element.
            _ => None,
        }
    })
}

/// The parts between separators that are not within quotes, from the right.
fn rsplit(text: &str, separator: u8) -> impl Iterator<Item = &str> {
    let mut rest = Some(text);
    std::iter::from_fn(move || {
        let text = rest?;
        let bytes = text.as_bytes();
        let is_escaped = |at: usize| bytes[..at].iter().rev().take_while(|byte| **byte == b'\\').count() % 2 == 1;
        let mut is_quoted = false;
        let cut = (0..bytes.len()).rfind(|at| {
            is_quoted ^= bytes[*at] == b'"' && !is_escaped(*at);
            bytes[*at] == separator && !is_quoted
        });
        rest = cut.map(|cut| &text[..cut]);
        Some(cut.map_or(text, |cut| &text[cut + 1..]))
    })
}

/// An address, quoted or not, with or without port; a port may be hidden behind a name (RFC 7239 6).
fn parse_node(node: &str) -> Option<IpAddr> {
    let node = node.strip_prefix('"').and_then(|node| node.strip_suffix('"')).unwrap_or(node);
    let without_hidden_port = match node.rsplit_once(':') {
        Some((address, port)) if port.starts_with('_') => address,
        _ => node,
    };
    parse_hop(without_hidden_port)
}

/// An address, with or without port and brackets.
fn parse_hop(hop: &str) -> Option<IpAddr> {
    hop.parse::<IpAddr>()
        .or_else(|_| hop.parse::<SocketAddr>().map(|socket| socket.ip()))
        .or_else(|_| hop.trim_matches(['[', ']']).parse())
        .ok()
        .map(|address| address.to_canonical())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hops(forwarded: &str) -> Vec<String> {
        let shown = |hop: Option<IpAddr>| hop.map_or_else(|| "?".to_owned(), |hop| hop.to_string());
        hops_of_forwarded(forwarded).map(shown).collect()
    }

    #[test]
    fn an_address_is_read_in_every_form() {
        for (element, hop) in [
            ("for=192.0.2.43", "192.0.2.43"),
            ("For=\"192.0.2.43:47011\"", "192.0.2.43"),
            ("for=\"[2001:db8:cafe::17]:4711\"", "2001:db8:cafe::17"),
            ("for=\"[2001:db8:cafe::17]\"", "2001:db8:cafe::17"),
            ("for=\"[::ffff:192.0.2.43]\"", "192.0.2.43"),
            ("for=\"192.0.2.43:_hidden\"", "192.0.2.43"),
            ("for=\"[2001:db8::17]:_x\"", "2001:db8::17"),
            ("proto=http; FOR=192.0.2.60 ;by=203.0.113.43", "192.0.2.60"),
            ("host=\"a;for=6.6.6.6,for=6.6.6.6\";for=192.0.2.60", "192.0.2.60"),
            ("for=192.0.2.60;host=\"a\\\";for=6.6.6.6,\\\\\"", "192.0.2.60"),
        ] {
            assert_eq!(hops(element), [hop], "{element}");
        }
    }

    #[test]
    fn what_hides_or_cannot_be_read_is_no_address() {
        for element in [
            "for=_hidden",
            "for=unknown",
            "for=",
            "for=\"\"",
            "for=\"1.2.3.4",
            "proto=https",
            "for",
            "for=1.2.3.4;for=1.2.3.5",
        ] {
            assert_eq!(hops(element), ["?"], "{element}");
        }
        assert!(hops("").is_empty() && hops(" , ,").is_empty());
    }

    #[test]
    fn hops_come_from_the_right_whatever_stands_left_of_them() {
        assert_eq!(hops("for=1.1.1.1, for=\"[::2]\",,for=3.3.3.3;proto=https"), ["3.3.3.3", "::2", "1.1.1.1"]);
        for invented in ["for=\"", "for=6.6.6.6, x=\"", "\\", "x=\"\\", "for=\"6.6.6.6\\\""] {
            assert_eq!(hops(&format!("{invented}, for=\"[::2]\", for=3.3.3.3"))[..2], ["3.3.3.3", "::2"], "{invented}");
        }
    }
}

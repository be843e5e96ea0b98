//! Who is calling: the address of the client, also behind proxies.

use std::net::{IpAddr, Ipv6Addr};

use actix_web::HttpRequest;
use actix_web::http::header::HeaderValue;
use ipnet::IpNet;

use super::forwarded::{hops_of_forwarded, hops_of_list};

/// The client's address: the peer's or, where the peer is a trusted proxy, the last address in X-Forwarded-For or Forwarded
/// that no trusted proxy has. Everything left of that can be invented by the client.
pub(crate) fn client_address(request: &HttpRequest, trusted: &[IpNet]) -> IpAddr {
    let peer = peer(request);
    let field = |name| {
        let lines: Vec<_> = request.headers().get_all(name).map(HeaderValue::as_bytes).collect();
        // As it came: a line that was left out because a client wrote no ASCII would take with it what a proxy put behind.
        (!lines.is_empty()).then(|| String::from_utf8_lossy(&lines.join(&b',')).into_owned())
    };
    if is_trusted(peer, trusted) {
        behind_proxies(peer, field("x-forwarded-for").as_deref(), field("forwarded").as_deref(), trusted)
    } else {
        peer
    }
}

/// Whether a trusted proxy sent the request, so that what it says of it counts.
pub(crate) fn is_from_proxy(request: &HttpRequest, trusted: &[IpNet]) -> bool {
    is_trusted(peer(request), trusted)
}

fn peer(request: &HttpRequest) -> IpAddr {
    request.peer_addr().map_or(IpAddr::V6(Ipv6Addr::UNSPECIFIED), |peer| peer.ip().to_canonical())
}

fn is_trusted(address: IpAddr, trusted: &[IpNet]) -> bool {
    trusted.iter().any(|network| network.contains(&address))
}

/// Most proxies write one of the two fields and pass the other one on as the client sent it. Nobody can know which, so
/// where they tell of different clients neither is believed: whoever invents one shares the proxy's own address.
fn behind_proxies(peer: IpAddr, list: Option<&str>, forwarded: Option<&str>, trusted: &[IpNet]) -> IpAddr {
    let by_list = list.map(|list| last_stranger(peer, hops_of_list(list), trusted));
    let by_forwarded = forwarded.map(|forwarded| last_stranger(peer, hops_of_forwarded(forwarded), trusted));
    match (by_list, by_forwarded) {
        (Some(one), Some(other)) if one != other => peer,
        (Some(client), _) | (None, Some(client)) => client,
        (None, None) => peer,
    }
}

fn last_stranger(peer: IpAddr, mut hops: impl Iterator<Item = Option<IpAddr>>, trusted: &[IpNet]) -> IpAddr {
    let mut client = peer;
    while is_trusted(client, trusted) {
        match hops.next() {
            Some(Some(hop)) => client = hop,
            // What a trusted proxy wrote and nobody can read ends the chain at that proxy.
            Some(None) | None => break,
        }
    }
    client
}

/// What limits count: an IPv4 address, or the /64 that one IPv6 customer has.
pub(crate) fn network_of(client: IpAddr) -> IpAddr {
    match client {
        IpAddr::V4(_) => client,
        IpAddr::V6(address) => IpAddr::V6(Ipv6Addr::from_bits(address.to_bits() >> 64 << 64)),
    }
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;
    use proptest::prelude::*;

    use super::*;

    fn trusted() -> Vec<IpNet> {
        vec!["10.0.0.0/8".parse().unwrap(), "::1/128".parse().unwrap()]
    }

    fn client_of(peer: &str, fields: &[(&'static str, &[u8])]) -> IpAddr {
        let request = TestRequest::default().peer_addr((peer.parse::<IpAddr>().unwrap(), 4711).into());
        let add = |request: TestRequest, (name, value): &(&'static str, &[u8])| {
            request.append_header((*name, HeaderValue::from_bytes(value).unwrap()))
        };
        client_address(&fields.iter().fold(request, add).to_http_request(), &trusted())
    }

    fn client(peer: &str, list: &str) -> String {
        client_of(peer, &[("x-forwarded-for", list.as_bytes())]).to_string()
    }

    fn client_by_forwarded(peer: &str, forwarded: &str) -> String {
        client_of(peer, &[("forwarded", forwarded.as_bytes())]).to_string()
    }

    #[test]
    fn a_stranger_cannot_choose_the_address() {
        assert_eq!(client("203.0.113.7", "198.51.100.1"), "203.0.113.7");
        assert_eq!(client_by_forwarded("203.0.113.7", "for=198.51.100.1"), "203.0.113.7");
        assert_eq!(client("203.0.113.7", ""), "203.0.113.7");
    }

    #[test]
    fn behind_trusted_proxies_the_last_untrusted_hop_counts() {
        assert_eq!(client("10.0.0.1", "198.51.100.1"), "198.51.100.1");
        assert_eq!(client("10.0.0.1", "1.1.1.1, 198.51.100.1, 10.0.0.2"), "198.51.100.1");
        assert_eq!(client("::1", "[2001:db8::7]:443"), "2001:db8::7");
        assert_eq!(client("10.0.0.1", "198.51.100.1:4711"), "198.51.100.1");
        assert_eq!(client_by_forwarded("10.0.0.1", "for=1.1.1.1, for=198.51.100.1, for=10.0.0.2"), "198.51.100.1");
    }

    #[test]
    fn an_unreadable_hop_ends_at_the_proxy() {
        assert_eq!(client("10.0.0.1", "198.51.100.1, unknown"), "10.0.0.1");
        assert_eq!(client("10.0.0.1", ""), "10.0.0.1");
        assert_eq!(client_by_forwarded("10.0.0.1", "for=198.51.100.1, for=_hidden, for=10.0.0.2"), "10.0.0.2");
        assert_eq!(client_by_forwarded("10.0.0.1", "for=198.51.100.1, proto=https"), "10.0.0.1");
    }

    #[test]
    fn fields_that_disagree_are_not_believed() {
        let both = |list: &str, forwarded: &str| {
            client_of("10.0.0.1", &[("x-forwarded-for", list.as_bytes()), ("forwarded", forwarded.as_bytes())])
                .to_string()
        };
        assert_eq!(both("198.51.100.1", "for=198.51.100.1"), "198.51.100.1");
        assert_eq!(both("1.1.1.1, 198.51.100.1", "for=\"198.51.100.1:80\""), "198.51.100.1");
        for (list, forwarded) in [("198.51.100.1", "for=6.6.6.6"), ("198.51.100.1", ""), ("", "for=6.6.6.6")] {
            assert_eq!(both(list, forwarded), "10.0.0.1", "{list} and {forwarded}");
        }
    }

    #[test]
    fn what_is_no_ascii_hides_no_proxys_word() {
        let lines: &[(&str, &[u8])] = &[
            ("x-forwarded-for", b"6.6.6.6"),
            ("x-forwarded-for", b"\xff, 198.51.100.1"),
            ("x-forwarded-for", b"10.0.0.2"),
        ];
        assert_eq!(client_of("10.0.0.1", lines).to_string(), "198.51.100.1");
        let lines: &[(&str, &[u8])] = &[("forwarded", b"for=6.6.6.6"), ("forwarded", b"\xff, for=198.51.100.1")];
        assert_eq!(client_of("10.0.0.1", lines).to_string(), "198.51.100.1");
    }

    #[test]
    fn an_ipv6_customer_is_one_client() {
        let network = |text: &str| network_of(text.parse().unwrap());
        assert_eq!(network("2001:db8:0:1::1"), network("2001:db8:0:1:ffff::2"));
        assert_ne!(network("2001:db8:0:1::1"), network("2001:db8:0:2::1"));
        assert_ne!(network("192.0.2.1"), network("192.0.2.2"));
    }

    /// What a client may write, with a leaning to what means something in these fields.
    fn invented() -> impl Strategy<Value = String> {
        let telling = prop::sample::select(vec![
            ",", ";", "\"", "\\", "for=", "=", "[", "]", ":", "_", " ", "10.0.0.9", "6.6.6.6", "::1",
        ]);
        prop::collection::vec(prop_oneof![4 => telling.prop_map(str::to_owned), 1 => any::<String>()], 0..12)
            .prop_map(|parts| parts.concat())
    }

    fn address() -> impl Strategy<Value = IpAddr> {
        let address = prop_oneof![any::<[u8; 4]>().prop_map(IpAddr::from), any::<[u16; 8]>().prop_map(IpAddr::from)];
        address.prop_map(|address| address.to_canonical())
    }

    proptest! {
        #[test]
        fn an_untrusted_peer_is_the_client_whatever_it_sends(peer in address(), list in any::<Vec<u8>>(), forwarded in invented()) {
            prop_assume!(!is_trusted(peer, &trusted()));
            let list: Vec<u8> = list.into_iter().filter(|byte| HeaderValue::from_bytes(&[*byte]).is_ok()).collect();
            let forwarded: String = forwarded.chars().filter(|c| !c.is_control()).collect();
            let fields = [("x-forwarded-for", list.as_slice()), ("forwarded", forwarded.as_bytes())];
            prop_assert_eq!(client_of(&peer.to_string(), &fields), peer);
        }

        #[test]
        fn what_stands_left_of_the_client_changes_nothing(left in invented(), client in address(), port in any::<u16>()) {
            prop_assume!(!is_trusted(client, &trusted()));
            let (peer, socket) = ("10.0.0.1".parse().unwrap(), std::net::SocketAddr::new(client, port));
            for (list, forwarded) in [(client.to_string(), format!("for=\"{socket}\"")), (format!("{socket}, 10.0.0.2"), format!("proto=https;for=\"{socket}\", for=10.0.0.2"))] {
                let (list, forwarded) = (format!("{left}, {list}"), format!("{left}, {forwarded}"));
                prop_assert_eq!(behind_proxies(peer, Some(&list), None, &trusted()), client);
                prop_assert_eq!(behind_proxies(peer, None, Some(&forwarded), &trusted()), client);
                prop_assert_eq!(behind_proxies(peer, Some(&list), Some(&forwarded), &trusted()), client);
            }
        }

        #[test]
        fn a_field_that_the_proxy_passes_on_names_nobody_else(passed_on in invented(), client in address()) {
            prop_assume!(!is_trusted(client, &trusted()));
            let (peer, written) = ("10.0.0.1".parse().unwrap(), client.to_string());
            let believed = [
                behind_proxies(peer, Some(&written), Some(&passed_on), &trusted()),
                behind_proxies(peer, Some(&passed_on), Some(&format!("for=\"{}\"", std::net::SocketAddr::new(client, 1))), &trusted()),
            ];
            for address in believed {
                prop_assert!(address == client || address == peer, "{}", address);
            }
        }
    }
}

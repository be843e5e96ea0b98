//! What proxies and clients write about where a request came from.
#![no_main]

use std::net::IpAddr;

use libfuzzer_sys::fuzz_target;
use rekey::fuzz::client_address;

const PROXY: IpAddr = IpAddr::V4(std::net::Ipv4Addr::new(10, 0, 0, 1));
const STRANGER: IpAddr = IpAddr::V4(std::net::Ipv4Addr::new(203, 0, 113, 7));

fuzz_target!(|headers: (&[u8], &[u8])| {
    let (forwarded_for, forwarded) = headers;
    let read = |peer, one: &[u8], other: &[u8]| client_address(peer, &[PROXY], &[("x-forwarded-for", one), ("forwarded", other)]);
    assert_eq!(read(STRANGER, forwarded_for, forwarded), STRANGER, "a stranger chose an address");
    read(PROXY, forwarded_for, forwarded);
    // What a proxy appends is what it saw, whatever the client had written before.
    let appended = [forwarded_for, b", 198.51.100.1"].concat();
    let seen = client_address(PROXY, &[PROXY], &[("x-forwarded-for", &appended)]);
    // A header that is no text is not read at all; then the client is the proxy.
    assert!(seen == IpAddr::from([198, 51, 100, 1]) || seen == PROXY, "{seen}");
});

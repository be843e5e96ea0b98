//! Where a browser may be led back to after login: pages of the tools that Rekey stands in front of.
//!
//! Not with a parser of URLs, which would have to agree with every browser's on every strange address: what is let
//! through is written so that there is one way to read it. The scheme and `://` as they are, then a host of plain letters
//! and perhaps a port, then nothing but visible ASCII. User info, backslashes, white space, numbers that are addresses,
//! letters beyond ASCII are in no host that is let through, and what stands behind the host cannot change it.

/// Characters of an address that is led back to, at most: it travels in a query and a header.
const MAX_LENGTH: usize = 2048;

/// A page of a tool that people may be led back to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReturnTo {
    url: String,
    origin: String,
}

impl ReturnTo {
    /// Reads an address. `public_origin` is Rekey's own, as browsers write it; its scheme is every tool's. Without a cookie
    /// domain tools are on Rekey's own host, with one on that host and below it as well: just those that get the cookie.
    /// The port is the tool's choice, as it is for cookies: whatever listens on a port of these hosts gets the cookie anyway.
    #[must_use]
    pub fn parse(text: &str, public_origin: &str, cookie_domain: Option<&str>) -> Option<Self> {
        let (scheme, own_authority) = public_origin.split_once("://")?;
        let rest = text.get(scheme.len()..)?.strip_prefix("://")?;
        if !text[..scheme.len()].eq_ignore_ascii_case(scheme) || text.len() > MAX_LENGTH {
            return None;
        }
        let (authority, behind) = rest.split_at(rest.find(['/', '?', '#']).unwrap_or(rest.len()));
        let (host, port) = host_and_port(authority)?;
        let (own_host, _) = host_and_port(own_authority)?;
        let host = host.to_ascii_lowercase();
        let is_tool = host == own_host || cookie_domain.is_some_and(|domain| is_within(&host, domain));
        if !is_tool || !behind.bytes().all(|byte| byte.is_ascii_graphic()) {
            return None;
        }
        let port = port.filter(|port| *port != if scheme == "https" { 443 } else { 80 });
        let origin = format!("{scheme}://{host}{}", port.map(|port| format!(":{port}")).unwrap_or_default());
        Some(Self { url: format!("{origin}{behind}"), origin })
    }

    /// The address.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The tool's origin, as browsers write it.
    #[must_use]
    pub fn origin(&self) -> &str {
        &self.origin
    }
}

/// Splits off a port, if there is one. An address of IPv6 stands in brackets and keeps them.
fn host_and_port(authority: &str) -> Option<(&str, Option<u16>)> {
    match authority.rfind(':').filter(|colon| !authority[*colon..].contains(']')) {
        None => Some((authority, None)),
        Some(colon) => {
            let digits = &authority[colon + 1..];
            // Rust reads "+80" as a number.
            let is_number = digits.bytes().all(|byte| byte.is_ascii_digit());
            let port = digits.parse().ok().filter(|port| is_number && *port > 0)?;
            Some((&authority[..colon], Some(port)))
        }
    }
}

fn is_within(host: &str, domain: &str) -> bool {
    let is_label = |label: &str| {
        !label.is_empty() && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
    };
    match host.strip_suffix(domain) {
        Some("") => true,
        Some(below) => below.strip_suffix('.').is_some_and(|labels| labels.split('.').all(is_label)),
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const OWN: &str = "https://rekey.example.com";

    fn led_to(text: &str, domain: Option<&str>) -> Option<String> {
        ReturnTo::parse(text, OWN, domain).map(|page| page.url)
    }

    #[test]
    fn a_tools_page_is_led_back_to() {
        for (text, url, origin) in [
            ("https://rekey.example.com", "https://rekey.example.com", OWN),
            ("https://rekey.example.com/wiki/?a=1&b=%2F#c", "https://rekey.example.com/wiki/?a=1&b=%2F#c", OWN),
            ("https://rekey.example.com?a", "https://rekey.example.com?a", OWN),
            ("https://rekey.example.com:8443/", "https://rekey.example.com:8443/", "https://rekey.example.com:8443"),
            ("HTTPS://Rekey.Example.COM:443/A", "https://rekey.example.com/A", OWN),
            // What stands behind the host cannot change it, whatever it looks like.
            (r"https://rekey.example.com/\evil@evil//evil:|", r"https://rekey.example.com/\evil@evil//evil:|", OWN),
            (
                "https://rekey.example.com/?x=https://evil.example",
                "https://rekey.example.com/?x=https://evil.example",
                OWN,
            ),
        ] {
            let page = ReturnTo::parse(text, OWN, None).expect(text);
            assert_eq!((page.url(), page.origin()), (url, origin));
        }
    }

    #[test]
    fn with_a_cookie_domain_its_hosts_are_tools_and_without_one_they_are_not() {
        for text in [
            "https://tool.example.com/a",
            "https://example.com/a",
            "https://a.b.example.com:8443/a",
            "https://xn--bcher-kva.example.com/a",
            "https://my_tool.example.com/a",
        ] {
            assert_eq!(led_to(text, Some("example.com")).as_deref(), Some(text));
            assert_eq!(led_to(text, None), None, "{text}");
        }
    }

    #[test]
    fn nowhere_else() {
        for text in [
            "",
            "/",
            "/home",
            "//evil.example/",
            r"\\evil.example\",
            r"/\evil.example",
            "https:evil.example",
            "https:/evil.example",
            "https:///evil.example",
            r"https:\\evil.example",
            r"https:/\rekey.example.com",
            "http://rekey.example.com/",
            "https://evil.example/",
            "https://evil.example/https://rekey.example.com/",
            "https://evil.example?https://rekey.example.com/",
            "https://evil.example#rekey.example.com/",
            "https://rekey.example.com.evil.example/",
            "https://evilexample.com/",
            "https://evil-example.com/",
            "https://.example.com/",
            "https://a..example.com/",
            "https://tool.example.com./",
            "https://rekey.example.com./",
            "https://example.com.",
            "https://com/",
            "https://rekey.example.com@evil.example/",
            "https://rekey.example.com:443@evil.example/",
            "https://rekey.example.com%40evil.example/",
            "https://ann:secret@rekey.example.com/",
            r"https://rekey.example.com\@evil.example/",
            r"https://evil.example\.rekey.example.com/",
            "https://evil.example%2F.example.com/",
            "https://evil.example%00.example.com/",
            "https://rekey.example.com:/",
            "https://rekey.example.com:0/",
            "https://rekey.example.com:65536/",
            "https://rekey.example.com:+80/",
            "https://rekey.example.com:80:80/",
            "https://[::1]/",
            "https://0x7f000001/",
            "javascript:alert(1)",
            "javascript://rekey.example.com/%0aalert(1)",
            "JavaScript://rekey.example.com",
            "data:text/html,x",
            "vbscript://rekey.example.com",
            "blob:https://rekey.example.com/x",
            " https://rekey.example.com/",
            "https://rekey.example.com/ ",
            "https://rekey.example.com/\t",
            "https://rekey.example.com/a\nb",
            "https://rekey.example.com/a\r\nSet-Cookie: a=b",
            "https://rekey.example\t.com/",
            "ht\ntps://rekey.example.com/",
            "\u{1}https://rekey.example.com/",
            "https://rekey.example.com/\u{0}",
            "https://bücher.example.com/",
            "https://rekey.example.com/bücher",
            "https://rekey。example.com/",
            "https://rekey.example.com\u{ff0f}evil.example/",
            "https://ⓡekey.example.com/",
            "https://xn--rekey-example-com.evil.example/",
            "httpſ://rekey.example.com/",
            "éhttps",
        ] {
            for domain in [None, Some("example.com")] {
                assert_eq!(led_to(text, domain), None, "{text:?} with {domain:?}");
            }
        }
        let long = format!("https://rekey.example.com/{}", "a".repeat(MAX_LENGTH));
        assert_eq!(led_to(&long, None), None);
    }

    #[test]
    fn an_origin_of_a_test_or_a_home_network_is_one_like_others() {
        for (own, text) in [
            ("http://localhost:8080", "http://localhost:3000/a"),
            ("http://127.0.0.1:8080", "http://127.0.0.1/a"),
            ("http://[::1]:8080", "http://[::1]:3000/a"),
            ("http://[::1]", "http://[::1]/a"),
        ] {
            assert!(ReturnTo::parse(text, own, None).is_some(), "{text}");
            assert!(ReturnTo::parse("http://10.0.0.1/", own, None).is_none());
        }
    }

    #[test]
    fn a_port_that_every_browser_leaves_out_is_left_out() {
        let page = ReturnTo::parse("http://localhost:80/a", "http://localhost:8080", None).expect("a page");
        assert_eq!((page.url(), page.origin()), ("http://localhost/a", "http://localhost"));
    }
}

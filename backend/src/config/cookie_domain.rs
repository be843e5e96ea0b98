use std::fmt;

use url::Host;

use super::PublicUrl;

/// The domain whose hosts share a login: Rekey's own host is it, or lies below it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CookieDomain(String);

impl CookieDomain {
    /// Reads a domain; a dot before it means nothing, as in cookies (RFC 6265 5.2.3).
    ///
    /// # Errors
    /// A sentence that says what is wrong.
    pub fn parse(text: &str, public_url: &PublicUrl) -> Result<Self, String> {
        let name = text.strip_prefix('.').unwrap_or(text);
        let Ok(Host::Domain(domain)) = Host::parse(name) else {
            return Err(format!("{text} is no domain; it looks like example.com"));
        };
        if domain.ends_with('.') {
            return Err(format!("{text} ends with a dot, and browsers keep such hosts apart from those without"));
        }
        // Public suffixes of two labels, such as co.uk, only a list that grows could tell: browsers have it, and refuse.
        if !domain.contains('.') && domain != "localhost" {
            return Err(format!("browsers keep no cookie for all of {domain}; it looks like example.com"));
        }
        let host = public_url.0.host_str().unwrap_or_default();
        let is_above = host.strip_suffix(&domain).is_some_and(|below| below.is_empty() || below.ends_with('.'));
        if !is_above {
            return Err(format!("{host}, the host of REKEY_PUBLIC_URL, is not {domain} and does not lie below it"));
        }
        Ok(Self(domain))
    }

    /// As a cookie names it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for CookieDomain {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(domain: &str, public_url: &str) -> Result<String, String> {
        CookieDomain::parse(domain, &PublicUrl::parse(public_url).unwrap()).map(|domain| domain.to_string())
    }

    #[test]
    fn it_is_rekeys_host_or_lies_above_it() {
        for (domain, public_url, read) in [
            ("example.com", "https://rekey.example.com", "example.com"),
            (".Example.COM", "https://rekey.example.com", "example.com"),
            ("rekey.example.com", "https://rekey.example.com:8443", "rekey.example.com"),
            ("bücher.example", "https://rekey.bücher.example", "xn--bcher-kva.example"),
            ("example.localhost", "http://rekey.example.localhost:8080", "example.localhost"),
            ("localhost", "http://localhost:8080", "localhost"),
        ] {
            assert_eq!(parse(domain, public_url).as_deref(), Ok(read));
        }
    }

    #[test]
    fn what_no_browser_or_nobody_could_use_says_why() {
        for (domain, why) in [
            ("com", "no cookie for all of com"),
            ("127.0.0.1", "is no domain"),
            ("[::1]", "is no domain"),
            ("https://example.com", "is no domain"),
            ("example.com:443", "is no domain"),
            ("exa mple.com", "is no domain"),
            ("..example.com", "does not lie below"),
            ("example.com.", "ends with a dot"),
            ("tool.example.com", "does not lie below it"),
            ("ample.com", "does not lie below it"),
            ("example.org", "does not lie below it"),
        ] {
            let said = parse(domain, "https://rekey.example.com").unwrap_err();
            assert!(said.contains(why), "{domain}: {said}");
        }
    }
}

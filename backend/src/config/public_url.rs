use url::Url;

/// The origin under which people reach Rekey.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicUrl(pub(super) Url);

impl PublicUrl {
    /// Reads an origin: scheme and host, a port if need be, nothing else.
    ///
    /// # Errors
    /// A sentence that says what is wrong.
    pub fn parse(text: &str) -> Result<Self, String> {
        let url = Url::parse(text).map_err(|error| format!("{error}; it looks like https://support.example.com"))?;
        if !matches!(url.scheme(), "http" | "https") || url.host().is_none() {
            return Err("it looks like https://support.example.com".to_owned());
        }
        if url.path() != "/" || url.query().is_some() || url.fragment().is_some() || !url.username().is_empty() {
            return Err("only an origin, such as https://support.example.com, without path or query".to_owned());
        }
        Ok(Self(url))
    }

    /// As a browser writes it in the header `Origin`.
    #[must_use]
    pub fn origin(&self) -> String {
        self.0.origin().ascii_serialization()
    }

    /// With a port that the system chose, where the setting left the choice to it.
    #[must_use]
    pub fn with_port_for_zero(mut self, port: u16) -> Self {
        if self.0.port() == Some(0) {
            // Fails only for URLs without a host, and there is one.
            let _ = self.0.set_port(Some(port));
        }
        self
    }

    /// The address of a page.
    #[must_use]
    pub fn page(&self, path: &str) -> String {
        format!("{}{path}", self.origin())
    }

    /// Whether browsers reach Rekey over TLS, so that cookies can insist on it.
    #[must_use]
    pub fn is_https(&self) -> bool {
        self.0.scheme() == "https"
    }

    /// Whether only this machine reaches Rekey.
    #[must_use]
    pub fn is_loopback(&self) -> bool {
        match self.0.host() {
            Some(url::Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
            Some(url::Host::Ipv4(address)) => address.is_loopback(),
            Some(url::Host::Ipv6(address)) => address.is_loopback(),
            None => false,
        }
    }
}

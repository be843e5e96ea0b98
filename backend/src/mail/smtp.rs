//! A mail server, as its URL names it.

use std::fmt;
use std::time::Duration;

use mail_send::Credentials;
use percent_encoding::percent_decode_str;
use url::Url;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Tls {
    /// From the first byte (RFC 8314).
    Implicit,
    /// By STARTTLS, and nothing without it.
    Upgraded,
    /// Only where the URL says `?tls=none`.
    None,
}

/// `REKEY_SMTP_URL`, read.
#[derive(Clone)]
pub struct SmtpServer {
    pub(super) host: String,
    pub(super) port: u16,
    pub(super) tls: Tls,
    pub(super) login: Option<Credentials<String>>,
    pub(super) timeout: Duration,
    /// The name that it is told at EHLO.
    pub(super) own_name: String,
}

impl fmt::Debug for SmtpServer {
    /// Without the password.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}:{} ({:?})", self.host, self.port, self.tls)
    }
}

impl SmtpServer {
    /// Reads the URL.
    ///
    /// # Errors
    /// A sentence that says what is wrong; it never repeats the URL, which holds a password.
    pub fn parse(text: &str, timeout: Duration, own_name: &str) -> Result<Self, String> {
        let forms = "smtp://USER:PASSWORD@HOST:587, smtps://USER:PASSWORD@HOST:465 or smtp://HOST:25?tls=none";
        let url = Url::parse(text).map_err(|error| format!("{error}; it looks like {forms}"))?;
        let host = url.host_str().filter(|host| !host.is_empty());
        let host = host.ok_or_else(|| format!("it names no host; it looks like {forms}"))?;
        if !matches!(url.path(), "" | "/") || url.fragment().is_some() {
            return Err(format!("it has a path; a special character in the password is written as %XX, as in {forms}"));
        }
        let wants_none = match url.query() {
            None | Some("") => false,
            Some("tls=none") => true,
            Some(_) => return Err("after the question mark only tls=none is known".to_owned()),
        };
        let (tls, port) = match (url.scheme(), wants_none) {
            ("smtps", false) => (Tls::Implicit, 465),
            ("smtp", false) => (Tls::Upgraded, 587),
            ("smtp", true) => (Tls::None, 25),
            ("smtps", true) => return Err("smtps and tls=none contradict each other".to_owned()),
            _ => return Err(format!("it looks like {forms}")),
        };
        let decoded = |text: &str| percent_decode_str(text).decode_utf8_lossy().into_owned();
        let login = (!url.username().is_empty()).then(|| Credentials::Plain {
            username: decoded(url.username()),
            secret: decoded(url.password().unwrap_or_default()),
        });
        Ok(Self {
            host: host.trim_matches(['[', ']']).to_owned(),
            port: url.port().unwrap_or(port),
            tls,
            login,
            timeout,
            own_name: own_name.to_owned(),
        })
    }

    /// The host, as the URL names it.
    #[must_use]
    pub fn host(&self) -> &str {
        &self.host
    }

    /// The URL's port, or the usual one.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.port
    }

    /// Whether TLS comes before everything else.
    #[must_use]
    pub fn begins_with_tls(&self) -> bool {
        self.tls == Tls::Implicit
    }

    /// How long each answer is waited for.
    #[must_use]
    pub fn timeout(&self) -> Duration {
        self.timeout
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(url: &str) -> Result<SmtpServer, String> {
        SmtpServer::parse(url, Duration::from_secs(10), "localhost")
    }

    #[test]
    fn the_three_forms_of_the_url() {
        let server = read("smtp://ann%40example.com:p%2Fw@mail.example.com").unwrap();
        assert_eq!((server.host.as_str(), server.port, server.tls), ("mail.example.com", 587, Tls::Upgraded));
        assert!(matches!(server.login, Some(Credentials::Plain { username, secret })
            if username == "ann@example.com" && secret == "p/w"));
        let server = read("smtps://mail.example.com:4650").unwrap();
        assert_eq!((server.port, server.tls), (4650, Tls::Implicit));
        let server = read("smtp://127.0.0.1:2525?tls=none").unwrap();
        assert_eq!((server.port, server.tls), (2525, Tls::None));
        assert!(server.login.is_none());
    }

    #[test]
    fn what_is_wrong_is_said_without_the_password() {
        for url in [
            "",
            "mail.example.com",
            "http://u:geheim@host",
            "smtp://u:geheim@host?tls=maybe",
            "smtps://u:geheim@h?tls=none",
            "smtp://u:ge/heim@h",
        ] {
            let problem = read(url).err().unwrap();
            assert!(!problem.contains("geheim"), "{problem}");
        }
        assert!(!format!("{:?}", read("smtp://u:geheim@host").unwrap()).contains("geheim"));
    }
}

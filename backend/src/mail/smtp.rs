//! A mail server: its URL, and how to reach it.

use std::fmt;
use std::time::Duration;

use mail_send::smtp::tls::build_tls_connector;
use mail_send::{Credentials, SmtpClient};
use percent_encoding::percent_decode_str;
use smtp_proto::{EXT_SMTP_UTF8, EXT_START_TLS, EhloResponse};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use url::Url;

use super::connection::Connection;
use super::transport::SendError;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Tls {
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
    host: String,
    port: u16,
    tls: Tls,
    login: Option<Credentials<String>>,
    timeout: Duration,
    /// The name that it is told at EHLO.
    own_name: String,
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

    /// Connects, up to the point where a letter can be handed over. Every step has the time-out.
    ///
    /// # Errors
    /// [`SendError::ServerAway`] with the step and what went wrong there.
    pub async fn connect(&self) -> Result<Connection, SendError> {
        let stream = self.reach().await?;
        // With Nagle's algorithm each letter waits for a delayed ACK.
        stream.set_nodelay(true).map_err(|error| away("connect", &error))?;
        let mut plain = SmtpClient { stream, timeout: self.timeout };
        let mut client = match self.tls {
            Tls::None => {
                self.greeting(&mut plain).await?;
                boxed(plain)
            }
            Tls::Implicit => {
                let connector = build_tls_connector(false).map_err(|error| away("TLS", &error))?;
                let mut client = plain.into_tls(&connector, &self.host).await.map_err(|error| away("TLS", &error))?;
                self.greeting(&mut client).await?;
                boxed(client)
            }
            Tls::Upgraded => {
                self.greeting(&mut plain).await?;
                let offered = plain.ehlo(&self.own_name).await.map_err(|error| away("EHLO", &error))?;
                if !offered.has_capability(EXT_START_TLS) {
                    return Err(away("STARTTLS", &"the server does not offer it"));
                }
                let connector = build_tls_connector(false).map_err(|error| away("TLS", &error))?;
                boxed(plain.start_tls(&connector, &self.host).await.map_err(|error| away("STARTTLS", &error))?)
            }
        };
        let offers = client.ehlo(&self.own_name).await.map_err(|error| away("EHLO", &error))?;
        if let Some(login) = &self.login {
            client.authenticate(&Lent(login), &LentOffers(&offers)).await.map_err(|error| away("AUTH", &error))?;
        }
        let takes_utf8 = offers.has_capability(EXT_SMTP_UTF8);
        Ok(Connection::new(client, takes_utf8))
    }

    /// Tries each address of the host: where the first one is a black hole, the second may answer.
    async fn reach(&self) -> Result<TcpStream, SendError> {
        let named = (self.host.as_str(), self.port);
        let addresses = self.timed("look up the host", tokio::net::lookup_host(named)).await?;
        let mut problem = away("connect", &"the host has no address");
        for address in addresses {
            match self.timed("connect", TcpStream::connect(address)).await {
                Ok(stream) => return Ok(stream),
                Err(error) => problem = error,
            }
        }
        Err(problem)
    }

    /// mail-send reads the greeting without a time-out.
    async fn greeting<S: AsyncRead + AsyncWrite + Unpin>(&self, client: &mut SmtpClient<S>) -> Result<(), SendError> {
        let reply = match tokio::time::timeout(self.timeout, client.read()).await {
            Ok(reply) => reply.map_err(|error| away("greeting", &error))?,
            Err(_) => return Err(away("greeting", &"no answer in time")),
        };
        match reply.code() {
            220 => Ok(()),
            code => Err(away("greeting", &format!("the server said {code} {}", reply.message()))),
        }
    }

    async fn timed<T>(&self, step: &str, work: impl Future<Output = std::io::Result<T>>) -> Result<T, SendError> {
        match tokio::time::timeout(self.timeout, work).await {
            Ok(outcome) => outcome.map_err(|error| away(step, &error)),
            Err(_) => Err(away(step, &"no answer in time")),
        }
    }
}

/// mail-send takes what refers to credentials, and to what the server offers, by `AsRef`.
struct Lent<'a>(&'a Credentials<String>);

impl AsRef<Credentials<String>> for Lent<'_> {
    fn as_ref(&self) -> &Credentials<String> {
        self.0
    }
}

struct LentOffers<'a>(&'a EhloResponse<String>);

impl AsRef<EhloResponse<String>> for LentOffers<'_> {
    fn as_ref(&self) -> &EhloResponse<String> {
        self.0
    }
}

pub(super) trait Stream: AsyncRead + AsyncWrite + Send + Sync + Unpin {}
impl<S: AsyncRead + AsyncWrite + Send + Sync + Unpin> Stream for S {}

fn boxed<S: Stream + 'static>(client: SmtpClient<S>) -> SmtpClient<Box<dyn Stream>> {
    SmtpClient { stream: Box::new(client.stream), timeout: client.timeout }
}

pub(super) fn away(step: &str, problem: &dyn fmt::Display) -> SendError {
    SendError::ServerAway(format!("{step}: {problem}"))
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

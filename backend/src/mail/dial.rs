//! The way to a mail server that takes letters, step by step.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use mail_send::smtp::tls::build_tls_connector;
use mail_send::{Credentials, SmtpClient};
use rustls::ClientConnection;
use smtp_proto::{EXT_PIPELINING, EXT_SMTP_UTF8, EXT_START_TLS, EhloResponse};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;

use super::connection::{Connection, Offers};
use super::fault::{Cause, Fault, Step};
use super::smtp::{SmtpServer, Tls};
use super::talk::{Talk, one_line, read_reply};

/// Is told each step that went well.
pub type Tell<'a> = dyn FnMut(Step, String) + Send + 'a;

impl SmtpServer {
    /// Connects, up to the point where a letter can be handed over. Every step has the time-out.
    ///
    /// # Errors
    /// [`Fault`] with the step and what went wrong there.
    pub async fn connect(&self) -> Result<Connection, Fault> {
        self.connect_and_tell(&mut |_, _| {}).await
    }

    /// As [`Self::connect`], for whoever wants to follow it.
    ///
    /// # Errors
    /// [`Fault`] with the step and what went wrong there.
    pub async fn connect_and_tell(&self, tell: &mut Tell<'_>) -> Result<Connection, Fault> {
        let stream = self.reach(tell).await?;
        // With Nagle's algorithm each letter waits for a delayed ACK.
        stream.set_nodelay(true).map_err(|error| Fault::new(Step::Connect, error))?;
        let mut plain = SmtpClient { stream, timeout: self.timeout };
        let mut client = match self.tls {
            Tls::None => {
                self.greeting(&mut plain, tell).await?;
                boxed(plain)
            }
            Tls::Implicit => {
                let mut client = self.secure(plain, tell).await?;
                self.greeting(&mut client, tell).await?;
                client
            }
            Tls::Upgraded => {
                self.greeting(&mut plain, tell).await?;
                if !self.hello(&mut plain).await?.has_capability(EXT_START_TLS) {
                    return Err(Fault::new(Step::Tls, Cause::NoStartTls));
                }
                let reply = plain.cmd("STARTTLS\r\n").await.map_err(|error| Fault::new(Step::Tls, error))?;
                if reply.code() != 220 {
                    return Err(Fault::new(Step::Tls, Cause::said(&reply)));
                }
                self.secure(plain, tell).await?
            }
        };
        let told = self.hello(&mut client).await?;
        let offers =
            Offers { utf8: told.has_capability(EXT_SMTP_UTF8), pipelining: told.has_capability(EXT_PIPELINING) };
        tell(Step::Ehlo, format!("the server {} SMTPUTF8", if offers.utf8 { "offers" } else { "does not offer" }));
        if let Some(login) = &self.login {
            let logged_in = client.authenticate(&Lent(login), &LentOffers(&told)).await;
            logged_in.map_err(|error| Fault::new(Step::Login, without_secret(error.into(), login)))?;
            tell(Step::Login, "the server takes user and password".to_owned());
        }
        Ok(Connection::new(Talk::new(client.stream, self.timeout), offers))
    }

    /// Tries each address of the host: where the first one is a black hole, the second may answer.
    pub(super) async fn reach(&self, tell: &mut Tell<'_>) -> Result<TcpStream, Fault> {
        let named = (self.host.as_str(), self.port);
        let addresses: Vec<_> = self.timed(Step::Dns, tokio::net::lookup_host(named)).await?.collect();
        let list: Vec<_> = addresses.iter().map(|address| address.ip().to_string()).collect();
        tell(Step::Dns, format!("{} is {}", self.host, list.join(", ")));
        let mut fault = Fault::new(Step::Connect, Cause::Other("the host has no address".to_owned()));
        for address in addresses {
            match self.timed(Step::Connect, TcpStream::connect(address)).await {
                Ok(stream) => {
                    tell(Step::Connect, address.to_string());
                    return Ok(stream);
                }
                Err(error) => fault = error,
            }
        }
        Err(fault)
    }

    /// The server speaks first. mail-send would wait for that for ever, and would not tell silence from nonsense.
    async fn greeting<S: Stream>(&self, client: &mut SmtpClient<S>, tell: &mut Tell<'_>) -> Result<(), Fault> {
        let reply = tokio::time::timeout(self.timeout, read_reply(&mut client.stream, &mut Vec::new())).await;
        let reply = reply.unwrap_or(Err(Cause::Late)).map_err(|cause| Fault::new(Step::Greeting, cause))?;
        if reply.code() != 220 {
            return Err(Fault::new(Step::Greeting, Cause::said(&reply)));
        }
        tell(Step::Greeting, one_line(reply.message()));
        Ok(())
    }

    /// TLS with the authorities that the system trusts or, where they are set, those of `SSL_CERT_FILE` and
    /// `SSL_CERT_DIR`: so a company's own authority is trusted.
    async fn secure(
        &self,
        plain: SmtpClient<TcpStream>,
        tell: &mut Tell<'_>,
    ) -> Result<SmtpClient<Box<dyn Stream>>, Fault> {
        let connector = build_tls_connector(false);
        let connector = connector.map_err(|error| Fault::new(Step::Tls, Cause::NoRoots(error)))?;
        let client = plain.into_tls(&connector, &self.host).await.map_err(|error| Fault::new(Step::Tls, error))?;
        tell(Step::Tls, format!("{}, with a good certificate", version(client.tls_connection())));
        Ok(boxed(client))
    }

    async fn hello<S: Stream>(&self, client: &mut SmtpClient<S>) -> Result<EhloResponse<String>, Fault> {
        client.ehlo(&self.own_name).await.map_err(|error| Fault::new(Step::Ehlo, error))
    }

    async fn timed<T>(&self, step: Step, work: impl Future<Output = std::io::Result<T>>) -> Result<T, Fault> {
        match tokio::time::timeout(self.timeout, work).await {
            Ok(outcome) => outcome.map_err(|error| Fault::new(step, error)),
            Err(_) => Err(Fault::new(step, Cause::Late)),
        }
    }
}

/// Some servers repeat what they do not understand, and that may be the password.
fn without_secret(cause: Cause, login: &Credentials<String>) -> Cause {
    match (cause, login) {
        (Cause::Said { code, text }, Credentials::Plain { username, secret }) if !secret.is_empty() => {
            let plain = STANDARD.encode(format!("\0{username}\0{secret}"));
            let forms = [plain, STANDARD.encode(secret), secret.clone()];
            Cause::Said { code, text: forms.iter().fold(text, |text, form| text.replace(form, "<secret>")) }
        }
        (cause, _) => cause,
    }
}

fn version(connection: &ClientConnection) -> String {
    connection.protocol_version().map_or_else(|| "TLS".to_owned(), |version| format!("{version:?}").replace('_', "."))
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_that_repeats_the_password_does_not_make_rekey_repeat_it() {
        let login = Credentials::new("ann".to_owned(), "geh eim".to_owned());
        for said in ["what is AGFubgBnZWggZWlt?", "what is Z2VoIGVpbQ==?", "geh eim? no"] {
            let cause = without_secret(Cause::Said { code: 500, text: said.to_owned() }, &login).to_string();
            assert!(cause.contains("<secret>"), "{cause}");
        }
    }
}

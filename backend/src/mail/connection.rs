//! One connection to a mail server, which carries many letters.

use std::time::{Duration, Instant};

use mail_send::SmtpClient;
use mail_send::smtp::message::Parameters;

use super::dial::Stream;
use super::fault::{Fault, Step, without_addresses};
use super::transport::{Refusal, SendError};

/// A kept connection is asked whether it lives before it is used again after this long.
const TRUSTED_IDLE: Duration = Duration::from_secs(1);

/// A connection that has greeted and logged in.
pub struct Connection {
    client: SmtpClient<Box<dyn Stream>>,
    takes_utf8: bool,
    used: Instant,
    carried: u64,
    is_usable: bool,
}

impl Connection {
    pub(super) fn new(client: SmtpClient<Box<dyn Stream>>, takes_utf8: bool) -> Self {
        Self { client, takes_utf8, used: Instant::now(), carried: 0, is_usable: true }
    }

    /// How long it has had nothing to do.
    #[must_use]
    pub fn idle(&self) -> Duration {
        self.used.elapsed()
    }

    /// Whether another letter can be tried on it.
    #[must_use]
    pub fn is_usable(&self) -> bool {
        self.is_usable
    }

    /// Asks the server, unless it has just answered.
    pub async fn is_alive(&mut self) -> bool {
        self.is_usable && (self.idle() < TRUSTED_IDLE || self.client.noop().await.is_ok())
    }

    /// Hands a letter over.
    ///
    /// # Errors
    /// [`SendError`] says whose fault it is.
    pub async fn send(&mut self, from: &str, to: &str, mime: &[u8]) -> Result<(), SendError> {
        self.used = Instant::now();
        let sent = self.transfer(from, to, mime).await;
        match &sent {
            Ok(()) => self.carried += 1,
            // The next letter begins anew; a server that does not even take that is left.
            Err(SendError::NotNow(_) | SendError::Never(_)) if self.is_usable => {
                self.is_usable = self.client.rset().await.is_ok();
            }
            Err(_) => self.is_usable = false,
        }
        sent
    }

    async fn transfer(&mut self, from: &str, to: &str, mime: &[u8]) -> Result<(), SendError> {
        let mut parameters = Parameters::new();
        if !to.is_ascii() {
            if !self.takes_utf8 {
                return Err(SendError::Never(Refusal::unsaid(
                    "the mail server cannot write to this address (no SMTPUTF8)",
                )));
            }
            parameters.add("SMTPUTF8");
        }
        if let Err(error) = self.client.mail_from(from, &parameters).await {
            // A server that takes so many letters on a line and no more, or has hung up on an idle one: a new line will do.
            let was_used_up = match &error {
                mail_send::Error::UnexpectedReply(reply) => reply.code() == 421,
                _ => true,
            };
            return Err(if was_used_up && self.carried > 0 {
                SendError::Stale
            } else {
                Fault::new(Step::Sender, error).into()
            });
        }
        let rcpt = self.client.rcpt_to(to, &Parameters::new()).await;
        rcpt.map_err(|error| self.refused("RCPT TO", &error))?;
        let data = self.client.data(mime).await;
        data.map_err(|error| self.refused("DATA", &error))?;
        Ok(())
    }

    fn refused(&mut self, step: &str, error: &mail_send::Error) -> SendError {
        let mail_send::Error::UnexpectedReply(reply) = error else {
            self.is_usable = false;
            return SendError::Broken(Refusal::unsaid(format!("{step}: {error}")));
        };
        let reason = format!("{step}: the server said {}", without_addresses(reply));
        let said = Refusal { code: Some(reply.code()), reason };
        match reply.code() {
            // RFC 5321 3.8: the server is about to close the line.
            421 => {
                self.is_usable = false;
                SendError::Broken(said)
            }
            // RFC 4954 6: it wants another login; many servers say so only here. No letter is to blame.
            530 | 534 | 535 | 538 => SendError::ServerAway { step: Some(Step::Login), reason: said.reason },
            500.. => SendError::Never(said),
            _ => SendError::NotNow(said),
        }
    }

    /// Asks whether letters of this sender are taken; none is sent.
    ///
    /// # Errors
    /// [`Fault`] with what the server said.
    pub async fn try_sender(&mut self, from: &str) -> Result<(), Fault> {
        let taken = self.client.mail_from(from, &Parameters::new()).await;
        taken.map_err(|error| Fault::new(Step::Sender, error))?;
        self.is_usable = self.client.rset().await.is_ok();
        Ok(())
    }

    /// Says goodbye; whether the server answers does not matter.
    pub async fn quit(self) {
        let _ = self.client.quit().await;
    }
}

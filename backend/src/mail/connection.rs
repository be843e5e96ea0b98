//! One connection to a mail server, which carries many letters.

use std::time::{Duration, Instant};

use smtp_proto::Response;

use super::fault::{Cause, Fault, Step, without_addresses};
use super::refusal::is_about_sender;
use super::talk::{Talk, ended};
use super::transport::{Refusal, SendError};

/// A kept connection is asked whether it lives before it is used again after this long.
const TRUSTED_IDLE: Duration = Duration::from_secs(1);

/// What the server says that wants the letter now.
const GO_ON: u16 = 354;

/// What a server said at EHLO that it can do.
#[derive(Clone, Copy, Debug)]
pub(super) struct Offers {
    /// Addresses that are not ASCII (RFC 6531).
    pub utf8: bool,
    /// Several commands at once (RFC 2920).
    pub pipelining: bool,
}

/// A connection that has greeted and logged in.
///
/// To a server that offers it, the commands before a letter are said at once, and those of the next letter together with
/// this one: then a letter costs one wait for the server and not four. The letter itself is said only when the server has
/// asked for it.
pub struct Connection {
    talk: Talk,
    offers: Offers,
    /// To whom the letter goes that was announced with the last one.
    announced: Option<String>,
    used: Instant,
    carried: u64,
    is_usable: bool,
}

impl Connection {
    pub(super) fn new(talk: Talk, offers: Offers) -> Self {
        Self { talk, offers, announced: None, used: Instant::now(), carried: 0, is_usable: true }
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

    /// Whether the server waits for a letter.
    #[must_use]
    pub fn has_announced(&self) -> bool {
        self.announced.is_some()
    }

    /// Asks the server, unless it has just answered. One that waits for a letter would take the question for that.
    pub async fn is_alive(&mut self) -> bool {
        self.is_usable && self.announced.is_none() && (self.idle() < TRUSTED_IDLE || self.agrees("NOOP\r\n").await)
    }

    async fn agrees(&mut self, line: &str) -> bool {
        self.talk.ask(line).await.is_ok_and(|reply| is_good(&reply))
    }

    /// Hands a letter over, and announces the next one, if it is known to whom that goes.
    ///
    /// # Errors
    /// [`SendError`] says whose fault it is.
    pub async fn send(&mut self, from: &str, to: &str, mime: &[u8], next: Option<&str>) -> Result<(), SendError> {
        self.used = Instant::now();
        let sent = self.transfer(from, to, mime, next).await;
        match &sent {
            Ok(()) => self.carried += 1,
            // The next one is announced: the server has begun it already.
            Err(SendError::NotNow(_) | SendError::Never(_) | SendError::Unwelcome(_)) if self.announced.is_some() => {}
            // The next letter begins anew; a server that does not even take that is left.
            Err(SendError::NotNow(_) | SendError::Never(_) | SendError::Unwelcome(_)) if self.is_usable => {
                self.is_usable = self.agrees("RSET\r\n").await;
            }
            Err(_) => self.is_usable = false,
        }
        sent
    }

    async fn transfer(&mut self, from: &str, to: &str, mime: &[u8], next: Option<&str>) -> Result<(), SendError> {
        match self.announced.take() {
            // Another letter was, and this server would take this one in its place.
            Some(announced) if announced != to => return Err(SendError::Stale),
            Some(_) => self.is_asked_for(from, to).await?,
            None => {
                let Some(commands) = self.commands(from, to) else {
                    return Err(SendError::Never(Refusal::unsaid(
                        "the mail server cannot write to this address (no SMTPUTF8)",
                    )));
                };
                if self.offers.pipelining {
                    let said = self.talk.say(commands.concat().as_bytes()).await;
                    said.map_err(|cause| self.line_is_used_up(cause))?;
                }
                self.is_asked_for(from, to).await?;
            }
        }
        let mut letter = ended(mime);
        let next = next.filter(|_| self.offers.pipelining).and_then(|next| Some((next, self.commands(from, next)?)));
        if let Some((next, commands)) = next {
            letter.extend_from_slice(commands.concat().as_bytes());
            self.announced = Some(next.to_owned());
        }
        let taken = match self.talk.say(&letter).await {
            Ok(()) => self.talk.reply().await,
            Err(cause) => Err(cause),
        };
        let reply = taken.map_err(|cause| self.broken("DATA", &cause))?;
        if is_good(&reply) { Ok(()) } else { Err(self.refused("DATA", &reply)) }
    }

    /// The three commands before a letter; none: the server takes no such address.
    fn commands(&self, from: &str, to: &str) -> Option<[String; 3]> {
        let parameter = match (to.is_ascii(), self.offers.utf8) {
            (true, _) => "",
            (false, true) => " SMTPUTF8",
            (false, false) => return None,
        };
        Some([format!("MAIL FROM:<{from}>{parameter}\r\n"), format!("RCPT TO:<{to}>\r\n"), "DATA\r\n".to_owned()])
    }

    /// The server's replies to the three commands, which end with its asking for the letter.
    async fn is_asked_for(&mut self, from: &str, to: &str) -> Result<(), SendError> {
        let Some([mail, rcpt, data]) = self.commands(from, to) else { return Err(SendError::Stale) };
        match self.answer(&mail).await {
            Ok(reply) if is_good(&reply) => {}
            Ok(reply) if reply.code() != 421 => return Err(Fault::new(Step::Sender, Cause::said(&reply)).into()),
            Ok(reply) => return Err(self.line_is_used_up(Cause::said(&reply))),
            Err(cause) => return Err(self.line_is_used_up(cause)),
        }
        let to_person = self.answer(&rcpt).await.map_err(|cause| self.broken("RCPT TO", &cause))?;
        if !is_good(&to_person) {
            let refused = self.refused("RCPT TO", &to_person);
            if self.is_usable && self.offers.pipelining {
                self.takes_back_data().await;
            }
            return Err(refused);
        }
        let asked = self.answer(&data).await.map_err(|cause| self.broken("DATA", &cause))?;
        if asked.code() == GO_ON { Ok(()) } else { Err(self.refused("DATA", &asked)) }
    }

    /// The reply to a command, which is said now, if it has not been said with others.
    async fn answer(&mut self, command: &str) -> Result<Response<String>, Cause> {
        if self.offers.pipelining { self.talk.reply().await } else { self.talk.ask(command).await }
    }

    /// DATA was said together with a refused RCPT TO. A server may ask for the letter to nobody all the same, and then only
    /// a lone dot gets it out of that (RFC 2920 3.1).
    async fn takes_back_data(&mut self) {
        self.is_usable = match self.talk.reply().await {
            Ok(reply) if reply.code() == GO_ON => self.talk.ask(".\r\n").await.is_ok(),
            Ok(_) => true,
            Err(_) => false,
        };
    }

    /// A server that takes so many letters on a line and no more, or has hung up on an idle one: a new line will do.
    fn line_is_used_up(&self, cause: Cause) -> SendError {
        if self.carried > 0 { SendError::Stale } else { Fault::new(Step::Sender, cause).into() }
    }

    fn broken(&mut self, step: &str, cause: &Cause) -> SendError {
        self.is_usable = false;
        SendError::Broken(Refusal::unsaid(format!("{step}: {cause}")))
    }

    fn refused(&mut self, step: &str, reply: &Response<String>) -> SendError {
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
            _ if is_about_sender(reply) => SendError::Unwelcome(said),
            500.. => SendError::Never(said),
            _ => SendError::NotNow(said),
        }
    }

    /// Asks whether letters of this sender are taken; none is sent. Also with a recipient, before whom many servers say
    /// nothing of the sender: whether there is such a mailbox does not matter.
    ///
    /// # Errors
    /// [`Fault`] with what the server said.
    pub async fn try_sender(&mut self, from: &str, to: &str) -> Result<(), Fault> {
        let reply = self.talk.ask(&format!("MAIL FROM:<{from}>\r\n")).await;
        let reply = reply.map_err(|cause| Fault::new(Step::Sender, cause))?;
        if !is_good(&reply) {
            return Err(Fault::new(Step::Sender, Cause::said(&reply)));
        }
        if let Ok(reply) = self.talk.ask(&format!("RCPT TO:<{to}>\r\n")).await
            && is_about_sender(&reply)
        {
            return Err(Fault::new(Step::Sender, Cause::said(&reply)));
        }
        self.is_usable = self.agrees("RSET\r\n").await;
        Ok(())
    }

    /// Says goodbye; whether the server answers does not matter. One that waits for a letter is left without a word, and so
    /// has none.
    pub async fn quit(mut self) {
        if self.announced.is_none() {
            let _ = self.talk.ask("QUIT\r\n").await;
        }
    }
}

fn is_good(reply: &Response<String>) -> bool {
    (200..300).contains(&reply.code())
}

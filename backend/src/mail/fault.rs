//! Where the talk with a mail server broke off, and why.

use std::fmt;
use std::io::{self, ErrorKind};

use smtp_proto::Response;

use super::transport::SendError;

/// The steps up to a server that takes letters, in their order; with `smtps://` TLS comes before the greeting.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    Dns,
    Connect,
    Greeting,
    Tls,
    Ehlo,
    Login,
    Sender,
}

impl Step {
    /// All of them.
    pub(crate) const ALL: [Self; 7] =
        [Self::Dns, Self::Connect, Self::Greeting, Self::Tls, Self::Ehlo, Self::Login, Self::Sender];

    /// As the monitoring calls it.
    pub(crate) fn label(self) -> &'static str {
        match self {
            Self::Dns => "dns",
            Self::Connect => "connect",
            Self::Greeting => "greeting",
            Self::Tls => "tls",
            Self::Ehlo => "ehlo",
            Self::Login => "login",
            Self::Sender => "sender",
        }
    }

    /// As the log and the mail queue call it.
    fn name(self) -> &'static str {
        match self {
            Self::Dns => "look up the host",
            Self::Connect => "connect",
            Self::Greeting => "greeting",
            Self::Tls => "TLS",
            Self::Ehlo => "EHLO",
            Self::Login => "AUTH",
            Self::Sender => "MAIL FROM",
        }
    }
}

/// Why a step failed.
#[derive(Debug, thiserror::Error)]
pub enum Cause {
    #[error("no answer in time")]
    Late,
    #[error("the server closed the connection")]
    Closed,
    /// The beginning of what came in place of a reply.
    #[error("what the server said is no SMTP: {0}")]
    NoSmtp(String),
    #[error("the server said {text}")]
    Said { code: u16, text: String },
    #[error("the server does not offer STARTTLS")]
    NoStartTls,
    #[error("the server offers no way to log in that Rekey knows")]
    NoLogin,
    /// No authority whose certificates could be trusted.
    #[error("{0}")]
    NoRoots(String),
    #[error("{0}")]
    Tls(rustls::Error),
    #[error("{0}")]
    Io(io::Error),
    #[error("{0}")]
    Other(String),
}

impl Cause {
    /// What the server said in place of yes.
    pub(super) fn said(reply: &Response<String>) -> Self {
        Self::Said { code: reply.code(), text: without_addresses(reply) }
    }
}

impl From<io::Error> for Cause {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            ErrorKind::UnexpectedEof | ErrorKind::ConnectionReset | ErrorKind::BrokenPipe => Self::Closed,
            _ => Self::Io(error),
        }
    }
}

impl From<mail_send::Error> for Cause {
    fn from(error: mail_send::Error) -> Self {
        use mail_send::Error;
        match error {
            Error::Io(error) => error.into(),
            Error::Tls(error) => Self::Tls(*error),
            Error::UnexpectedReply(reply) | Error::AuthenticationFailed(reply) => Self::said(&reply),
            Error::UnsupportedAuthMechanism => Self::NoLogin,
            Error::Timeout => Self::Late,
            // mail-send does not tell one from the other.
            Error::UnparseableReply => {
                Self::Other("the server closed the connection, or what it said is no SMTP".to_owned())
            }
            other => Self::Other(other.to_string()),
        }
    }
}

/// A step that failed. The server's fault or the settings', never a letter's.
#[derive(Debug)]
pub struct Fault {
    pub step: Step,
    pub cause: Cause,
}

impl Fault {
    pub(super) fn new(step: Step, cause: impl Into<Cause>) -> Self {
        Self { step, cause: cause.into() }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}: {}", self.step.name(), self.cause)
    }
}

impl From<Fault> for SendError {
    fn from(fault: Fault) -> Self {
        Self::ServerAway { step: Some(fault.step), reason: fault.to_string() }
    }
}

/// What the server said, for the log and the operator. Servers repeat the address in it, and neither gets that.
pub(super) fn without_addresses(reply: &Response<String>) -> String {
    let mut words = vec![reply.code().to_string()];
    let [class, subject, detail] = reply.esc;
    if class > 0 {
        words.push(format!("{class}.{subject}.{detail}"));
    }
    let text = reply.message().split_whitespace();
    words.extend(text.map(|word| if word.contains('@') { "<address>".to_owned() } else { word.to_owned() }));
    words.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_server_said_is_told_without_the_address() {
        let said = |esc| {
            let message = "<Ann@example.com>: no such\r\n mailbox".to_owned();
            without_addresses(&Response { code: 550, esc, message })
        };
        assert_eq!(said([5, 1, 1]), "550 5.1.1 <address> no such mailbox");
        assert_eq!(said([0, 0, 0]), "550 <address> no such mailbox");
    }
}

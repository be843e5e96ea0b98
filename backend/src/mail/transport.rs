//! The way out for letters: SMTP, or a folder on a developer's machine.

use std::time::Duration;

use super::capture::Capture;
use super::connection::Connection;
use super::fault::{Fault, Step};
use super::letters::Letter;
use super::smtp::SmtpServer;
use crate::clock::Timestamp;
use crate::config::Config;

/// Why a letter did not go out.
#[derive(Debug, PartialEq, Eq)]
pub enum SendError {
    /// The server cannot be used: no connection, TLS, a wrong password, a refused sender. No letter is to blame.
    ServerAway {
        /// Where that showed; none: over letters.
        step: Option<Step>,
        reason: String,
    },
    /// A kept connection had been closed by the server; nothing was handed over. A new one will do.
    Stale,
    /// The connection broke over this letter. Whose fault that is shows when it happens to the next one, too.
    Broken(Refusal),
    /// This letter is not taken now (4xx).
    NotNow(Refusal),
    /// This letter will never be taken (5xx).
    Never(Refusal),
    /// Nor this one, and not for whom it goes to: the same no to another person's shows that no letter is taken.
    Unwelcome(Refusal),
}

/// Why a letter was not taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// What the server replied, if it did.
    pub code: Option<u16>,
    pub reason: String,
}

impl Refusal {
    /// Without a reply.
    pub(super) fn unsaid(reason: impl Into<String>) -> Self {
        Self { code: None, reason: reason.into() }
    }
}

impl std::fmt::Display for SendError {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(match self {
            Self::Stale => "the server closed the connection twice",
            Self::ServerAway { reason, .. } => reason,
            Self::Broken(refusal) | Self::NotNow(refusal) | Self::Never(refusal) | Self::Unwelcome(refusal) => {
                &refusal.reason
            }
        })
    }
}

/// Where letters go.
pub enum Transport {
    Smtp { server: SmtpServer, connection: Option<Box<Connection>> },
    Capture(Capture),
}

impl Transport {
    /// As the settings say.
    #[must_use]
    pub fn new(config: &Config) -> Self {
        match &config.smtp {
            Some(server) => Self::Smtp { server: server.clone(), connection: None },
            None => Self::Capture(Capture::new(&config.data_dir)),
        }
    }

    /// Makes sure of a connection, before anything secret is made.
    ///
    /// # Errors
    /// [`Fault`] with the step and what went wrong there.
    pub async fn connect(&mut self) -> Result<(), Fault> {
        if let Self::Smtp { server, connection } = self {
            let is_alive = match connection.as_mut() {
                Some(kept) => kept.is_alive().await,
                None => false,
            };
            if !is_alive {
                *connection = None;
                *connection = Some(Box::new(server.connect().await?));
            }
        }
        Ok(())
    }

    /// Hands a letter over; the server may be told already to whom the next one goes.
    ///
    /// # Errors
    /// [`SendError`] says whose fault it is.
    pub async fn send(
        &mut self,
        letter: &Letter,
        next: Option<&str>,
        config: &Config,
        now: Timestamp,
    ) -> Result<(), SendError> {
        let mut mime = letter.mime(config, now);
        if let Some(dkim) = &config.dkim {
            let signed = dkim.sign(&mime, now);
            mime = signed.map_err(|reason| SendError::ServerAway {
                step: None,
                reason: format!("the letter cannot be signed: {reason}"),
            })?;
        }
        match self {
            Self::Capture(capture) => {
                capture.write(&mime).map_err(|error| SendError::ServerAway { step: None, reason: error.to_string() })
            }
            Self::Smtp { connection, .. } => {
                let Some(open) = connection.as_mut() else {
                    return Err(SendError::Stale);
                };
                let sent = open.send(&config.mail_from.on_the_wire(), &letter.to, &mime, next).await;
                if !open.is_usable() {
                    *connection = None;
                }
                sent
            }
        }
    }

    /// Whether the server waits for a letter that was announced with the last one.
    #[must_use]
    pub fn has_announced(&self) -> bool {
        matches!(self, Self::Smtp { connection: Some(open), .. } if open.has_announced())
    }

    /// Says goodbye to a server that has had nothing to do for a while: it may want to serve others. Whether it did.
    pub async fn close_idle(&mut self, after: Duration) -> bool {
        let is_idle = match self {
            Self::Smtp { connection: Some(kept), .. } => kept.idle() >= after,
            _ => false,
        };
        if is_idle {
            self.close().await;
        }
        is_idle
    }

    /// Says goodbye.
    pub async fn close(&mut self) {
        if let Self::Smtp { connection, .. } = self
            && let Some(open) = connection.take()
        {
            open.quit().await;
        }
    }
}

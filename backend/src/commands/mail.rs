use clap::Subcommand;
use rekey_shared::email_address::EmailAddress;
use rekey_shared::locale::Locale;

use super::{Failure, say};
use crate::app::StartError;
use crate::clock::Clock;
use crate::config::Config;
use crate::mail::letters::Letter;
use crate::mail::transport::Transport;

#[derive(Subcommand)]
pub(super) enum MailCommand {
    /// Send a test letter now, and say what the mail server said
    Test {
        #[arg(value_name = "ADDRESS", value_parser = EmailAddress::parse)]
        address: EmailAddress,
    },
}

impl MailCommand {
    pub(super) async fn run(self, config: &Config, clock: &Clock) -> Result<(), Failure> {
        let Self::Test { address } = self;
        if config.smtp.is_none() && !config.public_url.is_loopback() {
            return Err(StartError::NoMail.into());
        }
        let letter = Letter::test(config, &address, Locale::En).map_err(|error| Failure::Failed(error.to_string()))?;
        let mut transport = Transport::new(config);
        let sent = match transport.connect().await {
            Ok(()) => transport.send(&letter, config, clock.now()).await,
            Err(error) => Err(error),
        };
        transport.close().await;
        match (sent, &config.smtp) {
            (Ok(()), Some(server)) => say(&format!("{server:?} has taken a test letter to {address}.")),
            (Ok(()), None) => say(&format!(
                "No mail server is set; the test letter was captured in {}.",
                config.data_dir.join("mailbox").display()
            )),
            (Err(error), _) => Err(Failure::Failed(format!("the test letter was not sent: {error}"))),
        }
    }
}

use clap::Args;

use super::{Failure, demo};
use crate::app::Application;
use crate::clock::Clock;
use crate::config::{Config, Settings};

#[derive(Args)]
pub(super) struct Serve {
    /// Try Rekey: data in data/demo, the accounts demo and admin, letters captured; only on loopback
    #[arg(long)]
    demo: bool,

    /// Send no letters; another process does (rekey mail-worker)
    #[arg(long)]
    no_mail_worker: bool,
}

impl Serve {
    /// The settings, changed where `--demo` asks for it.
    pub(super) fn adapted(&self, settings: Settings) -> Result<Settings, Failure> {
        if self.demo { demo::settings(settings) } else { Ok(settings) }
    }

    pub(super) async fn run(self, config: Config) -> Result<(), Failure> {
        let application = Application::build(config, Clock::system(), !self.no_mail_worker).await?;
        let rekey = application.rekey();
        if self.demo {
            demo::welcome(&rekey).await?;
        } else if rekey.config.smtp.is_none() {
            tracing::warn!(mailbox = %rekey.config.public_url.page(rekey_shared::paths::DEV_MAILBOX), "mail.captured");
        }
        tracing::info!(
            server.port = application.port(),
            server.url = %rekey.config.public_url.origin(),
            "server.listening"
        );
        Ok(application.run_until_stopped().await?)
    }
}

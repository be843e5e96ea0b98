use clap::Subcommand;
use rekey_shared::admin::AuditEvent;

use super::{Failure, record, say};
use crate::clock::Clock;
use crate::config::Config;
use crate::login::signing_keys;

#[derive(Subcommand)]
pub(super) enum KeysCommand {
    /// Put a new signing key first; servers read it within 10 s, and the older keys go on verifying
    Rotate,
}

impl KeysCommand {
    pub(super) async fn run(&self, config: &Config, clock: &Clock) -> Result<(), Failure> {
        let Self::Rotate = self;
        let id = signing_keys::rotate(&config.signing_keys_file).map_err(|error| Failure::Failed(error.to_string()))?;
        say(&format!("A new key signs from now on: {id}"))?;
        // Afterwards: a key that must go is rotated also while the database is away.
        record(config, clock, AuditEvent::KeysRotated, id).await
    }
}

//! `rekey check`: what an operator wants to know before people find out. It changes nothing.

mod database;
mod files;
mod mends;
mod report;
mod smtp;

use clap::Args;

use super::Failure;
use crate::config::{Config, ConfigError};
use report::Report;

#[derive(Args)]
pub(super) struct Check {
    /// As JSON
    #[arg(long)]
    json: bool,
}

impl Check {
    /// Goes through everything. After a step that failed, those that need it are left out.
    pub(super) async fn run(&self, config: &Config) -> Result<(), Failure> {
        let mut report = Report::new(self.json);
        report.good("settings", "none is wrong");
        database::check(&config.database, &mut report).await;
        files::frontend(&config.frontend_dir, &mut report);
        files::signing_keys(&config.signing_keys_file, &mut report);
        files::public_url(&config.public_url, &mut report);
        files::dkim(config, &mut report);
        smtp::check(config, &mut report).await;
        report.end()
    }

    /// Everything else needs them. The error itself says what to do.
    pub(super) fn settings_are_wrong(&self, error: &ConfigError) -> Result<(), Failure> {
        let mut report = Report::new(self.json);
        report.bad("settings", error);
        report.end()
    }
}

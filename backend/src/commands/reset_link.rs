use clap::Args;

use super::account::load_account;
use super::{Failure, say};
use crate::admin::accounts::reset;
use crate::admin::audit::Actor;
use crate::app::open_database;
use crate::clock::{Clock, span};
use crate::config::Config;
use crate::password_reset::reset_link;

#[derive(Args)]
pub(super) struct ResetLink {
    /// User name or email address
    #[arg(value_name = "USER")]
    user: String,
}

impl ResetLink {
    pub(super) async fn run(self, config: &Config, clock: &Clock) -> Result<(), Failure> {
        let database = open_database(config).await?;
        let account = load_account(&database, &self.user).await?;
        let (id, now, life) = (account.id, clock.now(), config.reset_link_life);
        let print = move |db: &mut _| reset::print(db, &id, &Actor::Command, (now, now + span(life)));
        let token = database.write(print).await?;
        say(&format!(
            "Reset link for {}, shown only now, good once and for {}:\n{}",
            account.user_name,
            humantime::format_duration(life),
            reset_link::url(&config.public_url, &token)
        ))
    }
}

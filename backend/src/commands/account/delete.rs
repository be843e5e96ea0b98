use std::io::{IsTerminal as _, Write as _};

use clap::Args;

use super::{Failure, load_account, say};
use crate::admin::accounts::remove;
use crate::admin::audit::Actor;
use crate::app::open_database;
use crate::clock::Clock;
use crate::config::Config;

#[derive(Args)]
pub(in crate::commands) struct Delete {
    /// User name or email address
    #[arg(value_name = "USER")]
    user: String,

    /// Do not ask
    #[arg(long)]
    yes: bool,
}

impl Delete {
    pub(super) async fn run(self, config: &Config, clock: &Clock) -> Result<(), Failure> {
        if !self.yes && !std::io::stdin().is_terminal() {
            return Err(Failure::Usage("nobody can be asked here; --yes deletes without asking".to_owned()));
        }
        let database = open_database(config).await?;
        let account = load_account(&database, &self.user).await?;
        if !self.yes && !is_sure(&account.user_name, &account.email)? {
            return Err(Failure::Failed(format!("the account {} was not deleted", account.user_name)));
        }
        let (id, now) = (account.id, clock.now());
        let account = database.write(move |db| remove::remove(db, &id, &Actor::Command, now)).await?;
        say(&format!("Deleted the account {}.", account.user_name))
    }
}

fn is_sure(user_name: &str, email: &str) -> Result<bool, Failure> {
    let mut out = std::io::stdout().lock();
    write!(out, "Delete the account {user_name} ({email}) for good? Type yes: ")?;
    out.flush()?;
    let mut line = String::new();
    std::io::stdin().read_line(&mut line)?;
    Ok(line.trim().eq_ignore_ascii_case("yes"))
}

use clap::Args;
use rekey_shared::email_address::EmailAddress;
use rekey_shared::locale::Locale;

use super::{Failure, RoleName, languages, load_account, say};
use crate::account::person_name;
use crate::account::record::Account;
use crate::admin::accounts::change::{self, Change};
use crate::admin::audit::Actor;
use crate::app::open_database;
use crate::clock::Clock;
use crate::config::Config;

#[derive(Args)]
pub(in crate::commands) struct Set {
    /// User name or email address
    #[arg(value_name = "USER")]
    user: String,

    #[command(flatten)]
    changed: Changed,
}

#[derive(Args)]
#[group(required = true, multiple = true)]
struct Changed {
    /// Where letters go; links and mailed passwords of the old address die
    #[arg(long, value_name = "ADDRESS", value_parser = EmailAddress::parse)]
    email: Option<EmailAddress>,

    /// How to greet the person; an empty name takes the name away
    #[arg(long, value_name = "NAME")]
    name: Option<String>,

    #[arg(long, value_enum)]
    role: Option<RoleName>,

    #[arg(long, value_name = "LANGUAGE", help = languages(), value_parser = |text: &str| text.parse::<Locale>())]
    locale: Option<Locale>,
}

#[derive(Args)]
pub(in crate::commands) struct Disable {
    /// User name or email address
    #[arg(value_name = "USER")]
    user: String,
}

#[derive(Args)]
pub(in crate::commands) struct Enable {
    /// User name or email address
    #[arg(value_name = "USER")]
    user: String,
}

impl Set {
    pub(super) async fn run(self, config: &Config, clock: &Clock) -> Result<(), Failure> {
        let Changed { email, name, role, locale } = self.changed;
        let name = name
            .as_deref()
            .map(person_name::parse)
            .transpose()
            .map(|name| name.map(Option::unwrap_or_default))
            .map_err(|problem| Failure::Usage(format!("--name: {problem}")))?;
        let change = Change { name, email, role: role.map(Into::into), locale, disabled: None };
        let account = carry_out(config, clock, &self.user, change).await?;
        say(&format!("Changed the account {}.", account.user_name))
    }
}

impl Disable {
    pub(super) async fn run(self, config: &Config, clock: &Clock) -> Result<(), Failure> {
        let change = Change { disabled: Some(true), ..Change::default() };
        let account = carry_out(config, clock, &self.user, change).await?;
        say(&format!("The account {} is disabled; all that it had open has ended.", account.user_name))
    }
}

impl Enable {
    pub(super) async fn run(self, config: &Config, clock: &Clock) -> Result<(), Failure> {
        let change = Change { disabled: Some(false), ..Change::default() };
        let account = carry_out(config, clock, &self.user, change).await?;
        say(&format!("The account {} is enabled.", account.user_name))
    }
}

async fn carry_out(config: &Config, clock: &Clock, user: &str, change: Change) -> Result<Account, Failure> {
    let database = open_database(config).await?;
    let Account { id, .. } = load_account(&database, user).await?;
    let now = clock.now();
    Ok(database.write(move |db| change::change(db, &id, &change, &Actor::Command, now)).await?)
}

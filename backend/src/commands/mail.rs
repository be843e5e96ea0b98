use std::time::Duration;

use clap::{ArgGroup, Args, Subcommand, ValueEnum};
use rekey_shared::admin::{AuditEvent, MailState, QueuedMail};
use rekey_shared::email_address::EmailAddress;
use rekey_shared::locale::Locale;

use super::pages::{self, PAGE};
use super::{Failure, progress, record, say};
use crate::admin::audit::Actor;
use crate::admin::mail::{act, list};
use crate::app::{StartError, open_database};
use crate::clock::{Clock, span};
use crate::config::Config;
use crate::db::DbError;
use crate::error::Error;
use crate::mail::letters::Letter;
use crate::mail::transport::Transport;

#[derive(Subcommand)]
pub(super) enum MailCommand {
    /// Send a test letter now, and say what the mail server said
    Test(Test),
    /// List the letters, the newest first
    List(List),
    /// Try a letter now that waits or was stopped
    Retry(Retry),
    /// Drop a letter that waits or was stopped
    Drop(Drop),
    /// Delete letters that were sent, stopped or dropped; those that count for the limit of this hour stay
    Purge(Purge),
}

#[derive(Args)]
pub(super) struct Test {
    #[arg(value_name = "ADDRESS", value_parser = EmailAddress::parse)]
    address: EmailAddress,
}

#[derive(Args)]
pub(super) struct List {
    /// Only letters of which this has become
    #[arg(long, value_enum)]
    state: Option<StateName>,

    /// As JSON
    #[arg(long)]
    json: bool,
}

#[derive(Clone, Copy, ValueEnum)]
enum StateName {
    Waiting,
    Sent,
    Stopped,
    Dropped,
}

impl From<StateName> for MailState {
    fn from(state: StateName) -> Self {
        match state {
            StateName::Waiting => Self::Waiting,
            StateName::Sent => Self::Sent,
            StateName::Stopped => Self::Stopped,
            StateName::Dropped => Self::Dropped,
        }
    }
}

#[derive(Args)]
#[command(group = ArgGroup::new("which").required(true))]
pub(super) struct Retry {
    /// The letter's id, as the list shows it
    #[arg(value_name = "ID", group = "which")]
    id: Option<String>,

    /// All letters that wait or were stopped
    #[arg(long, group = "which")]
    all: bool,
}

#[derive(Args)]
pub(super) struct Drop {
    /// The letter's id, as the list shows it
    #[arg(value_name = "ID")]
    id: String,
}

#[derive(Args)]
pub(super) struct Purge {
    /// Only letters that were promised so long ago, such as 7d
    #[arg(long, value_name = "TIME", default_value = "0s", value_parser = humantime::parse_duration)]
    older_than: Duration,
}

impl MailCommand {
    pub(super) async fn run(self, config: &Config, clock: &Clock) -> Result<(), Failure> {
        match self {
            Self::Test(test) => test.run(config, clock).await,
            Self::List(list) => list.run(config).await,
            Self::Retry(retry) => retry.run(config, clock).await,
            Self::Drop(drop) => drop.run(config, clock).await,
            Self::Purge(purge) => purge.run(config, clock).await,
        }
    }
}

impl Test {
    async fn run(self, config: &Config, clock: &Clock) -> Result<(), Failure> {
        if config.smtp.is_none() && !config.public_url.is_loopback() {
            return Err(StartError::NoMail.into());
        }
        let letter =
            Letter::test(config, &self.address, Locale::En).map_err(|error| Failure::Failed(error.to_string()))?;
        let mut transport = Transport::new(config);
        let sent = match transport.connect().await {
            Ok(()) => transport.send(&letter, None, config, clock.now()).await,
            Err(fault) => Err(fault.into()),
        };
        transport.close().await;
        match (sent, &config.smtp) {
            (Ok(()), Some(server)) => say(&format!("{server:?} has taken a test letter to {}.", self.address)),
            (Ok(()), None) => say(&format!(
                "No mail server is set; the test letter was captured in {}.",
                config.data_dir.join("mailbox").display()
            )),
            (Err(error), _) => Err(Failure::Failed(format!("the test letter was not sent: {error}"))),
        }
    }
}

impl List {
    async fn run(self, config: &Config) -> Result<(), Failure> {
        let database = open_database(config).await?;
        let state = self.state.map(MailState::from);
        let page = async |cursor: Option<String>| {
            Ok(database.read(move |db| list::page(db, state, cursor.as_deref(), PAGE)).await?)
        };
        let heading = ["ID", "KIND", "STATE", "TRIES", "PROMISED", "ADDRESS", "ERROR"];
        pages::print(self.json, heading, page, columns).await
    }
}

fn columns(letter: &QueuedMail) -> [String; 7] {
    [
        letter.id.clone(),
        letter.kind.clone(),
        letter.state.name().to_owned(),
        letter.attempts.to_string(),
        letter.created_at.clone(),
        letter.address.clone(),
        letter.last_error.clone().unwrap_or_default(),
    ]
}

impl Retry {
    async fn run(self, config: &Config, clock: &Clock) -> Result<(), Failure> {
        let database = open_database(config).await?;
        let now = clock.now();
        if let Some(id) = self.id {
            let retried = {
                let id = id.clone();
                database.write(move |db| act::retry(db, &id, &Actor::Command, now)).await
            };
            retried.map_err(|error| not_open(error, &id))?;
            return say("The letter is tried now.");
        }
        let mut letters = 0;
        // Those that wait first: what was stopped waits afterwards, and is counted once.
        for state in [MailState::Waiting, MailState::Stopped] {
            let mut after = String::new();
            loop {
                let some = database.write(move |db| act::retry_some(db, state, &after, now));
                let (retried, last): (usize, Option<String>) = some.await.map_err(|error: DbError| error)?;
                letters += retried;
                match last {
                    Some(last) => after = last,
                    None => break,
                }
            }
        }
        record(config, clock, AuditEvent::MailRetried, format!("all: {letters}")).await?;
        say(&format!("Letters that are tried now: {letters}"))
    }
}

impl Drop {
    async fn run(self, config: &Config, clock: &Clock) -> Result<(), Failure> {
        let database = open_database(config).await?;
        let (id, now) = (self.id.clone(), clock.now());
        let dropped = database.write(move |db| act::drop(db, &id, &Actor::Command, now)).await;
        dropped.map_err(|error| not_open(error, &self.id))?;
        say("The letter is dropped.")
    }
}

impl Purge {
    async fn run(self, config: &Config, clock: &Clock) -> Result<(), Failure> {
        let database = open_database(config).await?;
        let now = clock.now();
        let before = now - span(self.older_than);
        let over: i64 =
            database.read(move |db| act::count_over(db, before, now)).await.map_err(|error: DbError| error)?;
        let bar = progress::bar("Deleting", over.unsigned_abs());
        let mut letters = 0;
        // In steps, each a transaction of its own, so that the lock is held from nobody.
        loop {
            let deleted: usize =
                database.write(move |db| act::delete_some(db, before, now)).await.map_err(|error: DbError| error)?;
            if deleted == 0 {
                break;
            }
            letters += deleted;
            bar.inc(deleted as u64);
        }
        bar.finish_and_clear();
        record(config, clock, AuditEvent::MailDropped, format!("purged: {letters}")).await?;
        say(&format!("Letters that were deleted: {letters}"))
    }
}

fn not_open(error: Error, id: &str) -> Failure {
    match error {
        Error::NotFound => Failure::Failed(format!("no letter that waits or was stopped has the id {id}")),
        other => other.into(),
    }
}

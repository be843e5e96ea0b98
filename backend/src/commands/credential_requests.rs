//! `rekey credential-requests …`: the operator's answers to people who ask for accounts.

use clap::{Args, Subcommand};
use rekey_shared::admin::{REASON_MAX_CHARACTERS, WaitingRequest};

use super::pages::{self, PAGE};
use super::{Failure, say};
use crate::account::user_name::UserName;
use crate::admin::audit::Actor;
use crate::app::open_database;
use crate::clock::Clock;
use crate::config::Config;
use crate::credential_request::decide;
use crate::db::Db;
use crate::error::Error;
use crate::web::fields::Fields;

#[derive(Subcommand)]
pub(super) enum CredentialRequestsCommand {
    /// List the requests that wait, the oldest first
    List(List),
    /// Make the account, and mail its first password
    Approve(Approve),
    /// Say no, by mail
    Reject(Reject),
}

#[derive(Args)]
pub(super) struct List {
    /// As JSON
    #[arg(long)]
    json: bool,
}

#[derive(Args)]
pub(super) struct Approve {
    /// The request's id, as the list shows it
    #[arg(value_name = "ID")]
    id: String,

    /// The account's user name; unset: the one that the list proposes
    #[arg(long, value_name = "NAME", value_parser = |text: &str| UserName::parse(text))]
    user_name: Option<UserName>,
}

#[derive(Args)]
pub(super) struct Reject {
    /// The request's id, as the list shows it
    #[arg(value_name = "ID")]
    id: String,

    /// A sentence that is mailed to the person
    #[arg(long, value_name = "TEXT")]
    reason: Option<String>,
}

impl CredentialRequestsCommand {
    pub(super) async fn run(self, config: &Config, clock: &Clock) -> Result<(), Failure> {
        match self {
            Self::List(list) => list.run(config).await,
            Self::Approve(approve) => approve.run(config, clock).await,
            Self::Reject(reject) => reject.run(config, clock).await,
        }
    }
}

impl List {
    async fn run(self, config: &Config) -> Result<(), Failure> {
        let database = open_database(config).await?;
        let page = async |cursor: Option<String>| {
            Ok(database.read(move |db| decide::waiting(db, cursor.as_deref(), PAGE)).await?)
        };
        pages::print(self.json, ["ID", "ASKED", "EMAIL", "USER", "NAME", "NOTE"], page, columns).await
    }
}

fn columns(request: &WaitingRequest) -> [String; 6] {
    [
        request.id.clone(),
        request.created_at.clone(),
        request.email.clone(),
        request.proposed_user_name.clone(),
        request.name.clone(),
        request.note.clone().unwrap_or_default(),
    ]
}

impl Approve {
    async fn run(self, config: &Config, clock: &Clock) -> Result<(), Failure> {
        let database = open_database(config).await?;
        let (id, now) = (self.id.clone(), clock.now());
        let approve = move |db: &mut Db| decide::approve(db, &id, self.user_name.as_ref(), &Actor::Command, now);
        let account = database.write(approve).await.map_err(|error| not_waiting(error, &self.id))?;
        say(&format!("Added the account {}. A first password is mailed to {}.", account.user_name, account.email))
    }
}

impl Reject {
    async fn run(self, config: &Config, clock: &Clock) -> Result<(), Failure> {
        let mut fields = Fields::default();
        let reason = fields.lines("reason", self.reason.as_deref().unwrap_or_default(), REASON_MAX_CHARACTERS);
        fields.check().map_err(|_| {
            let problem = format!("longer than {REASON_MAX_CHARACTERS} characters, or it holds a control character");
            Failure::Usage(format!("--reason: it is {problem}"))
        })?;
        let database = open_database(config).await?;
        let (id, now) = (self.id.clone(), clock.now());
        let reject = move |db: &mut Db| decide::reject(db, &id, reason.as_deref(), &Actor::Command, now);
        database.write(reject).await.map_err(|error| not_waiting(error, &self.id))?;
        say("The request is rejected, and the person is told by mail.")
    }
}

fn not_waiting(error: Error, id: &str) -> Failure {
    match error {
        Error::NotFound => Failure::Failed(format!("no request that waits has the id {id}")),
        other => other.into(),
    }
}

mod import;

use std::io::{BufRead as _, Write as _};

use clap::{Args, Subcommand, ValueEnum};
use rekey_shared::account::{Me, Role};
use rekey_shared::email_address::EmailAddress;
use rekey_shared::locale::Locale;
use rekey_shared::password_rules;
use rekey_shared::problem::FieldCode;
use rekey_shared::secret::Secret;

use super::{Failure, say};
use crate::account::own_password::broken_rules;
use crate::account::record::{self, Account, NewAccount};
use crate::account::user_name::UserName;
use crate::app::open_database;
use crate::clock::{Clock, span};
use crate::config::Config;
use crate::db::{Db, DbError};
use crate::login::password::hash_now;
use crate::mail::queue::{self, Kind, Promise};
use crate::password_reset::send_password;

#[derive(Subcommand)]
pub(super) enum AccountCommand {
    /// Add an account; without a password option a temporary password is printed, once
    Add(Add),
    /// List the accounts
    List(List),
    /// Add the accounts that a CSV file lists
    #[command(after_help = import::EXPLAINED)]
    Import(import::Import),
}

#[derive(Args)]
pub(super) struct Add {
    /// What the person types in "User"; it holds no "@"
    #[arg(long, value_name = "NAME", value_parser = |text: &str| UserName::parse(text))]
    user_name: UserName,

    /// Where letters go; the person can type it in "User", too
    #[arg(long, value_name = "ADDRESS", value_parser = EmailAddress::parse)]
    email: EmailAddress,

    /// How to greet the person
    #[arg(long, value_name = "NAME")]
    name: Option<String>,

    #[arg(long, value_enum, default_value_t)]
    role: RoleName,

    /// The person's language: en or it
    #[arg(long, value_name = "LANGUAGE", default_value = "en", value_parser = |text: &str| text.parse::<Locale>())]
    locale: Locale,

    /// Read the person's own password from the first line of standard input
    #[arg(long, conflicts_with = "mail_password")]
    password_stdin: bool,

    /// Mail a temporary password
    #[arg(long)]
    mail_password: bool,
}

#[derive(Clone, Copy, Default, ValueEnum)]
enum RoleName {
    #[default]
    Member,
    Admin,
}

#[derive(Args)]
pub(super) struct List {
    /// As JSON
    #[arg(long)]
    json: bool,
}

impl AccountCommand {
    pub(super) async fn run(self, config: &Config, clock: &Clock) -> Result<(), Failure> {
        match self {
            Self::Add(add) => add.run(config, clock).await,
            Self::List(list) => list.run(config).await,
            Self::Import(import) => import.run(config, clock).await,
        }
    }
}

impl Add {
    async fn run(self, config: &Config, clock: &Clock) -> Result<(), Failure> {
        let password_hash = if self.password_stdin { Some(self.own_password(config)?) } else { None };
        let printed = (!self.password_stdin && !self.mail_password).then(|| send_password::generate(&mut rand::rng()));
        let name = record::display_name(self.name.as_deref().unwrap_or_default())
            .map_err(|problem| Failure::Usage(format!("--name: {problem}")))?;
        let account = NewAccount {
            user_name: self.user_name.clone(),
            email: self.email.clone(),
            name,
            role: match self.role {
                RoleName::Member => Role::Member,
                RoleName::Admin => Role::Admin,
            },
            locale: self.locale,
            password_hash,
        };
        let database = open_database(config).await?;
        let (now, life) = (clock.now(), config.temporary_password_life);
        let temporary = printed.clone();
        database
            .write(move |db: &mut Db| {
                let id = record::insert(db, &account, now)?;
                if let Some(password) = &temporary {
                    send_password::insert(db, password, &id, (now, now + span(life)))?;
                }
                if self.mail_password {
                    queue::insert(db, &Promise::to(Kind::Welcome, account.email.key()).for_epoch(&id, 1), now)?;
                }
                Ok::<_, DbError>(())
            })
            .await
            .map_err(|error| taken(error, &self.user_name, &self.email))?;
        say(&format!("Added the account {}.", self.user_name.as_str()))?;
        if let Some(password) = printed {
            let life = humantime::format_duration(life);
            say(&format!("Temporary password, shown only now and good for {life}:\n{}", password.expose()))?;
        } else if self.mail_password {
            say(&format!("A temporary password is mailed to {}.", self.email))?;
        }
        Ok(())
    }

    /// The first line of standard input, held to the same rules as on the page.
    fn own_password(&self, config: &Config) -> Result<String, Failure> {
        let mut line = String::new();
        std::io::stdin().lock().read_line(&mut line)?;
        let password = Secret::from(line.trim_end_matches(['\r', '\n']));
        let names = [self.user_name.as_str(), self.email.as_str(), config.app_name.as_str()];
        match broken_rules(&password, &names).first() {
            None => hash_now(&password).map_err(|error| Failure::Failed(error.to_string())),
            Some(code) => Err(Failure::Failed(format!("the password on standard input {}", why(*code)))),
        }
    }
}

fn why(code: FieldCode) -> String {
    match code {
        FieldCode::Required => "is empty".to_owned(),
        FieldCode::TooShort => format!("has fewer than {} characters", password_rules::MIN_CHARACTERS),
        FieldCode::TooLong => format!("is longer than {} bytes", password_rules::MAX_BYTES),
        FieldCode::TooCommon => "is one that many people use, and so the first to be guessed".to_owned(),
        FieldCode::OwnName => "is made of the person's or the application's own names".to_owned(),
        other => format!("is not accepted ({})", other.text()),
    }
}

fn taken(error: DbError, user_name: &UserName, email: &EmailAddress) -> Failure {
    use diesel::result::{DatabaseErrorKind, Error};
    match error {
        DbError::Query(Error::DatabaseError(DatabaseErrorKind::UniqueViolation, _)) => Failure::Failed(format!(
            "the user name {} or the address {email} belongs to an account already",
            user_name.as_str()
        )),
        other => other.into(),
    }
}

impl List {
    async fn run(self, config: &Config) -> Result<(), Failure> {
        let accounts = open_database(config).await?.read(record::all).await?;
        if self.json {
            let rows: Vec<Me> = accounts.into_iter().map(Account::into_me).collect();
            let json = serde_json::to_string_pretty(&rows).map_err(|error| Failure::Failed(error.to_string()))?;
            return say(&json);
        }
        let mut out = std::io::stdout().lock();
        let width = accounts.iter().map(|account| account.user_name.chars().count()).max().unwrap_or_default().max(4);
        writeln!(out, "{:<width$}  {:<6}  {:<8}  EMAIL", "USER", "ROLE", "STATE")?;
        for account in &accounts {
            let state = if account.is_enabled() { "enabled" } else { "disabled" };
            writeln!(
                out,
                "{:<width$}  {:<6}  {state:<8}  {}",
                account.user_name,
                account.role().name(),
                account.email
            )?;
        }
        Ok(())
    }
}

//! The command line: one file per family of subcommands.

mod account;
mod check;
mod credential_requests;
mod demo;
mod healthcheck;
mod keys;
mod mail;
mod mail_worker;
mod manual;
mod pages;
mod progress;
mod reset_link;
mod serve;

use std::io::Write as _;
use std::process::ExitCode;

use clap::error::ErrorKind;
use clap::{Arg, CommandFactory, FromArgMatches, Parser, Subcommand};
use rekey_shared::admin::AuditEvent;
use rekey_shared::problem::{FieldCode, FieldError};

use crate::admin::audit::Event;
use crate::app::{StartError, open_database};
use crate::clock::Clock;
use crate::config::{Config, ConfigError, Settings};
use crate::db::{Db, DbError};
use crate::error::Error;
use crate::telemetry;

/// Gets people back into a web tool when they forgot their password.
#[derive(Parser)]
#[command(
    name = "rekey",
    version,
    about,
    propagate_version = true,
    subcommand_required = true,
    arg_required_else_help = true
)]
#[command(after_help = "Try it without settings: rekey serve --demo\nExit codes: 0 fine, 1 failed, 2 wrong usage.")]
pub struct CommandLine {
    #[command(flatten)]
    settings: Settings,

    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Serve the API, the pages and the mail worker
    Serve(serve::Serve),
    /// Send letters, as a process of its own beside `rekey serve --no-mail-worker`
    MailWorker,
    /// Bring the database up to date
    Migrate,
    /// Add, import, list, change and delete accounts
    #[command(subcommand)]
    Account(account::AccountCommand),
    /// Print a fresh reset link for an account, once
    ResetLink(reset_link::ResetLink),
    /// See and decide who asks for an account
    #[command(subcommand)]
    CredentialRequests(credential_requests::CredentialRequestsCommand),
    /// Try the mail server, and see and change what waits for it
    #[command(subcommand)]
    Mail(mail::MailCommand),
    /// Change the keys that sign access tokens
    #[command(subcommand)]
    Keys(keys::KeysCommand),
    /// Look whether settings, database, files and mail server are as they must be, and say what to do; changes nothing
    Check(check::Check),
    /// Ask a running server on the listen address whether it is ready
    Healthcheck,
    /// Print a script with which a shell completes commands and settings
    Completions(manual::Completions),
    /// Print the manual as a man page, or write the pages of all commands
    Man(manual::Man),
}

impl CommandLine {
    /// Reads the arguments and the environment. A variable that is empty is one that nobody set: compose files pass on as
    /// empty what `${NAME:-}` finds no value for. Not so `DATABASE_URL`: whoever forgets it would find no data, and no error.
    ///
    /// # Errors
    /// What clap has to say: which argument is wrong, or the help that was asked for.
    pub fn read() -> Result<Self, clap::Error> {
        let command = Self::command().mut_args(without_empty_variable);
        match command.try_get_matches().and_then(|matches| Self::from_arg_matches(&matches)) {
            // Help names the variable of each setting. It is written before any of them is read.
            Err(help) if help.kind() == ErrorKind::DisplayHelp => Self::try_parse(),
            read => read,
        }
    }
}

/// clap takes an empty variable for a value, and it knows only by the argument which variable to read.
fn without_empty_variable(argument: Arg) -> Arg {
    let variable = argument.get_env().filter(|name| *name != "DATABASE_URL").and_then(std::env::var_os);
    if variable.is_some_and(|value| value.is_empty()) { argument.env(None) } else { argument }
}

/// Why a command failed, in one sentence.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    #[error("{0}")]
    Usage(String),
    #[error("{0}")]
    Failed(String),
}

impl Failure {
    /// 2 for wrong usage, 1 for everything else.
    #[must_use]
    pub fn exit_code(&self) -> ExitCode {
        match self {
            Self::Usage(_) => ExitCode::from(2),
            Self::Failed(_) => ExitCode::FAILURE,
        }
    }
}

impl From<ConfigError> for Failure {
    fn from(error: ConfigError) -> Self {
        Self::Usage(error.to_string())
    }
}

impl From<StartError> for Failure {
    fn from(error: StartError) -> Self {
        if matches!(error, StartError::NoMail) {
            return Self::Usage(error.to_string());
        }
        Self::Failed(error.to_string())
    }
}

impl From<DbError> for Failure {
    fn from(error: DbError) -> Self {
        Self::Failed(error.to_string())
    }
}

impl From<Error> for Failure {
    /// What the API says in codes, in a sentence.
    fn from(error: Error) -> Self {
        let sentence = match error {
            Error::Internal(cause) | Error::Unavailable { cause, .. } => cause,
            Error::InvalidInput(errors) => errors.iter().map(sentence).collect::<Vec<_>>().join("; "),
            other => other.to_string(),
        };
        Self::Failed(sentence)
    }
}

fn sentence(error: &FieldError) -> String {
    match (error.code, error.field.as_str()) {
        (FieldCode::LastAdmin, _) => {
            "nobody would be left to administer accounts; make somebody else an admin first".to_owned()
        }
        (FieldCode::AccountDisabled, _) => "the account is disabled; enable it first".to_owned(),
        (FieldCode::Taken, "user_name") => "the user name belongs to an account already".to_owned(),
        (FieldCode::Taken, _) => "the address belongs to an account already".to_owned(),
        (code, field) => format!("{field}: {}", code.text()),
    }
}

impl From<std::io::Error> for Failure {
    fn from(error: std::io::Error) -> Self {
        Self::Failed(error.to_string())
    }
}

/// Carries out a command.
///
/// # Errors
/// [`Failure`] in one sentence.
pub fn run(command_line: CommandLine) -> Result<(), Failure> {
    let CommandLine { settings, command } = command_line;
    // They need no settings, so none that is wrong is in their way.
    match &command {
        Command::Completions(command) => return command.run(),
        Command::Man(command) => return command.run(),
        _ => {}
    }
    telemetry::start(&settings.log, settings.log_format).map_err(Failure::Usage)?;
    // mail-send panics without a process-wide provider. An error: there is one already.
    let _ = rustls::crypto::ring::default_provider().install_default();
    actix_web::rt::System::new().block_on(async {
        let settings = if let Command::Serve(serve) = &command { serve.adapted(settings)? } else { settings };
        let config = match (Config::from_settings(settings), &command) {
            (Ok(config), _) => config,
            // One of the things that it looks for.
            (Err(error), Command::Check(check)) => return check.settings_are_wrong(&error),
            (Err(error), _) => return Err(error.into()),
        };
        match command {
            Command::Serve(serve) => serve.run(config).await,
            Command::MailWorker => mail_worker::run(config).await,
            Command::Migrate => migrate(&config).await,
            Command::Account(command) => command.run(&config, &Clock::system()).await,
            Command::ResetLink(command) => command.run(&config, &Clock::system()).await,
            Command::CredentialRequests(command) => command.run(&config, &Clock::system()).await,
            Command::Mail(command) => command.run(&config, &Clock::system()).await,
            Command::Keys(command) => command.run(&config, &Clock::system()).await,
            Command::Check(command) => command.run(&config).await,
            Command::Healthcheck => healthcheck::run(&config),
            Command::Completions(command) => command.run(),
            Command::Man(command) => command.run(),
        }
    })
}

async fn migrate(config: &Config) -> Result<(), Failure> {
    open_database(config).await?;
    say("The database is up to date.")
}

/// Records what the operator did where no transaction of its own does.
async fn record(config: &Config, clock: &Clock, event: AuditEvent, detail: String) -> Result<(), Failure> {
    let now = clock.now();
    let insert = move |db: &mut Db| Event::by_command(event).with(detail).insert(db, now);
    let recorded = open_database(config).await?.write(insert).await;
    recorded.map_err(|error| Failure::Failed(format!("it is done, but not recorded: {error}")))
}

/// Prints a line for the person at the terminal. One that nobody reads is an error: a password may be in it.
fn say(text: &str) -> Result<(), Failure> {
    Ok(writeln!(std::io::stdout().lock(), "{text}")?)
}

/// What became of words that can be read again. A reader that has seen enough, such as `head`, is no error.
fn printed(written: std::io::Result<()>) -> Result<(), Failure> {
    match written {
        Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => Ok(()),
        written => Ok(written?),
    }
}

//! `rekey account …`: what the operator does to accounts. It goes through the functions of the API, and leaves the same
//! records.

mod add;
mod change;
mod delete;
mod import;
mod list;

use clap::{Subcommand, ValueEnum};
use rekey_shared::account::Role;
use rekey_shared::locale::Locale;

use super::{Failure, say};
use crate::account::record::{self, Account};
use crate::clock::Clock;
use crate::config::Config;
use crate::db::{Database, DbError};
use crate::login::throttle::user_key;

#[derive(Subcommand)]
pub(super) enum AccountCommand {
    /// Add an account; without a password option a temporary password is printed, once
    Add(add::Add),
    /// List the accounts
    List(list::List),
    /// Add the accounts that a CSV file lists
    #[command(after_help = import::EXPLAINED)]
    Import(import::Import),
    /// Change an account; what is not named stays as it is
    Set(change::Set),
    /// Let nobody in to an account any more, and end all that it has open
    Disable(change::Disable),
    /// Let the person in to a disabled account again, with the password of before
    Enable(change::Enable),
    /// Delete an account, for good
    Delete(delete::Delete),
}

impl AccountCommand {
    pub(super) async fn run(self, config: &Config, clock: &Clock) -> Result<(), Failure> {
        match self {
            Self::Add(add) => add.run(config, clock).await,
            Self::List(list) => list.run(config).await,
            Self::Import(import) => import.run(config, clock).await,
            Self::Set(set) => set.run(config, clock).await,
            Self::Disable(disable) => disable.run(config, clock).await,
            Self::Enable(enable) => enable.run(config, clock).await,
            Self::Delete(delete) => delete.run(config, clock).await,
        }
    }
}

/// `--role`
#[derive(Clone, Copy, Default, ValueEnum)]
enum RoleName {
    #[default]
    Member,
    Admin,
}

impl From<RoleName> for Role {
    fn from(role: RoleName) -> Self {
        match role {
            RoleName::Member => Self::Member,
            RoleName::Admin => Self::Admin,
        }
    }
}

/// The help of `--locale`.
fn languages() -> String {
    format!("The person's language: {}", Locale::codes())
}

/// The account of a user name or an email address, typed as at the login.
pub(super) async fn load_account(database: &Database, user: &str) -> Result<Account, Failure> {
    let key = user_key(user);
    let account = database.read(move |db| record::find_by_user_key(db, &key)).await.map_err(|error: DbError| error)?;
    account.ok_or_else(|| Failure::Failed(format!("no account has the user name or address {user}")))
}

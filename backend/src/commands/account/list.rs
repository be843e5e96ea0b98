use clap::Args;
use rekey_shared::admin::AdminAccount;

use super::Failure;
use crate::admin::accounts::list;
use crate::app::open_database;
use crate::commands::pages::{self, PAGE};
use crate::config::Config;

#[derive(Args)]
pub(in crate::commands) struct List {
    /// Only accounts whose user name or address begins so
    #[arg(long, value_name = "PREFIX", default_value = "")]
    search: String,

    /// As JSON
    #[arg(long)]
    json: bool,
}

impl List {
    pub(super) async fn run(self, config: &Config) -> Result<(), Failure> {
        let database = open_database(config).await?;
        let search = self.search;
        let page = async |cursor: Option<String>| {
            let search = search.clone();
            Ok(database.read(move |db| list::page(db, &search, cursor.as_deref(), PAGE)).await?)
        };
        pages::print(self.json, ["USER", "ROLE", "STATE", "EMAIL"], page, columns).await
    }
}

fn columns(account: &AdminAccount) -> [String; 4] {
    let state = if account.disabled { "disabled" } else { "enabled" };
    [account.user_name.clone(), account.role.name().to_owned(), state.to_owned(), account.email.clone()]
}

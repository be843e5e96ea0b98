//! `rekey serve --demo`: everything that a newcomer needs, on this machine only.

use std::fmt::Write as _;
use std::path::PathBuf;

use rekey_shared::account::Role;
use rekey_shared::email_address::EmailAddress;
use rekey_shared::locale::Locale;
use rekey_shared::paths;
use rekey_shared::secret::Secret;

use super::{Failure, say};
use crate::account::record::{self, NewAccount};
use crate::account::user_name::UserName;
use crate::app::Rekey;
use crate::config::Settings;
use crate::db::{Db, DbError};
use crate::login::password::hash_now;
use crate::login::throttle;
use crate::password_reset::{end_links_and_passwords, send_password};

const FOLDER: &str = "data/demo";

/// Data of its own, no mail server, loopback only.
pub(super) fn settings(mut settings: Settings) -> Result<Settings, Failure> {
    if !settings.listen.ip().is_loopback() {
        return Err(Failure::Usage(format!(
            "--demo listens on loopback only, and {} is not: its passwords are printed and its letters are shown to everybody",
            settings.listen
        )));
    }
    let folder = PathBuf::from(FOLDER);
    settings.database_url = format!("sqlite://{}", folder.join("rekey.db").display()).into();
    settings.database_url_file = None;
    settings.smtp_url = None;
    settings.smtp_url_file = None;
    settings.public_url = None;
    (settings.dkim_domain, settings.dkim_selector, settings.dkim_key_file) = (None, None, None);
    settings.signing_keys_file = None;
    settings.operator_email.get_or_insert_with(|| "admin@example.com".to_owned());
    settings.data_dir = folder;
    Ok(settings)
}

/// Makes the accounts, with new passwords at every start, and says where to go.
pub(super) async fn welcome(rekey: &Rekey) -> Result<(), Failure> {
    let mut accounts = String::new();
    for (user_name, role) in [("demo", Role::Member), ("admin", Role::Admin)] {
        let password = send_password::generate(&mut rand::rng());
        let email = format!("{user_name}@example.com");
        // Writing to a String cannot fail.
        let _ = writeln!(accounts, "  {user_name:<6} {email:<18} {}", password.expose());
        set_account(rekey, user_name, &email, role, &password).await?;
    }
    let url = &rekey.config.public_url;
    say(&format!(
        "\nRekey's demo is running.\n\n  Page     {}\n  Mailbox  {}\n\n  User   Email              Password\n{accounts}\n\
         Forget one of them: click \"Forgot your password?\", and find the mail in the mailbox.\nStop with Ctrl-C.\n",
        url.page(paths::page::LOGIN),
        url.page(paths::DEV_MAILBOX),
    ))
}

async fn set_account(
    rekey: &Rekey,
    user_name: &str,
    email: &str,
    role: Role,
    password: &Secret,
) -> Result<(), Failure> {
    let fault = |problem: &dyn std::fmt::Display| Failure::Failed(format!("the demo account {user_name}: {problem}"));
    let password_hash = hash_now(password).map_err(|error| fault(&error))?;
    let account = NewAccount {
        user_name: UserName::parse(user_name).map_err(|problem| fault(&problem))?,
        email: EmailAddress::parse(email).map_err(|problem| fault(&problem))?,
        name: None,
        role,
        locale: Locale::En,
        password_hash: Some(password_hash),
    };
    let now = rekey.clock.now();
    let write = move |db: &mut Db| {
        let Some(known) = record::find_by_user_key(db, account.user_name.key())? else {
            return record::insert(db, &account, now).map(drop);
        };
        record::raise_epoch(db, &known.id, None, account.password_hash.as_deref(), now)?;
        end_links_and_passwords(db, &known.id, now)?;
        throttle::delete_all(db, &known)?;
        Ok::<_, DbError>(())
    };
    Ok(rekey.db.write(write).await?)
}

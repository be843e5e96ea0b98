use std::io::BufRead as _;

use clap::Args;
use rekey_shared::email_address::EmailAddress;
use rekey_shared::locale::Locale;
use rekey_shared::password_rules;
use rekey_shared::problem::FieldCode;
use rekey_shared::secret::Secret;

use super::{Failure, RoleName, languages, say};
use crate::account::own_password::broken_rules;
use crate::account::person_name;
use crate::account::record::NewAccount;
use crate::account::user_name::UserName;
use crate::admin::accounts::add;
use crate::admin::audit::Actor;
use crate::app::open_database;
use crate::clock::{Clock, span};
use crate::config::Config;
use crate::db::Db;
use crate::login::password::hash_now;
use crate::password_reset::send_password;

#[derive(Args)]
pub(in crate::commands) struct Add {
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

    #[arg(long, value_name = "LANGUAGE", help = languages(), default_value = "en",
        value_parser = |text: &str| text.parse::<Locale>())]
    locale: Locale,

    /// Read the person's own password from the first line of standard input
    #[arg(long, conflicts_with = "mail_password")]
    password_stdin: bool,

    /// Mail a temporary password
    #[arg(long)]
    mail_password: bool,
}

impl Add {
    pub(super) async fn run(self, config: &Config, clock: &Clock) -> Result<(), Failure> {
        let password_hash = if self.password_stdin { Some(self.own_password(config)?) } else { None };
        let printed = (!self.password_stdin && !self.mail_password).then(|| send_password::generate(&mut rand::rng()));
        let name = person_name::parse(self.name.as_deref().unwrap_or_default())
            .map_err(|problem| Failure::Usage(format!("--name: {problem}")))?;
        let account = NewAccount {
            user_name: self.user_name.clone(),
            email: self.email.clone(),
            name,
            role: self.role.into(),
            locale: self.locale,
            password_hash,
        };
        let database = open_database(config).await?;
        let (now, life) = (clock.now(), config.temporary_password_life);
        let temporary = printed.clone();
        let add = move |db: &mut Db, account: &NewAccount| {
            let added = add::insert(db, account, &Actor::Command, now)?;
            if let Some(password) = &temporary {
                send_password::insert(db, password, &added.id, (now, now + span(life)))?;
            }
            if self.mail_password {
                add::promise_welcome(db, &added, now)?;
            }
            Ok(())
        };
        add::unless_taken(&database, &account, add).await?;
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

//! Letters: each from a pair of templates, HTML and text.

#[cfg(test)]
mod every_letter;

use std::time::Duration;

use mail_builder::MessageBuilder;
use mail_builder::headers::raw::Raw;
use mail_builder::headers::text::Text;
use mail_builder::mime::MimePart;
use rekey_shared::email_address::EmailAddress;
use rekey_shared::locale::Locale;
use rekey_shared::paths::page;
use rekey_shared::secret::Secret;
use uuid::Uuid;

use super::templates::{Frame, LOGO_ID, LinkLetter, NoticeLetter, Pair, PasswordLetter, TestLetter};
use super::texts::{self, PasswordFacts};
use crate::account::record::Account;
use crate::brand::Format;
use crate::clock::Timestamp;
use crate::config::Config;

/// A letter that is ready to be sent. It holds secrets: `Debug` shows none of it.
pub struct Letter {
    /// The address for SMTP.
    pub to: String,
    subject: String,
    text: String,
    html: String,
}

impl std::fmt::Debug for Letter {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Letter([secret])")
    }
}

/// What a letter with a password brings.
pub struct NewPassword {
    pub password: Secret,
    pub life: Duration,
    /// When the password was reset.
    pub since: Timestamp,
}

type Written = askama::Result<Letter>;

impl Letter {
    /// "Here", and the link to copy: gets a new password.
    pub fn reset_link(config: &Config, account: &Account, locale: Locale, (url, life): (&str, Duration)) -> Written {
        let texts = texts::reset_link(locale, names(config, account), (life, config.reset_style));
        Self::with_link(config, account, locale, stored_address(account), (url, &texts))
    }

    /// "Here", and the link to copy: confirms the account's new address, to which it goes.
    pub fn confirm_email(
        config: &Config,
        account: &Account,
        locale: Locale,
        to: &EmailAddress,
        (url, life): (&str, Duration),
    ) -> Written {
        let texts = texts::confirm_email(locale, names(config, account), life);
        Self::with_link(config, account, locale, to.on_the_wire(), (url, &texts))
    }

    fn with_link(
        config: &Config,
        account: &Account,
        locale: Locale,
        to: String,
        (url, texts): (&str, &texts::Link),
    ) -> Written {
        let frame = Frame::new(config, locale, texts.subject, &[&texts.told, &texts.life]);
        let greeting = texts::greeting(locale, &account.user_name);
        Self::written(to, &LinkLetter { frame, greeting, url, texts })
    }

    /// The generated password, and the notice that the old one is gone.
    pub fn new_password(config: &Config, account: &Account, locale: Locale, new: &NewPassword) -> Written {
        Self::with_password(config, account, locale, new, texts::new_password)
    }

    /// User name and first password of a new account.
    pub fn welcome(config: &Config, account: &Account, locale: Locale, new: &NewPassword) -> Written {
        Self::with_password(config, account, locale, new, texts::welcome)
    }

    fn with_password(
        config: &Config,
        account: &Account,
        locale: Locale,
        new: &NewPassword,
        texts: fn(Locale, &PasswordFacts<'_>) -> texts::Password,
    ) -> Written {
        let facts = PasswordFacts {
            app_name: &config.app_name,
            user_name: &account.user_name,
            life: new.life,
            since: new.since,
            must_change: config.temporary_password_must_change,
        };
        let texts = &texts(locale, &facts);
        let letter = PasswordLetter {
            // What a list of letters shows is shown to whoever stands behind the person: not the password.
            frame: Frame::new(config, locale, texts.subject, &[&texts.life, texts.then]),
            greeting: texts::greeting(locale, &account.user_name),
            password: new.password.expose(),
            login_url: &config.public_url.page(page::LOGIN),
            forgotten_url: &config.public_url.page(page::FORGOTTEN_PASSWORD),
            texts,
        };
        Self::written(stored_address(account), &letter)
    }

    /// The notice that the password was changed, when and from which address.
    pub fn password_changed(config: &Config, account: &Account, locale: Locale, change: (Timestamp, &str)) -> Written {
        let texts = texts::password_changed(locale, names(config, account), change);
        let forgotten = config.public_url.page(page::FORGOTTEN_PASSWORD);
        Self::notice(config, account, locale, stored_address(account), (&texts, Some(&forgotten)))
    }

    /// The notice that a browser logged in that had not before.
    pub fn signed_in(config: &Config, account: &Account, locale: Locale, login: (Timestamp, &str)) -> Written {
        let texts = texts::signed_in(locale, names(config, account), login);
        let forgotten = config.public_url.page(page::FORGOTTEN_PASSWORD);
        Self::notice(config, account, locale, stored_address(account), (&texts, Some(&forgotten)))
    }

    /// The notice to the old address that there is a new one.
    pub fn email_changed(
        config: &Config,
        account: &Account,
        locale: Locale,
        old: &EmailAddress,
        change: (Timestamp, &str),
    ) -> Written {
        let texts = texts::email_changed(locale, names(config, account), change);
        Self::notice(config, account, locale, old.on_the_wire(), (&texts, None))
    }

    /// Tells somebody whose address was given for an account that they have one.
    pub fn account_exists(config: &Config, account: &Account, locale: Locale) -> Written {
        let texts = texts::account_exists(locale, names(config, account));
        let forgotten = config.public_url.page(page::FORGOTTEN_PASSWORD);
        Self::notice(config, account, locale, stored_address(account), (&texts, Some(&forgotten)))
    }

    fn notice(
        config: &Config,
        account: &Account,
        locale: Locale,
        to: String,
        (texts, url): (&texts::Notice, Option<&str>),
    ) -> Written {
        let frame = Frame::new(config, locale, texts.subject, &[&texts.told]);
        let greeting = texts::greeting(locale, &account.user_name);
        Self::written(to, &NoticeLetter { frame, greeting, quote: None, url, texts })
    }

    /// Tells the operator that people ask for accounts.
    pub fn credential_requests(config: &Config, to: &EmailAddress, locale: Locale, waiting: i64) -> Written {
        let texts = &texts::credential_requests(locale, waiting);
        let frame = Frame::new(config, locale, texts.subject, &[&texts.told]);
        let greeting = texts::greeting_of_strangers(locale);
        let url = &config.public_url.page(page::ADMINISTRATION_CREDENTIAL_REQUESTS);
        Self::written(to.on_the_wire(), &NoticeLetter { frame, greeting, quote: None, url: Some(url), texts })
    }

    /// Tells somebody that their request for an account was rejected, with the operator's sentence.
    pub fn credential_rejected(config: &Config, to: &EmailAddress, locale: Locale, reason: Option<&str>) -> Written {
        let texts = &texts::credential_rejected(locale, &config.app_name, reason.is_some());
        let frame = Frame::new(config, locale, texts.subject, &[&texts.told]);
        let greeting = texts::greeting_of_strangers(locale);
        Self::written(to.on_the_wire(), &NoticeLetter { frame, greeting, quote: reason, url: None, texts })
    }

    /// Shows the operator that mail works.
    pub fn test(config: &Config, to: &EmailAddress, locale: Locale) -> Written {
        let (subject, works) = texts::test(locale, &config.app_name);
        let letter = TestLetter { frame: Frame::new(config, locale, subject, &[&works]), works: &works };
        Self::written(to.on_the_wire(), &letter)
    }

    fn written(to: String, letter: &impl Pair) -> Written {
        Ok(Self { to, subject: letter.frame().subject.clone(), html: letter.html()?, text: letter.text()? })
    }

    /// With the logo that it shows, where that is a PNG: mail programs show nothing that they would have to fetch, and no
    /// SVG.
    fn html_part<'a>(&'a self, config: &'a Config) -> MimePart<'a> {
        let html = MimePart::new("text/html", self.html.as_str());
        match &config.brand.logo {
            Some(logo) if logo.format != Format::Svg => {
                let picture = MimePart::new(logo.content_type(), logo.bytes.as_slice()).inline().cid(LOGO_ID);
                MimePart::new("multipart/related", vec![html, picture])
            }
            _ => html,
        }
    }

    /// The letter as MIME (RFC 5322), with all the headers that mail filters look for.
    #[must_use]
    pub fn mime(&self, config: &Config, now: Timestamp) -> Vec<u8> {
        let from = config.mail_from.on_the_wire();
        let host = from.rsplit_once('@').map_or("localhost", |(_, host)| host);
        let mut mime = Vec::new();
        MessageBuilder::new()
            .from((config.app_name.as_str(), from.as_str()))
            .to(self.to.as_str())
            .subject(Text::new(self.subject.as_str()))
            .message_id(format!("{}@{host}", Uuid::now_v7()))
            .date(now.and_utc().timestamp())
            // RFC 3834: no vacation notes to a machine.
            .header("Auto-Submitted", Raw::new("auto-generated"))
            .body(MimePart::new(
                "multipart/alternative",
                vec![MimePart::new("text/plain", self.text.as_str()), self.html_part(config)],
            ))
            .serialize(&mut mime);
        mime
    }
}

/// Mail goes to what the account stores. It was parsed when it was stored; should it not parse any more, the canonical
/// form is the same mailbox.
fn stored_address(account: &Account) -> String {
    EmailAddress::parse(&account.email).map_or_else(|_| account.email_key.clone(), |email| email.on_the_wire())
}

/// The names that most letters say.
fn names<'a>(config: &'a Config, account: &'a Account) -> (&'a str, &'a str) {
    (&config.app_name, &account.user_name)
}

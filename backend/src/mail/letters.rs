//! Letters: each from a pair of templates, HTML and text.

use std::time::Duration;

use askama::Template;
use mail_builder::MessageBuilder;
use mail_builder::headers::raw::Raw;
use mail_builder::headers::text::Text;
use rekey_shared::email_address::EmailAddress;
use rekey_shared::locale::Locale;
use rekey_shared::paths::page;
use rekey_shared::secret::Secret;
use uuid::Uuid;

use super::templates::{
    Frame, NoticeHtml, NoticeText, PasswordHtml, PasswordText, ResetLinkHtml, ResetLinkText, TestHtml, TestText,
};
use super::texts::{self, PasswordFacts};
use crate::account::record::Account;
use crate::clock::Timestamp;
use crate::config::Config;

/// A letter that is ready to be sent. It holds secrets: `Debug` shows none of it.
pub struct Letter {
    /// The stored address, for SMTP.
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

/// What the letter with the link needs.
pub struct ResetLinkLetter {
    pub url: String,
    pub life: Duration,
}

/// What a letter with a password needs.
pub struct PasswordLetter {
    pub password: Secret,
    pub life: Duration,
    /// When the password was reset.
    pub since: Timestamp,
}

impl Letter {
    /// "Here", and the link to copy.
    pub fn reset_link(
        config: &Config,
        account: &Account,
        locale: Locale,
        letter: &ResetLinkLetter,
    ) -> askama::Result<Self> {
        let texts = texts::reset_link(locale, &config.app_name, &account.user_name, (letter.life, config.reset_style));
        let frame = &Frame::new(config, locale, &texts.subject);
        let greeting = &texts::greeting(locale, &account.user_name);
        let (asked, url, life, once, not_you) = (&*texts.asked, &*letter.url, &*texts.life, texts.once, texts.not_you);
        let html = ResetLinkHtml {
            frame,
            greeting,
            asked,
            click: texts.click,
            here: texts.here,
            copy: texts.copy,
            url,
            life,
            once,
            not_you,
        };
        let text = ResetLinkText { frame, greeting, asked, open: texts.open, url, life, once, not_you };
        Self::written(stored_address(account), &texts.subject, &html, &text)
    }

    /// The generated password, and the notice that the old one is gone.
    pub fn new_password(
        config: &Config,
        account: &Account,
        locale: Locale,
        letter: &PasswordLetter,
    ) -> askama::Result<Self> {
        Self::with_password(config, account, locale, letter, texts::new_password)
    }

    /// User name and first password of a new account.
    pub fn welcome(
        config: &Config,
        account: &Account,
        locale: Locale,
        letter: &PasswordLetter,
    ) -> askama::Result<Self> {
        Self::with_password(config, account, locale, letter, texts::welcome)
    }

    fn with_password(
        config: &Config,
        account: &Account,
        locale: Locale,
        letter: &PasswordLetter,
        texts: fn(Locale, &PasswordFacts<'_>) -> texts::Password,
    ) -> askama::Result<Self> {
        let facts = PasswordFacts {
            app_name: &config.app_name,
            user_name: &account.user_name,
            life: letter.life,
            since: letter.since,
            must_change: config.temporary_password_must_change,
        };
        let texts = texts(locale, &facts);
        let frame = &Frame::new(config, locale, &texts.subject);
        let greeting = &texts::greeting(locale, &account.user_name);
        let (told, life, then, not_you) = (&*texts.told, &*texts.life, texts.then, texts.not_you);
        let forgotten_url = &*config.public_url.page(page::FORGOTTEN_PASSWORD);
        let (password, login_url) = (letter.password.expose(), &*config.public_url.page(page::LOGIN));
        let html = PasswordHtml {
            frame,
            greeting,
            told,
            password,
            life,
            then,
            login_url,
            log_in: texts.log_in,
            not_you,
            forgotten_url,
        };
        let text = PasswordText { frame, greeting, told, password, life, then, login_url, not_you, forgotten_url };
        Self::written(stored_address(account), &texts.subject, &html, &text)
    }

    /// The notice that the password was changed, when and from which address.
    pub fn password_changed(
        config: &Config,
        account: &Account,
        locale: Locale,
        change: (Timestamp, &str),
    ) -> askama::Result<Self> {
        let names = (config.app_name.as_str(), account.user_name.as_str());
        let forgotten_url = &*config.public_url.page(page::FORGOTTEN_PASSWORD);
        let texts = texts::password_changed(locale, names, change);
        let frame = &Frame::new(config, locale, &texts.subject);
        let greeting = &texts::greeting(locale, &account.user_name);
        let (told, not_you) = (&*texts.told, texts.not_you);
        let html = NoticeHtml { frame, greeting, told, not_you, forgotten_url };
        let text = NoticeText { frame, greeting, told, not_you, forgotten_url };
        Self::written(stored_address(account), &texts.subject, &html, &text)
    }

    /// Shows the operator that mail works.
    pub fn test(config: &Config, to: &EmailAddress, locale: Locale) -> askama::Result<Self> {
        let (subject, works) = texts::test(locale, &config.app_name);
        let frame = &Frame::new(config, locale, &subject);
        let (html, text) = (TestHtml { frame, works: &works }, TestText { frame, works: &works });
        Self::written(to.on_the_wire(), &subject, &html, &text)
    }

    fn written(to: String, subject: &str, html: &impl Template, text: &impl Template) -> askama::Result<Self> {
        Ok(Self { to, subject: subject.to_owned(), html: html.render()?, text: text.render()? })
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
            .text_body(self.text.as_str())
            .html_body(self.html.as_str())
            .serialize(&mut mime);
        mime
    }
}

/// Mail goes to what the account stores. It was parsed when it was stored; should it not parse any more, the canonical
/// form is the same mailbox.
fn stored_address(account: &Account) -> String {
    EmailAddress::parse(&account.email).map_or_else(|_| account.email_key.clone(), |email| email.on_the_wire())
}

//! The pairs of templates, and what each pair is filled with.

use askama::Template;
use rekey_shared::locale::Locale;

use super::texts;
use crate::config::Config;

/// What stands round every letter.
pub(super) struct Frame<'a> {
    pub(super) lang: &'static str,
    pub(super) subject: &'a str,
    pub(super) app_name: &'a str,
    pub(super) support_contact: Option<&'a str>,
    pub(super) texts: &'static texts::Frame,
}

impl<'a> Frame<'a> {
    pub(super) fn new(config: &'a Config, locale: Locale, subject: &'a str) -> Self {
        Self {
            lang: locale.code(),
            subject,
            app_name: &config.app_name,
            support_contact: config.support_contact.as_deref(),
            texts: texts::frame(locale),
        }
    }
}

/// A letter in both its forms.
pub(super) trait Pair {
    fn html(&self) -> askama::Result<String>;
    fn text(&self) -> askama::Result<String>;
}

macro_rules! pair {
    ($name:ident, $html:literal, $text:literal) => {
        impl Pair for $name<'_> {
            fn html(&self) -> askama::Result<String> {
                #[derive(Template)]
                #[template(path = $html)]
                struct Html<'a> {
                    letter: &'a $name<'a>,
                }
                Html { letter: self }.render()
            }

            fn text(&self) -> askama::Result<String> {
                #[derive(Template)]
                #[template(path = $text)]
                struct Text<'a> {
                    letter: &'a $name<'a>,
                }
                Text { letter: self }.render()
            }
        }
    };
}

/// A letter with a link to click or copy.
pub(super) struct LinkLetter<'a> {
    pub(super) frame: Frame<'a>,
    pub(super) greeting: String,
    pub(super) url: &'a str,
    pub(super) texts: &'a texts::Link,
}
pair!(LinkLetter, "letters/link.html", "letters/link.txt");

/// A letter that brings a password.
pub(super) struct PasswordLetter<'a> {
    pub(super) frame: Frame<'a>,
    pub(super) greeting: String,
    pub(super) password: &'a str,
    pub(super) login_url: &'a str,
    pub(super) forgotten_url: &'a str,
    pub(super) texts: &'a texts::Password,
}
pair!(PasswordLetter, "letters/password.html", "letters/password.txt");

/// A letter that tells of something.
pub(super) struct NoticeLetter<'a> {
    pub(super) frame: Frame<'a>,
    pub(super) greeting: String,
    /// A sentence of the operator's own.
    pub(super) quote: Option<&'a str>,
    pub(super) url: Option<&'a str>,
    pub(super) texts: &'a texts::Notice,
}
pair!(NoticeLetter, "letters/notice.html", "letters/notice.txt");

/// The letter of `rekey mail test`.
pub(super) struct TestLetter<'a> {
    pub(super) frame: Frame<'a>,
    pub(super) works: &'a str,
}
pair!(TestLetter, "letters/test.html", "letters/test.txt");

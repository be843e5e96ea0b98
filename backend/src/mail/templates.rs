//! The pairs of templates, and what each of them is filled with.

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

#[derive(Template)]
#[template(path = "letters/reset_link.html")]
pub(super) struct ResetLinkHtml<'a> {
    pub(super) frame: &'a Frame<'a>,
    pub(super) greeting: &'a str,
    pub(super) asked: &'a str,
    pub(super) click: &'a str,
    pub(super) here: &'a str,
    pub(super) copy: &'a str,
    pub(super) url: &'a str,
    pub(super) life: &'a str,
    pub(super) once: &'a str,
    pub(super) not_you: &'a str,
}

#[derive(Template)]
#[template(path = "letters/reset_link.txt")]
pub(super) struct ResetLinkText<'a> {
    pub(super) frame: &'a Frame<'a>,
    pub(super) greeting: &'a str,
    pub(super) asked: &'a str,
    pub(super) open: &'a str,
    pub(super) url: &'a str,
    pub(super) life: &'a str,
    pub(super) once: &'a str,
    pub(super) not_you: &'a str,
}

#[derive(Template)]
#[template(path = "letters/password.html")]
pub(super) struct PasswordHtml<'a> {
    pub(super) frame: &'a Frame<'a>,
    pub(super) greeting: &'a str,
    pub(super) told: &'a str,
    pub(super) password: &'a str,
    pub(super) life: &'a str,
    pub(super) then: &'a str,
    pub(super) login_url: &'a str,
    pub(super) log_in: &'a str,
    pub(super) not_you: &'a str,
    pub(super) forgotten_url: &'a str,
}

#[derive(Template)]
#[template(path = "letters/password.txt")]
pub(super) struct PasswordText<'a> {
    pub(super) frame: &'a Frame<'a>,
    pub(super) greeting: &'a str,
    pub(super) told: &'a str,
    pub(super) password: &'a str,
    pub(super) life: &'a str,
    pub(super) then: &'a str,
    pub(super) login_url: &'a str,
    pub(super) not_you: &'a str,
    pub(super) forgotten_url: &'a str,
}

#[derive(Template)]
#[template(path = "letters/notice.html")]
pub(super) struct NoticeHtml<'a> {
    pub(super) frame: &'a Frame<'a>,
    pub(super) greeting: &'a str,
    pub(super) told: &'a str,
    pub(super) not_you: &'a str,
    pub(super) forgotten_url: &'a str,
}

#[derive(Template)]
#[template(path = "letters/notice.txt")]
pub(super) struct NoticeText<'a> {
    pub(super) frame: &'a Frame<'a>,
    pub(super) greeting: &'a str,
    pub(super) told: &'a str,
    pub(super) not_you: &'a str,
    pub(super) forgotten_url: &'a str,
}

#[derive(Template)]
#[template(path = "letters/test.html")]
pub(super) struct TestHtml<'a> {
    pub(super) frame: &'a Frame<'a>,
    pub(super) works: &'a str,
}

#[derive(Template)]
#[template(path = "letters/test.txt")]
pub(super) struct TestText<'a> {
    pub(super) frame: &'a Frame<'a>,
    pub(super) works: &'a str,
}

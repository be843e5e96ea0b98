//! Every text a person reads. One constant per language and program: a text that is missing in one does not compile, and
//! one that a program does not show is not in it.

pub(crate) mod account;
pub(crate) mod administration;
mod de;
mod en;
mod es;
mod fr;
mod it;
mod span;
#[cfg(test)]
mod style;
#[cfg(test)]
mod tests;

use std::ops::Deref;

use rekey_shared::client_config::ClientLimits;
use rekey_shared::locale::Locale;
use rekey_shared::problem::{FieldCode, ProblemCode};

use crate::api::Failure;
use crate::form::Field;
use account::{AccountTexts, ConfirmEmailTexts, HomeTexts};
use administration::AdministrationTexts;
pub(crate) use span::Span;

pub(crate) type Text = &'static str;

pub(crate) struct Texts {
    pub(crate) login: LoginTexts,
    pub(crate) request: RequestTexts,
    pub(crate) confirm: ConfirmTexts,
    pub(crate) choose: ChooseTexts,
    pub(crate) confirm_email: ConfirmEmailTexts,
    pub(crate) credential: CredentialTexts,
    pub(crate) not_found: NotFoundTexts,

    pub(crate) back_to_login: &'static str,
    pub(crate) try_again: &'static str,
    pub(crate) sending: &'static str,
    pub(crate) one_moment: &'static str,
    pub(crate) language: &'static str,
    pub(crate) help: &'static str,
    pub(crate) caps_lock: &'static str,

    pub(crate) no_answer: &'static str,
    pub(crate) unreadable: &'static str,
    pub(crate) check_fields: &'static str,
    pub(crate) problem: fn(ProblemCode) -> &'static str,
    pub(crate) field: fn(Field, FieldCode, &ClientLimits) -> String,
    pub(crate) characters_left: fn(usize) -> String,
    pub(crate) try_again_in: fn(Span) -> String,
    pub(crate) reference: fn(&str) -> String,
}

/// The texts of the pages for whoever is logged in, beside those that all pages have.
pub(crate) struct SignedInTexts {
    pub(crate) before: &'static Texts,
    pub(crate) home: HomeTexts,
    pub(crate) account: AccountTexts,
    pub(crate) administration: AdministrationTexts,
}

pub(crate) struct LoginTexts {
    pub(crate) title: &'static str,
    pub(crate) welcome: &'static str,
    pub(crate) user: &'static str,
    pub(crate) password: &'static str,
    pub(crate) submit: &'static str,
    pub(crate) forgot: &'static str,
    pub(crate) request_credential: &'static str,
    pub(crate) session_ended: &'static str,
    pub(crate) not_kept: &'static str,
}

pub(crate) struct RequestTexts {
    pub(crate) title: &'static str,
    pub(crate) greeting: &'static str,
    pub(crate) email: &'static str,
    pub(crate) must_be_linked: &'static str,
    pub(crate) submit: &'static str,
    pub(crate) sent: &'static str,
    pub(crate) what_now: &'static str,
    pub(crate) mails_an_hour: fn(u32) -> String,
}

pub(crate) struct ConfirmTexts {
    pub(crate) title: &'static str,
    pub(crate) ask: &'static str,
    pub(crate) choose: &'static str,
    pub(crate) submit: &'static str,
    pub(crate) save: &'static str,
    pub(crate) confirming: &'static str,
    pub(crate) sent: &'static str,
    pub(crate) what_now: fn(Span) -> String,
    pub(crate) changed: &'static str,
    /// Where the person chooses the new password: nothing is on its way to who used the link a moment ago.
    pub(crate) used_to_choose: &'static str,
    pub(crate) unusable: &'static str,
    pub(crate) no_token: &'static str,
    pub(crate) ask_for_new_link: &'static str,
}

pub(crate) struct ChooseTexts {
    pub(crate) title: &'static str,
    pub(crate) why: &'static str,
    pub(crate) new_password: &'static str,
    pub(crate) rules: fn(usize) -> String,
    pub(crate) show: &'static str,
    pub(crate) submit: &'static str,
    pub(crate) log_in_first: &'static str,
}

pub(crate) struct CredentialTexts {
    pub(crate) title: Text,
    pub(crate) greeting: Text,
    pub(crate) name: Text,
    pub(crate) email: Text,
    pub(crate) note: Text,
    pub(crate) note_hint: Text,
    pub(crate) submit: Text,
    pub(crate) sent: Text,
    pub(crate) what_now: Text,
}

pub(crate) struct NotFoundTexts {
    pub(crate) title: &'static str,
    pub(crate) check_the_address: &'static str,
}

impl Texts {
    pub(crate) fn of(locale: Locale) -> &'static Self {
        match locale {
            Locale::En => &en::TEXTS,
            Locale::It => &it::TEXTS,
            Locale::De => &de::TEXTS,
            Locale::Fr => &fr::TEXTS,
            Locale::Es => &es::TEXTS,
        }
    }

    /// What went wrong, in a sentence or two.
    pub(crate) fn failure(&self, failure: &Failure) -> String {
        match failure {
            Failure::NoAnswer => self.no_answer.to_owned(),
            Failure::Unreadable => self.unreadable.to_owned(),
            Failure::Incomplete(_) => self.check_fields.to_owned(),
            Failure::NotKept => self.login.not_kept.to_owned(),
            Failure::NobodyHere => (self.problem)(ProblemCode::Unauthenticated).to_owned(),
            Failure::Refused { problem, retry_after } => {
                let mut sentences = vec![(self.problem)(problem.code).to_owned()];
                sentences.extend(retry_after.map(|seconds| (self.try_again_in)(Span::of(seconds))));
                if problem.code == ProblemCode::Internal && !problem.request_id.is_empty() {
                    sentences.push((self.reference)(&problem.request_id));
                }
                sentences.join(" ")
            }
        }
    }
}

impl SignedInTexts {
    pub(crate) fn of(locale: Locale) -> &'static Self {
        match locale {
            Locale::En => &en::SIGNED_IN,
            Locale::It => &it::SIGNED_IN,
            Locale::De => &de::SIGNED_IN,
            Locale::Fr => &fr::SIGNED_IN,
            Locale::Es => &es::SIGNED_IN,
        }
    }
}

/// Most that stands on these pages stands on all.
impl Deref for SignedInTexts {
    type Target = Texts;

    fn deref(&self) -> &Texts {
        self.before
    }
}

/// The language's own name, which is what its speakers look for.
pub(crate) const fn own_name(locale: Locale) -> &'static str {
    match locale {
        Locale::En => "English",
        Locale::It => "Italiano",
        Locale::De => "Deutsch",
        Locale::Fr => "Français",
        Locale::Es => "Español",
    }
}

/// The person's choice, else the browser's best language that is offered, else English.
pub(crate) fn choose_locale(chosen: Option<&str>, browser: &[String], offered: &[Locale]) -> Locale {
    chosen
        .into_iter()
        .chain(browser.iter().map(String::as_str))
        .filter_map(Locale::from_tag)
        .find(|locale| offered.contains(locale))
        .unwrap_or_default()
}

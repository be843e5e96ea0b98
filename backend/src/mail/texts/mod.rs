//! What the letters say. One constant per language: a text that is missing in one does not compile. A letter is in one
//! language from its subject to its last line.

mod de;
mod en;
mod es;
mod fr;
mod it;

use std::time::Duration;

use rekey_shared::locale::Locale;
use rekey_shared::password_reset::ResetStyle;

use crate::clock::Timestamp;

/// What a language says.
struct Texts {
    frame: Frame,
    /// Between the tool's name and the rest of a subject.
    colon: &'static str,
    greeting: fn(&str) -> String,
    /// For somebody who has no account, so no name that Rekey vouches for.
    greeting_of_strangers: &'static str,
    /// Singular and plural of second, minute, hour and day, as "is good for" needs them.
    spans: [(&'static str, &'static str); 4],
    /// Before the network address from which something was done.
    from: &'static str,
    reset_link: fn(Names<'_>, &str, ResetStyle) -> Link,
    confirm_email: fn(Names<'_>, &str) -> Link,
    new_password: fn(&Prepared<'_>) -> Password,
    welcome: fn(&Prepared<'_>) -> Password,
    password_changed: fn(Names<'_>, &str) -> Notice,
    signed_in: fn(Names<'_>, &str) -> Notice,
    /// To the old address. A reset does not reach it any more, so only people can help.
    email_changed: fn(Names<'_>, &str) -> Notice,
    /// To somebody whose address was given by whoever asked for an account, or for another address.
    account_exists: fn(Names<'_>) -> Notice,
    /// To the operator.
    credential_requests: fn(i64) -> Notice,
    /// The operator's own sentence stands between, if there is one.
    credential_rejected: fn(&str, bool) -> Notice,
    test: fn(&str) -> (&'static str, String),
}

/// The tool's name and the user name.
type Names<'a> = (&'a str, &'a str);

/// Sentences that stand in more than one letter.
pub(super) struct Frame {
    pub(super) questions: &'static str,
    pub(super) automatic: &'static str,
}

/// A letter with a link.
pub(super) struct Link {
    pub(super) subject: &'static str,
    pub(super) told: String,
    pub(super) click: &'static str,
    pub(super) here: &'static str,
    pub(super) copy: &'static str,
    pub(super) open: &'static str,
    pub(super) life: String,
    pub(super) once: &'static str,
    pub(super) not_you: &'static str,
}

/// A letter that brings a password.
pub(super) struct Password {
    pub(super) subject: &'static str,
    pub(super) told: String,
    pub(super) life: String,
    pub(super) then: &'static str,
    pub(super) log_in: &'static str,
    pub(super) not_you: &'static str,
}

/// What a mailed password's letter has to tell.
pub(super) struct PasswordFacts<'a> {
    pub(super) app_name: &'a str,
    pub(super) user_name: &'a str,
    pub(super) life: Duration,
    pub(super) since: Timestamp,
    pub(super) must_change: bool,
}

/// The same, in words.
struct Prepared<'a> {
    app_name: &'a str,
    user_name: &'a str,
    life: String,
    since: String,
    must_change: bool,
}

/// A letter that tells of something that has happened.
pub(super) struct Notice {
    pub(super) subject: &'static str,
    pub(super) told: String,
    /// What to do, right before the link where there is one.
    pub(super) then: String,
}

impl Texts {
    const fn of(locale: Locale) -> &'static Self {
        match locale {
            Locale::En => &en::TEXTS,
            Locale::It => &it::TEXTS,
            Locale::De => &de::TEXTS,
            Locale::Fr => &fr::TEXTS,
            Locale::Es => &es::TEXTS,
        }
    }

    /// A duration in the largest unit that says it exactly.
    fn span(&self, duration: Duration) -> String {
        let [second, minute, hour, day] = self.spans;
        let seconds = duration.as_secs();
        // An hour is "60 minutes": it is how long people think of waiting for a mail.
        let (count, (one, many)) = match seconds {
            s if s > 86_400 && s % 86_400 == 0 => (s / 86_400, day),
            s if s > 3_600 && s % 3_600 == 0 => (s / 3_600, hour),
            s if s >= 60 && s % 60 == 0 => (s / 60, minute),
            s => (s, second),
        };
        format!("{count} {}", if count == 1 { one } else { many })
    }

    /// When, and from which network address: "2026-11-24 12:00 UTC, from 192.0.2.1". The operator's command line has
    /// none.
    fn when_and_where(&self, (since, address): (Timestamp, &str)) -> String {
        let since = moment(since);
        if address.is_empty() { since } else { format!("{since}, {} {address}", self.from) }
    }

    fn prepared<'a>(&self, facts: &PasswordFacts<'a>) -> Prepared<'a> {
        let PasswordFacts { app_name, user_name, must_change, .. } = *facts;
        Prepared { app_name, user_name, life: self.span(facts.life), since: moment(facts.since), must_change }
    }
}

/// A moment as everybody reads it, whatever their country: ISO 8601 order, and the zone.
fn moment(time: Timestamp) -> String {
    time.format("%Y-%m-%d %H:%M UTC").to_string()
}

pub(super) const fn frame(locale: Locale) -> &'static Frame {
    &Texts::of(locale).frame
}

/// The whole subject: in a list of letters the tool's name comes first.
pub(super) fn subject(locale: Locale, app_name: &str, about: &str) -> String {
    [app_name, Texts::of(locale).colon, about].concat()
}

pub(super) fn greeting(locale: Locale, user_name: &str) -> String {
    (Texts::of(locale).greeting)(user_name)
}

pub(super) fn greeting_of_strangers(locale: Locale) -> String {
    Texts::of(locale).greeting_of_strangers.to_owned()
}

pub(super) fn reset_link(locale: Locale, names: Names<'_>, (life, style): (Duration, ResetStyle)) -> Link {
    let texts = Texts::of(locale);
    (texts.reset_link)(names, &texts.span(life), style)
}

pub(super) fn confirm_email(locale: Locale, names: Names<'_>, life: Duration) -> Link {
    let texts = Texts::of(locale);
    (texts.confirm_email)(names, &texts.span(life))
}

pub(super) fn new_password(locale: Locale, facts: &PasswordFacts<'_>) -> Password {
    let texts = Texts::of(locale);
    (texts.new_password)(&texts.prepared(facts))
}

pub(super) fn welcome(locale: Locale, facts: &PasswordFacts<'_>) -> Password {
    let texts = Texts::of(locale);
    (texts.welcome)(&texts.prepared(facts))
}

pub(super) fn password_changed(locale: Locale, names: Names<'_>, change: (Timestamp, &str)) -> Notice {
    let texts = Texts::of(locale);
    (texts.password_changed)(names, &texts.when_and_where(change))
}

pub(super) fn signed_in(locale: Locale, names: Names<'_>, login: (Timestamp, &str)) -> Notice {
    let texts = Texts::of(locale);
    (texts.signed_in)(names, &texts.when_and_where(login))
}

pub(super) fn email_changed(locale: Locale, names: Names<'_>, change: (Timestamp, &str)) -> Notice {
    let texts = Texts::of(locale);
    (texts.email_changed)(names, &texts.when_and_where(change))
}

pub(super) fn account_exists(locale: Locale, names: Names<'_>) -> Notice {
    (Texts::of(locale).account_exists)(names)
}

pub(super) fn credential_requests(locale: Locale, waiting: i64) -> Notice {
    (Texts::of(locale).credential_requests)(waiting)
}

pub(super) fn credential_rejected(locale: Locale, app_name: &str, has_reason: bool) -> Notice {
    (Texts::of(locale).credential_rejected)(app_name, has_reason)
}

/// The letter of `rekey mail test`: subject and sentence.
pub(super) fn test(locale: Locale, app_name: &str) -> (&'static str, String) {
    (Texts::of(locale).test)(app_name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_said_exactly() {
        let said = |seconds| Texts::of(Locale::En).span(Duration::from_secs(seconds));
        assert_eq!(said(3600), "60 minutes");
        assert_eq!(said(60), "1 minute");
        assert_eq!(said(90), "90 seconds");
        assert_eq!(said(86_400), "24 hours");
        assert_eq!(said(7 * 86_400), "7 days");
        assert_eq!(Texts::of(Locale::It).span(Duration::from_secs(1)), "1 secondo");
        assert_eq!(Texts::of(Locale::De).span(Duration::from_hours(7 * 24)), "7 Tage");
    }
}

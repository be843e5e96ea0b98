//! What the letters say, in every language. A letter is in one language from its subject to its last line.

mod link;
mod notice;
mod password;

use std::time::Duration;

use rekey_shared::locale::Locale;

use crate::clock::Timestamp;

pub(super) use link::{Link, confirm_email, reset_link};
pub(super) use notice::{
    Notice, account_exists, credential_rejected, credential_requests, email_changed, password_changed, signed_in,
};
pub(super) use password::{Password, PasswordFacts, new_password, welcome};

/// Sentences that stand in more than one letter.
pub(super) struct Frame {
    pub(super) questions: &'static str,
    pub(super) automatic: &'static str,
}

pub(super) const fn frame(locale: Locale) -> &'static Frame {
    match locale {
        Locale::En => &Frame {
            questions: "Questions? Ask",
            automatic: "This letter was sent automatically; nobody reads answers to it.",
        },
        Locale::It => &Frame {
            questions: "Domande? Rivolgiti a",
            automatic: "Questa lettera è stata inviata automaticamente; nessuno legge le risposte.",
        },
    }
}

pub(super) fn greeting(locale: Locale, user_name: &str) -> String {
    match locale {
        Locale::En => format!("Hello {user_name},"),
        Locale::It => format!("Ciao {user_name},"),
    }
}

/// For somebody who has no account, so no name that Rekey vouches for.
pub(super) fn greeting_of_strangers(locale: Locale) -> String {
    match locale {
        Locale::En => "Hello,".to_owned(),
        Locale::It => "Buongiorno,".to_owned(),
    }
}

/// The letter of `rekey mail test`.
pub(super) fn test(locale: Locale, app_name: &str) -> (String, String) {
    match locale {
        Locale::En => (format!("{app_name}: test letter"), format!("This letter shows that {app_name} can send mail.")),
        Locale::It => (
            format!("{app_name}: lettera di prova"),
            format!("Questa lettera mostra che {app_name} può inviare posta."),
        ),
    }
}

/// A moment as everybody reads it, whatever their country: ISO 8601 order, and the zone.
fn moment(time: Timestamp) -> String {
    time.format("%Y-%m-%d %H:%M UTC").to_string()
}

/// A duration in the largest unit that says it exactly.
fn duration(locale: Locale, duration: Duration) -> String {
    let seconds = duration.as_secs();
    // An hour is "60 minutes": it is how long people think of waiting for a mail.
    let (count, en, it) = match seconds {
        s if s > 86_400 && s % 86_400 == 0 => (s / 86_400, ("day", "days"), ("giorno", "giorni")),
        s if s > 3_600 && s % 3_600 == 0 => (s / 3_600, ("hour", "hours"), ("ora", "ore")),
        s if s >= 60 && s % 60 == 0 => (s / 60, ("minute", "minutes"), ("minuto", "minuti")),
        s => (s, ("second", "seconds"), ("secondo", "secondi")),
    };
    let (one, many) = match locale {
        Locale::En => en,
        Locale::It => it,
    };
    format!("{count} {}", if count == 1 { one } else { many })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_said_exactly() {
        let said = |seconds| duration(Locale::En, Duration::from_secs(seconds));
        assert_eq!(said(3600), "60 minutes");
        assert_eq!(said(60), "1 minute");
        assert_eq!(said(90), "90 seconds");
        assert_eq!(said(86_400), "24 hours");
        assert_eq!(said(7 * 86_400), "7 days");
        assert_eq!(duration(Locale::It, Duration::from_secs(1)), "1 secondo");
    }
}

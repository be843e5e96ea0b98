//! What the letters say, in every language. A letter is in one language from its subject to its last line.

use std::time::Duration;

use rekey_shared::locale::Locale;
use rekey_shared::password_reset::ResetStyle;

use crate::clock::Timestamp;

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

/// The letter with the reset link.
pub(super) struct ResetLink {
    pub(super) subject: String,
    pub(super) asked: String,
    pub(super) click: &'static str,
    pub(super) here: &'static str,
    pub(super) copy: &'static str,
    pub(super) open: &'static str,
    pub(super) life: String,
    pub(super) once: &'static str,
    pub(super) not_you: &'static str,
}

pub(super) fn reset_link(
    locale: Locale,
    app_name: &str,
    user_name: &str,
    (life, style): (Duration, ResetStyle),
) -> ResetLink {
    let mailed = style == ResetStyle::Mailed;
    let life = duration(locale, life);
    match locale {
        Locale::En => ResetLink {
            subject: format!("{app_name}: reset your password"),
            asked: format!("A new password was asked for your account {user_name} on {app_name}."),
            click: if mailed { "Click to get a new password:" } else { "Click to choose a new password:" },
            here: "Here",
            copy: "Or copy this link into your browser:",
            open: if mailed {
                "Open this link in your browser to get a new password:"
            } else {
                "Open this link in your browser to choose a new password:"
            },
            life: format!("The link is good for {life}."),
            once: "You can use a reset link only once.",
            not_you: "If it was not you, you need not do anything: your password has not changed.",
        },
        Locale::It => ResetLink {
            subject: format!("{app_name}: reimposta la password"),
            asked: format!("è stata chiesta una nuova password per il tuo account {user_name} su {app_name}."),
            click: if mailed {
                "Fai clic per ricevere una nuova password:"
            } else {
                "Fai clic per scegliere una nuova password:"
            },
            here: "Qui",
            copy: "Oppure copia questo link nel browser:",
            open: if mailed {
                "Apri questo link nel browser per ricevere una nuova password:"
            } else {
                "Apri questo link nel browser per scegliere una nuova password:"
            },
            life: format!("Il link è valido per {life}."),
            once: "Un link si può usare una sola volta.",
            not_you: "Se non sei stato tu, non devi fare nulla: la tua password non è cambiata.",
        },
    }
}

/// A letter that brings a password.
pub(super) struct Password {
    pub(super) subject: String,
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

pub(super) fn new_password(locale: Locale, facts: &PasswordFacts<'_>) -> Password {
    let PasswordFacts { app_name, user_name, .. } = facts;
    let (life, since) = (duration(locale, facts.life), moment(facts.since));
    match locale {
        Locale::En => Password {
            subject: format!("{app_name}: your new password"),
            told: format!(
                "The password of your account {user_name} on {app_name} was reset ({since}), and all its sessions were \
                 ended. This is your new password:"
            ),
            life: format!("It is good for {life}."),
            then: then(locale, facts.must_change),
            log_in: "Log in",
            not_you: "If it was not you, somebody can read your mail: make your mailbox safe first, and then ask for a \
                 new password:",
        },
        Locale::It => Password {
            subject: format!("{app_name}: la tua nuova password"),
            told: format!(
                "la password del tuo account {user_name} su {app_name} è stata reimpostata ({since}) e tutte le sue \
                 sessioni sono terminate. Questa è la tua nuova password:"
            ),
            life: format!("È valida per {life}."),
            then: then(locale, facts.must_change),
            log_in: "Accedi",
            not_you: "Se non sei stato tu, qualcuno può leggere la tua posta: metti prima al sicuro la tua casella e \
                 poi chiedi una nuova password:",
        },
    }
}

pub(super) fn welcome(locale: Locale, facts: &PasswordFacts<'_>) -> Password {
    let PasswordFacts { app_name, user_name, .. } = facts;
    let life = duration(locale, facts.life);
    match locale {
        Locale::En => Password {
            subject: format!("{app_name}: your account is ready"),
            told: format!("You have an account on {app_name} now. Your user name is {user_name}, your first password:"),
            life: format!("It is good for {life}."),
            then: then(locale, facts.must_change),
            log_in: "Log in",
            not_you: "When that time is over, ask for a new password:",
        },
        Locale::It => Password {
            subject: format!("{app_name}: il tuo account è pronto"),
            told: format!("ora hai un account su {app_name}. Il tuo nome utente è {user_name}, la tua prima password:"),
            life: format!("È valida per {life}."),
            then: then(locale, facts.must_change),
            log_in: "Accedi",
            not_you: "Quando il tempo è scaduto, chiedi una nuova password:",
        },
    }
}

const fn then(locale: Locale, must_change: bool) -> &'static str {
    match (locale, must_change) {
        (Locale::En, true) => "Log in with it, and you will be asked to choose your own.",
        (Locale::En, false) => "Log in with it within that time, and it stays your password.",
        (Locale::It, true) => "Usala per accedere: ti sarà chiesto di sceglierne una tua.",
        (Locale::It, false) => "Usala per accedere entro questo tempo e resterà la tua password.",
    }
}

/// The notice that a password was changed.
pub(super) struct PasswordChanged {
    pub(super) subject: String,
    pub(super) told: String,
    pub(super) not_you: &'static str,
}

pub(super) fn password_changed(
    locale: Locale,
    (app_name, user_name): (&str, &str),
    (since, from): (Timestamp, &str),
) -> PasswordChanged {
    let since = moment(since);
    match locale {
        Locale::En => PasswordChanged {
            subject: format!("{app_name}: your password was changed"),
            told: format!(
                "The password of your account {user_name} on {app_name} was changed ({since}, from {from}), and its \
                 other sessions were ended. If it was you, you need not do anything."
            ),
            not_you: "If it was not you, ask for a new password at once:",
        },
        Locale::It => PasswordChanged {
            subject: format!("{app_name}: la tua password è cambiata"),
            told: format!(
                "la password del tuo account {user_name} su {app_name} è stata cambiata ({since}, da {from}) e le altre \
                 sessioni sono terminate. Se sei stato tu, non devi fare nulla."
            ),
            not_you: "Se non sei stato tu, chiedi subito una nuova password:",
        },
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

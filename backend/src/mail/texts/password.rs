use std::time::Duration;

use rekey_shared::locale::Locale;

use super::{duration, moment};
use crate::clock::Timestamp;

/// A letter that brings a password.
pub(in crate::mail) struct Password {
    pub(in crate::mail) subject: String,
    pub(in crate::mail) told: String,
    pub(in crate::mail) life: String,
    pub(in crate::mail) then: &'static str,
    pub(in crate::mail) log_in: &'static str,
    pub(in crate::mail) not_you: &'static str,
}

/// What a mailed password's letter has to tell.
pub(in crate::mail) struct PasswordFacts<'a> {
    pub(in crate::mail) app_name: &'a str,
    pub(in crate::mail) user_name: &'a str,
    pub(in crate::mail) life: Duration,
    pub(in crate::mail) since: Timestamp,
    pub(in crate::mail) must_change: bool,
}

pub(in crate::mail) fn new_password(locale: Locale, facts: &PasswordFacts<'_>) -> Password {
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

pub(in crate::mail) fn welcome(locale: Locale, facts: &PasswordFacts<'_>) -> Password {
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

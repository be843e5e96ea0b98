use rekey_shared::locale::Locale;

use super::moment;
use crate::clock::Timestamp;

/// A letter that tells of something that has happened.
pub(in crate::mail) struct Notice {
    pub(in crate::mail) subject: String,
    pub(in crate::mail) told: String,
    /// What to do, right before the link where there is one.
    pub(in crate::mail) then: String,
}

/// When, and from which network address: "2026-11-24 12:00 UTC, from 192.0.2.1". The operator's command line has none.
fn when_and_where(locale: Locale, (since, from): (Timestamp, &str)) -> String {
    let since = moment(since);
    match locale {
        _ if from.is_empty() => since,
        Locale::En => format!("{since}, from {from}"),
        Locale::It => format!("{since}, da {from}"),
    }
}

pub(in crate::mail) fn password_changed(
    locale: Locale,
    (app_name, user_name): (&str, &str),
    change: (Timestamp, &str),
) -> Notice {
    let when = when_and_where(locale, change);
    match locale {
        Locale::En => Notice {
            subject: format!("{app_name}: your password was changed"),
            told: format!(
                "The password of your account {user_name} on {app_name} was changed ({when}), and its other sessions \
                 were ended. If it was you, you need not do anything."
            ),
            then: "If it was not you, ask for a new password at once:".to_owned(),
        },
        Locale::It => Notice {
            subject: format!("{app_name}: la tua password è cambiata"),
            told: format!(
                "la password del tuo account {user_name} su {app_name} è stata cambiata ({when}) e le altre sessioni \
                 sono terminate. Se sei stato tu, non devi fare nulla."
            ),
            then: "Se non sei stato tu, chiedi subito una nuova password:".to_owned(),
        },
    }
}

pub(in crate::mail) fn signed_in(
    locale: Locale,
    (app_name, user_name): (&str, &str),
    login: (Timestamp, &str),
) -> Notice {
    let when = when_and_where(locale, login);
    match locale {
        Locale::En => Notice {
            subject: format!("{app_name}: a new sign-in"),
            told: format!(
                "Somebody logged in to your account {user_name} on {app_name} with a browser that was not used for it \
                 before ({when}). If it was you, you need not do anything."
            ),
            then: "If it was not you, ask for a new password at once; that ends all sessions:".to_owned(),
        },
        Locale::It => Notice {
            subject: format!("{app_name}: un nuovo accesso"),
            told: format!(
                "qualcuno è entrato nel tuo account {user_name} su {app_name} con un browser mai usato prima per questo \
                 account ({when}). Se sei stato tu, non devi fare nulla."
            ),
            then: "Se non sei stato tu, chiedi subito una nuova password; così tutte le sessioni terminano:".to_owned(),
        },
    }
}

/// To the old address. A reset does not reach it any more, so only people can help.
pub(in crate::mail) fn email_changed(
    locale: Locale,
    (app_name, user_name): (&str, &str),
    change: (Timestamp, &str),
) -> Notice {
    let when = when_and_where(locale, change);
    match locale {
        Locale::En => Notice {
            subject: format!("{app_name}: your email address was changed"),
            told: format!(
                "The account {user_name} on {app_name} has another email address now ({when}); this one gets no more \
                 letters of it. If it was you, you need not do anything."
            ),
            then: format!("If it was not you, tell whoever runs {app_name} at once."),
        },
        Locale::It => Notice {
            subject: format!("{app_name}: il tuo indirizzo email è cambiato"),
            told: format!(
                "l'account {user_name} su {app_name} ora ha un altro indirizzo email ({when}); questo non riceverà più le \
                 sue lettere. Se sei stato tu, non devi fare nulla."
            ),
            then: format!("Se non sei stato tu, avvisa subito chi gestisce {app_name}."),
        },
    }
}

/// To somebody whose address was given by whoever asked for an account, or for another address.
pub(in crate::mail) fn account_exists(locale: Locale, (app_name, user_name): (&str, &str)) -> Notice {
    match locale {
        Locale::En => Notice {
            subject: format!("{app_name}: you have an account already"),
            told: format!(
                "Somebody asked {app_name} to use this address for an account. It belongs to one already: your user name \
                 is {user_name}. Nothing was changed."
            ),
            then: "If you forgot the password, ask for a new one:".to_owned(),
        },
        Locale::It => Notice {
            subject: format!("{app_name}: hai già un account"),
            told: format!(
                "qualcuno ha chiesto a {app_name} di usare questo indirizzo per un account. Appartiene già a uno: il tuo \
                 nome utente è {user_name}. Non è cambiato nulla."
            ),
            then: "Se hai dimenticato la password, chiedine una nuova:".to_owned(),
        },
    }
}

/// To the operator.
pub(in crate::mail) fn credential_requests(locale: Locale, app_name: &str, waiting: i64) -> Notice {
    match locale {
        Locale::En => Notice {
            subject: format!("{app_name}: requests for accounts"),
            told: match waiting {
                1 => "One person asks for an account and waits for your answer.".to_owned(),
                _ => format!("{waiting} people ask for an account and wait for your answer."),
            },
            then: "Approve or reject:".to_owned(),
        },
        Locale::It => Notice {
            subject: format!("{app_name}: richieste di credenziali"),
            told: match waiting {
                1 => "una persona chiede un account e aspetta una tua risposta.".to_owned(),
                _ => format!("{waiting} persone chiedono un account e aspettano una tua risposta."),
            },
            then: "Approva o rifiuta:".to_owned(),
        },
    }
}

/// To somebody whose request was rejected; the operator's own sentence stands between, if there is one.
pub(in crate::mail) fn credential_rejected(locale: Locale, app_name: &str, has_reason: bool) -> Notice {
    match locale {
        Locale::En => Notice {
            subject: format!("{app_name}: your request for an account"),
            told: if has_reason {
                format!("You asked for an account on {app_name}. It was not approved, and the answer was:")
            } else {
                format!("You asked for an account on {app_name}. It was not approved.")
            },
            then: "If you did not ask for one, you need not do anything.".to_owned(),
        },
        Locale::It => Notice {
            subject: format!("{app_name}: la tua richiesta di credenziali"),
            told: if has_reason {
                format!("hai chiesto un account su {app_name}. Non è stato approvato, e la risposta è:")
            } else {
                format!("hai chiesto un account su {app_name}. Non è stato approvato.")
            },
            then: "Se non l'hai chiesto tu, non devi fare nulla.".to_owned(),
        },
    }
}

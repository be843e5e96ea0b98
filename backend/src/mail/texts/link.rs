use std::time::Duration;

use rekey_shared::locale::Locale;
use rekey_shared::password_reset::ResetStyle;

use super::duration;

/// A letter with a link.
pub(in crate::mail) struct Link {
    pub(in crate::mail) subject: String,
    pub(in crate::mail) told: String,
    pub(in crate::mail) click: &'static str,
    pub(in crate::mail) here: &'static str,
    pub(in crate::mail) copy: &'static str,
    pub(in crate::mail) open: &'static str,
    pub(in crate::mail) life: String,
    pub(in crate::mail) once: &'static str,
    pub(in crate::mail) not_you: &'static str,
}

pub(in crate::mail) fn reset_link(
    locale: Locale,
    (app_name, user_name): (&str, &str),
    (life, style): (Duration, ResetStyle),
) -> Link {
    let mailed = style == ResetStyle::Mailed;
    let life = duration(locale, life);
    match locale {
        Locale::En => Link {
            subject: format!("{app_name}: reset your password"),
            told: format!("A new password was asked for your account {user_name} on {app_name}."),
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
        Locale::It => Link {
            subject: format!("{app_name}: reimposta la password"),
            told: format!("è stata chiesta una nuova password per il tuo account {user_name} su {app_name}."),
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

pub(in crate::mail) fn confirm_email(locale: Locale, (app_name, user_name): (&str, &str), life: Duration) -> Link {
    let life = duration(locale, life);
    match locale {
        Locale::En => Link {
            subject: format!("{app_name}: confirm your email address"),
            told: format!("The account {user_name} on {app_name} shall get its letters at this address from now on."),
            click: "Click to confirm that it is yours:",
            here: "Here",
            copy: "Or copy this link into your browser:",
            open: "Open this link in your browser to confirm that it is yours:",
            life: format!("The link is good for {life}."),
            once: "You can use it only once.",
            not_you: "If it was not you, you need not do anything: nothing changes without this link.",
        },
        Locale::It => Link {
            subject: format!("{app_name}: conferma il tuo indirizzo email"),
            told: format!(
                "l'account {user_name} su {app_name} riceverà d'ora in poi le sue lettere a questo indirizzo."
            ),
            click: "Fai clic per confermare che è tuo:",
            here: "Qui",
            copy: "Oppure copia questo link nel browser:",
            open: "Apri questo link nel browser per confermare che è tuo:",
            life: format!("Il link è valido per {life}."),
            once: "Si può usare una sola volta.",
            not_you: "Se non sei stato tu, non devi fare nulla: senza questo link non cambia niente.",
        },
    }
}

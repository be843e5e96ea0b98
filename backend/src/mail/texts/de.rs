//! German, with "Sie" throughout. What follows the greeting's comma begins with a small letter.

use rekey_shared::password_reset::ResetStyle;

use super::{Frame, Link, Notice, Password, Prepared, Texts};

pub(super) const TEXTS: Texts = Texts {
    frame: Frame {
        questions: "Fragen? Wenden Sie sich an",
        automatic: "Diese E-Mail wurde automatisch gesendet; niemand liest Antworten darauf.",
    },
    colon: ": ",
    greeting: |user_name| format!("Guten Tag {user_name},"),
    greeting_of_strangers: "Guten Tag,",
    spans: [("Sekunde", "Sekunden"), ("Minute", "Minuten"), ("Stunde", "Stunden"), ("Tag", "Tage")],
    from: "von",

    reset_link: |(app_name, user_name), life, style| {
        let mailed = style == ResetStyle::Mailed;
        Link {
            subject: "Setzen Sie Ihr Passwort zurück",
            told: format!("für Ihr Konto {user_name} bei {app_name} wurde ein neues Passwort angefordert."),
            click: if mailed {
                "Klicken Sie, um ein neues Passwort zu erhalten:"
            } else {
                "Klicken Sie, um ein neues Passwort zu wählen:"
            },
            here: "Hier",
            copy: "Oder kopieren Sie diesen Link in Ihren Browser:",
            open: if mailed {
                "Öffnen Sie diesen Link in Ihrem Browser, um ein neues Passwort zu erhalten:"
            } else {
                "Öffnen Sie diesen Link in Ihrem Browser, um ein neues Passwort zu wählen:"
            },
            life: format!("Der Link gilt {life} lang."),
            once: "Sie können ihn nur einmal verwenden.",
            not_you: "Wenn Sie das nicht waren, müssen Sie nichts tun: Ihr Passwort ist unverändert.",
        }
    },
    confirm_email: |(app_name, user_name), life| Link {
        subject: "Bestätigen Sie Ihre E-Mail-Adresse",
        told: format!(
            "das Konto {user_name} bei {app_name} soll seine E-Mails von nun an unter dieser Adresse erhalten."
        ),
        click: "Klicken Sie, um zu bestätigen, dass es Ihre ist:",
        here: "Hier",
        copy: "Oder kopieren Sie diesen Link in Ihren Browser:",
        open: "Öffnen Sie diesen Link in Ihrem Browser, um zu bestätigen, dass es Ihre ist:",
        life: format!("Der Link gilt {life} lang."),
        once: "Sie können ihn nur einmal verwenden.",
        not_you: "Wenn Sie das nicht waren, müssen Sie nichts tun: Ohne diesen Link ändert sich nichts.",
    },

    new_password: |Prepared { app_name, user_name, life, since, must_change }| Password {
        subject: "Ihr neues Passwort",
        told: format!(
            "das Passwort Ihres Kontos {user_name} bei {app_name} wurde zurückgesetzt ({since}), und alle seine \
             Sitzungen wurden beendet. Das ist Ihr neues Passwort:"
        ),
        life: format!("Es gilt {life} lang."),
        then: then(*must_change),
        log_in: "Anmelden",
        not_you: "Wenn Sie das nicht waren, kann jemand Ihre E-Mails lesen: Sichern Sie zuerst Ihr Postfach, und \
            fordern Sie dann ein neues Passwort an:",
    },
    welcome: |Prepared { app_name, user_name, life, must_change, .. }| Password {
        subject: "Ihr Konto ist bereit",
        told: format!(
            "Sie haben jetzt ein Konto bei {app_name}. Ihr Benutzername ist {user_name}, Ihr erstes Passwort:"
        ),
        life: format!("Es gilt {life} lang."),
        then: then(*must_change),
        log_in: "Anmelden",
        not_you: "Wenn diese Zeit vorbei ist, fordern Sie ein neues Passwort an:",
    },

    password_changed: |(app_name, user_name), when| Notice {
        subject: "Ihr Passwort wurde geändert",
        told: format!(
            "das Passwort Ihres Kontos {user_name} bei {app_name} wurde geändert ({when}), und seine anderen Sitzungen \
             wurden beendet. Wenn Sie das waren, müssen Sie nichts tun."
        ),
        then: "Wenn Sie das nicht waren, fordern Sie sofort ein neues Passwort an:".to_owned(),
    },
    signed_in: |(app_name, user_name), when| Notice {
        subject: "eine neue Anmeldung bei Ihrem Konto",
        told: format!(
            "jemand hat sich bei Ihrem Konto {user_name} bei {app_name} mit einem Browser angemeldet, der dafür noch \
             nicht verwendet wurde ({when}). Wenn Sie das waren, müssen Sie nichts tun."
        ),
        then: "Wenn Sie das nicht waren, fordern Sie sofort ein neues Passwort an; das beendet alle Sitzungen:"
            .to_owned(),
    },
    email_changed: |(app_name, user_name), when| Notice {
        subject: "Ihre E-Mail-Adresse wurde geändert",
        told: format!(
            "das Konto {user_name} bei {app_name} hat jetzt eine andere E-Mail-Adresse ({when}); diese hier erhält keine \
             E-Mails mehr dazu. Wenn Sie das waren, müssen Sie nichts tun."
        ),
        then: format!("Wenn Sie das nicht waren, sagen Sie es sofort dem Betreiber von {app_name}."),
    },
    account_exists: |(app_name, user_name)| Notice {
        subject: "Sie haben schon ein Konto",
        told: format!(
            "jemand hat {app_name} gebeten, diese Adresse für ein Konto zu verwenden. Sie gehört schon zu einem: Ihr \
             Benutzername ist {user_name}. Nichts wurde geändert."
        ),
        then: "Wenn Sie das Passwort vergessen haben, fordern Sie ein neues an:".to_owned(),
    },
    credential_requests: |waiting| Notice {
        subject: "Anträge auf Zugang warten auf Ihre Antwort",
        told: match waiting {
            1 => "eine Person beantragt ein Konto und wartet auf Ihre Antwort.".to_owned(),
            _ => format!("{waiting} Personen beantragen ein Konto und warten auf Ihre Antwort."),
        },
        then: "Genehmigen Sie oder lehnen Sie ab:".to_owned(),
    },
    credential_rejected: |app_name, has_reason| Notice {
        subject: "Ihr Antrag auf Zugang wurde nicht genehmigt",
        told: if has_reason {
            format!("Sie haben ein Konto bei {app_name} beantragt. Es wurde nicht genehmigt, und die Antwort war:")
        } else {
            format!("Sie haben ein Konto bei {app_name} beantragt. Es wurde nicht genehmigt.")
        },
        then: "Wenn Sie keines beantragt haben, müssen Sie nichts tun.".to_owned(),
    },
    test: |app_name| ("Test-E-Mail", format!("Diese E-Mail zeigt, dass {app_name} E-Mails senden kann.")),
};

const fn then(must_change: bool) -> &'static str {
    if must_change {
        "Melden Sie sich damit an; Sie werden dann gebeten, ein eigenes zu wählen."
    } else {
        "Melden Sie sich in dieser Zeit damit an, und es bleibt Ihr Passwort."
    }
}

//! Italian, with "tu" throughout.

use rekey_shared::password_reset::ResetStyle;

use super::{Frame, Link, Notice, Password, Prepared, Texts};

pub(super) const TEXTS: Texts = Texts {
    frame: Frame {
        questions: "Domande? Rivolgiti a",
        automatic: "Questa lettera è stata inviata automaticamente; nessuno legge le risposte.",
    },
    colon: ": ",
    greeting: |user_name| format!("Ciao {user_name},"),
    greeting_of_strangers: "Buongiorno,",
    spans: [("secondo", "secondi"), ("minuto", "minuti"), ("ora", "ore"), ("giorno", "giorni")],
    from: "da",

    reset_link: |(app_name, user_name), life, style| {
        let mailed = style == ResetStyle::Mailed;
        Link {
            subject: "reimposta la password",
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
        }
    },
    confirm_email: |(app_name, user_name), life| Link {
        subject: "conferma il tuo indirizzo email",
        told: format!("l'account {user_name} su {app_name} riceverà d'ora in poi le sue lettere a questo indirizzo."),
        click: "Fai clic per confermare che è tuo:",
        here: "Qui",
        copy: "Oppure copia questo link nel browser:",
        open: "Apri questo link nel browser per confermare che è tuo:",
        life: format!("Il link è valido per {life}."),
        once: "Si può usare una sola volta.",
        not_you: "Se non sei stato tu, non devi fare nulla: senza questo link non cambia niente.",
    },

    new_password: |Prepared { app_name, user_name, life, since, must_change }| Password {
        subject: "la tua nuova password",
        told: format!(
            "la password del tuo account {user_name} su {app_name} è stata reimpostata ({since}) e tutte le sue \
             sessioni sono terminate. Questa è la tua nuova password:"
        ),
        life: format!("È valida per {life}."),
        then: then(*must_change),
        log_in: "Accedi",
        not_you: "Se non sei stato tu, qualcuno può leggere la tua posta: metti prima al sicuro la tua casella e poi \
            chiedi una nuova password:",
    },
    welcome: |Prepared { app_name, user_name, life, must_change, .. }| Password {
        subject: "il tuo account è pronto",
        told: format!("ora hai un account su {app_name}. Il tuo nome utente è {user_name}, la tua prima password:"),
        life: format!("È valida per {life}."),
        then: then(*must_change),
        log_in: "Accedi",
        not_you: "Quando il tempo è scaduto, chiedi una nuova password:",
    },

    password_changed: |(app_name, user_name), when| Notice {
        subject: "la tua password è cambiata",
        told: format!(
            "la password del tuo account {user_name} su {app_name} è stata cambiata ({when}) e le altre sessioni sono \
             terminate. Se sei stato tu, non devi fare nulla."
        ),
        then: "Se non sei stato tu, chiedi subito una nuova password:".to_owned(),
    },
    signed_in: |(app_name, user_name), when| Notice {
        subject: "un nuovo accesso al tuo account",
        told: format!(
            "qualcuno è entrato nel tuo account {user_name} su {app_name} con un browser mai usato prima per questo \
             account ({when}). Se sei stato tu, non devi fare nulla."
        ),
        then: "Se non sei stato tu, chiedi subito una nuova password; così tutte le sessioni terminano:".to_owned(),
    },
    email_changed: |(app_name, user_name), when| Notice {
        subject: "il tuo indirizzo email è cambiato",
        told: format!(
            "l'account {user_name} su {app_name} ora ha un altro indirizzo email ({when}); questo non riceverà più le \
             sue lettere. Se sei stato tu, non devi fare nulla."
        ),
        then: format!("Se non sei stato tu, avvisa subito chi gestisce {app_name}."),
    },
    account_exists: |(app_name, user_name)| Notice {
        subject: "hai già un account",
        told: format!(
            "qualcuno ha chiesto a {app_name} di usare questo indirizzo per un account. Appartiene già a uno: il tuo \
             nome utente è {user_name}. Non è cambiato nulla."
        ),
        then: "Se hai dimenticato la password, chiedine una nuova:".to_owned(),
    },
    credential_requests: |waiting| Notice {
        subject: "richieste di credenziali aspettano una tua risposta",
        told: match waiting {
            1 => "una persona chiede un account e aspetta una tua risposta.".to_owned(),
            _ => format!("{waiting} persone chiedono un account e aspettano una tua risposta."),
        },
        then: "Approva o rifiuta:".to_owned(),
    },
    credential_rejected: |app_name, has_reason| Notice {
        subject: "la tua richiesta di credenziali non è stata approvata",
        told: if has_reason {
            format!("hai chiesto un account su {app_name}. Non è stato approvato, e la risposta è:")
        } else {
            format!("hai chiesto un account su {app_name}. Non è stato approvato.")
        },
        then: "Se non l'hai chiesto tu, non devi fare nulla.".to_owned(),
    },
    test: |app_name| ("lettera di prova", format!("Questa lettera mostra che {app_name} può inviare posta.")),
};

const fn then(must_change: bool) -> &'static str {
    if must_change {
        "Usala per accedere: ti sarà chiesto di sceglierne una tua."
    } else {
        "Usala per accedere entro questo tempo e resterà la tua password."
    }
}

//! French, with "vous" throughout. Its narrow space before high punctuation is written `\u{202f}`, so that it is seen.

use rekey_shared::password_reset::ResetStyle;

use super::{Frame, Link, Notice, Password, Prepared, Texts};

pub(super) const TEXTS: Texts = Texts {
    frame: Frame {
        questions: "Des questions\u{202f}? Adressez-vous à",
        automatic: "Ce message a été envoyé automatiquement\u{202f}; personne ne lit les réponses.",
    },
    colon: "\u{202f}: ",
    greeting: |user_name| format!("Bonjour {user_name},"),
    greeting_of_strangers: "Bonjour,",
    spans: [("seconde", "secondes"), ("minute", "minutes"), ("heure", "heures"), ("jour", "jours")],
    from: "depuis",

    reset_link: |(app_name, user_name), life, style| {
        let mailed = style == ResetStyle::Mailed;
        Link {
            subject: "réinitialisez votre mot de passe",
            told: format!("Un nouveau mot de passe a été demandé pour votre compte {user_name} sur {app_name}."),
            click: if mailed {
                "Cliquez pour recevoir un nouveau mot de passe\u{202f}:"
            } else {
                "Cliquez pour choisir un nouveau mot de passe\u{202f}:"
            },
            here: "Ici",
            copy: "Ou copiez ce lien dans votre navigateur\u{202f}:",
            open: if mailed {
                "Ouvrez ce lien dans votre navigateur pour recevoir un nouveau mot de passe\u{202f}:"
            } else {
                "Ouvrez ce lien dans votre navigateur pour choisir un nouveau mot de passe\u{202f}:"
            },
            life: format!("Le lien est valable pendant {life}."),
            once: "Il ne sert qu’une fois.",
            not_you: "Si la demande ne vient pas de vous, vous n’avez rien à faire\u{202f}: votre mot de passe n’a pas changé.",
        }
    },
    confirm_email: |(app_name, user_name), life| Link {
        subject: "confirmez votre adresse e-mail",
        told: format!("Le compte {user_name} sur {app_name} doit désormais recevoir ses messages à cette adresse."),
        click: "Cliquez pour confirmer qu’elle est à vous\u{202f}:",
        here: "Ici",
        copy: "Ou copiez ce lien dans votre navigateur\u{202f}:",
        open: "Ouvrez ce lien dans votre navigateur pour confirmer qu’elle est à vous\u{202f}:",
        life: format!("Le lien est valable pendant {life}."),
        once: "Il ne sert qu’une fois.",
        not_you: "Si la demande ne vient pas de vous, vous n’avez rien à faire\u{202f}: sans ce lien, rien ne change.",
    },

    new_password: |Prepared { app_name, user_name, life, since, must_change }| Password {
        subject: "votre nouveau mot de passe",
        told: format!(
            "Le mot de passe de votre compte {user_name} sur {app_name} a été réinitialisé ({since}) et toutes ses \
             sessions sont terminées. Voici votre nouveau mot de passe\u{202f}:"
        ),
        life: format!("Il est valable pendant {life}."),
        then: then(*must_change),
        log_in: "Se connecter",
        not_you: "Si la demande ne vient pas de vous, quelqu’un peut lire vos messages\u{202f}: sécurisez d’abord votre \
            messagerie, puis demandez un nouveau mot de passe\u{202f}:",
    },
    welcome: |Prepared { app_name, user_name, life, must_change, .. }| Password {
        subject: "votre compte est prêt",
        told: format!(
            "Vous avez maintenant un compte sur {app_name}. Votre identifiant est {user_name}, votre premier mot de \
             passe\u{202f}:"
        ),
        life: format!("Il est valable pendant {life}."),
        then: then(*must_change),
        log_in: "Se connecter",
        not_you: "Une fois ce délai passé, demandez un nouveau mot de passe\u{202f}:",
    },

    password_changed: |(app_name, user_name), when| Notice {
        subject: "votre mot de passe a été changé",
        told: format!(
            "Le mot de passe de votre compte {user_name} sur {app_name} a été changé ({when}) et ses autres sessions \
             sont terminées. Si c’était vous, vous n’avez rien à faire."
        ),
        then: "Si ce n’était pas vous, demandez tout de suite un nouveau mot de passe\u{202f}:".to_owned(),
    },
    signed_in: |(app_name, user_name), when| Notice {
        subject: "une nouvelle connexion à votre compte",
        told: format!(
            "Quelqu’un s’est connecté à votre compte {user_name} sur {app_name} avec un navigateur encore jamais \
             utilisé pour ce compte ({when}). Si c’était vous, vous n’avez rien à faire."
        ),
        then: "Si ce n’était pas vous, demandez tout de suite un nouveau mot de passe, ce qui termine toutes les \
            sessions\u{202f}:"
            .to_owned(),
    },
    email_changed: |(app_name, user_name), when| Notice {
        subject: "votre adresse e-mail a été changée",
        told: format!(
            "Le compte {user_name} sur {app_name} a maintenant une autre adresse e-mail ({when})\u{202f}; celle-ci n’en reçoit \
             plus les messages. Si c’était vous, vous n’avez rien à faire."
        ),
        then: format!("Si ce n’était pas vous, avertissez tout de suite les responsables de {app_name}."),
    },
    account_exists: |(app_name, user_name)| Notice {
        subject: "vous avez déjà un compte",
        told: format!(
            "Quelqu’un a demandé à {app_name} d’utiliser cette adresse pour un compte. Elle est déjà associée au vôtre\u{202f}: \
             votre identifiant est {user_name}. Rien n’a été changé."
        ),
        then: "Si vous avez oublié le mot de passe, demandez-en un nouveau\u{202f}:".to_owned(),
    },
    credential_requests: |waiting| Notice {
        subject: "des demandes d’accès attendent votre réponse",
        told: match waiting {
            1 => "Une personne demande un compte et attend votre réponse.".to_owned(),
            _ => format!("{waiting} personnes demandent un compte et attendent votre réponse."),
        },
        then: "Approuvez ou refusez\u{202f}:".to_owned(),
    },
    credential_rejected: |app_name, has_reason| Notice {
        subject: "votre demande d’accès n’a pas été approuvée",
        told: if has_reason {
            format!("Vous avez demandé un compte sur {app_name}. Il n’a pas été approuvé, et voici la réponse\u{202f}:")
        } else {
            format!("Vous avez demandé un compte sur {app_name}. Il n’a pas été approuvé.")
        },
        then: "Si vous n’avez rien demandé, vous n’avez rien à faire.".to_owned(),
    },
    test: |app_name| ("message de test", format!("Ce message montre que {app_name} peut envoyer des e-mails.")),
};

const fn then(must_change: bool) -> &'static str {
    if must_change {
        "Utilisez-le pour vous connecter\u{202f}; il vous sera demandé de choisir le vôtre."
    } else {
        "Utilisez-le pour vous connecter dans ce délai, et il reste votre mot de passe."
    }
}

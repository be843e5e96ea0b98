//! French, with "vous" throughout. Its narrow space before high punctuation is written `\u{202f}`, so that it is seen.

mod account;
mod administration;

use rekey_shared::client_config::ClientLimits;
use rekey_shared::problem::{FieldCode, ProblemCode};

use super::{
    ChooseTexts, ConfirmTexts, CredentialTexts, LoginTexts, NotFoundTexts, RequestTexts, SignedInTexts, Span, Texts,
};
use crate::form::Field;

pub(super) static TEXTS: Texts = Texts {
    login: LoginTexts {
        title: "Connexion",
        welcome: "Bienvenue",
        user: "Identifiant",
        password: "Mot de passe",
        submit: "Se connecter",
        forgot: "Mot de passe oublié\u{202f}?",
        request_credential: "Demander un accès",
        session_ended: "Votre session est terminée. Veuillez vous reconnecter.",
        not_kept: "Votre navigateur n’a pas conservé la connexion. Autorisez les cookies pour ce site, puis réessayez.",
    },
    request: RequestTexts {
        title: "Saisissez votre adresse e-mail\u{202f}!",
        greeting: "Bonjour\u{202f}! Saisissez votre adresse e-mail\u{202f}!",
        email: "E-mail",
        must_be_linked: "L’adresse e-mail DOIT être associée à un compte.",
        submit: "Envoyer",
        sent: "E-mail envoyé",
        what_now: "Si l’adresse est associée à un compte, l’e-mail arrive en moins d’une minute. Vérifiez aussi vos \
            courriers indésirables.",
        mails_an_hour: |number| match number {
            1 => "1 e-mail par heure est envoyé au maximum.".to_owned(),
            _ => format!("{number} e-mails par heure sont envoyés au maximum."),
        },
    },
    confirm: ConfirmTexts {
        title: "Réinitialiser le mot de passe",
        ask: "Un clic, et vous recevez un nouveau mot de passe par e-mail. L’ancien ne fonctionne plus.",
        choose: "Choisissez un nouveau mot de passe. L’ancien ne fonctionnera plus.",
        submit: "Recevoir un nouveau mot de passe",
        save: "Enregistrer le mot de passe",
        confirming: "Envoi d’un nouveau mot de passe…",
        sent: "Nouveau mot de passe envoyé par e-mail",
        what_now: |life| {
            format!(
                "Il arrive en moins d’une minute\u{202f}; vérifiez aussi vos courriers indésirables. Utilisez-le pour vous \
                 connecter dans un délai de {}.",
                span(life)
            )
        },
        changed: "Votre nouveau mot de passe est défini",
        used_to_choose: "Un lien de réinitialisation ne sert qu’une fois. Si vous venez de l’utiliser, connectez-vous avec le \
             mot de passe que vous avez choisi.",
        unusable: "Ce lien ne fonctionne pas",
        no_token: "Le lien est incomplet. Copiez toute la ligne depuis l’e-mail, jusqu’au bout.",
        ask_for_new_link: "Demander un nouveau lien",
    },
    choose: ChooseTexts {
        title: "Choisissez votre propre mot de passe",
        why: "Le mot de passe reçu par e-mail n’ouvre que cette page.",
        new_password: "Nouveau mot de passe",
        rules: |characters| format!("Au moins {characters} caractères\u{202f}; une phrase convient."),
        show: "Afficher le mot de passe",
        submit: "Enregistrer et continuer",
        log_in_first: "Veuillez vous reconnecter avec le mot de passe reçu par e-mail.",
    },
    confirm_email: account::CONFIRM_EMAIL,
    credential: CredentialTexts {
        title: "Demander un accès",
        greeting: "Dites-nous qui vous êtes\u{202f}; la réponse arrive par e-mail.",
        name: "Nom",
        email: "E-mail",
        note: "Message (facultatif)",
        note_hint: "Pourquoi vous avez besoin du compte.",
        submit: "Envoyer",
        sent: "Demande envoyée",
        what_now: "La réponse arrive par e-mail à l’adresse ci-dessus. Vérifiez aussi vos courriers indésirables.",
    },
    not_found: NotFoundTexts {
        title: "Il n’y a pas de page ici",
        check_the_address: "Vérifiez l’adresse, ou repartez de la page de connexion.",
    },

    back_to_login: "Retour à la connexion",
    try_again: "Réessayer",
    sending: "Envoi en cours…",
    one_moment: "Un instant…",
    language: "Langue",
    help: "Assistance\u{202f}:",
    caps_lock: "Majuscules verrouillées",

    no_answer: "Le serveur ne répond pas. Vérifiez votre connexion et réessayez.",
    unreadable: "La réponse du serveur est illisible. Réessayez dans un instant.",
    check_fields: "Veuillez vérifier votre saisie.",
    problem,
    field,
    characters_left: |number| match number {
        0 => "Il n’y a plus de place.".to_owned(),
        1 => "Il reste 1 caractère.".to_owned(),
        _ => format!("Il reste {number} caractères."),
    },
    try_again_in: |time| format!("Réessayez dans {}.", span(time)),
    reference: |id| format!("Si le problème persiste, indiquez ce numéro à l’assistance\u{202f}: {id}"),
};

pub(super) static SIGNED_IN: SignedInTexts = SignedInTexts {
    before: &TEXTS,
    home: account::HOME,
    account: account::ACCOUNT,
    administration: administration::ADMINISTRATION,
};

fn problem(code: ProblemCode) -> &'static str {
    match code {
        ProblemCode::MalformedJson | ProblemCode::UnsupportedMediaType | ProblemCode::MethodNotAllowed => {
            "Cette page ne correspond plus au serveur. Rechargez-la et réessayez."
        }
        ProblemCode::BodyTooLarge => "Le texte est plus long que ce que le serveur accepte.",
        ProblemCode::InvalidInput => TEXTS.check_fields,
        ProblemCode::NotFound => "Cet élément n’existe pas.",
        ProblemCode::Unauthenticated => "Veuillez vous reconnecter.",
        ProblemCode::Forbidden => "Vous n’avez pas le droit de le faire.",
        ProblemCode::InvalidCredentials => "L’identifiant ou le mot de passe est incorrect.",
        ProblemCode::TooManyAttempts => "Trop de connexions échouées.",
        ProblemCode::TooManyRequests => "Trop de requêtes depuis votre connexion.",
        ProblemCode::SessionEnded => TEXTS.login.session_ended,
        ProblemCode::PasswordRejected => "Ce mot de passe ne peut pas être utilisé.",
        ProblemCode::ResetLinkUsed => {
            "Un lien de réinitialisation ne sert qu’une fois. Si vous venez de l’utiliser, le nouveau mot de passe est \
             en route."
        }
        ProblemCode::ResetLinkExpired => "Ce lien de réinitialisation a expiré.",
        ProblemCode::ResetLinkUnknown => {
            "Nous ne connaissons pas ce lien de réinitialisation. Avez-vous copié toute la ligne depuis l’e-mail\u{202f}?"
        }
        ProblemCode::Unavailable => "Le serveur est très occupé en ce moment.",
        ProblemCode::Internal => "Une erreur s’est produite sur le serveur. Vous n’y êtes pour rien.",
    }
}

fn field(field: Field, code: FieldCode, limits: &ClientLimits) -> String {
    match code {
        FieldCode::Required => match field {
            Field::User => "Saisissez votre identifiant ou votre adresse e-mail.",
            Field::Password => "Saisissez votre mot de passe.",
            Field::Email => "Saisissez votre adresse e-mail.",
            Field::NewPassword => "Saisissez un nouveau mot de passe.",
            Field::CurrentPassword => "Saisissez votre mot de passe actuel.",
            Field::Name => "Saisissez un nom.",
            Field::UserName => "Saisissez un identifiant.",
            _ => "Il manque quelque chose ici.",
        },
        FieldCode::WrongType => "Cette valeur est illisible.",
        FieldCode::TooLong => "C’est trop long.",
        FieldCode::TooShort => {
            return format!(
                "C’est trop court\u{202f}: utilisez au moins {} caractères.",
                limits.password_min_characters
            );
        }
        FieldCode::NotAnEmail => "Ce n’est pas une adresse e-mail comme nom@example.com.",
        FieldCode::InvalidCharacter => "Un des caractères ne peut pas être utilisé.",
        FieldCode::UnknownLanguage => "Cette langue n’est pas disponible.",
        FieldCode::OwnName => "C’est seulement votre nom ou celui de cet outil. Ajoutez vos propres mots.",
        FieldCode::TooCommon => {
            "Beaucoup utilisent ce mot de passe\u{202f}: il sera deviné en premier. Choisissez vos propres mots."
        }
        FieldCode::Unchanged => "C’est votre mot de passe actuel. Choisissez-en un autre.",
        FieldCode::Taken => "Cela appartient déjà à un autre compte.",
        FieldCode::AccountDisabled => "Ce compte est désactivé. Réactivez-le d’abord.",
        FieldCode::LastAdmin => {
            "Plus personne ne pourrait administrer les comptes. Nommez d’abord un autre administrateur."
        }
    }
    .to_owned()
}

fn span(time: Span) -> String {
    time.with([("seconde", "secondes"), ("minute", "minutes"), ("heure", "heures"), ("jour", "jours")])
}

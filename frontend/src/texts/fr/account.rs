use crate::texts::account::{AccountTexts, ConfirmEmailTexts, HomeTexts};

pub(super) const HOME: HomeTexts = HomeTexts {
    title: "Accueil",
    hello: |name| format!("Bonjour {name}"),
    logged_in: "Votre session est ouverte.",
    password_chosen: "Votre nouveau mot de passe est enregistré. Votre session est ouverte.",
    not_let_in: "Votre session est ouverte, mais la page d’où vous venez ne vous a pas laissé entrer.",
    user: "Identifiant",
    email: "E-mail",
    sign_out: "Se déconnecter",
    account: "Votre compte",
};

pub(super) const ACCOUNT: AccountTexts = AccountTexts {
    title: "Votre compte",
    about: "Ce que nous savons de vous, et où vos sessions sont ouvertes.",
    save: "Enregistrer",
    saved: "Enregistré",

    profile: "Profil",
    profile_about: "Comment nous vous saluons, et la langue de cette page et de nos e-mails.",
    name: "Nom",

    email: "E-mail",
    email_now: |address| format!("Nos e-mails vont à {address}."),
    new_email: "Nouvelle adresse e-mail",
    current_password: "Mot de passe actuel",
    wrong_password: "Ce n’est pas votre mot de passe actuel.",
    send_link: "Changer d’adresse e-mail",
    link_sent: |address| {
        format!("Un e-mail à {address} est en route. L’adresse compte dès que vous utilisez le lien qu’il contient.")
    },

    password: "Mot de passe",
    password_about: "Si vous le changez, toutes vos autres sessions se terminent.",
    change_password: "Changer le mot de passe",
    password_changed: "Votre nouveau mot de passe est enregistré.",

    sessions: "Sessions",
    sessions_about: "Les navigateurs et applications où une session est ouverte.",
    this_one: "Ce navigateur",
    browser_on: |browser, system| format!("{browser} sur {system}"),
    unnamed: "Navigateur ou application sans nom",
    last_seen: "Dernière activité",
    logged_in: "Connexion",
    from: "Depuis",
    sign_out: "Déconnecter",
    sign_out_which: |which| format!("Déconnecter\u{202f}: {which}"),
    signed_out: |which| format!("Session terminée\u{202f}: {which}."),
    sign_out_others: "Déconnecter toutes les autres",
    others_signed_out: "Toutes les autres sessions sont terminées.",
};

pub(super) const CONFIRM_EMAIL: ConfirmEmailTexts = ConfirmEmailTexts {
    title: "Votre nouvelle adresse e-mail",
    ask: "Un clic, et nos e-mails vont à l’adresse où vous avez reçu ce lien.",
    submit: "Utiliser cette adresse",
    changed: "Votre adresse e-mail est changée",
    what_now: "Désormais, nos e-mails vont à cette adresse, et vous pouvez l’utiliser pour vous connecter.",
    go_on: "Continuer",
    used: "Ce lien ne sert qu’une fois. Si vous venez de l’utiliser, votre nouvelle adresse compte déjà.",
    expired: "Ce lien a expiré.",
    unknown: "Nous ne connaissons pas ce lien. Avez-vous copié toute la ligne depuis l’e-mail\u{202f}?",
    to_account: "Vers votre compte",
};

use crate::texts::account::{AccountTexts, ConfirmEmailTexts, HomeTexts};

pub(super) const HOME: HomeTexts = HomeTexts {
    title: "Startseite",
    hello: |name| format!("Guten Tag, {name}"),
    logged_in: "Sie sind angemeldet.",
    password_chosen: "Ihr neues Passwort ist gespeichert. Sie sind angemeldet.",
    not_let_in: "Sie sind angemeldet, aber die Seite, von der Sie kommen, hat Sie nicht eingelassen.",
    user: "Benutzer",
    email: "E-Mail",
    sign_out: "Abmelden",
    account: "Ihr Konto",
};

pub(super) const ACCOUNT: AccountTexts = AccountTexts {
    title: "Ihr Konto",
    about: "Was wir über Sie wissen und wo Sie angemeldet sind.",
    save: "Speichern",
    saved: "Gespeichert",

    profile: "Profil",
    profile_about: "Wie wir Sie begrüßen, und die Sprache dieser Seite und unserer E-Mails.",
    name: "Name",

    email: "E-Mail",
    email_now: |address| format!("Unsere E-Mails gehen an {address}."),
    new_email: "Neue E-Mail-Adresse",
    current_password: "Aktuelles Passwort",
    wrong_password: "Das ist nicht Ihr aktuelles Passwort.",
    send_link: "E-Mail-Adresse ändern",
    link_sent: |address| {
        format!("Eine E-Mail an {address} ist unterwegs. Die Adresse gilt, sobald Sie den Link darin verwenden.")
    },

    password: "Passwort",
    password_about: "Wenn Sie es ändern, enden alle Ihre anderen Sitzungen.",
    change_password: "Passwort ändern",
    password_changed: "Ihr neues Passwort ist gespeichert.",

    sessions: "Sitzungen",
    sessions_about: "Die Browser und Apps, in denen Sie angemeldet sind.",
    this_one: "Dieser Browser",
    browser_on: |browser, system| format!("{browser} unter {system}"),
    unnamed: "Browser oder App ohne Namen",
    last_seen: "Zuletzt aktiv",
    logged_in: "Angemeldet",
    from: "Von",
    sign_out: "Abmelden",
    sign_out_which: |which| format!("Abmelden: {which}"),
    signed_out: |which| format!("Sitzung beendet: {which}."),
    sign_out_others: "Alle anderen abmelden",
    others_signed_out: "Alle anderen Sitzungen sind beendet.",
};

pub(super) const CONFIRM_EMAIL: ConfirmEmailTexts = ConfirmEmailTexts {
    title: "Ihre neue E-Mail-Adresse",
    ask: "Ein Klick, und unsere E-Mails gehen an die Adresse, an der Sie diesen Link erhalten haben.",
    submit: "Diese Adresse verwenden",
    changed: "Ihre E-Mail-Adresse ist geändert",
    what_now: "Von nun an gehen unsere E-Mails dorthin, und Sie können sich mit ihr anmelden.",
    go_on: "Weiter",
    used: "Sie können diesen Link nur einmal verwenden. Haben Sie ihn eben verwendet, gilt die neue Adresse schon.",
    expired: "Dieser Link ist abgelaufen.",
    unknown: "Wir kennen diesen Link nicht. Haben Sie die ganze Zeile aus der E-Mail kopiert?",
    to_account: "Zu Ihrem Konto",
};

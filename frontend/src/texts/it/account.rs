use crate::texts::account::{AccountTexts, ConfirmEmailTexts, HomeTexts};

pub(super) const HOME: HomeTexts = HomeTexts {
    title: "Pagina iniziale",
    hello: |name| format!("Ciao, {name}"),
    logged_in: "Hai effettuato l'accesso.",
    password_chosen: "La tua nuova password è salvata. Hai effettuato l'accesso.",
    not_let_in: "Hai effettuato l'accesso, ma la pagina da cui vieni non ti ha fatto entrare.",
    user: "Utente",
    email: "Email",
    sign_out: "Esci",
    account: "Il tuo account",
};

pub(super) const ACCOUNT: AccountTexts = AccountTexts {
    title: "Il tuo account",
    about: "Che cosa sappiamo di te e dove hai effettuato l'accesso.",
    save: "Salva",
    saved: "Salvato",

    profile: "Profilo",
    profile_about: "Come ti salutiamo e in quale lingua ti scriviamo, qui e nelle email.",
    name: "Nome",

    email: "Email",
    email_now: |address| format!("Ti scriviamo a {address}."),
    new_email: "Nuova email",
    current_password: "Password attuale",
    wrong_password: "Questa non è la tua password attuale.",
    send_link: "Cambia email",
    link_sent: |address| {
        format!("Un'email è in arrivo a {address}. L'indirizzo vale da quando usi il link che contiene.")
    },

    password: "Password",
    password_about: "Quando la cambi, tutte le altre tue sessioni terminano.",
    change_password: "Cambia password",
    password_changed: "La tua nuova password è salvata.",

    sessions: "Sessioni",
    sessions_about: "I browser e le app in cui hai effettuato l'accesso.",
    this_one: "Questo browser",
    browser_on: |browser, system| format!("{browser} su {system}"),
    unnamed: "Browser o app senza nome",
    last_seen: "Ultima attività",
    logged_in: "Accesso",
    from: "Da",
    sign_out: "Disconnetti",
    sign_out_which: |which| format!("Disconnetti {which}"),
    signed_out: |which| format!("Sessione terminata: {which}."),
    sign_out_others: "Disconnetti tutte le altre",
    others_signed_out: "Tutte le altre sessioni sono terminate.",
};

pub(super) const CONFIRM_EMAIL: ConfirmEmailTexts = ConfirmEmailTexts {
    title: "Il tuo nuovo indirizzo email",
    ask: "Basta un clic e ti scriveremo all'indirizzo a cui hai ricevuto questo link.",
    submit: "Usa questo indirizzo",
    changed: "Il tuo indirizzo email è cambiato",
    what_now: "D'ora in poi ti scriviamo lì, e puoi usarlo per accedere.",
    go_on: "Continua",
    used: "Questo link si può usare una sola volta. Se l'hai appena usato, il nuovo indirizzo vale già.",
    expired: "Questo link è scaduto e non si può più usare.",
    unknown: "Questo link non ci risulta. Hai copiato dall'email l'intera riga?",
    to_account: "Vai al tuo account",
};

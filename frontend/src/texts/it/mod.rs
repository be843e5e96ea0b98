//! Italian, with "tu" throughout.

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
        title: "Accesso",
        welcome: "Ti diamo il benvenuto",
        user: "Utente",
        password: "Password",
        submit: "Accedi",
        forgot: "Hai dimenticato la password?",
        request_credential: "Richiedi le tue credenziali",
        session_ended: "La tua sessione è terminata. Accedi di nuovo.",
        not_kept: "Il tuo browser non ha conservato l'accesso. Consenti i cookie per questo sito, poi riprova.",
    },
    request: RequestTexts {
        title: "Inserisci la tua email!",
        greeting: "Ciao! Inserisci la tua email!",
        email: "Email",
        must_be_linked: "L'email DEVE essere collegata a un account.",
        submit: "Invia",
        sent: "Email inviata",
        what_now: "Se l'indirizzo appartiene a un account, l'email arriva entro un minuto. Controlla anche lo spam.",
        mails_an_hour: |number| match number {
            1 => "Viene inviata al massimo 1 email all'ora.".to_owned(),
            _ => format!("Vengono inviate al massimo {number} email all'ora."),
        },
    },
    confirm: ConfirmTexts {
        title: "Reimposta la tua password",
        ask: "Basta un clic e ti arriva una nuova password via email. Quella vecchia smette di funzionare.",
        choose: "Scegli una nuova password. Quella vecchia smette di funzionare.",
        submit: "Inviami una nuova password",
        save: "Salva password",
        confirming: "Ti stiamo inviando una nuova password…",
        sent: "Nuova password inviata via email",
        what_now: |life| {
            format!("Arriva entro un minuto; controlla anche lo spam. Usala per accedere entro {}.", span(life))
        },
        changed: "La tua nuova password è impostata",
        used_to_choose: "Il link si può usare una sola volta. Se l'hai appena usato, accedi con la password che hai scelto.",
        unusable: "Questo link non funziona",
        no_token: "Il link non è completo. Copia dall'email l'intera riga, fino in fondo.",
        ask_for_new_link: "Richiedi un nuovo link",
    },
    choose: ChooseTexts {
        title: "Scegli la tua password",
        why: "La password ricevuta via email apre solo questa pagina.",
        new_password: "Nuova password",
        rules: |characters| format!("Almeno {characters} caratteri; una frase va benissimo."),
        show: "Mostra la password",
        submit: "Salva e continua",
        log_in_first: "Accedi di nuovo con la password ricevuta via email.",
    },
    confirm_email: account::CONFIRM_EMAIL,
    credential: CredentialTexts {
        title: "Richiedi le tue credenziali",
        greeting: "Dicci chi sei; la risposta arriva via email.",
        name: "Nome",
        email: "Email",
        note: "Nota (facoltativa)",
        note_hint: "A che cosa ti serve l'account.",
        submit: "Invia",
        sent: "Richiesta inviata",
        what_now: "La risposta arriva via email all'indirizzo qui sopra. Controlla anche lo spam.",
    },
    not_found: NotFoundTexts {
        title: "Qui non c'è nessuna pagina",
        check_the_address: "Controlla l'indirizzo o riparti dalla pagina di accesso.",
    },

    back_to_login: "Torna all'accesso",
    try_again: "Riprova",
    sending: "Invio in corso…",
    one_moment: "Un momento…",
    language: "Lingua",
    help: "Assistenza:",
    caps_lock: "Il blocco maiuscole è attivo",

    no_answer: "Il server non risponde. Controlla la connessione e riprova.",
    unreadable: "La risposta del server non è leggibile. Riprova tra poco.",
    check_fields: "Controlla quello che hai scritto.",
    problem,
    field,
    characters_left: |number| match number {
        0 => "Non c'è più spazio.".to_owned(),
        1 => "Resta 1 carattere.".to_owned(),
        _ => format!("Restano {number} caratteri."),
    },
    try_again_in: |time| format!("Riprova tra {}.", span(time)),
    reference: |id| format!("Se il problema continua, comunica questo numero all'assistenza: {id}"),
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
            "Questa pagina non è più allineata con il server. Ricaricala e riprova."
        }
        ProblemCode::BodyTooLarge => "Il testo è più lungo di quanto il server accetti.",
        ProblemCode::InvalidInput => TEXTS.check_fields,
        ProblemCode::NotFound => "Non esiste.",
        ProblemCode::Unauthenticated => "Accedi di nuovo.",
        ProblemCode::Forbidden => "Non hai il permesso di farlo.",
        ProblemCode::InvalidCredentials => "L'utente o la password non sono corretti.",
        ProblemCode::TooManyAttempts => "Troppi accessi non riusciti.",
        ProblemCode::TooManyRequests => "Troppe richieste dalla tua connessione.",
        ProblemCode::SessionEnded => TEXTS.login.session_ended,
        ProblemCode::PasswordRejected => "Questa password non può essere usata.",
        ProblemCode::ResetLinkUsed => {
            "Il link si può usare una sola volta. Se l'hai appena usato, la nuova password è in arrivo."
        }
        ProblemCode::ResetLinkExpired => "Questo link è scaduto.",
        ProblemCode::ResetLinkUnknown => "Non conosciamo questo link. Hai copiato dall'email l'intera riga?",
        ProblemCode::Unavailable => "In questo momento il server è molto occupato.",
        ProblemCode::Internal => "Si è verificato un errore sul server. Non dipende da te.",
    }
}

fn field(field: Field, code: FieldCode, limits: &ClientLimits) -> String {
    match code {
        FieldCode::Required => match field {
            Field::User => "Scrivi il tuo nome utente o la tua email.",
            Field::Password => "Scrivi la tua password.",
            Field::Email => "Scrivi il tuo indirizzo email.",
            Field::NewPassword => "Scrivi una nuova password.",
            Field::CurrentPassword => "Scrivi la tua password attuale.",
            Field::Name => "Scrivi un nome.",
            Field::UserName => "Scrivi un nome utente.",
            _ => "Qui manca qualcosa.",
        },
        FieldCode::WrongType => "Non è leggibile.",
        FieldCode::TooLong => "È troppo lungo.",
        FieldCode::TooShort => {
            return format!("È troppo corta: usa almeno {} caratteri.", limits.password_min_characters);
        }
        FieldCode::NotAnEmail => "Non è un indirizzo email, come nome@example.com.",
        FieldCode::InvalidCharacter => "Contiene un carattere che non si può usare.",
        FieldCode::UnknownLanguage => "Questa lingua non è disponibile.",
        FieldCode::OwnName => "È soltanto il tuo nome o il nome di questo strumento. Aggiungi parole tue.",
        FieldCode::TooCommon => {
            "Molti usano questa password, quindi è la prima a essere indovinata. Scegli parole tue."
        }
        FieldCode::Unchanged => "È la password che hai adesso. Scegline un'altra.",
        FieldCode::Taken => "Appartiene già a un altro account.",
        FieldCode::AccountDisabled => "Questo account è disattivato. Prima riattivalo.",
        FieldCode::LastAdmin => "Nessuno resterebbe ad amministrare gli account. Prima nomina un altro amministratore.",
    }
    .to_owned()
}

fn span(time: Span) -> String {
    time.with([("secondo", "secondi"), ("minuto", "minuti"), ("ora", "ore"), ("giorno", "giorni")])
}

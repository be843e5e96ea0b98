//! German, with "Sie" throughout.

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
        title: "Anmeldung",
        welcome: "Willkommen",
        user: "Benutzer",
        password: "Passwort",
        submit: "Anmelden",
        forgot: "Passwort vergessen?",
        request_credential: "Zugang beantragen",
        session_ended: "Ihre Sitzung ist beendet. Bitte melden Sie sich erneut an.",
        not_kept: "Ihr Browser hat die Anmeldung nicht behalten. Erlauben Sie Cookies für diese Website und \
            versuchen Sie es erneut.",
    },
    request: RequestTexts {
        title: "Geben Sie Ihre E-Mail-Adresse ein!",
        greeting: "Guten Tag! Geben Sie Ihre E-Mail-Adresse ein!",
        email: "E-Mail",
        must_be_linked: "Die E-Mail-Adresse MUSS zu einem Konto gehören.",
        submit: "Senden",
        sent: "E-Mail gesendet",
        what_now: "Gehört die Adresse zu einem Konto, kommt die E-Mail binnen einer Minute. Sehen Sie auch im \
            Spam-Ordner nach.",
        mails_an_hour: |number| match number {
            1 => "Es wird höchstens 1 E-Mail pro Stunde gesendet.".to_owned(),
            _ => format!("Es werden höchstens {number} E-Mails pro Stunde gesendet."),
        },
    },
    confirm: ConfirmTexts {
        title: "Passwort zurücksetzen",
        ask: "Ein Klick, und ein neues Passwort kommt per E-Mail. Das alte gilt dann nicht mehr.",
        choose: "Wählen Sie ein neues Passwort. Das alte gilt dann nicht mehr.",
        submit: "Neues Passwort zusenden",
        save: "Passwort speichern",
        confirming: "Ein neues Passwort wird Ihnen zugesandt…",
        sent: "Neues Passwort per E-Mail gesendet",
        what_now: |life| {
            format!(
                "Es kommt binnen einer Minute; sehen Sie auch im Spam-Ordner nach. Melden Sie sich innerhalb von {} \
                 damit an.",
                span(life)
            )
        },
        changed: "Ihr neues Passwort gilt",
        used_to_choose: "Sie können einen Link zum Zurücksetzen nur einmal verwenden. Haben Sie ihn eben verwendet, melden \
             Sie sich mit dem Passwort an, das Sie gewählt haben.",
        unusable: "Dieser Link funktioniert nicht",
        no_token: "Der Link ist nicht vollständig. Kopieren Sie die ganze Zeile aus der E-Mail, bis zu ihrem Ende.",
        ask_for_new_link: "Neuen Link anfordern",
    },
    choose: ChooseTexts {
        title: "Wählen Sie Ihr eigenes Passwort",
        why: "Das Passwort aus der E-Mail öffnet nur diese Seite.",
        new_password: "Neues Passwort",
        rules: |characters| format!("Mindestens {characters} Zeichen; ein ganzer Satz ist gut."),
        show: "Passwort anzeigen",
        submit: "Speichern und weiter",
        log_in_first: "Bitte melden Sie sich erneut mit dem Passwort aus der E-Mail an.",
    },
    confirm_email: account::CONFIRM_EMAIL,
    credential: CredentialTexts {
        title: "Zugang beantragen",
        greeting: "Sagen Sie uns, wer Sie sind; die Antwort kommt per E-Mail.",
        name: "Name",
        email: "E-Mail",
        note: "Nachricht (optional)",
        note_hint: "Wofür Sie das Konto brauchen.",
        submit: "Senden",
        sent: "Antrag gesendet",
        what_now: "Die Antwort kommt per E-Mail an die oben genannte Adresse. Sehen Sie auch im Spam-Ordner nach.",
    },
    not_found: NotFoundTexts {
        title: "Hier gibt es keine Seite",
        check_the_address: "Prüfen Sie die Adresse, oder beginnen Sie bei der Anmeldung.",
    },

    back_to_login: "Zurück zur Anmeldung",
    try_again: "Erneut versuchen",
    sending: "Wird gesendet…",
    one_moment: "Einen Moment…",
    language: "Sprache",
    help: "Hilfe:",
    caps_lock: "Die Feststelltaste ist an",

    no_answer: "Der Server antwortet nicht. Prüfen Sie Ihre Verbindung und versuchen Sie es erneut.",
    unreadable: "Die Antwort des Servers ist nicht lesbar. Versuchen Sie es gleich noch einmal.",
    check_fields: "Bitte prüfen Sie Ihre Eingaben.",
    problem,
    field,
    characters_left: |number| match number {
        0 => "Es ist kein Platz mehr.".to_owned(),
        _ => format!("Noch {number} Zeichen."),
    },
    try_again_in: |time| format!("Versuchen Sie es in {} noch einmal.", span(time)),
    reference: |id| format!("Falls das so bleibt, nennen Sie dem Support diese Nummer: {id}"),
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
            "Diese Seite passt nicht mehr zum Server. Laden Sie sie neu und versuchen Sie es erneut."
        }
        ProblemCode::BodyTooLarge => "Das ist mehr Text, als der Server annimmt.",
        ProblemCode::InvalidInput => TEXTS.check_fields,
        ProblemCode::NotFound => "Das gibt es hier nicht.",
        ProblemCode::Unauthenticated => "Bitte melden Sie sich erneut an.",
        ProblemCode::Forbidden => "Dazu sind Sie nicht berechtigt.",
        ProblemCode::InvalidCredentials => "Benutzer oder Passwort ist falsch.",
        ProblemCode::TooManyAttempts => "Zu viele fehlgeschlagene Anmeldungen.",
        ProblemCode::TooManyRequests => "Zu viele Anfragen von Ihrer Verbindung.",
        ProblemCode::SessionEnded => TEXTS.login.session_ended,
        ProblemCode::PasswordRejected => "Dieses Passwort kann nicht verwendet werden.",
        ProblemCode::ResetLinkUsed => {
            "Sie können einen Link zum Zurücksetzen nur einmal verwenden. Haben Sie ihn eben verwendet, ist das neue \
             Passwort unterwegs."
        }
        ProblemCode::ResetLinkExpired => "Dieser Link zum Zurücksetzen ist abgelaufen.",
        ProblemCode::ResetLinkUnknown => {
            "Wir kennen diesen Link zum Zurücksetzen nicht. Haben Sie die ganze Zeile aus der E-Mail kopiert?"
        }
        ProblemCode::Unavailable => "Der Server ist gerade sehr ausgelastet.",
        ProblemCode::Internal => "Auf dem Server ist ein Fehler aufgetreten. Es liegt nicht an Ihnen.",
    }
}

fn field(field: Field, code: FieldCode, limits: &ClientLimits) -> String {
    match code {
        FieldCode::Required => match field {
            Field::User => "Geben Sie Ihren Benutzernamen oder Ihre E-Mail-Adresse ein.",
            Field::Password => "Geben Sie Ihr Passwort ein.",
            Field::Email => "Geben Sie Ihre E-Mail-Adresse ein.",
            Field::NewPassword => "Geben Sie ein neues Passwort ein.",
            Field::CurrentPassword => "Geben Sie Ihr aktuelles Passwort ein.",
            Field::Name => "Geben Sie einen Namen ein.",
            Field::UserName => "Geben Sie einen Benutzernamen ein.",
            _ => "Hier fehlt etwas.",
        },
        FieldCode::WrongType => "Das ist nicht lesbar.",
        FieldCode::TooLong => "Das ist zu lang.",
        FieldCode::TooShort => {
            return format!("Das ist zu kurz: Verwenden Sie mindestens {} Zeichen.", limits.password_min_characters);
        }
        FieldCode::NotAnEmail => "Das ist keine E-Mail-Adresse wie name@example.com.",
        FieldCode::InvalidCharacter => "Darin ist ein Zeichen, das nicht verwendet werden kann.",
        FieldCode::UnknownLanguage => "Diese Sprache gibt es hier nicht.",
        FieldCode::OwnName => "Das ist nur Ihr eigener Name oder der dieses Werkzeugs. Fügen Sie eigene Wörter hinzu.",
        FieldCode::TooCommon => {
            "Viele verwenden dieses Passwort, also wird es zuerst erraten. Wählen Sie eigene Wörter."
        }
        FieldCode::Unchanged => "Das ist Ihr jetziges Passwort. Wählen Sie ein anderes.",
        FieldCode::Taken => "Das gehört schon zu einem anderen Konto.",
        FieldCode::AccountDisabled => "Dieses Konto ist deaktiviert. Aktivieren Sie es zuerst.",
        FieldCode::LastAdmin => {
            "Dann könnte niemand mehr die Konten verwalten. Machen Sie zuerst jemand anderen zum Admin."
        }
    }
    .to_owned()
}

/// In the dative, which all sentences here need.
fn span(time: Span) -> String {
    time.with([("Sekunde", "Sekunden"), ("Minute", "Minuten"), ("Stunde", "Stunden"), ("Tag", "Tagen")])
}

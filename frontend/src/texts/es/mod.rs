//! Spanish, with "usted" throughout.

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
        title: "Inicio de sesión",
        welcome: "Le damos la bienvenida",
        user: "Usuario",
        password: "Contraseña",
        submit: "Iniciar sesión",
        forgot: "¿Ha olvidado la contraseña?",
        request_credential: "Solicitar acceso",
        session_ended: "Su sesión ha terminado. Inicie sesión de nuevo.",
        not_kept: "Su navegador no ha conservado la sesión. Permita las cookies en este sitio e inténtelo de nuevo.",
    },
    request: RequestTexts {
        title: "¡Introduzca su correo!",
        greeting: "¡Hola! ¡Introduzca su correo!",
        email: "Correo electrónico",
        must_be_linked: "El correo DEBE estar vinculado a una cuenta.",
        submit: "Enviar",
        sent: "Correo enviado",
        what_now: "Si la dirección pertenece a una cuenta, el correo llega en menos de un minuto. Mire también en la \
            carpeta de spam.",
        mails_an_hour: |number| match number {
            1 => "Se envía como máximo 1 correo por hora.".to_owned(),
            _ => format!("Se envían como máximo {number} correos por hora."),
        },
    },
    confirm: ConfirmTexts {
        title: "Restablecer la contraseña",
        ask: "Un clic, y recibirá una nueva contraseña por correo. La anterior deja de funcionar.",
        choose: "Elija una nueva contraseña. La anterior deja de funcionar.",
        submit: "Recibir una nueva contraseña",
        save: "Guardar la contraseña",
        confirming: "Le estamos enviando una nueva contraseña…",
        sent: "Nueva contraseña enviada por correo",
        what_now: |life| {
            format!(
                "Llega en menos de un minuto; mire también en la carpeta de spam. Inicie sesión con ella en un plazo \
                 de {}.",
                span(life)
            )
        },
        changed: "Su nueva contraseña está guardada",
        used_to_choose: "Un enlace de restablecimiento solo se puede usar una vez. Si acaba de usarlo, inicie sesión con la \
             contraseña que ha elegido.",
        unusable: "Este enlace no funciona",
        no_token: "El enlace no está completo. Copie del correo la línea entera, hasta el final.",
        ask_for_new_link: "Pedir un nuevo enlace",
    },
    choose: ChooseTexts {
        title: "Elija su propia contraseña",
        why: "La contraseña recibida por correo solo abre esta página.",
        new_password: "Nueva contraseña",
        rules: |characters| format!("Al menos {characters} caracteres; una frase es buena idea."),
        show: "Mostrar la contraseña",
        submit: "Guardar y continuar",
        log_in_first: "Inicie sesión de nuevo con la contraseña recibida por correo.",
    },
    confirm_email: account::CONFIRM_EMAIL,
    credential: CredentialTexts {
        title: "Solicitar acceso",
        greeting: "Díganos quién es; la respuesta llega por correo.",
        name: "Nombre",
        email: "Correo electrónico",
        note: "Nota (opcional)",
        note_hint: "Para qué necesita la cuenta.",
        submit: "Enviar",
        sent: "Solicitud enviada",
        what_now: "La respuesta llega por correo a la dirección indicada arriba. Mire también en la carpeta de spam.",
    },
    not_found: NotFoundTexts {
        title: "Aquí no hay ninguna página",
        check_the_address: "Compruebe la dirección o empiece por el inicio de sesión.",
    },

    back_to_login: "Volver al inicio de sesión",
    try_again: "Reintentar",
    sending: "Enviando…",
    one_moment: "Un momento…",
    language: "Idioma",
    help: "Ayuda:",
    caps_lock: "Mayúsculas bloqueadas",

    no_answer: "El servidor no responde. Compruebe su conexión y vuelva a intentarlo.",
    unreadable: "La respuesta del servidor no se puede leer. Vuelva a intentarlo en un momento.",
    check_fields: "Compruebe lo que ha escrito.",
    problem,
    field,
    characters_left: |number| match number {
        0 => "No queda espacio.".to_owned(),
        1 => "Queda 1 carácter.".to_owned(),
        _ => format!("Quedan {number} caracteres."),
    },
    try_again_in: |time| format!("Vuelva a intentarlo dentro de {}.", span(time)),
    reference: |id| format!("Si el problema continúa, comunique este número al servicio de asistencia: {id}"),
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
            "Esta página ya no corresponde al servidor. Recárguela y vuelva a intentarlo."
        }
        ProblemCode::BodyTooLarge => "El texto es más largo de lo que admite el servidor.",
        ProblemCode::InvalidInput => TEXTS.check_fields,
        ProblemCode::NotFound => "Eso no existe.",
        ProblemCode::Unauthenticated => "Inicie sesión de nuevo.",
        ProblemCode::Forbidden => "No tiene permiso para hacerlo.",
        ProblemCode::InvalidCredentials => "El usuario o la contraseña no son correctos.",
        ProblemCode::TooManyAttempts => "Demasiados inicios de sesión fallidos.",
        ProblemCode::TooManyRequests => "Demasiadas solicitudes desde su conexión.",
        ProblemCode::SessionEnded => TEXTS.login.session_ended,
        ProblemCode::PasswordRejected => "Esta contraseña no se puede usar.",
        ProblemCode::ResetLinkUsed => {
            "Un enlace de restablecimiento solo se puede usar una vez. Si acaba de usarlo, la nueva contraseña está en \
             camino."
        }
        ProblemCode::ResetLinkExpired => "Este enlace de restablecimiento ha caducado.",
        ProblemCode::ResetLinkUnknown => {
            "No conocemos este enlace de restablecimiento. ¿Ha copiado del correo la línea entera?"
        }
        ProblemCode::Unavailable => "El servidor está muy ocupado en este momento.",
        ProblemCode::Internal => "Se ha producido un error en el servidor. No es culpa suya.",
    }
}

fn field(field: Field, code: FieldCode, limits: &ClientLimits) -> String {
    match code {
        FieldCode::Required => match field {
            Field::User => "Escriba su nombre de usuario o su correo.",
            Field::Password => "Escriba su contraseña.",
            Field::Email => "Escriba su dirección de correo.",
            Field::NewPassword => "Escriba una nueva contraseña.",
            Field::CurrentPassword => "Escriba su contraseña actual.",
            Field::Name => "Escriba un nombre.",
            Field::UserName => "Escriba un nombre de usuario.",
            _ => "Aquí falta algo.",
        },
        FieldCode::WrongType => "Esto no se puede leer.",
        FieldCode::TooLong => "Es demasiado largo.",
        FieldCode::TooShort => {
            return format!("Es demasiado corta: use al menos {} caracteres.", limits.password_min_characters);
        }
        FieldCode::NotAnEmail => "No es una dirección de correo como nombre@example.com.",
        FieldCode::InvalidCharacter => "Contiene un carácter que no se puede usar.",
        FieldCode::UnknownLanguage => "Este idioma no está disponible.",
        FieldCode::OwnName => "Es solo su propio nombre o el de esta herramienta. Añada palabras suyas.",
        FieldCode::TooCommon => {
            "Muchas personas usan esta contraseña, así que es la primera que se prueba. Elija palabras suyas."
        }
        FieldCode::Unchanged => "Es la contraseña que tiene ahora. Elija otra.",
        FieldCode::Taken => "Ya pertenece a otra cuenta.",
        FieldCode::AccountDisabled => "Esta cuenta está desactivada. Reactívela primero.",
        FieldCode::LastAdmin => "Nadie podría administrar las cuentas. Nombre primero a otro administrador.",
    }
    .to_owned()
}

fn span(time: Span) -> String {
    time.with([("segundo", "segundos"), ("minuto", "minutos"), ("hora", "horas"), ("día", "días")])
}

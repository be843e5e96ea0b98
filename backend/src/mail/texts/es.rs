//! Spanish, with "usted" throughout.

use rekey_shared::password_reset::ResetStyle;

use super::{Frame, Link, Notice, Password, Prepared, Texts};

pub(super) const TEXTS: Texts = Texts {
    frame: Frame {
        questions: "¿Preguntas? Diríjase a",
        automatic: "Este correo se ha enviado automáticamente; nadie lee las respuestas.",
    },
    colon: ": ",
    greeting: |user_name| format!("Hola, {user_name}:"),
    greeting_of_strangers: "Hola:",
    spans: [("segundo", "segundos"), ("minuto", "minutos"), ("hora", "horas"), ("día", "días")],
    from: "desde",

    reset_link: |(app_name, user_name), life, style| {
        let mailed = style == ResetStyle::Mailed;
        Link {
            subject: "restablezca su contraseña",
            told: format!("Se ha pedido una nueva contraseña para su cuenta {user_name} en {app_name}."),
            click: if mailed {
                "Haga clic para recibir una nueva contraseña:"
            } else {
                "Haga clic para elegir una nueva contraseña:"
            },
            here: "Aquí",
            copy: "O copie este enlace en su navegador:",
            open: if mailed {
                "Abra este enlace en su navegador para recibir una nueva contraseña:"
            } else {
                "Abra este enlace en su navegador para elegir una nueva contraseña:"
            },
            life: format!("El enlace es válido durante {life}."),
            once: "Solo se puede usar una vez.",
            not_you: "Si no ha sido usted, no tiene que hacer nada: su contraseña no ha cambiado.",
        }
    },
    confirm_email: |(app_name, user_name), life| Link {
        subject: "confirme su dirección de correo",
        told: format!("La cuenta {user_name} en {app_name} recibirá a partir de ahora sus correos en esta dirección."),
        click: "Haga clic para confirmar que es suya:",
        here: "Aquí",
        copy: "O copie este enlace en su navegador:",
        open: "Abra este enlace en su navegador para confirmar que es suya:",
        life: format!("El enlace es válido durante {life}."),
        once: "Solo se puede usar una vez.",
        not_you: "Si no ha sido usted, no tiene que hacer nada: sin este enlace no cambia nada.",
    },

    new_password: |Prepared { app_name, user_name, life, since, must_change }| Password {
        subject: "su nueva contraseña",
        told: format!(
            "La contraseña de su cuenta {user_name} en {app_name} se ha restablecido ({since}) y todas sus sesiones se \
             han cerrado. Esta es su nueva contraseña:"
        ),
        life: format!("Es válida durante {life}."),
        then: then(*must_change),
        log_in: "Iniciar sesión",
        not_you: "Si no ha sido usted, alguien puede leer su correo: proteja primero su buzón y pida después una nueva \
            contraseña:",
    },
    welcome: |Prepared { app_name, user_name, life, must_change, .. }| Password {
        subject: "su cuenta está lista",
        told: format!("Ya tiene una cuenta en {app_name}. Su nombre de usuario es {user_name}, su primera contraseña:"),
        life: format!("Es válida durante {life}."),
        then: then(*must_change),
        log_in: "Iniciar sesión",
        not_you: "Cuando haya pasado ese plazo, pida una nueva contraseña:",
    },

    password_changed: |(app_name, user_name), when| Notice {
        subject: "su contraseña ha cambiado",
        told: format!(
            "La contraseña de su cuenta {user_name} en {app_name} se ha cambiado ({when}) y sus demás sesiones se han \
             cerrado. Si ha sido usted, no tiene que hacer nada."
        ),
        then: "Si no ha sido usted, pida enseguida una nueva contraseña:".to_owned(),
    },
    signed_in: |(app_name, user_name), when| Notice {
        subject: "un nuevo inicio de sesión en su cuenta",
        told: format!(
            "Alguien ha iniciado sesión en su cuenta {user_name} en {app_name} con un navegador que no se había usado \
             antes para ella ({when}). Si ha sido usted, no tiene que hacer nada."
        ),
        then: "Si no ha sido usted, pida enseguida una nueva contraseña; eso cierra todas las sesiones:".to_owned(),
    },
    email_changed: |(app_name, user_name), when| Notice {
        subject: "su dirección de correo ha cambiado",
        told: format!(
            "La cuenta {user_name} en {app_name} tiene ahora otra dirección de correo ({when}); esta ya no recibe sus \
             correos. Si ha sido usted, no tiene que hacer nada."
        ),
        then: format!("Si no ha sido usted, avise enseguida a quien gestiona {app_name}."),
    },
    account_exists: |(app_name, user_name)| Notice {
        subject: "ya tiene una cuenta",
        told: format!(
            "Alguien ha pedido a {app_name} que use esta dirección para una cuenta. Ya pertenece a una: su nombre de \
             usuario es {user_name}. No ha cambiado nada."
        ),
        then: "Si ha olvidado la contraseña, pida una nueva:".to_owned(),
    },
    credential_requests: |waiting| Notice {
        subject: "hay solicitudes de acceso que esperan su respuesta",
        told: match waiting {
            1 => "Una persona solicita una cuenta y espera su respuesta.".to_owned(),
            _ => format!("{waiting} personas solicitan una cuenta y esperan su respuesta."),
        },
        then: "Apruebe o rechace:".to_owned(),
    },
    credential_rejected: |app_name, has_reason| Notice {
        subject: "su solicitud de acceso no ha sido aprobada",
        told: if has_reason {
            format!("Usted solicitó una cuenta en {app_name}. No se ha aprobado, y la respuesta es:")
        } else {
            format!("Usted solicitó una cuenta en {app_name}. No se ha aprobado.")
        },
        then: "Si no la ha solicitado usted, no tiene que hacer nada.".to_owned(),
    },
    test: |app_name| ("correo de prueba", format!("Este correo muestra que {app_name} puede enviar correo.")),
};

const fn then(must_change: bool) -> &'static str {
    if must_change {
        "Inicie sesión con ella; se le pedirá que elija la suya."
    } else {
        "Inicie sesión con ella en ese plazo y seguirá siendo su contraseña."
    }
}

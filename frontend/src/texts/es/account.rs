use crate::texts::account::{AccountTexts, ConfirmEmailTexts, HomeTexts};

pub(super) const HOME: HomeTexts = HomeTexts {
    title: "Inicio",
    hello: |name| format!("Hola, {name}"),
    logged_in: "Ha iniciado sesión.",
    password_chosen: "Su nueva contraseña está guardada. Ha iniciado sesión.",
    not_let_in: "Ha iniciado sesión, pero la página de la que viene no le ha dejado entrar.",
    user: "Usuario",
    email: "Correo electrónico",
    sign_out: "Cerrar sesión",
    account: "Su cuenta",
};

pub(super) const ACCOUNT: AccountTexts = AccountTexts {
    title: "Su cuenta",
    about: "Qué sabemos de usted y dónde ha iniciado sesión.",
    save: "Guardar",
    saved: "Guardado",

    profile: "Perfil",
    profile_about: "Cómo le saludamos, y el idioma de esta página y de nuestros correos.",
    name: "Nombre",

    email: "Correo electrónico",
    email_now: |address| format!("Nuestros correos llegan a {address}."),
    new_email: "Nueva dirección de correo",
    current_password: "Contraseña actual",
    wrong_password: "Esta no es su contraseña actual.",
    send_link: "Cambiar la dirección",
    link_sent: |address| {
        format!("Un correo a {address} está en camino. La dirección vale en cuanto use el enlace que contiene.")
    },

    password: "Contraseña",
    password_about: "Si la cambia, terminan todas sus demás sesiones.",
    change_password: "Cambiar la contraseña",
    password_changed: "Su nueva contraseña está guardada.",

    sessions: "Sesiones",
    sessions_about: "Los navegadores y las aplicaciones donde ha iniciado sesión.",
    this_one: "Este navegador",
    browser_on: |browser, system| format!("{browser} en {system}"),
    unnamed: "Navegador o aplicación sin nombre",
    last_seen: "Última actividad",
    logged_in: "Inicio de sesión",
    from: "Desde",
    sign_out: "Cerrar sesión",
    sign_out_which: |which| format!("Cerrar sesión: {which}"),
    signed_out: |which| format!("Sesión cerrada: {which}."),
    sign_out_others: "Cerrar todas las demás",
    others_signed_out: "Todas las demás sesiones están cerradas.",
};

pub(super) const CONFIRM_EMAIL: ConfirmEmailTexts = ConfirmEmailTexts {
    title: "Su nueva dirección de correo",
    ask: "Un clic, y nuestros correos llegarán a la dirección en la que ha recibido este enlace.",
    submit: "Usar esta dirección",
    changed: "Su dirección de correo ha cambiado",
    what_now: "A partir de ahora nuestros correos llegan ahí, y puede usarla para iniciar sesión.",
    go_on: "Continuar",
    used: "Este enlace solo se puede usar una vez. Si acaba de usarlo, su nueva dirección ya vale.",
    expired: "Este enlace ha caducado.",
    unknown: "No conocemos este enlace. ¿Ha copiado del correo la línea entera?",
    to_account: "Ir a su cuenta",
};

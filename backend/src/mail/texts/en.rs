//! English.

use rekey_shared::password_reset::ResetStyle;

use super::{Frame, Link, Notice, Password, Prepared, Texts};

pub(super) const TEXTS: Texts = Texts {
    frame: Frame {
        questions: "Questions? Ask",
        automatic: "This letter was sent automatically; nobody reads answers to it.",
    },
    colon: ": ",
    greeting: |user_name| format!("Hello {user_name},"),
    greeting_of_strangers: "Hello,",
    spans: [("second", "seconds"), ("minute", "minutes"), ("hour", "hours"), ("day", "days")],
    from: "from",

    reset_link: |(app_name, user_name), life, style| {
        let mailed = style == ResetStyle::Mailed;
        Link {
            subject: "reset your password",
            told: format!("A new password was asked for your account {user_name} on {app_name}."),
            click: if mailed { "Click to get a new password:" } else { "Click to choose a new password:" },
            here: "Here",
            copy: "Or copy this link into your browser:",
            open: if mailed {
                "Open this link in your browser to get a new password:"
            } else {
                "Open this link in your browser to choose a new password:"
            },
            life: format!("The link is good for {life}."),
            once: "You can use a reset link only once.",
            not_you: "If it was not you, you need not do anything: your password has not changed.",
        }
    },
    confirm_email: |(app_name, user_name), life| Link {
        subject: "confirm your email address",
        told: format!("The account {user_name} on {app_name} shall get its letters at this address from now on."),
        click: "Click to confirm that it is yours:",
        here: "Here",
        copy: "Or copy this link into your browser:",
        open: "Open this link in your browser to confirm that it is yours:",
        life: format!("The link is good for {life}."),
        once: "You can use it only once.",
        not_you: "If it was not you, you need not do anything: nothing changes without this link.",
    },

    new_password: |Prepared { app_name, user_name, life, since, must_change }| Password {
        subject: "your new password",
        told: format!(
            "The password of your account {user_name} on {app_name} was reset ({since}), and all its sessions were \
             ended. This is your new password:"
        ),
        life: format!("It is good for {life}."),
        then: then(*must_change),
        log_in: "Log in",
        not_you: "If it was not you, somebody can read your mail: make your mailbox safe first, and then ask for a new \
            password:",
    },
    welcome: |Prepared { app_name, user_name, life, must_change, .. }| Password {
        subject: "your account is ready",
        told: format!("You have an account on {app_name} now. Your user name is {user_name}, your first password:"),
        life: format!("It is good for {life}."),
        then: then(*must_change),
        log_in: "Log in",
        not_you: "When that time is over, ask for a new password:",
    },

    password_changed: |(app_name, user_name), when| Notice {
        subject: "your password was changed",
        told: format!(
            "The password of your account {user_name} on {app_name} was changed ({when}), and its other sessions were \
             ended. If it was you, you need not do anything."
        ),
        then: "If it was not you, ask for a new password at once:".to_owned(),
    },
    signed_in: |(app_name, user_name), when| Notice {
        subject: "a new sign-in to your account",
        told: format!(
            "Somebody logged in to your account {user_name} on {app_name} with a browser that was not used for it \
             before ({when}). If it was you, you need not do anything."
        ),
        then: "If it was not you, ask for a new password at once; that ends all sessions:".to_owned(),
    },
    email_changed: |(app_name, user_name), when| Notice {
        subject: "your email address was changed",
        told: format!(
            "The account {user_name} on {app_name} has another email address now ({when}); this one gets no more \
             letters of it. If it was you, you need not do anything."
        ),
        then: format!("If it was not you, tell whoever runs {app_name} at once."),
    },
    account_exists: |(app_name, user_name)| Notice {
        subject: "you have an account already",
        told: format!(
            "Somebody asked {app_name} to use this address for an account. It belongs to one already: your user name \
             is {user_name}. Nothing was changed."
        ),
        then: "If you forgot the password, ask for a new one:".to_owned(),
    },
    credential_requests: |waiting| Notice {
        subject: "requests for accounts wait for your answer",
        told: match waiting {
            1 => "One person asks for an account and waits for your answer.".to_owned(),
            _ => format!("{waiting} people ask for an account and wait for your answer."),
        },
        then: "Approve or reject:".to_owned(),
    },
    credential_rejected: |app_name, has_reason| Notice {
        subject: "your request for an account was not approved",
        told: if has_reason {
            format!("You asked for an account on {app_name}. It was not approved, and the answer was:")
        } else {
            format!("You asked for an account on {app_name}. It was not approved.")
        },
        then: "If you did not ask for one, you need not do anything.".to_owned(),
    },
    test: |app_name| ("test letter", format!("This letter shows that {app_name} can send mail.")),
};

const fn then(must_change: bool) -> &'static str {
    if must_change {
        "Log in with it, and you will be asked to choose your own."
    } else {
        "Log in with it within that time, and it stays your password."
    }
}

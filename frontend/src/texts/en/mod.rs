//! English. The texts that DESIGN.md §1 quotes are the original's, word for word.

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
        title: "Login",
        welcome: "Welcome",
        user: "User",
        password: "Password",
        submit: "Login",
        forgot: "Forgot your password?",
        request_credential: "Request your credential",
        session_ended: "Your session is over. Please log in again.",
        not_kept: "Your browser did not keep the login. Allow cookies for this site, then try again.",
    },
    request: RequestTexts {
        title: "Insert your email!",
        greeting: "Hi! Insert your email!",
        email: "Email",
        must_be_linked: "The Email MUST be linked to an account.",
        submit: "Send",
        sent: "Email Sent",
        what_now: "If the address belongs to an account, the mail comes within a minute. Look in the spam folder, too.",
        mails_an_hour: |number| match number {
            1 => "At most 1 mail an hour is sent.".to_owned(),
            _ => format!("At most {number} mails an hour are sent."),
        },
    },
    confirm: ConfirmTexts {
        title: "Reset your password",
        ask: "One click, and a new password comes by mail. The old one stops working.",
        choose: "Choose a new password. The old one stops working.",
        submit: "Send me a new password",
        save: "Save password",
        confirming: "Sending you a new password…",
        sent: "New password sent via mail",
        what_now: |life| {
            format!("It comes within a minute; look in the spam folder, too. Log in with it within {}.", span(life))
        },
        changed: "Your new password is set",
        used_to_choose: "You can use a reset link only once. If you just used it, log in with the password that you chose.",
        unusable: "This link does not work",
        no_token: "The link is not complete. Copy the whole line from the mail, up to its end.",
        ask_for_new_link: "Ask for a new link",
    },
    choose: ChooseTexts {
        title: "Choose your own password",
        why: "The password from the mail opens only this page.",
        new_password: "New password",
        rules: |characters| format!("At least {characters} characters; a sentence is fine."),
        show: "Show password",
        submit: "Save and go on",
        log_in_first: "Please log in again with the password from the mail.",
    },
    confirm_email: account::CONFIRM_EMAIL,
    credential: CredentialTexts {
        title: "Request your credential",
        greeting: "Tell us who you are; the answer comes by mail.",
        name: "Name",
        email: "Email",
        note: "Note (optional)",
        note_hint: "What you need the account for.",
        submit: "Send",
        sent: "Request sent",
        what_now: "The answer comes by mail to the address above. Look in the spam folder, too.",
    },
    not_found: NotFoundTexts {
        title: "There is no page here",
        check_the_address: "Check the address, or start from the login page.",
    },

    back_to_login: "Back to login",
    try_again: "Try again",
    sending: "Sending…",
    one_moment: "One moment…",
    language: "Language",
    help: "Help:",
    caps_lock: "Caps Lock is on",

    no_answer: "There is no answer from the server. Check your connection and try again.",
    unreadable: "The server's answer cannot be read. Try again in a moment.",
    check_fields: "Please check what you typed.",
    problem,
    field,
    characters_left: |number| match number {
        0 => "There is no room left.".to_owned(),
        1 => "1 character left.".to_owned(),
        _ => format!("{number} characters left."),
    },
    try_again_in: |time| format!("Try again in {}.", span(time)),
    reference: |id| format!("If it stays so, tell the support this number: {id}"),
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
            "This page does not fit the server any more. Reload it and try again."
        }
        ProblemCode::BodyTooLarge => "That is more text than the server takes.",
        ProblemCode::InvalidInput => TEXTS.check_fields,
        ProblemCode::NotFound => "That is not there.",
        ProblemCode::Unauthenticated => "Please log in again.",
        ProblemCode::Forbidden => "You are not allowed to do that.",
        ProblemCode::InvalidCredentials => "User or password is wrong.",
        ProblemCode::TooManyAttempts => "Too many failed logins.",
        ProblemCode::TooManyRequests => "Too many requests from your connection.",
        ProblemCode::SessionEnded => TEXTS.login.session_ended,
        ProblemCode::PasswordRejected => "This password cannot be used.",
        ProblemCode::ResetLinkUsed => {
            "You can use a reset link only once. If you just used it, the new password is on its way."
        }
        ProblemCode::ResetLinkExpired => "This reset link is too old to be used.",
        ProblemCode::ResetLinkUnknown => "We do not know this reset link. Was the whole line copied from the mail?",
        ProblemCode::Unavailable => "The server is very busy right now.",
        ProblemCode::Internal => "Something went wrong on the server. It is not your fault.",
    }
}

fn field(field: Field, code: FieldCode, limits: &ClientLimits) -> String {
    match code {
        FieldCode::Required => match field {
            Field::User => "Type your user name or email.",
            Field::Password => "Type your password.",
            Field::Email => "Type your email address.",
            Field::NewPassword => "Type a new password.",
            Field::CurrentPassword => "Type your current password.",
            Field::Name => "Type a name.",
            Field::UserName => "Type a user name.",
            _ => "Something is missing here.",
        },
        FieldCode::WrongType => "This cannot be read.",
        FieldCode::TooLong => "This is too long.",
        FieldCode::TooShort => {
            return format!("This is too short: use at least {} characters.", limits.password_min_characters);
        }
        FieldCode::NotAnEmail => "This is not an email address, such as name@example.com.",
        FieldCode::InvalidCharacter => "There is a character in it that cannot be used.",
        FieldCode::UnknownLanguage => "This language is not spoken here.",
        FieldCode::OwnName => "This is only your own name or the name of this tool. Add words of your own.",
        FieldCode::TooCommon => "Many people use this password, so it is guessed first. Choose words of your own.",
        FieldCode::Unchanged => "This is the password that you have now. Choose another one.",
        FieldCode::Taken => "Another account has this already.",
        FieldCode::AccountDisabled => "This account is disabled. Enable it first.",
        FieldCode::LastAdmin => "Nobody would be left to administer the accounts. Make somebody else an admin first.",
    }
    .to_owned()
}

fn span(time: Span) -> String {
    time.with([("second", "seconds"), ("minute", "minutes"), ("hour", "hours"), ("day", "days")])
}

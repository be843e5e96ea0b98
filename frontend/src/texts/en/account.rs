use crate::texts::account::{AccountTexts, ConfirmEmailTexts, HomeTexts};

pub(super) const HOME: HomeTexts = HomeTexts {
    title: "Home",
    hello: |name| format!("Hello, {name}"),
    logged_in: "You are logged in.",
    password_chosen: "Your new password is saved. You are logged in.",
    not_let_in: "You are logged in, but the page that you came from did not let you in.",
    user: "User",
    email: "Email",
    sign_out: "Sign out",
    account: "Your account",
};

pub(super) const ACCOUNT: AccountTexts = AccountTexts {
    title: "Your account",
    about: "What we know of you, and where you are logged in.",
    save: "Save",
    saved: "Saved",

    profile: "Profile",
    profile_about: "How we greet you, and the language of this page and of our letters.",
    name: "Name",

    email: "Email",
    email_now: |address| format!("Our letters go to {address}."),
    new_email: "New email",
    current_password: "Current password",
    wrong_password: "This is not your current password.",
    send_link: "Change email",
    link_sent: |address| {
        format!("A letter is on its way to {address}. The address counts once you use the link in it.")
    },

    password: "Password",
    password_about: "When you change it, all your other sessions end.",
    change_password: "Change password",
    password_changed: "Your new password is saved.",

    sessions: "Sessions",
    sessions_about: "The browsers and apps in which you are logged in.",
    this_one: "This browser",
    browser_on: |browser, system| format!("{browser} on {system}"),
    unnamed: "Browser or app without a name",
    last_seen: "Last seen",
    logged_in: "Logged in",
    from: "From",
    sign_out: "Sign out",
    sign_out_which: |which| format!("Sign out {which}"),
    signed_out: |which| format!("{which} is signed out."),
    sign_out_others: "Sign out all others",
    others_signed_out: "All others are signed out.",
};

pub(super) const CONFIRM_EMAIL: ConfirmEmailTexts = ConfirmEmailTexts {
    title: "Your new email address",
    ask: "One click, and our letters go to the address where you got this link.",
    submit: "Use this address",
    changed: "Your email address is changed",
    what_now: "From now on our letters go there, and you can log in with it.",
    go_on: "Go on",
    used: "You can use this link only once. If you just used it, your new address counts already.",
    expired: "This link is too old to be used.",
    unknown: "We do not know this link. Was the whole line copied from the mail?",
    to_account: "To your account",
};

use super::Text;

pub(crate) struct HomeTexts {
    pub(crate) title: Text,
    pub(crate) hello: fn(&str) -> String,
    pub(crate) logged_in: Text,
    pub(crate) password_chosen: Text,
    pub(crate) not_let_in: Text,
    pub(crate) user: Text,
    pub(crate) email: Text,
    pub(crate) sign_out: Text,
    pub(crate) account: Text,
}

pub(crate) struct AccountTexts {
    pub(crate) title: Text,
    pub(crate) about: Text,
    pub(crate) save: Text,
    pub(crate) saved: Text,

    pub(crate) profile: Text,
    pub(crate) profile_about: Text,
    pub(crate) name: Text,

    pub(crate) email: Text,
    pub(crate) email_now: fn(&str) -> String,
    pub(crate) new_email: Text,
    pub(crate) current_password: Text,
    pub(crate) wrong_password: Text,
    pub(crate) send_link: Text,
    pub(crate) link_sent: fn(&str) -> String,

    pub(crate) password: Text,
    pub(crate) password_about: Text,
    pub(crate) change_password: Text,
    pub(crate) password_changed: Text,

    pub(crate) sessions: Text,
    pub(crate) sessions_about: Text,
    pub(crate) this_one: Text,
    pub(crate) browser_on: fn(&str, &str) -> String,
    pub(crate) unnamed: Text,
    pub(crate) last_seen: Text,
    pub(crate) logged_in: Text,
    pub(crate) from: Text,
    pub(crate) sign_out: Text,
    pub(crate) sign_out_which: fn(&str) -> String,
    pub(crate) signed_out: fn(&str) -> String,
    pub(crate) sign_out_others: Text,
    pub(crate) others_signed_out: Text,
}

pub(crate) struct ConfirmEmailTexts {
    pub(crate) title: Text,
    pub(crate) ask: Text,
    pub(crate) submit: Text,
    pub(crate) changed: Text,
    pub(crate) what_now: Text,
    pub(crate) go_on: Text,
    pub(crate) used: Text,
    pub(crate) expired: Text,
    pub(crate) unknown: Text,
    pub(crate) to_account: Text,
}

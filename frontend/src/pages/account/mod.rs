//! The person's own account: a mailed password opens only "Choose your own password"; with an own one they are home.

pub(crate) mod choose_password;
pub(crate) mod home;

//! The person's own account: a mailed password opens only "Choose your own password"; with an own one they are home.
//! From there they come to all that is theirs (`own`): profile, email (counts once its link is used: `confirm_email`),
//! password, sessions. `sign_out` is on every page of whoever is logged in.

pub(crate) mod choose_password;
pub(crate) mod confirm_email;
mod email;
pub(crate) mod home;
pub(crate) mod own;
mod password;
mod profile;
mod sessions;
pub(crate) mod sign_out;
mod user_agent;

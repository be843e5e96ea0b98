//! Rekey gets people back into a web tool when they forgot their password.
//!
//! The journey: somebody types their address (`password_reset::request`), the answer is the same for everyone. The mail
//! worker (`mail::worker`) finds the account, makes a link and sends it. The link's page confirms it
//! (`password_reset::confirm`), once: the old password and every session die, a new password is promised, and the
//! worker makes and sends that too. The person logs in with it (`login`) and chooses an own one (`account`).

mod account;
mod admin;
pub mod app;
mod backoff;
mod brand;
pub mod clock;
pub mod commands;
pub mod config;
mod credential_request;
mod db;
mod drill;
mod error;
#[cfg(feature = "drill")]
pub mod fuzz;
pub mod huge_pages;
mod login;
mod mail;
mod metrics;
mod opaque_token;
mod password_reset;
#[cfg(feature = "drill")]
pub mod pieces;
mod private_folder;
mod telemetry;
mod web;

pub use web::ROUTES;

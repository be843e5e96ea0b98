//! What Rekey's server and its browser page both know: the shape of every request and answer, the paths, and the
//! rules that both sides check. A journey has the same name here as in `backend/src`, `frontend/src/pages` and
//! `e2e/journeys`.

#![warn(missing_docs)]

/// The person's own account: who they are, and choosing a password.
pub mod account;
/// Administration: accounts, requests for accounts, the mail queue, audit events.
pub mod admin;
/// Characters that change how the text round them is read.
pub mod characters;
#[cfg(feature = "calls")]
pub mod client;
/// What the page is told about this installation (`GET /config.json`).
pub mod client_config;
/// Asking the operator for an account.
pub mod credential_request;
/// An email address, parsed once.
pub mod email_address;
/// Pages of lists.
pub mod list;
/// The languages that pages and letters speak.
pub mod locale;
/// Logging in, staying logged in, logging out.
pub mod login;
/// Asking for a reset link and confirming it.
pub mod password_reset;
/// Rules for a password that a person chooses (NIST SP 800-63B-4).
pub mod password_rules;
/// Every path of the API and of the pages.
pub mod paths;
/// Errors as they cross the wire (RFC 9457).
pub mod problem;
/// Where a browser may be led back to after login.
pub mod return_to;
/// Passwords and tokens that do not print themselves.
pub mod secret;

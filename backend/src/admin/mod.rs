//! Administration: accounts, the mail queue, and the record of what happened. An administrator never sees or sets a
//! password. What the operator does by command goes through the same functions.

pub(crate) mod accounts;
pub mod audit;
pub(crate) mod credential_requests;
pub(crate) mod mail;

//! Administration: accounts, the mail queue, and the record of what happened. An administrator never sees or sets a
//! password.

pub mod audit;
pub(crate) mod credential_requests;

pub(crate) mod account;
pub(crate) mod administration;
pub(crate) mod credential_request;
pub(crate) mod login;
pub(crate) mod not_found;
pub(crate) mod password_reset;
pub(crate) mod signed_in;

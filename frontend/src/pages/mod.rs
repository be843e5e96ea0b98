pub(crate) mod account;
pub(crate) mod credential_request;
pub(crate) mod login;
pub(crate) mod not_found;
pub(crate) mod password_reset;

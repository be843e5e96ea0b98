//! The journey of the forgotten password, as far as it is seen in a browser.
//!
//! The person types an address (`request`). The mail's link opens `/reset#TOKEN` ([`crate::link`]), which changes nothing by
//! being loaded. The browser that asked confirms at once, any other by one click (`confirm`,
//! `at_once`), or asks for the new password itself (`choose_new`). The new password comes
//! by mail and opens `account::choose_password`.

mod at_once;
mod choose_new;
pub(crate) mod confirm;
pub(crate) mod request;

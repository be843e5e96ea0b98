//! Administration, for whoever has the role: accounts (`accounts`, one of them: `account`), requests for accounts, the
//! mail queue, what happened. A password is never seen or set here.

mod access;
pub(crate) mod account;
pub(crate) mod accounts;
mod add_account;
mod address_bar;
mod approve;
pub(crate) mod audit_events;
mod change_account;
pub(crate) mod credential_requests;
mod decide;
mod delete_account;
mod desk;
pub(crate) mod mail_queue;
mod queued_mail;
mod reject;

pub(crate) use desk::admin;

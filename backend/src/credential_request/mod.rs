//! Asking for an account.
//!
//! Somebody without an account asks for one: two rows are written, the answer is the same for everyone ([`submit`]). If
//! the address has an account already, the worker tells its owner ([`exists`]) and nothing else happens; otherwise the
//! operator is told, in one letter for all who ask within ten minutes ([`announce`]), and approves or rejects
//! ([`decide`]). An approved person gets user name and first password by mail, a rejected one a sentence ([`rejected`]).

pub mod announce;
pub mod decide;
pub mod exists;
pub mod rejected;
pub mod submit;

use diesel::prelude::*;

use crate::clock::Timestamp;
use crate::db::schema::credential_requests;
use crate::db::{Db, DbError};

/// A request as the database has it.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = credential_requests)]
pub struct Request {
    pub id: String,
    pub name: String,
    pub email: String,
    pub email_key: String,
    pub note: Option<String>,
    pub locale: Option<String>,
    pub address: String,
    pub reason: Option<String>,
    pub created_at: Timestamp,
}

/// Waits for the operator, and its address has no account: whoever has one is told so and needs no decision.
macro_rules! waits {
    () => {
        credential_requests::state.eq("waiting").and(diesel::dsl::not(diesel::dsl::exists(
            accounts::table.filter(accounts::email_key.eq(credential_requests::email_key)),
        )))
    };
}
use waits;

/// How many wait. Among them are those of people who have an account and are told so soon.
pub fn count_waiting(db: &mut Db) -> Result<i64, DbError> {
    Ok(credential_requests::table.filter(credential_requests::state.eq("waiting")).count().get_result(db)?)
}

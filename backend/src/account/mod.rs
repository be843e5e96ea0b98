//! The person's own account: who they are, and choosing a password.

pub mod batch;
mod common_passwords;
pub mod notice;
pub mod own_password;
pub mod record;
pub mod user_name;

use actix_web::HttpResponse;

use crate::login::session::FullSession;

/// `GET /me`
pub(crate) async fn me(FullSession(session): FullSession) -> HttpResponse {
    HttpResponse::Ok().json(session.account.into_me())
}

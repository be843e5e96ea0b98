//! The person's own account: who they are, their password, their address, and where they are logged in.

pub mod batch;
mod common_passwords;
pub mod email;
pub mod notice;
pub mod own_password;
pub mod person_name;
pub mod profile;
pub mod record;
pub mod sessions;
pub mod user_name;

use actix_web::HttpResponse;

use crate::login::session::FullSession;

/// `GET /me`
pub(crate) async fn me(FullSession(session): FullSession) -> HttpResponse {
    HttpResponse::Ok().json(session.account.into_me())
}

//! The person's own account: who they are, their password, their address, and where they are logged in.

pub mod batch;
mod common_passwords;
pub mod email;
pub mod lock;
pub mod notice;
pub mod own_password;
pub mod person_name;
pub mod profile;
pub mod record;
pub mod sessions;
pub mod user_name;

use actix_web::HttpResponse;
use actix_web::http::header::LOCATION;
use rekey_shared::account::Me;
use rekey_shared::paths;

use crate::login::session::FullSession;
use crate::web::openapi::{problems, tag};

/// `GET /me`
#[utoipa::path(
    get,
    path = paths::ME,
    operation_id = "get_me",
    tag = tag::ACCOUNT,
    summary = "Who is logged in",
    description = "The account of the access token.",
    security(("access_token" = [])),
    responses((status = 200, description = "The account.", body = Me)),
    extensions(("x-problems" = json!([problems::FULL_SESSION, problems::SERVER]))),
)]
pub(crate) async fn me(FullSession(session): FullSession) -> HttpResponse {
    HttpResponse::Ok().json(session.account.into_me())
}

/// `GET /.well-known/change-password`
#[utoipa::path(
    get,
    path = paths::CHANGE_PASSWORD,
    operation_id = "get_change_password",
    tag = tag::ACCOUNT,
    summary = "Where the password is changed",
    description = "Password managers ask for this well-known address and are led to the page of the own account.",
    responses((status = 302, description = "The page.", headers(("Location" = String, description = "The page's path.")))),
)]
pub(crate) async fn change_password_page() -> HttpResponse {
    HttpResponse::Found().insert_header((LOCATION, paths::page::ACCOUNT)).finish()
}

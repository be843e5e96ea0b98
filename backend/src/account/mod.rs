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

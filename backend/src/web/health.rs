use std::time::Duration;

use actix_web::HttpResponse;
use rekey_shared::paths;
use rekey_shared::problem::ProblemCode;
use serde::Serialize;

use super::Shared;
use crate::db::migrations;
use crate::error::Error;
use crate::web::openapi::tag;

/// The answer to whoever watches.
#[derive(Serialize, utoipa::ToSchema)]
#[serde(tag = "status", rename_all = "lowercase")]
#[schema(examples(json!({ "status": "ready" })))]
pub(super) enum Health {
    /// The process answers.
    Live,
    /// The database answers, too.
    Ready,
}

/// `GET /health/live`: the process answers; nothing else is asked.
#[utoipa::path(
    get,
    path = paths::HEALTH_LIVE,
    operation_id = "get_live",
    tag = tag::SERVER,
    summary = "The process answers",
    description = "Nothing else is asked.",
    responses((status = 200, description = "It does.", body = Health)),
)]
pub(super) async fn live() -> HttpResponse {
    HttpResponse::Ok().json(Health::Live)
}

/// `GET /health/ready`: the database answers and has the schema of this program. Never SMTP: people log in without it.
#[utoipa::path(
    get,
    path = paths::HEALTH_READY,
    operation_id = "get_ready",
    tag = tag::SERVER,
    summary = "The database answers",
    description = "And has the schema of this program. Never the mail server: people log in without it.",
    responses((status = 200, description = "Ready.", body = Health)),
    extensions(("x-problems" = json!([[ProblemCode::Unavailable]]))),
)]
pub(super) async fn ready(rekey: Shared) -> Result<HttpResponse, Error> {
    let not_ready = |cause: &dyn std::fmt::Display| Error::Unavailable {
        retry_after: Duration::from_secs(5),
        cause: cause.to_string(),
    };
    match migrations::are_applied(&rekey.db).await {
        Ok(true) => Ok(HttpResponse::Ok().json(Health::Ready)),
        Ok(false) => Err(not_ready(&"the database is not up to date")),
        Err(error) => Err(not_ready(&error)),
    }
}

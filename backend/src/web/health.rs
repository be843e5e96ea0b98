use std::time::Duration;

use actix_web::HttpResponse;
use serde_json::json;

use super::Shared;
use crate::db::migrations;
use crate::error::Error;

/// `GET /health/live`: the process answers; nothing else is asked.
pub(super) async fn live() -> HttpResponse {
    HttpResponse::Ok().json(json!({ "status": "live" }))
}

/// `GET /health/ready`: the database answers and has the schema of this program. Never SMTP: people log in without it.
pub(super) async fn ready(rekey: Shared) -> Result<HttpResponse, Error> {
    let not_ready = |cause: &dyn std::fmt::Display| Error::Unavailable {
        retry_after: Duration::from_secs(5),
        cause: cause.to_string(),
    };
    match migrations::are_applied(&rekey.db).await {
        Ok(true) => Ok(HttpResponse::Ok().json(json!({ "status": "ready" }))),
        Ok(false) => Err(not_ready(&"the database is not up to date")),
        Err(error) => Err(not_ready(&error)),
    }
}

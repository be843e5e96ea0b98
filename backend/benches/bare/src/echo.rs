//! actix-web that reads JSON and writes it.

use std::sync::{Mutex, PoisonError};

use actix_web::error::ErrorInternalServerError;
use actix_web::{App, HttpServer, web};
use diesel::sqlite::SqliteConnection;
use serde_json::{Value, json};

use crate::{Measured, rows};

/// Serves until it is killed.
pub(crate) async fn serve(port: u16) -> Measured {
    let app = || App::new().route("/", web::post().to(async |body: web::Json<Value>| body));
    HttpServer::new(app).workers(std::thread::available_parallelism()?.get()).bind(("127.0.0.1", port))?.run().await?;
    Ok(json!(null))
}

/// The same, and before each answer a row is committed: on the thread that answers, so that nothing is sooner. A server with
/// other clients must not, for they would wait for the disk.
pub(crate) async fn commit(port: u16, file: &str) -> Measured {
    let file = web::Data::new(Mutex::new((rows::open(file)?, 0_u64)));
    let app = move || App::new().app_data(file.clone()).default_service(web::post().to(commit_first));
    HttpServer::new(app).workers(1).bind(("127.0.0.1", port))?.run().await?;
    Ok(json!(null))
}

async fn commit_first(
    file: web::Data<Mutex<(SqliteConnection, u64)>>,
    body: web::Json<Value>,
) -> actix_web::Result<web::Json<Value>> {
    let (sqlite, number) = &mut *file.lock().unwrap_or_else(PoisonError::into_inner);
    rows::commit(sqlite, number, 1).map_err(ErrorInternalServerError)?;
    Ok(body)
}

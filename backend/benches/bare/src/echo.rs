//! actix-web that reads JSON and writes it.

use actix_web::{App, HttpServer, web};
use serde_json::{Value, json};

use crate::Measured;

/// Serves until it is killed.
pub(crate) async fn serve(port: u16) -> Measured {
    let app = || App::new().route("/", web::post().to(async |body: web::Json<Value>| body));
    HttpServer::new(app).workers(std::thread::available_parallelism()?.get()).bind(("127.0.0.1", port))?.run().await?;
    Ok(json!(null))
}

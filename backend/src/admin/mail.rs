//! The mail queue, as administrators and the operator's commands see it and act on it.

pub(crate) mod act;
pub(crate) mod list;

use actix_web::{HttpRequest, HttpResponse};
use rekey_shared::admin::MailState;
use serde::Deserialize;

use super::accounts::actor;
use crate::error::Error;
use crate::login::session::AdminSession;
use crate::web::Shared;
use crate::web::path::Id;
use crate::web::query::{Query, page_size};

#[derive(Deserialize)]
pub(crate) struct Wanted {
    state: Option<MailState>,
    cursor: Option<String>,
    limit: Option<usize>,
}

/// `GET /admin/mail-queue`
pub(crate) async fn list(rekey: Shared, _: AdminSession, Query(wanted): Query<Wanted>) -> Result<HttpResponse, Error> {
    let size = page_size(wanted.limit)?;
    let letters = rekey.db.read(move |db| list::page(db, wanted.state, wanted.cursor.as_deref(), size)).await?;
    Ok(HttpResponse::Ok().json(letters))
}

/// `POST /admin/mail-queue/{id}/retry`
pub(crate) async fn retry(
    rekey: Shared,
    request: HttpRequest,
    session: AdminSession,
    Id(id): Id,
) -> Result<HttpResponse, Error> {
    let (actor, now) = (actor(&rekey, &request, session), rekey.clock.now());
    let letter = rekey.db.write(move |db| act::retry(db, &id, &actor, now)).await?;
    rekey.mail.nudge();
    tracing::info!(mail.id = %letter.id, mail.kind = %letter.kind, "mail.retried");
    Ok(HttpResponse::Ok().json(letter))
}

/// `DELETE /admin/mail-queue/{id}`
pub(crate) async fn remove(
    rekey: Shared,
    request: HttpRequest,
    session: AdminSession,
    Id(id): Id,
) -> Result<HttpResponse, Error> {
    let (actor, now) = (actor(&rekey, &request, session), rekey.clock.now());
    let letter = rekey.db.write(move |db| act::drop(db, &id, &actor, now)).await?;
    tracing::info!(mail.id = %letter.id, mail.kind = %letter.kind, "mail.dropped_by_operator");
    Ok(HttpResponse::NoContent().finish())
}

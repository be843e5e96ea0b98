//! The mail queue, as administrators and the operator's commands see it and act on it.

pub(crate) mod act;
pub(crate) mod list;

use actix_web::{HttpRequest, HttpResponse};
use rekey_shared::admin::{MailState, QueuedMail};
use rekey_shared::list::List;
use rekey_shared::paths;
use serde::Deserialize;

use super::accounts::actor;
use crate::error::Error;
use crate::login::session::AdminSession;
use crate::web::Shared;
use crate::web::after::After;
use crate::web::openapi::{problems, tag};
use crate::web::path::Id;
use crate::web::query::{Query, page_size};

#[derive(Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Wanted {
    /// Only letters in this state.
    state: Option<MailState>,
    /// The `next_cursor` of the page before.
    cursor: Option<String>,
    /// Items of a page; 50 unless told otherwise.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<usize>,
}

/// `GET /admin/mail-queue`
#[utoipa::path(
    get,
    path = paths::ADMIN_MAIL_QUEUE,
    operation_id = "list_mail",
    tag = tag::ADMIN_MAIL,
    summary = "Promised letters",
    description = "The newest first; never their text.",
    params(Wanted),
    security(("access_token" = [])),
    responses((status = 200, description = "A page of letters.", body = List<QueuedMail>,
            links(
                ("retry_mail" = (operation_id = "retry_mail", parameters(("id" = "$response.body#/items/0/id")))),
                ("drop_mail" = (operation_id = "drop_mail", parameters(("id" = "$response.body#/items/0/id")))),
            ))),
    extensions(("x-problems" = json!([problems::ADMIN, problems::QUERY, problems::SERVER]))),
)]
pub(crate) async fn list(
    rekey: Shared,
    After(_, Query(wanted)): After<AdminSession, Query<Wanted>>,
) -> Result<HttpResponse, Error> {
    let size = page_size(wanted.limit)?;
    let letters = rekey.db.read(move |db| list::page(db, wanted.state, wanted.cursor.as_deref(), size)).await?;
    Ok(HttpResponse::Ok().json(letters))
}

/// `POST /admin/mail-queue/{id}/retry`
#[utoipa::path(
    post,
    path = paths::ADMIN_QUEUED_MAIL_RETRY,
    operation_id = "retry_mail",
    tag = tag::ADMIN_MAIL,
    summary = "Try a letter now",
    description = "One that waits or was stopped.",
    params(("id" = String, Path, format = "uuid", description = "Of the letter.")),
    security(("access_token" = [])),
    responses((status = 200, description = "The letter, due now.", body = QueuedMail)),
    extensions(("x-problems" = json!([problems::ADMIN, problems::ID, problems::SERVER]))),
)]
pub(crate) async fn retry(
    rekey: Shared,
    request: HttpRequest,
    After(session, Id(id)): After<AdminSession, Id>,
) -> Result<HttpResponse, Error> {
    let (actor, now) = (actor(&rekey, &request, session), rekey.clock.now());
    let letter = rekey.db.write(move |db| act::retry(db, &id, &actor, now)).await?;
    rekey.mail.nudge();
    tracing::info!(mail.id = %letter.id, mail.kind = %letter.kind, "mail.retried");
    Ok(HttpResponse::Ok().json(letter))
}

/// `DELETE /admin/mail-queue/{id}`
#[utoipa::path(
    delete,
    path = paths::ADMIN_QUEUED_MAIL,
    operation_id = "drop_mail",
    tag = tag::ADMIN_MAIL,
    summary = "Drop a letter",
    description = "One that waits or was stopped.",
    params(("id" = String, Path, format = "uuid", description = "Of the letter.")),
    security(("access_token" = [])),
    responses((status = 204, description = "It will not be sent.")),
    extensions(("x-problems" = json!([problems::ADMIN, problems::ID, problems::SERVER]))),
)]
pub(crate) async fn remove(
    rekey: Shared,
    request: HttpRequest,
    After(session, Id(id)): After<AdminSession, Id>,
) -> Result<HttpResponse, Error> {
    let (actor, now) = (actor(&rekey, &request, session), rekey.clock.now());
    let letter = rekey.db.write(move |db| act::drop(db, &id, &actor, now)).await?;
    tracing::info!(mail.id = %letter.id, mail.kind = %letter.kind, "mail.dropped_by_operator");
    Ok(HttpResponse::NoContent().finish())
}

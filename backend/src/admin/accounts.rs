//! Accounts, as administrators and the operator's commands see and change them.
//!
//! Each change is one transaction that records who did it. Whatever would leave nobody to administer accounts is refused,
//! also when several administrators are at it at the same moment ([`row::is_last_admin`]).

pub(crate) mod add;
pub(crate) mod change;
pub(crate) mod list;
pub(crate) mod remove;
pub(crate) mod reset;
pub(crate) mod row;

use actix_web::{HttpRequest, HttpResponse};
use rekey_shared::admin::{AddAccount, AdminAccount, ChangeAccount};
use rekey_shared::password_reset::ResetRequested;
use rekey_shared::paths;
use serde::Deserialize;

use super::audit::Actor;
use crate::account::record;
use crate::error::Error;
use crate::login::session::AdminSession;
use crate::metrics::journeys::EndedBy;
use crate::web::json::Body;
use crate::web::path::Id;
use crate::web::query::{Query, page_size};
use crate::web::{Shared, client};

#[derive(Deserialize)]
pub(crate) struct Wanted {
    search: Option<String>,
    cursor: Option<String>,
    limit: Option<usize>,
}

/// `GET /admin/accounts`
pub(crate) async fn list(rekey: Shared, _: AdminSession, Query(wanted): Query<Wanted>) -> Result<HttpResponse, Error> {
    let size = page_size(wanted.limit)?;
    let page = rekey
        .db
        .read(move |db| list::page(db, wanted.search.as_deref().unwrap_or_default(), wanted.cursor.as_deref(), size))
        .await?;
    Ok(HttpResponse::Ok().json(page))
}

/// `POST /admin/accounts`
pub(crate) async fn add(
    rekey: Shared,
    request: HttpRequest,
    session: AdminSession,
    Body(wanted): Body<AddAccount>,
) -> Result<HttpResponse, Error> {
    let account = add::parse(&wanted)?;
    let (actor, now) = (actor(&rekey, &request, session), rekey.clock.now());
    let added: AdminAccount =
        add::unless_taken(&rekey.db, &account, move |db, account| add::with_welcome(db, account, &actor, now)).await?;
    rekey.mail.nudge();
    tracing::info!(account.id = %added.id, "account.added");
    let place = paths::ADMIN_ACCOUNT.replace("{id}", &added.id);
    Ok(HttpResponse::Created().insert_header(("Location", place)).json(added))
}

/// `GET /admin/accounts/{id}`
pub(crate) async fn one(rekey: Shared, _: AdminSession, Id(id): Id) -> Result<HttpResponse, Error> {
    let account = rekey.db.read(move |db| record::find(db, &id)).await?.ok_or(Error::NotFound)?;
    Ok(HttpResponse::Ok().json(row::shown(account)))
}

/// `PATCH /admin/accounts/{id}`
pub(crate) async fn change(
    rekey: Shared,
    request: HttpRequest,
    session: AdminSession,
    Id(id): Id,
    Body(wanted): Body<ChangeAccount>,
) -> Result<HttpResponse, Error> {
    let change = change::parse(wanted)?;
    let (actor, now) = (actor(&rekey, &request, session), rekey.clock.now());
    let account = rekey.db.write(move |db| change::change(db, &id, &change, &actor, now)).await?;
    rekey.mail.nudge();
    tracing::info!(account.id = %account.id, "account.changed");
    Ok(HttpResponse::Ok().json(row::shown(account)))
}

/// `DELETE /admin/accounts/{id}`
pub(crate) async fn remove(
    rekey: Shared,
    request: HttpRequest,
    session: AdminSession,
    Id(id): Id,
) -> Result<HttpResponse, Error> {
    let (actor, now) = (actor(&rekey, &request, session), rekey.clock.now());
    let account = rekey.db.write(move |db| remove::remove(db, &id, &actor, now)).await?;
    tracing::info!(account.id = %account.id, "account.deleted");
    Ok(HttpResponse::NoContent().finish())
}

/// `POST /admin/accounts/{id}/send-reset`
pub(crate) async fn send_reset(
    rekey: Shared,
    request: HttpRequest,
    session: AdminSession,
    Id(id): Id,
) -> Result<HttpResponse, Error> {
    let (actor, now) = (actor(&rekey, &request, session), rekey.clock.now());
    rekey.db.write(move |db| reset::promise(db, &id, &actor, now)).await?;
    rekey.mail.nudge();
    Ok(HttpResponse::Accepted().json(ResetRequested::EmailSent))
}

/// `DELETE /admin/accounts/{id}/sessions`
pub(crate) async fn end_sessions(
    rekey: Shared,
    request: HttpRequest,
    session: AdminSession,
    Id(id): Id,
) -> Result<HttpResponse, Error> {
    let (actor, now) = (actor(&rekey, &request, session), rekey.clock.now());
    let (account, ended) = rekey.db.write(move |db| change::end_sessions(db, &id, &actor, now)).await?;
    rekey.metrics.journeys.sessions_ended.count_many(EndedBy::Admin, ended);
    tracing::info!(account.id = %account.id, "account.sessions_ended");
    Ok(HttpResponse::NoContent().finish())
}

/// The administrator who asks, as the record names them.
pub(crate) fn actor(rekey: &Shared, request: &HttpRequest, AdminSession(session): AdminSession) -> Actor {
    Actor::Admin(Box::new(session.account), client(rekey, request).address)
}

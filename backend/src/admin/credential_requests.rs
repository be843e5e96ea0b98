use actix_web::{HttpRequest, HttpResponse};
use rekey_shared::admin::{ApproveRequest, REASON_MAX_CHARACTERS, RejectRequest};

use super::accounts::{actor, row};
use crate::credential_request::decide;
use crate::db::Db;
use crate::error::Error;
use crate::login::session::AdminSession;
use crate::metrics::journeys::Decision;
use crate::web::Shared;
use crate::web::fields::Fields;
use crate::web::json::OptionalBody;
use crate::web::path::Id;
use crate::web::query::{Query, WantedPage, page_size};

/// `GET /admin/credential-requests`: those that wait, the oldest first.
pub(crate) async fn list(rekey: Shared, _: AdminSession, query: Query<WantedPage>) -> Result<HttpResponse, Error> {
    let Query(WantedPage { cursor, limit }) = query;
    let size = page_size(limit)?;
    let page = rekey.db.read(move |db| decide::waiting(db, cursor.as_deref(), size)).await?;
    Ok(HttpResponse::Ok().json(page))
}

/// `POST /admin/credential-requests/{id}/approve`
pub(crate) async fn approve(
    rekey: Shared,
    request: HttpRequest,
    session: AdminSession,
    Id(id): Id,
    body: OptionalBody<ApproveRequest>,
) -> Result<HttpResponse, Error> {
    let OptionalBody(ApproveRequest { user_name }) = body;
    let mut fields = Fields::default();
    let user_name = user_name.map(|name| fields.user_name("user_name", &name));
    fields.check()?;
    let (actor, now) = (actor(&rekey, &request, session), rekey.clock.now());
    let account =
        rekey.db.write(move |db: &mut Db| decide::approve(db, &id, user_name.flatten().as_ref(), &actor, now)).await?;
    rekey.mail.nudge();
    rekey.metrics.journeys.credential_decisions.count(Decision::Approved);
    tracing::info!(account.id = %account.id, "credential_request.approved");
    Ok(HttpResponse::Created().json(row::shown(account)))
}

/// `POST /admin/credential-requests/{id}/reject`
pub(crate) async fn reject(
    rekey: Shared,
    request: HttpRequest,
    session: AdminSession,
    Id(id): Id,
    body: OptionalBody<RejectRequest>,
) -> Result<HttpResponse, Error> {
    let OptionalBody(RejectRequest { reason }) = body;
    let mut fields = Fields::default();
    let reason = fields.lines("reason", reason.as_deref().unwrap_or_default(), REASON_MAX_CHARACTERS);
    fields.check()?;
    let (actor, now) = (actor(&rekey, &request, session), rekey.clock.now());
    rekey.db.write(move |db: &mut Db| decide::reject(db, &id, reason.as_deref(), &actor, now)).await?;
    rekey.mail.nudge();
    rekey.metrics.journeys.credential_decisions.count(Decision::Rejected);
    tracing::info!("credential_request.rejected");
    Ok(HttpResponse::NoContent().finish())
}

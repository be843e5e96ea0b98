use actix_web::{HttpRequest, HttpResponse};
use rekey_shared::admin::{ApproveRequest, AuditEvent, REASON_MAX_CHARACTERS, RejectRequest};
use serde::Deserialize;

use super::audit::Event;
use crate::credential_request::decide;
use crate::db::Db;
use crate::error::Error;
use crate::login::session::AdminSession;
use crate::web::fields::Fields;
use crate::web::json::OptionalBody;
use crate::web::path::Id;
use crate::web::query::{Query, page, page_size};
use crate::web::{Shared, client};

#[derive(Deserialize)]
pub(crate) struct Wanted {
    cursor: Option<String>,
    limit: Option<usize>,
}

/// `GET /admin/credential-requests`: those that wait, the oldest first.
pub(crate) async fn list(rekey: Shared, _: AdminSession, query: Query<Wanted>) -> Result<HttpResponse, Error> {
    let Query(Wanted { cursor, limit }) = query;
    let size = page_size(limit)?;
    let waiting = rekey.db.read(move |db| decide::waiting(db, cursor.as_deref(), size + 1)).await?;
    Ok(HttpResponse::Ok().json(page(waiting, size, |request| request.id.clone())))
}

/// `POST /admin/credential-requests/{id}/approve`
pub(crate) async fn approve(
    rekey: Shared,
    request: HttpRequest,
    AdminSession(session): AdminSession,
    Id(id): Id,
    body: OptionalBody<ApproveRequest>,
) -> Result<HttpResponse, Error> {
    let OptionalBody(ApproveRequest { user_name }) = body;
    let mut fields = Fields::default();
    let user_name = user_name.map(|name| fields.user_name("user_name", &name));
    fields.check()?;
    let (caller, now) = (client(&rekey, &request), rekey.clock.now());
    let account = rekey
        .db
        .write(move |db: &mut Db| {
            let event = |event: AuditEvent| Event::new(event).by(&session.account).from(caller.address);
            decide::approve(db, &id, user_name.flatten().as_ref(), &event, now)
        })
        .await?;
    rekey.mail.nudge();
    tracing::info!(account.id = %account.id, "credential_request.approved");
    Ok(HttpResponse::Created().json(account.into_me()))
}

/// `POST /admin/credential-requests/{id}/reject`
pub(crate) async fn reject(
    rekey: Shared,
    request: HttpRequest,
    AdminSession(session): AdminSession,
    Id(id): Id,
    body: OptionalBody<RejectRequest>,
) -> Result<HttpResponse, Error> {
    let OptionalBody(RejectRequest { reason }) = body;
    let mut fields = Fields::default();
    let reason = fields.lines("reason", reason.as_deref().unwrap_or_default(), REASON_MAX_CHARACTERS);
    fields.check()?;
    let (caller, now) = (client(&rekey, &request), rekey.clock.now());
    rekey
        .db
        .write(move |db: &mut Db| {
            let event = |event: AuditEvent| Event::new(event).by(&session.account).from(caller.address);
            decide::reject(db, &id, reason.as_deref(), &event, now)
        })
        .await?;
    rekey.mail.nudge();
    tracing::info!("credential_request.rejected");
    Ok(HttpResponse::NoContent().finish())
}

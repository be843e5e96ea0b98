use actix_web::{HttpRequest, HttpResponse};
use rekey_shared::admin::{AdminAccount, ApproveRequest, REASON_MAX_CHARACTERS, RejectRequest, WaitingRequest};
use rekey_shared::list::List;
use rekey_shared::paths;

use super::accounts::{actor, row};
use crate::credential_request::decide;
use crate::db::Db;
use crate::error::Error;
use crate::login::session::AdminSession;
use crate::metrics::journeys::Decision;
use crate::web::Shared;
use crate::web::after::After;
use crate::web::fields::Fields;
use crate::web::json::OptionalBody;
use crate::web::openapi::{problems, tag};
use crate::web::path::Id;
use crate::web::query::{Query, WantedPage, page_size};

/// `GET /admin/credential-requests`: those that wait, the oldest first.
#[utoipa::path(
    get,
    path = paths::ADMIN_CREDENTIAL_REQUESTS,
    operation_id = "list_credential_requests",
    tag = tag::ADMIN_REQUESTS,
    summary = "Requests that wait",
    description = "The oldest first.",
    params(WantedPage),
    security(("access_token" = [])),
    responses((status = 200, description = "A page of requests.", body = List<WaitingRequest>,
            links(
                ("approve_credential_request" = (operation_id = "approve_credential_request", parameters(("id" = "$response.body#/items/0/id")))),
                ("reject_credential_request" = (operation_id = "reject_credential_request", parameters(("id" = "$response.body#/items/0/id")))),
            ))),
    extensions(("x-problems" = json!([problems::ADMIN, problems::QUERY, problems::SERVER]))),
)]
pub(crate) async fn list(
    rekey: Shared,
    After(_, query): After<AdminSession, Query<WantedPage>>,
) -> Result<HttpResponse, Error> {
    let Query(WantedPage { cursor, limit }) = query;
    let size = page_size(limit)?;
    let page = rekey.db.read(move |db| decide::waiting(db, cursor.as_deref(), size)).await?;
    Ok(HttpResponse::Ok().json(page))
}

/// `POST /admin/credential-requests/{id}/approve`
#[utoipa::path(
    post,
    path = paths::ADMIN_CREDENTIAL_REQUEST_APPROVE,
    operation_id = "approve_credential_request",
    tag = tag::ADMIN_REQUESTS,
    summary = "Say yes",
    description = "Makes the account and mails its first password. Without a body the proposed user name is taken.",
    params(("id" = String, Path, format = "uuid", description = "Of the request.")),
    request_body = Option<ApproveRequest>,
    security(("access_token" = [])),
    responses((status = 201, description = "The new account.", body = AdminAccount)),
    extensions(("x-problems" = json!([problems::ADMIN, problems::ID, problems::BODY, problems::SERVER]))),
)]
pub(crate) async fn approve(
    rekey: Shared,
    request: HttpRequest,
    After(session, (Id(id), body)): After<AdminSession, (Id, OptionalBody<ApproveRequest>)>,
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
#[utoipa::path(
    post,
    path = paths::ADMIN_CREDENTIAL_REQUEST_REJECT,
    operation_id = "reject_credential_request",
    tag = tag::ADMIN_REQUESTS,
    summary = "Say no",
    description = "By mail, with a sentence if there is one; it has at most 500 characters.",
    params(("id" = String, Path, format = "uuid", description = "Of the request.")),
    request_body = Option<RejectRequest>,
    security(("access_token" = [])),
    responses((status = 204, description = "The person is told.")),
    extensions(("x-problems" = json!([problems::ADMIN, problems::ID, problems::BODY, problems::SERVER]))),
)]
pub(crate) async fn reject(
    rekey: Shared,
    request: HttpRequest,
    After(session, (Id(id), body)): After<AdminSession, (Id, OptionalBody<RejectRequest>)>,
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

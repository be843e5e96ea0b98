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
use rekey_shared::list::List;
use rekey_shared::password_reset::ResetRequested;
use rekey_shared::paths;
use rekey_shared::problem::ProblemCode;
use serde::Deserialize;

use super::audit::Actor;
use crate::account::record;
use crate::error::Error;
use crate::login::session::AdminSession;
use crate::metrics::journeys::EndedBy;
use crate::web::after::After;
use crate::web::json::Body;
use crate::web::openapi::{problems, tag};
use crate::web::path::Id;
use crate::web::query::{Query, page_size};
use crate::web::{Shared, client};

#[derive(Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Wanted {
    /// The beginning of a user name or an address.
    search: Option<String>,
    /// The `next_cursor` of the page before.
    cursor: Option<String>,
    /// Items of a page; 50 unless told otherwise.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<usize>,
}

/// `GET /admin/accounts`
#[utoipa::path(
    get,
    path = paths::ADMIN_ACCOUNTS,
    operation_id = "list_accounts",
    tag = tag::ADMIN_ACCOUNTS,
    summary = "Find accounts",
    description = "By user name; with `search` first those whose user name begins so, then those whose address does.",
    params(Wanted),
    security(("access_token" = [])),
    responses((status = 200, description = "A page of accounts. It can be short and still have a next one.", body = List<AdminAccount>,
            links(
                ("get_account" = (operation_id = "get_account", parameters(("id" = "$response.body#/items/0/id")))),
                ("change_account" = (operation_id = "change_account", parameters(("id" = "$response.body#/items/0/id")))),
            ))),
    extensions(("x-problems" = json!([problems::ADMIN, problems::QUERY, problems::SERVER]))),
)]
pub(crate) async fn list(
    rekey: Shared,
    After(_, Query(wanted)): After<AdminSession, Query<Wanted>>,
) -> Result<HttpResponse, Error> {
    let size = page_size(wanted.limit)?;
    let page = rekey
        .db
        .read_by_key(move |db| {
            list::page(db, wanted.search.as_deref().unwrap_or_default(), wanted.cursor.as_deref(), size)
        })
        .await?;
    Ok(HttpResponse::Ok().json(page))
}

/// `POST /admin/accounts`
#[utoipa::path(
    post,
    path = paths::ADMIN_ACCOUNTS,
    operation_id = "add_account",
    tag = tag::ADMIN_ACCOUNTS,
    summary = "Add an account",
    description = "Its first password is mailed to the person. A user name has at most 64 characters, a name 100.",
    request_body = AddAccount,
    security(("access_token" = [])),
    responses((status = 201, description = "The new account.", body = AdminAccount,
            headers(("Location" = String, description = "Where the account is.")),
            links(
                ("get_account" = (operation_id = "get_account", parameters(("id" = "$response.body#/id")))),
                ("change_account" = (operation_id = "change_account", parameters(("id" = "$response.body#/id")))),
                ("remove_account" = (operation_id = "remove_account", parameters(("id" = "$response.body#/id")))),
                ("send_reset" = (operation_id = "send_reset", parameters(("id" = "$response.body#/id")))),
                ("end_account_sessions" = (operation_id = "end_account_sessions", parameters(("id" = "$response.body#/id")))),
            ))),
    extensions(("x-problems" = json!([problems::ADMIN, problems::BODY, problems::SERVER]))),
)]
pub(crate) async fn add(
    rekey: Shared,
    request: HttpRequest,
    After(session, Body(wanted)): After<AdminSession, Body<AddAccount>>,
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
#[utoipa::path(
    get,
    path = paths::ADMIN_ACCOUNT,
    operation_id = "get_account",
    tag = tag::ADMIN_ACCOUNTS,
    summary = "One account",
    description = "As administrators see it.",
    params(("id" = String, Path, format = "uuid", description = "Of the account.")),
    security(("access_token" = [])),
    responses((status = 200, description = "The account.", body = AdminAccount)),
    extensions(("x-problems" = json!([problems::ADMIN, problems::ID, problems::SERVER]))),
)]
pub(crate) async fn one(rekey: Shared, After(_, Id(id)): After<AdminSession, Id>) -> Result<HttpResponse, Error> {
    let account = rekey.db.read(move |db| record::find(db, &id)).await?.ok_or(Error::NotFound)?;
    Ok(HttpResponse::Ok().json(row::shown(account)))
}

/// `PATCH /admin/accounts/{id}`
#[utoipa::path(
    patch,
    path = paths::ADMIN_ACCOUNT,
    operation_id = "change_account",
    tag = tag::ADMIN_ACCOUNTS,
    summary = "Change an account",
    description = "What is not named stays as it is; all of it or nothing. Disabling ends everything that the account has \
        open. What would leave nobody to administer accounts is refused.",
    params(("id" = String, Path, format = "uuid", description = "Of the account.")),
    request_body = ChangeAccount,
    security(("access_token" = [])),
    responses((status = 200, description = "The account as it is now.", body = AdminAccount)),
    extensions(("x-problems" = json!([problems::ADMIN, problems::ID, problems::BODY, problems::SERVER]))),
)]
pub(crate) async fn change(
    rekey: Shared,
    request: HttpRequest,
    After(session, (Id(id), Body(wanted))): After<AdminSession, (Id, Body<ChangeAccount>)>,
) -> Result<HttpResponse, Error> {
    let change = change::parse(wanted)?;
    let (actor, now) = (actor(&rekey, &request, session), rekey.clock.now());
    let account = rekey.db.write(move |db| change::change(db, &id, &change, &actor, now)).await?;
    rekey.mail.nudge();
    tracing::info!(account.id = %account.id, "account.changed");
    Ok(HttpResponse::Ok().json(row::shown(account)))
}

/// `DELETE /admin/accounts/{id}`
#[utoipa::path(
    delete,
    path = paths::ADMIN_ACCOUNT,
    operation_id = "remove_account",
    tag = tag::ADMIN_ACCOUNTS,
    summary = "Delete an account",
    description = "With all that it has open and all that it is promised. The last administrator is kept.",
    params(("id" = String, Path, format = "uuid", description = "Of the account.")),
    security(("access_token" = [])),
    responses((status = 204, description = "It is gone.")),
    extensions(("x-problems" = json!([
        problems::ADMIN, problems::ID, problems::SERVER,
        [ProblemCode::InvalidInput]
    ]))),
)]
pub(crate) async fn remove(
    rekey: Shared,
    request: HttpRequest,
    After(session, Id(id)): After<AdminSession, Id>,
) -> Result<HttpResponse, Error> {
    let (actor, now) = (actor(&rekey, &request, session), rekey.clock.now());
    let account = rekey.db.write(move |db| remove::remove(db, &id, &actor, now)).await?;
    tracing::info!(account.id = %account.id, "account.deleted");
    Ok(HttpResponse::NoContent().finish())
}

/// `POST /admin/accounts/{id}/send-reset`
#[utoipa::path(
    post,
    path = paths::ADMIN_ACCOUNT_SEND_RESET,
    operation_id = "send_reset",
    tag = tag::ADMIN_ACCOUNTS,
    summary = "Mail a reset link",
    description = "To the address of the account, however many letters it had in this hour. Refused for a disabled account.",
    params(("id" = String, Path, format = "uuid", description = "Of the account.")),
    security(("access_token" = [])),
    responses((status = 202, description = "A letter is on its way.", body = ResetRequested)),
    extensions(("x-problems" = json!([
        problems::ADMIN, problems::ID, problems::SERVER,
        [ProblemCode::InvalidInput]
    ]))),
)]
pub(crate) async fn send_reset(
    rekey: Shared,
    request: HttpRequest,
    After(session, Id(id)): After<AdminSession, Id>,
) -> Result<HttpResponse, Error> {
    let (actor, now) = (actor(&rekey, &request, session), rekey.clock.now());
    rekey.db.write(move |db| reset::promise(db, &id, &actor, now)).await?;
    rekey.mail.nudge();
    Ok(HttpResponse::Accepted().json(ResetRequested::EmailSent))
}

/// `DELETE /admin/accounts/{id}/sessions`
#[utoipa::path(
    delete,
    path = paths::ADMIN_ACCOUNT_SESSIONS,
    operation_id = "end_account_sessions",
    tag = tag::ADMIN_ACCOUNTS,
    summary = "End all sessions of an account",
    description = "At once and everywhere.",
    params(("id" = String, Path, format = "uuid", description = "Of the account.")),
    security(("access_token" = [])),
    responses((status = 204, description = "They have ended.")),
    extensions(("x-problems" = json!([problems::ADMIN, problems::ID, problems::SERVER]))),
)]
pub(crate) async fn end_sessions(
    rekey: Shared,
    request: HttpRequest,
    After(session, Id(id)): After<AdminSession, Id>,
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

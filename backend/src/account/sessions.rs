//! Where the person is logged in.

use actix_web::{HttpRequest, HttpResponse};
use diesel::prelude::*;
use rekey_shared::account::SessionInfo;
use rekey_shared::admin::AuditEvent;
use rekey_shared::list::List;
use rekey_shared::paths;

use super::record::Account;
use crate::admin::audit::Event;
use crate::app::Rekey;
use crate::clock::{Timestamp, rfc3339, span};
use crate::db::schema::sessions;
use crate::db::{Db, DbError};
use crate::error::Error;
use crate::login::session::{FullSession, kind_of};
use crate::metrics::journeys::EndedBy;
use crate::web::after::After;
use crate::web::openapi::{problems, tag};
use crate::web::path::Id;
use crate::web::query::{Query, WantedPage, one_more_than, page, page_size};
use crate::web::{Shared, client};

/// `GET /me/sessions`: those that live, the newest login first.
#[utoipa::path(
    get,
    path = paths::ME_SESSIONS,
    operation_id = "list_sessions",
    tag = tag::ACCOUNT,
    summary = "Where I am logged in",
    description = "Sessions that live, the newest login first.",
    params(WantedPage),
    security(("access_token" = [])),
    responses((status = 200, description = "A page of sessions.", body = List<SessionInfo>,
            links(
                ("end_session" = (operation_id = "end_session", parameters(("id" = "$response.body#/items/0/id")))),
            ))),
    extensions(("x-problems" = json!([problems::FULL_SESSION, problems::QUERY, problems::SERVER]))),
)]
pub(crate) async fn list(
    rekey: Shared,
    After(FullSession(session), query): After<FullSession, Query<WantedPage>>,
) -> Result<HttpResponse, Error> {
    let Query(WantedPage { cursor, limit }) = query;
    let size = page_size(limit)?;
    let (shared, current) = (rekey.clone(), session.id.clone());
    let living =
        rekey.db.read(move |db: &mut Db| living(db, &shared, &session.account, cursor.as_deref(), size)).await?;
    let sessions: Vec<SessionInfo> = living.into_iter().map(|session| session.info(&current)).collect();
    Ok(HttpResponse::Ok().json(page(sessions, size, |session| session.id.clone())))
}

/// `DELETE /me/sessions/{id}`: ends one of the person's own sessions; that of the call, too.
#[utoipa::path(
    delete,
    path = paths::ME_SESSION,
    operation_id = "end_session",
    tag = tag::ACCOUNT,
    summary = "End one session",
    description = "Also that of the call.",
    params(("id" = String, Path, format = "uuid", description = "Of the list of sessions.")),
    security(("access_token" = [])),
    responses((status = 204, description = "It has ended.")),
    extensions(("x-problems" = json!([problems::FULL_SESSION, problems::ID, problems::SERVER]))),
)]
pub(crate) async fn end(
    rekey: Shared,
    request: HttpRequest,
    After(FullSession(session), Id(id)): After<FullSession, Id>,
) -> Result<HttpResponse, Error> {
    let (caller, now) = (client(&rekey, &request), rekey.clock.now());
    rekey
        .db
        .write(move |db: &mut Db| {
            // Of another account or ended already: for this person there is no such session.
            if !delete_one(db, &session.account.id, &id)? {
                return Err(Error::NotFound);
            }
            Ok(Event::own(AuditEvent::SessionsEnded, &session.account).from(caller.address).insert(db, now)?)
        })
        .await?;
    rekey.metrics.journeys.sessions_ended.count(EndedBy::Owner);
    Ok(HttpResponse::NoContent().finish())
}

/// `DELETE /me/sessions`: ends all of the person's sessions but that of the call.
#[utoipa::path(
    delete,
    path = paths::ME_SESSIONS,
    operation_id = "end_other_sessions",
    tag = tag::ACCOUNT,
    summary = "End all other sessions",
    description = "All but that of the call.",
    security(("access_token" = [])),
    responses((status = 204, description = "They have ended.")),
    extensions(("x-problems" = json!([problems::FULL_SESSION, problems::SERVER]))),
)]
pub(crate) async fn end_others(
    rekey: Shared,
    request: HttpRequest,
    FullSession(session): FullSession,
) -> Result<HttpResponse, Error> {
    let (caller, now) = (client(&rekey, &request), rekey.clock.now());
    let ended = rekey
        .db
        .write(move |db: &mut Db| {
            let ended = delete_others(db, &session.account.id, &session.id)?;
            let event = Event::own(AuditEvent::SessionsEnded, &session.account).from(caller.address);
            event.with(format!("{ended} others")).insert(db, now)?;
            Ok::<_, DbError>(ended)
        })
        .await?;
    rekey.metrics.journeys.sessions_ended.count_many(EndedBy::Owner, ended);
    Ok(HttpResponse::NoContent().finish())
}

/// Ends one session of an account, if it is one.
fn delete_one(db: &mut Db, account_id: &str, id: &str) -> Result<bool, DbError> {
    let own = sessions::table.filter(sessions::id.eq(id)).filter(sessions::account_id.eq(account_id));
    Ok(diesel::delete(own).execute(db)? == 1)
}

/// Ends all sessions of an account but one, and tells how many that were.
fn delete_others(db: &mut Db, account_id: &str, kept: &str) -> Result<usize, DbError> {
    let others = sessions::table.filter(sessions::account_id.eq(account_id)).filter(sessions::id.ne(kept));
    Ok(diesel::delete(others).execute(db)?)
}

/// A session as its owner's list shows it.
#[derive(Queryable, Selectable)]
#[diesel(table_name = sessions)]
struct Living {
    id: String,
    kind: String,
    user_agent: String,
    address: String,
    created_at: Timestamp,
    used_at: Timestamp,
}

impl Living {
    fn info(self, current: &str) -> SessionInfo {
        SessionInfo {
            current: self.id == current,
            kind: kind_of(&self.kind),
            id: self.id,
            user_agent: self.user_agent,
            address: self.address,
            created_at: rfc3339(self.created_at),
            used_at: rfc3339(self.used_at),
        }
    }
}

/// The full sessions of an account that are alive, the newest first, from `before` on.
fn living(
    db: &mut Db,
    rekey: &Rekey,
    account: &Account,
    before: Option<&str>,
    size: usize,
) -> Result<Vec<Living>, DbError> {
    let now = rekey.clock.now();
    let mut rows = sessions::table
        .filter(sessions::account_id.eq(&account.id))
        .filter(sessions::epoch.eq(account.epoch))
        .filter(sessions::refresh_fingerprint.is_not_null())
        .filter(sessions::expires_at.gt(now))
        .filter(sessions::used_at.gt(now - span(rekey.config.session_idle_life)))
        .order(sessions::id.desc())
        .limit(one_more_than(size))
        .select(Living::as_select())
        .into_boxed();
    if let Some(before) = before {
        rows = rows.filter(sessions::id.lt(before.to_owned()));
    }
    Ok(rows.load(db)?)
}

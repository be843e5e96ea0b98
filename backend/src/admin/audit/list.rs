use actix_web::HttpResponse;
use diesel::prelude::*;
use rekey_shared::admin::{AuditEntry, AuditEvent};
use rekey_shared::list::List;
use rekey_shared::paths;
use serde::Deserialize;

use crate::account::record;
use crate::clock::{Timestamp, rfc3339};
use crate::db::schema::audit_events;
use crate::db::{Db, DbError, MultiBackend};
use crate::error::Error;
use crate::login::session::AdminSession;
use crate::login::throttle::user_key;
use crate::web::Shared;
use crate::web::after::After;
use crate::web::openapi::{problems, tag};
use crate::web::query::{self, Query, page_size};

/// What is looked for. An account is named by its id, its user name or its address.
#[derive(Default, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Wanted {
    /// Only events of this kind.
    event: Option<AuditEvent>,
    /// What was done to this account: its id, user name or address.
    account: Option<String>,
    /// What this account did: its id, user name or address.
    actor: Option<String>,
    /// The `next_cursor` of the page before.
    cursor: Option<String>,
    /// Items of a page; 50 unless told otherwise.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<usize>,
}

/// `GET /admin/audit-events`
#[utoipa::path(
    get,
    path = paths::ADMIN_AUDIT_EVENTS,
    operation_id = "list_audit_events",
    tag = tag::ADMIN_AUDIT,
    summary = "What happened",
    description = "The newest first.",
    params(Wanted),
    security(("access_token" = [])),
    responses((status = 200, description = "A page of events.", body = List<AuditEntry>)),
    extensions(("x-problems" = json!([problems::ADMIN, problems::QUERY, problems::SERVER]))),
)]
pub(crate) async fn list(
    rekey: Shared,
    After(_, Query(wanted)): After<AdminSession, Query<Wanted>>,
) -> Result<HttpResponse, Error> {
    let size = page_size(wanted.limit)?;
    let events = rekey.db.read(move |db| page(db, &wanted, size)).await?;
    Ok(HttpResponse::Ok().json(events))
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = audit_events)]
struct Row {
    id: String,
    happened_at: Timestamp,
    event: String,
    actor_id: Option<String>,
    actor: Option<String>,
    account_id: Option<String>,
    account: Option<String>,
    address: Option<String>,
    detail: Option<String>,
}

impl Row {
    /// None: written by a newer Rekey, which knows more events.
    fn shown(self) -> Option<AuditEntry> {
        Some(AuditEntry {
            event: AuditEvent::ALL.iter().copied().find(|event| event.text() == self.event)?,
            id: self.id,
            happened_at: rfc3339(self.happened_at),
            actor_id: self.actor_id,
            actor: self.actor,
            account_id: self.account_id,
            account: self.account,
            address: self.address,
            detail: self.detail,
        })
    }
}

fn page(db: &mut Db, wanted: &Wanted, size: usize) -> Result<List<AuditEntry>, DbError> {
    let mut events = audit_events::table.select(Row::as_select()).into_boxed::<MultiBackend>();
    let account = wanted.account.as_deref().filter(|text| !text.trim().is_empty());
    let actor = wanted.actor.as_deref().filter(|text| !text.trim().is_empty());
    if let Some(account) = account {
        events = events.filter(audit_events::account_id.eq(id_of(db, account)?));
    }
    if let Some(actor) = actor {
        events = events.filter(audit_events::actor_id.eq(id_of(db, actor)?));
    }
    if let Some(event) = wanted.event {
        events = events.filter(audit_events::event.eq(event.text()));
    }
    if let Some(before) = &wanted.cursor {
        events = events.filter(audit_events::id.lt(before));
    }
    let rows: Vec<Row> = events.order(audit_events::id.desc()).limit(query::one_more_than(size)).load(db)?;
    let List { items, next_cursor } = query::page(rows, size, |row| row.id.clone());
    Ok(List { items: items.into_iter().filter_map(Row::shown).collect(), next_cursor })
}

/// The id of an account that is there; what names none is taken for the id of one that was.
fn id_of(db: &mut Db, text: &str) -> Result<String, DbError> {
    let named = match record::find(db, text.trim())? {
        Some(account) => Some(account),
        None => record::find_by_user_key(db, &user_key(text))?,
    };
    Ok(named.map_or_else(|| text.trim().to_owned(), |account| account.id))
}

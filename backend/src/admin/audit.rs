//! The record of what happened: who did what to whose account, when, and from where. It names no secret and nothing that
//! a stranger typed.

pub(crate) mod list;

use std::net::IpAddr;

use diesel::prelude::*;
use rekey_shared::admin::AuditEvent;
use uuid::Uuid;

use crate::account::record::Account;
use crate::clock::Timestamp;
use crate::db::schema::audit_events;
use crate::db::{Db, DbError, Statement, at_once, insert_each};

/// Who stands in the record for what the operator does by command.
const COMMAND_LINE: &str = "command line";

/// Who does something to other people's accounts, or to the mail queue.
#[derive(Clone, Debug)]
pub enum Actor {
    /// The operator, by command.
    Command,
    /// An administrator, from a network address.
    Admin(Box<Account>, IpAddr),
}

impl Actor {
    /// Something that they did.
    #[must_use]
    pub fn did(&self, event: AuditEvent) -> Event {
        match self {
            Self::Command => Event::by_command(event),
            Self::Admin(account, address) => Event::new(event).by(account).from(*address),
        }
    }

    /// From which network address, where there is one.
    #[must_use]
    pub fn address(&self) -> Option<IpAddr> {
        match self {
            Self::Command => None,
            Self::Admin(_, address) => Some(*address),
        }
    }
}

/// Something that happened. Insert it in the transaction of what it tells of.
#[derive(Debug)]
pub struct Event {
    what: AuditEvent,
    actor: Option<(Option<String>, String)>,
    account: Option<(String, String)>,
    address: Option<IpAddr>,
    detail: Option<String>,
}

impl Event {
    /// Something that a stranger, or the worker, did.
    #[must_use]
    pub fn new(event: AuditEvent) -> Self {
        Self { what: event, actor: None, account: None, address: None, detail: None }
    }

    /// Something that the operator did by command.
    #[must_use]
    pub fn by_command(event: AuditEvent) -> Self {
        Self { actor: Some((None, COMMAND_LINE.to_owned())), ..Self::new(event) }
    }

    /// Something that a person did to their own account.
    #[must_use]
    pub fn own(event: AuditEvent, account: &Account) -> Self {
        Self::new(event).by(account).to(account)
    }

    /// Who did it.
    #[must_use]
    pub fn by(mut self, actor: &Account) -> Self {
        self.actor = Some((Some(actor.id.clone()), actor.user_name.clone()));
        self
    }

    /// To whose account.
    #[must_use]
    pub fn to(mut self, account: &Account) -> Self {
        self.account = Some((account.id.clone(), account.user_name.clone()));
        self
    }

    /// From which network address.
    #[must_use]
    pub fn from(mut self, address: IpAddr) -> Self {
        self.address = Some(address);
        self
    }

    /// What else there is to know, in English.
    #[must_use]
    pub fn with(mut self, detail: impl Into<String>) -> Self {
        self.detail = Some(detail.into());
        self
    }

    /// Writes it down.
    pub fn insert(&self, db: &mut Db, now: Timestamp) -> Result<(), DbError> {
        at_once(db, &[&self.insertion(now)])
    }

    pub(crate) fn insertion(&self, now: Timestamp) -> impl Statement + '_ {
        diesel::insert_into(audit_events::table).values(NewRow::new(self, now))
    }

    /// Writes several down that happened at the same time.
    pub fn insert_all(events: &[Self], db: &mut Db, now: Timestamp) -> Result<(), DbError> {
        let rows: Vec<NewRow> = events.iter().map(|event| NewRow::new(event, now)).collect();
        insert_each!(db, audit_events::table, rows);
        Ok(())
    }
}

/// An event, as it is written down.
#[derive(Insertable)]
#[diesel(table_name = audit_events, treat_none_as_default_value = false)]
struct NewRow {
    id: String,
    happened_at: Timestamp,
    event: &'static str,
    actor_id: Option<String>,
    actor: Option<String>,
    account_id: Option<String>,
    account: Option<String>,
    address: Option<String>,
    detail: Option<String>,
}

impl NewRow {
    fn new(event: &Event, now: Timestamp) -> Self {
        let (actor_id, actor) = event.actor.clone().unzip();
        let (account_id, account) = event.account.clone().unzip();
        Self {
            id: Uuid::now_v7().to_string(),
            happened_at: now,
            event: event.what.text(),
            actor_id: actor_id.flatten(),
            actor,
            account_id,
            account,
            address: event.address.map(|address| address.to_string()),
            detail: event.detail.clone(),
        }
    }
}

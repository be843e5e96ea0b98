//! Sessions: a row each, with the epoch of the account under which it began. When the two differ, it is dead.

use std::collections::HashMap;
use std::future::Future;
use std::pin::Pin;

use actix_web::dev::Payload;
use actix_web::http::header;
use actix_web::{FromRequest, HttpRequest};
use diesel::prelude::*;
use rekey_shared::account::Role;
use rekey_shared::login::{SessionKind, SessionTokens, TokenType};
use rekey_shared::secret::Secret;
use uuid::Uuid;

use super::access_token::{LIFE_SECONDS, Scope};
use crate::account::lock::LockedId;
use crate::account::record::Account;
use crate::app::Rekey;
use crate::clock::{Timestamp, span};
use crate::db::schema::{accounts, sessions};
use crate::db::{Db, DbError, Statement, at_once, find_each};
use crate::error::Error;
use crate::opaque_token::{self, fingerprint};
use crate::web::Shared;

/// What a browser says of itself is kept to this many characters.
const USER_AGENT_CHARACTERS: usize = 200;

/// Who is asking, and from where, as the list of sessions shows it.
#[derive(Clone, Debug)]
pub struct Caller {
    pub address: std::net::IpAddr,
    pub user_agent: String,
}

impl Caller {
    pub(crate) fn new(address: std::net::IpAddr, request: &HttpRequest) -> Self {
        let user_agent = request.headers().get(header::USER_AGENT).and_then(|value| value.to_str().ok());
        let user_agent = user_agent.unwrap_or_default().chars().take(USER_AGENT_CHARACTERS).collect();
        Self { address, user_agent }
    }
}

/// A session that has just begun: what its owner gets.
pub struct Begun {
    pub id: String,
    pub account_id: String,
    pub epoch: i64,
    pub scope: Scope,
    pub kind: SessionKind,
    /// What keeps a full session alive: a browser's cookie, or an app's first refresh token.
    pub refresh: Option<Secret>,
}

/// Begins a session.
pub fn insert(
    db: &mut Db,
    rekey: &Rekey,
    account: &Account,
    (scope, kind): (Scope, SessionKind),
    caller: &Caller,
    now: Timestamp,
) -> Result<Begun, DbError> {
    let (begun, row) = begin(rekey, account, (scope, kind), caller, now);
    at_once(db, &[&row])?;
    Ok(begun)
}

/// A session, and what writes it down if the account is still the one that was read, which is locked then.
pub(super) fn begin(
    rekey: &Rekey,
    account: &Account,
    (scope, kind): (Scope, SessionKind),
    caller: &Caller,
    now: Timestamp,
) -> (Begun, impl Statement + use<>) {
    let id = Uuid::now_v7().to_string();
    let refresh = (scope == Scope::Full).then(|| opaque_token::generate(&mut rand::rng()));
    // Without a refresh there is nothing after the access token.
    let life = match refresh {
        Some(_) => span(rekey.config.session_life),
        None => chrono::Duration::seconds(i64::from(LIFE_SECONDS)),
    };
    let row = diesel::insert_into(sessions::table).values((
        sessions::id.eq(id.clone()),
        sessions::account_id.eq(LockedId::new(&account.id, account.epoch)),
        sessions::epoch.eq(account.epoch),
        sessions::kind.eq(kind_name(kind)),
        sessions::refresh_fingerprint.eq(refresh.as_ref().map(|refresh| fingerprint(refresh.expose()))),
        sessions::user_agent.eq(caller.user_agent.clone()),
        sessions::address.eq(caller.address.to_string()),
        sessions::created_at.eq(now),
        sessions::used_at.eq(now),
        sessions::expires_at.eq(now + life),
    ));
    (Begun { id, account_id: account.id.clone(), epoch: account.epoch, scope, kind, refresh }, row)
}

pub(crate) const fn kind_name(kind: SessionKind) -> &'static str {
    match kind {
        SessionKind::Cookie => "cookie",
        SessionKind::Token => "token",
    }
}

/// The kind of session that has this name in the database.
pub(crate) fn kind_of(name: &str) -> SessionKind {
    if name == kind_name(SessionKind::Cookie) { SessionKind::Cookie } else { SessionKind::Token }
}

/// A session and its account, both alive.
#[derive(Clone, Debug)]
pub struct Session {
    pub id: String,
    pub kind: SessionKind,
    pub account: Account,
    pub scope: Scope,
}

pub(crate) type Row = (String, i64, String, Timestamp, Timestamp, Account);

fn alive(row: Option<Row>, scope: Scope, epoch: Option<i64>, now: Timestamp) -> Result<(Session, Timestamp), Error> {
    let (id, began_under, kind, used_at, expires_at, account) = row.ok_or(Error::SessionEnded)?;
    let same_epoch = began_under == account.epoch && epoch.is_none_or(|epoch| epoch == account.epoch);
    if !same_epoch || !account.is_enabled() || expires_at <= now {
        return Err(Error::SessionEnded);
    }
    Ok((Session { id, kind: kind_of(&kind), account, scope }, used_at))
}

/// The rows of [`Row`] that fit.
macro_rules! session_rows {
    ($filter:expr) => {
        sessions::table.inner_join(accounts::table).filter($filter).select((
            sessions::id,
            sessions::epoch,
            sessions::kind,
            sessions::used_at,
            sessions::expires_at,
            Account::as_select(),
        ))
    };
}
pub(super) use session_rows;

/// The sessions with these ids, each in the place of its id.
pub(crate) fn find_all(db: &mut Db, ids: &[String]) -> Result<Vec<Option<Row>>, DbError> {
    match db {
        // One way to the server and back for all. A list is planned anew each time, one id is not.
        Db::Postgres(postgres) if ids.len() > 1 => {
            let rows = session_rows!(sessions::id.eq_any(ids)).load::<Row>(postgres)?;
            let rows: HashMap<String, Row> = rows.into_iter().map(|row| (row.0.clone(), row)).collect();
            Ok(ids.iter().map(|id| rows.get(id).cloned()).collect())
        }
        Db::Postgres(postgres) => Ok(find_each(postgres, ids, |id| session_rows!(sessions::id.eq(id)))?),
        // It has no way to save.
        Db::Sqlite(sqlite) => Ok(find_each(sqlite, ids, |id| session_rows!(sessions::id.eq(id)))?),
    }
}

/// The living session that an access token names.
async fn of_access_token(rekey: &Shared, token: &str) -> Result<Session, Error> {
    let now = rekey.clock.now();
    let claims = rekey.tokens.verify(token, now)?;
    let row = rekey.sessions.ask(claims.sid).await?;
    let (session, _) = alive(row, claims.scope, Some(claims.epoch), now)?;
    if session.account.id == claims.sub { Ok(session) } else { Err(Error::Unauthenticated) }
}

/// The session of a refresh secret, if it lives and was used lately.
pub(super) fn find_by_fingerprint(
    db: &mut Db,
    rekey: &Rekey,
    kind: SessionKind,
    key: &str,
    now: Timestamp,
) -> Result<Session, Error> {
    let wanted = sessions::refresh_fingerprint.eq(key).and(sessions::kind.eq(kind_name(kind)));
    let row = session_rows!(wanted).get_result::<Row>(db).optional()?;
    used_lately(row, rekey, now).map(|(session, _)| session)
}

pub(super) fn used_lately(row: Option<Row>, rekey: &Rekey, now: Timestamp) -> Result<(Session, Timestamp), Error> {
    let (session, used_at) = alive(row, Scope::Full, None, now)?;
    let is_idle = used_at + span(rekey.config.session_idle_life) <= now;
    if is_idle { Err(Error::SessionEnded) } else { Ok((session, used_at)) }
}

/// The living session of a browser's cookie; it is used now.
pub(crate) async fn of_cookie(rekey: &Shared, cookie: &Secret) -> Result<Session, Error> {
    let now = rekey.clock.now();
    let (shared, key) = (rekey.clone(), fingerprint(cookie.expose()));
    rekey
        .db
        .write(move |db| {
            let session = find_by_fingerprint(db, &shared, SessionKind::Cookie, &key, now)?;
            at_once(db, &[&diesel::update(sessions::table.find(&session.id)).set(sessions::used_at.eq(now))])?;
            Ok(session)
        })
        .await
}

/// Ends the session with this id, and the one of this refresh secret.
/// Returns the ids of the accounts whose sessions that were.
pub(crate) fn delete(db: &mut Db, id: Option<&str>, refresh: Option<&Secret>) -> Result<Vec<String>, DbError> {
    let mut account_ids: Vec<String> = Vec::new();
    if let Some(id) = id {
        let session = sessions::table.find(id);
        account_ids.extend(diesel::delete(session).returning(sessions::account_id).get_results::<String>(db)?);
    }
    if let Some(refresh) = refresh {
        let key = fingerprint(refresh.expose());
        let named = sessions::refresh_fingerprint.eq(&key).or(sessions::previous_fingerprint.eq(&key));
        let session = sessions::table.filter(named);
        account_ids.extend(diesel::delete(session).returning(sessions::account_id).get_results::<String>(db)?);
    }
    Ok(account_ids)
}

/// Ends all sessions of an account, and tells how many that were.
pub(crate) fn delete_all(db: &mut Db, account_id: &str) -> Result<usize, DbError> {
    Ok(diesel::delete(sessions::table.filter(sessions::account_id.eq(account_id))).execute(db)?)
}

/// The tokens for the body of an answer.
pub(crate) fn tokens_of(
    rekey: &Rekey,
    (account_id, session_id, epoch): (&str, &str, i64),
    scope: Scope,
    refresh_token: Option<Secret>,
) -> Result<SessionTokens, Error> {
    let now = rekey.clock.now();
    Ok(SessionTokens {
        access_token: rekey.tokens.issue(account_id, session_id, epoch, scope, now)?,
        token_type: TokenType::Bearer,
        expires_in: u64::from(LIFE_SECONDS),
        refresh_token,
        password_change_required: scope == Scope::PasswordChange,
    })
}

/// A living session of any scope, from `Authorization: Bearer …`.
pub struct AnySession(pub Session);

impl FromRequest for AnySession {
    type Error = Error;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Error>>>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let rekey = request.app_data::<Shared>().cloned();
        let token = bearer(request);
        Box::pin(async move {
            let rekey = rekey.ok_or_else(|| Error::Internal("no application data".to_owned()))?;
            of_access_token(&rekey, token.ok_or(Error::Unauthenticated)?.expose()).await.map(Self)
        })
    }
}

/// A living session that may do everything.
pub struct FullSession(pub Session);

impl FromRequest for FullSession {
    type Error = Error;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Error>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let any = AnySession::from_request(request, payload);
        Box::pin(async move {
            let AnySession(session) = any.await?;
            if session.scope == Scope::Full { Ok(Self(session)) } else { Err(Error::Forbidden) }
        })
    }
}

/// A living session of an administrator.
pub struct AdminSession(pub Session);

impl FromRequest for AdminSession {
    type Error = Error;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Error>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let full = FullSession::from_request(request, payload);
        Box::pin(async move {
            let FullSession(session) = full.await?;
            if session.account.role() == Role::Admin { Ok(Self(session)) } else { Err(Error::Forbidden) }
        })
    }
}

fn bearer(request: &HttpRequest) -> Option<Secret> {
    let value = request.headers().get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = value.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| Secret::from(token.trim()))
}

//! One attempt to log in: what the database knows before the password is checked, and what it is told after.

use std::net::IpAddr;

use diesel::prelude::*;
use rekey_shared::admin::AuditEvent;
use rekey_shared::characters::NUL;
use rekey_shared::login::SessionKind;
use rekey_shared::secret::Secret;

use super::access_token::Scope;
use super::session::{self, Begun, Caller};
use super::throttle::{self, Admission};
use super::{device, password};
use crate::account::lock;
use crate::account::record::{self, Account};
use crate::admin::audit::Event;
use crate::app::Rekey;
use crate::clock::Timestamp;
use crate::db::schema::{accounts, temporary_passwords};
use crate::db::{Db, DbError, Statement, at_once};
use crate::error::Error;
use crate::mail::queue::{self, Kind, Promise};
use crate::opaque_token::fingerprint;
use crate::password_reset::end_links_and_passwords;
use crate::web::Shared;

/// A mailed password of an account that is still good.
macro_rules! live_temporary {
    ($fingerprint:expr, $account_id:expr, $now:expr) => {
        temporary_passwords::table
            .filter(temporary_passwords::fingerprint.eq($fingerprint))
            .filter(temporary_passwords::account_id.eq($account_id))
            .filter(temporary_passwords::ended_at.is_null())
            .filter(temporary_passwords::expires_at.gt($now))
    };
}

/// What the database knows of an attempt before the password is checked.
pub(super) struct Found {
    pub(super) account: Option<Account>,
    /// The password is a mailed one that is still good.
    pub(super) is_temporary: bool,
    pub(super) counted: Counted,
}

/// Where an attempt is counted as failed before it is made.
pub(super) enum Counted {
    /// Not among those of its user: it comes with a mailed password, or from a device that has a count of its own.
    Apart,
    /// Among those of its user.
    WithUser(Admission),
    /// Not yet: it would be among those of its user, whose turn has not come.
    NotYet,
}

/// The same statements for every user, known or not.
pub(super) async fn find(
    rekey: &Rekey,
    user_key: String,
    password: &Secret,
    device: Option<Secret>,
    has_turn: bool,
) -> Result<Found, Error> {
    let clock = rekey.clock.clone();
    let typed = temporary_fingerprint(password);
    let find = move |db: &mut Db| {
        let (account, is_temporary) = find_account(db, &user_key, &typed, clock.now())?;
        let id = account.as_ref().map_or("", |account| &account.id);
        let is_known_device = match &device {
            Some(device) if !is_temporary => device::admit(db, device, id)?,
            _ => false,
        };
        let counted = if is_temporary || is_known_device {
            Counted::Apart
        } else if has_turn {
            Counted::WithUser(throttle::count(db, &user_key, &clock)?)
        } else {
            Counted::NotYet
        };
        Ok::<_, DbError>(Found { account, is_temporary, counted })
    };
    Ok(rekey.db.write_each(find).await?)
}

/// The account of a user, and whether what was typed is a mailed password of it that is still good.
fn find_account(db: &mut Db, user_key: &str, typed: &str, now: Timestamp) -> Result<(Option<Account>, bool), DbError> {
    // PostgreSQL refuses NUL; nobody has it in a name.
    let key = &user_key.replace(NUL, "\u{fffd}");
    let is_temporary = diesel::dsl::exists(live_temporary!(typed, accounts::id, now));
    let found: Option<(Account, bool)> = accounts::table
        .filter(record::has_user_key(key))
        .select((Account::as_select(), is_temporary.and(accounts::disabled_at.is_null())))
        .get_result(db)
        .optional()?;
    Ok(found.map_or((None, false), |(account, is_temporary)| (Some(account), is_temporary)))
}

/// How the database knows a mailed password. White space round it comes from copying, and none is in it.
pub(crate) fn temporary_fingerprint(password: &Secret) -> String {
    fingerprint(password.expose().trim())
}

pub(crate) fn is_live_temporary(
    db: &mut Db,
    fingerprint: &str,
    account_id: &str,
    now: Timestamp,
) -> Result<bool, DbError> {
    Ok(diesel::select(diesel::dsl::exists(live_temporary!(fingerprint, account_id, now))).get_result(db)?)
}

/// Records that an attempt failed, alike for every user, and never what was typed. The attempts that a delay then refuses
/// are not recorded, only that it began: otherwise whoever goes on would fill the disk.
pub(super) async fn record_failure(
    rekey: &Rekey,
    account: Option<Account>,
    address: IpAddr,
    begins_delay: bool,
) -> Result<(), DbError> {
    let now = rekey.clock.now();
    let event = |what| account.iter().fold(Event::new(what).from(address), Event::to);
    let failed = event(AuditEvent::LoginFailed);
    let delayed = begins_delay.then(|| event(AuditEvent::LoginDelayed));
    rekey
        .db
        .write(move |db: &mut Db| {
            failed.insert(db, now)?;
            delayed.map_or(Ok(()), |delayed| delayed.insert(db, now))
        })
        .await
}

/// What a session begins with.
pub(super) struct Begin {
    /// The own password was right; otherwise a mailed one was.
    pub(super) is_own: bool,
    pub(super) password: Secret,
    pub(super) user_key: String,
    pub(super) kind: SessionKind,
    pub(super) device: Option<Secret>,
    /// The session that the browser had until now, perhaps somebody else's.
    pub(super) old_session: Option<Secret>,
    pub(super) caller: Caller,
}

/// Begins the session in one transaction that holds only if nothing changed since the password was read. Returns the
/// device's cookie with it.
pub(super) async fn begin(rekey: &Shared, account: Account, attempt: Begin) -> Result<(Begun, Option<Secret>), Error> {
    let becomes_own = !attempt.is_own && !rekey.config.temporary_password_must_change;
    let outdated = attempt.is_own && account.password_hash.as_deref().is_some_and(password::is_outdated);
    let new_hash = if becomes_own || outdated {
        let text = Secret::from(if becomes_own { attempt.password.expose().trim() } else { attempt.password.expose() });
        Some(rekey.hasher.seat()?.hash(&text).await?)
    } else {
        None
    };
    let scope = if attempt.is_own || becomes_own { Scope::Full } else { Scope::PasswordChange };
    let shared = rekey.clone();
    // Nothing is written then but what the statement at the end writes: PostgreSQL has no transaction round it.
    let stands_alone =
        attempt.is_own && new_hash.is_none() && attempt.kind == SessionKind::Token && attempt.device.is_none();
    let write = move |db: &mut Db| {
        let now = shared.clock.now();
        let mut account = account;
        if becomes_own {
            account = record::raise_epoch(db, &account.id, Some(account.epoch), new_hash.as_deref(), now)?
                .ok_or(Error::InvalidCredentials)?;
            end_links_and_passwords(db, &account.id, now)?;
        } else if !stands_alone {
            if !lock::lock(db, &account.id, account.epoch)? {
                return Err(Error::InvalidCredentials);
            }
            // It may have ended or expired while its neighbour was being hashed; an own password raises the epoch.
            if !attempt.is_own && !is_live_temporary(db, &temporary_fingerprint(&attempt.password), &account.id, now)? {
                return Err(Error::InvalidCredentials);
            }
            if let Some(hash) = &new_hash {
                record::set_rehashed(db, &account.id, account.epoch, hash)?;
            }
        }
        let device = match attempt.kind {
            SessionKind::Cookie => {
                let (device, was_known) = device::set_known(db, attempt.device, &account.id, now)?;
                // Whoever has the mailed password reads the mail already.
                if !was_known && attempt.is_own && shared.config.sign_in_notice {
                    let notice = Promise::to(Kind::SignedIn, &account.email_key);
                    let notice = notice.with_data(&attempt.caller.address.to_string());
                    queue::insert(db, &notice.for_epoch(&account.id, account.epoch), now)?;
                }
                Some(device)
            }
            SessionKind::Token => {
                if let Some(device) = &attempt.device {
                    device::forgive(db, device, &account.id, now)?;
                }
                None
            }
        };
        if attempt.kind == SessionKind::Cookie {
            session::delete(db, None, attempt.old_session.as_ref())?;
        }
        let (begun, session) = session::begin(&shared, &account, (scope, attempt.kind), &attempt.caller, now);
        let event = Event::own(AuditEvent::LoggedIn, &account).from(attempt.caller.address);
        let event = match (attempt.is_own, becomes_own) {
            (true, _) => event,
            (false, false) => event.with("mailed password"),
            (false, true) => event.with("mailed password, which is the own one now"),
        };
        // PostgreSQL begins with the last one, so that the account is locked first here as well, and nobody waits in a circle.
        let statements: [&dyn Statement; 3] = [&throttle::deletion(&attempt.user_key), &event.insertion(now), &session];
        let has_changed = |error: &DbError| error.is_without("account_id");
        at_once(db, &statements)
            .map_err(|error| if has_changed(&error) { Error::InvalidCredentials } else { error.into() })?;
        Ok::<_, Error>((begun, device))
    };
    let begun = if stands_alone { rekey.db.write_alone(write).await? } else { rekey.db.write(write).await? };
    if rekey.config.sign_in_notice {
        rekey.mail.nudge();
    }
    Ok(begun)
}

//! Refresh tokens of apps: each is used once and answered with its successor (RFC 9700 4.14.2).
//!
//! The successor is an HMAC of its predecessor, so that an app whose answer got lost, or that asks twice at once, gets the
//! same one again. Asked later, an old token is in two hands: the session ends.

use std::net::IpAddr;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::Duration;
use diesel::prelude::*;
use hmac::{Hmac, KeyInit, Mac};
use rekey_shared::admin::AuditEvent;
use rekey_shared::login::SessionKind;
use rekey_shared::secret::Secret;
use sha2::Sha256;

use super::session::{self, Session};
use super::signing_keys::Key;
use crate::account::record;
use crate::admin::audit::Event;
use crate::clock::Timestamp;
use crate::db::schema::sessions;
use crate::db::{Db, DbError};
use crate::error::Error;
use crate::metrics::journeys::EndedBy;
use crate::opaque_token::{BYTES, fingerprint};
use crate::web::Shared;

/// For how long the same question gets the same answer.
const ASKED_AGAIN: Duration = Duration::seconds(10);
/// An old token is recognised by this many of its successors.
const GENERATIONS: usize = 32;

/// What a rotation came to. Ending a session is an outcome that must be committed, so it is no error here.
enum Outcome {
    Rotated(Box<Session>, Secret),
    Ended,
    /// Ended now, because the token is in two hands.
    Reused,
}

/// The session of a token, and the token's successor.
pub(super) async fn rotate(rekey: &Shared, token: Secret, from: IpAddr) -> Result<(Session, Secret), Error> {
    let shared = rekey.clone();
    let rotated = rekey.db.write(move |db| {
        let now = shared.clock.now();
        let key = fingerprint(token.expose());
        match session::find_by_fingerprint(db, &shared, SessionKind::Token, &key, now) {
            Ok(session) => {
                let successor = successor(shared.tokens.keys().all().first(), &token)?;
                if set_rotated(db, &session.id, (&key, &successor), now)? {
                    return Ok(Outcome::Rotated(Box::new(session), successor));
                }
                // The same question at the same time was answered first.
                again(db, &shared, (&token, from), now)
            }
            Err(Error::SessionEnded) => again(db, &shared, (&token, from), now),
            Err(other) => Err(other),
        }
    });
    match rotated.await? {
        Outcome::Rotated(session, successor) => Ok((*session, successor)),
        Outcome::Ended => Err(Error::SessionEnded),
        Outcome::Reused => {
            rekey.metrics.journeys.sessions_ended.count(EndedBy::TokenReuse);
            Err(Error::SessionEnded)
        }
    }
}

fn set_rotated(db: &mut Db, id: &str, (old, new): (&str, &Secret), now: Timestamp) -> Result<bool, DbError> {
    let current = sessions::table.filter(sessions::id.eq(id).and(sessions::refresh_fingerprint.eq(old)));
    let rotated = diesel::update(current)
        .set((
            sessions::refresh_fingerprint.eq(fingerprint(new.expose())),
            sessions::previous_fingerprint.eq(old),
            sessions::rotated_at.eq(now),
            sessions::used_at.eq(now),
        ))
        .execute(db)?;
    Ok(rotated == 1)
}

/// A session's id, the fingerprints of its current and its previous token, and when it was rotated.
type Family = (String, Option<String>, Option<String>, Option<Timestamp>);

/// A token that is not the current one: its successor again, or the end of its session.
fn again(db: &mut Db, rekey: &Shared, (token, from): (&Secret, IpAddr), now: Timestamp) -> Result<Outcome, Error> {
    let key = fingerprint(token.expose());
    let mut descendants = Vec::new();
    // The signing key may have been rotated since the token was.
    for signing in rekey.tokens.keys().all().iter() {
        let mut last = token.clone();
        for _ in 0..GENERATIONS {
            last = successor(Some(signing), &last)?;
            descendants.push(last.clone());
        }
    }
    let keys: Vec<String> = descendants.iter().map(|token| fingerprint(token.expose())).collect();
    let of_this_family = sessions::previous_fingerprint.eq(&key).or(sessions::refresh_fingerprint.eq_any(&keys));
    let row: Option<Family> = sessions::table
        .filter(sessions::kind.eq("token").and(of_this_family))
        .select((sessions::id, sessions::refresh_fingerprint, sessions::previous_fingerprint, sessions::rotated_at))
        .first(db)
        .optional()?;
    let Some((id, current, previous, rotated_at)) = row else {
        return Ok(Outcome::Ended);
    };
    let asked_again =
        previous.as_ref() == Some(&key) && rotated_at.is_some_and(|rotated_at| now <= rotated_at + ASKED_AGAIN);
    let same_answer = current.and_then(|current| {
        let known = keys.iter().position(|key| *key == current)?;
        Some((current, descendants.swap_remove(known)))
    });
    if let (true, Some((current, successor))) = (asked_again, same_answer) {
        let session = session::find_by_fingerprint(db, rekey, SessionKind::Token, &current, now)?;
        return Ok(Outcome::Rotated(Box::new(session), successor));
    }
    tracing::warn!(session.id = %id, "session.refresh_token_reused");
    for account_id in session::delete(db, Some(&id), None)? {
        if let Some(account) = record::find(db, &account_id)? {
            // Whose hands, the thief's or the owner's, nobody knows.
            Event::new(AuditEvent::RefreshTokenReused).to(&account).from(from).insert(db, now)?;
        }
    }
    Ok(Outcome::Reused)
}

/// The token that follows: nobody without the key can make it, and whoever has the predecessor gets it from us.
fn successor(key: Option<&Key>, token: &Secret) -> Result<Secret, Error> {
    let fault = || Error::Internal("no key for refresh tokens".to_owned());
    let key = key.ok_or_else(fault)?;
    let mut hmac = Hmac::<Sha256>::new_from_slice(key.refresh.expose().as_bytes()).map_err(|_| fault())?;
    hmac.update(token.expose().as_bytes());
    Ok(Secret::from(URL_SAFE_NO_PAD.encode(&hmac.finalize().into_bytes()[..BYTES])))
}

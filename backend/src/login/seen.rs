//! Sessions of browsers that are at a tool: looked at with each of the tool's pages and pictures.

use std::time::Duration;

use diesel::prelude::*;
use rekey_shared::login::SessionKind;

use super::session::{Row, Session, kind_name, session_rows, used_lately};
use crate::account::record::Account;
use crate::clock::span;
use crate::db::DbError;
use crate::db::schema::{accounts, sessions};
use crate::error::Error;
use crate::web::Shared;

/// How exactly it is known when a session was last used at a tool: a page there is dozens of requests, and each but the
/// first of a minute only reads.
const NOTED_EVERY: Duration = Duration::from_mins(1);

/// What a browser shows at a tool's door.
pub(super) enum Shown {
    /// The fingerprint of its session's cookie.
    Cookie(String),
    /// The id of its session, of which its cookie has a MAC.
    Id(String),
}

/// The living session of a browser; it is used now.
pub(super) async fn of_browser(rekey: &Shared, shown: Shown) -> Result<Session, Error> {
    let now = rekey.clock.now();
    let shared = rekey.clone();
    let (session, used_at) = rekey
        .db
        .read(move |db| {
            let is_cookies = sessions::kind.eq(kind_name(SessionKind::Cookie));
            let row = match shown {
                Shown::Cookie(key) => session_rows!(sessions::refresh_fingerprint.eq(key).and(is_cookies))
                    .get_result::<Row>(db)
                    .optional()?,
                // A mailed password's session has no cookie: none of ours names it, and none is to.
                Shown::Id(id) => {
                    session_rows!(sessions::id.eq(id).and(is_cookies).and(sessions::refresh_fingerprint.is_not_null()))
                        .get_result::<Row>(db)
                        .optional()?
                }
            };
            used_lately(row, &shared, now)
        })
        .await?;
    let old = now - span(NOTED_EVERY.min(rekey.config.session_idle_life / 10));
    if used_at <= old {
        let row = sessions::table.filter(sessions::id.eq(session.id.clone()).and(sessions::used_at.le(old)));
        rekey
            .db
            .write(move |db| Ok::<_, DbError>(diesel::update(row).set(sessions::used_at.eq(now)).execute(db)?))
            .await?;
    }
    Ok(session)
}

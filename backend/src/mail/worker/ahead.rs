//! Promises are leased, and their letters made, while the letters before them are on their way.

use tokio::task::JoinHandle;

use crate::credential_request::announce::{self, Undone};
use crate::db::{Db, DbError};
use crate::drill;
use crate::mail::mint::{Minted, mint};
use crate::mail::queue::{self, Promise};
use crate::web::Shared;

/// Leases promises if any are due, so many at most, after a look at whether there is a flood of invented addresses.
pub(super) async fn look(rekey: &Shared, most: i64, looks_for_flood: bool) -> Result<Vec<Promise>, DbError> {
    let (now, asked) = (rekey.clock.now(), rekey.clone());
    let look =
        move |db: &mut Db| Ok::<_, DbError>((queue::is_any_due(db, now)?, announce::is_due(db, &asked.config, now)?));
    let (is_any_due, has_news) = rekey.db.read(look).await?;
    if has_news {
        announce(rekey).await?;
    } else if !is_any_due {
        return Ok(Vec::new());
    }
    claim(rekey, most, looks_for_flood).await
}

async fn claim(rekey: &Shared, most: i64, looks_for_flood: bool) -> Result<Vec<Promise>, DbError> {
    let now = rekey.clock.now();
    let claimed = rekey.db.write(move |db| {
        let unknown = if looks_for_flood { queue::drop_flood(db, now)? } else { 0 };
        let promises = if most > 0 { queue::claim(db, most, now)? } else { Vec::new() };
        Ok::<_, DbError>((unknown, promises))
    });
    let (unknown, promises) = claimed.await?;
    rekey.metrics.letters.unknown_addresses(unknown);
    if !promises.is_empty() {
        drill::point("worker.leased");
    }
    Ok(promises)
}

/// Promises the operator a letter of what is new.
async fn announce(rekey: &Shared) -> Result<(), DbError> {
    let (now, asked) = (rekey.clock.now(), rekey.clone());
    match rekey.db.write(move |db| announce::announce(db, &asked.config, now)).await {
        Ok(()) | Err(Undone::NotNow) => Ok(()),
        Err(Undone::Db(error)) => Err(error),
    }
}

/// Makes the letters, in one transaction; where one of them is in the way of that, each in its own.
pub(super) async fn mint_all(rekey: &Shared, promises: Vec<Promise>) -> Result<Vec<(Promise, Minted)>, DbError> {
    match mint(rekey, promises.clone()).await {
        Err(error) if promises.len() > 1 && !error.is_connection() => {}
        minted => return minted,
    }
    let mut all = Vec::new();
    for promise in promises {
        match mint(rekey, vec![promise]).await {
            Ok(minted) => all.extend(minted),
            Err(error) => tracing::warn!(error.cause = %error, "mail.step_failed"),
        }
    }
    Ok(all)
}

/// Letters that are being made.
pub(super) struct Ahead(JoinHandle<Result<Vec<(Promise, Minted)>, DbError>>);

impl Ahead {
    /// Begins with so many at most. Most probably some are due, so that is not asked; whether there is news for the operator
    /// is, as often as whether there is a flood.
    pub fn begin(rekey: &Shared, most: i64, looks_for_flood: bool) -> Self {
        let rekey = rekey.clone();
        Self(tokio::spawn(async move {
            let promises =
                if looks_for_flood { look(&rekey, most, true).await? } else { claim(&rekey, most, false).await? };
            if promises.is_empty() { Ok(Vec::new()) } else { mint_all(&rekey, promises).await }
        }))
    }

    /// Waits for them.
    pub async fn arrives(self) -> Result<Vec<(Promise, Minted)>, DbError> {
        self.0.await.map_err(|_| DbError::Task)?
    }
}

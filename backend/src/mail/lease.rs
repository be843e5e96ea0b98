use std::time::Duration;

use super::queue::{self, Promise};
use crate::db::DbError;
use crate::web::Shared;

/// Leases are prolonged this often while a letter is on its way.
const RENEWAL: Duration = Duration::from_secs(5);

/// Does what may take longer than a lease, and prolongs them meanwhile.
pub(super) async fn leased<T>(rekey: &Shared, promises: &mut [Promise], work: impl Future<Output = T>) -> T {
    let mut work = std::pin::pin!(work);
    loop {
        tokio::select! {
            done = &mut work => return done,
            () = tokio::time::sleep(RENEWAL) => {
                // What cannot be prolonged is still finished: a letter twice is better than none.
                if let Ok(renewed) = renewed(rekey, promises.to_vec()).await {
                    promises.clone_from_slice(&renewed);
                }
            }
        }
    }
}

/// The promises with longer leases: all of them or, where one is lost, none.
async fn renewed(rekey: &Shared, mut promises: Vec<Promise>) -> Result<Vec<Promise>, Lost> {
    let now = rekey.clock.now();
    rekey.db.write(move |db| if queue::renew(db, &mut promises, now)? { Ok(promises) } else { Err(Lost::Lease) }).await
}

/// Why a transaction of somebody who holds leases was undone.
pub(super) enum Lost {
    /// Another worker has one of the promises.
    Lease,
    Db(DbError),
}

impl From<DbError> for Lost {
    fn from(error: DbError) -> Self {
        Self::Db(error)
    }
}

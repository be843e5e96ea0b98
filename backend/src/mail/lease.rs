use std::time::Duration;

use super::queue::{self, Promise};
use crate::web::Shared;

/// The lease is prolonged this often while a letter is on its way.
const RENEWAL: Duration = Duration::from_secs(5);

/// Does what may take longer than a lease, and prolongs it meanwhile.
pub(super) async fn leased<T>(rekey: &Shared, promise: &mut Promise, work: impl Future<Output = T>) -> T {
    let mut work = std::pin::pin!(work);
    loop {
        tokio::select! {
            done = &mut work => return done,
            () = tokio::time::sleep(RENEWAL) => {
                let mut renewed = promise.clone();
                let now = rekey.clock.now();
                let outcome = rekey.db.write(move |db| queue::renew(db, &mut renewed, now).map(|held| held.then_some(renewed)));
                // What cannot be prolonged is still finished: a letter twice is better than none.
                if let Ok(Some(renewed)) = outcome.await {
                    *promise = renewed;
                }
            }
        }
    }
}

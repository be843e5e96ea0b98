use tokio::sync::watch;

use super::background::{self, Tasks};
use super::{Rekey, StartError, check_mail, stop_if_any, told_to_stop};
use crate::clock::Clock;
use crate::config::Config;
use crate::metrics::listener::{Bound, Serving};
use crate::web::Shared;

/// A mail worker as a process of its own. Any number of them share the letters of one database.
pub struct MailWorker {
    rekey: Shared,
    metrics: Option<Serving>,
    is_migrated: bool,
}

impl MailWorker {
    /// Opens everything.
    ///
    /// # Errors
    /// [`StartError`] in one sentence.
    pub async fn open(config: Config, clock: Clock) -> Result<Self, StartError> {
        check_mail(&config)?;
        let metrics = config.metrics_listen.map(Bound::to).transpose()?;
        let (rekey, is_migrated) = Rekey::open(config, clock).await?;
        let metrics = metrics.map(|bound| bound.serve(rekey.clone())).transpose()?;
        Ok(Self { rekey, metrics, is_migrated })
    }

    /// Sends letters until SIGTERM or SIGINT; then finishes the letter in hand.
    ///
    /// # Errors
    /// [`StartError::Database`] when one that was waited for cannot be used.
    pub async fn run_until_stopped(self) -> Result<(), StartError> {
        let (stop, stopped) = watch::channel(false);
        let tasks = Tasks { mail_worker: true, is_migrated: self.is_migrated };
        let mut working = tokio::spawn(background::work(self.rekey, tasks, stopped));
        tokio::select! {
            () = told_to_stop() => {}
            Ok(Err(refused)) = &mut working => return Err(refused.into()),
        }
        // The receivers may be gone already; then there is nothing to stop.
        let _ = stop.send(true);
        let _ = working.await;
        stop_if_any(self.metrics).await;
        Ok(())
    }
}

use super::Failure;
use crate::app::MailWorker;
use crate::clock::Clock;
use crate::config::Config;

/// Sends letters, and serves nothing.
pub(super) async fn run(config: Config) -> Result<(), Failure> {
    let worker = MailWorker::open(config, Clock::system()).await?;
    tracing::info!("mail.working");
    Ok(worker.run_until_stopped().await?)
}

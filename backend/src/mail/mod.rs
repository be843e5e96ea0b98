//! Mail: promised in the queue, made into a letter by the worker, sent over SMTP or, on a developer's machine, captured.

pub mod backlog;
pub mod capture;
mod connection;
mod dial;
pub mod dkim;
pub mod fault;
mod lease;
pub mod letters;
pub mod mailbox;
pub mod mint;
pub mod probe;
mod promise;
pub mod queue;
mod settle;
pub mod smtp;
mod templates;
mod texts;
pub mod transport;
pub mod worker;

use std::sync::Arc;

use tokio::sync::Notify;

/// Tells the worker of this process that a promise was committed, so that it does not wait for its next look.
#[derive(Clone, Default)]
pub struct Nudge(Arc<Notify>);

impl Nudge {
    pub fn nudge(&self) {
        self.0.notify_one();
    }

    pub(crate) async fn nudged(&self) {
        self.0.notified().await;
    }
}

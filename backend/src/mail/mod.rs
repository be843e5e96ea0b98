//! Mail: promised in the queue, made into a letter by the worker, sent over SMTP or, on a developer's machine, captured.

pub mod backlog;
pub mod capture;
mod connection;
mod dial;
pub mod dkim;
pub mod fault;
pub mod letters;
pub mod mailbox;
pub mod mint;
pub mod probe;
mod promise;
pub mod queue;
mod refusal;
mod settle;
pub mod smtp;
mod talk;
mod templates;
mod texts;
pub mod transport;
pub mod worker;

use std::sync::Arc;

use tokio::sync::Notify;

/// Tells the worker of this process that a promise was committed, so that it does not wait for its next look.
///
/// Not for what a stranger asks for: what the worker does for an address that has an account takes longer than what it
/// does for one that has none, and work begun by a request shows in how long the next one takes. Those promises are found
/// when the worker looks, at times that have nothing to do with the request.
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

//! Limits that somebody ran into.

use prometheus::Registry;

use super::counters::{CounterBy, labels};

labels! {
    /// Which limit.
    Limit as "limit" {
        /// Requests a minute from one client address.
        Client = "client",
        /// The growing delay after failed logins.
        Login = "login",
        /// The same after wrong current passwords of a session.
        CurrentPassword = "current_password",
        /// Letters an hour to one address.
        Letters = "letters",
        /// New addresses that one account asks for in an hour.
        EmailChanges = "email_changes",
        /// Requests for accounts that wait.
        CredentialRequests = "credential_requests",
        /// Password hashes that wait.
        HashQueue = "hash_queue",
    }
}

/// Counts whoever was refused by a limit or, with letters, got none.
pub(crate) type Limits = CounterBy<Limit>;

impl Limits {
    pub(super) fn of_all(registry: &Registry) -> prometheus::Result<Self> {
        Self::new(registry, "rekey_limit_hits_total", "Requests that a limit refused, and letters that it kept back.")
    }
}

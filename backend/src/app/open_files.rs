//! Each connection is an open file to the system, which lets a program have so many of them. Clients that take them all would
//! leave none to the database and the mail server.

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

use crate::config::Config;
use crate::db::DatabaseUrl;
use crate::web::server::Bounds;

/// Workers and their timers, the listener, the log, files that are being sent, a mail server's and a name server's sockets.
const OTHER_FILES: usize = 128;
/// SQLite has the database, its journal and the journal's index open.
const FILES_OF_SQLITE: usize = 3;

/// As many connections as were asked for, or as many as there can be.
pub(super) fn bounds(config: &Config) -> Bounds {
    let per_connection = if matches!(config.database, DatabaseUrl::Sqlite(_)) { FILES_OF_SQLITE } else { 1 };
    let database = per_connection * usize::try_from(config.database_connections).unwrap_or(usize::MAX);
    let others = OTHER_FILES + 8 * config.workers + database;
    let files = allowed(others.saturating_add(config.max_connections));
    let connections = config.max_connections.min(files.saturating_sub(others)).max(config.workers);
    if connections < config.max_connections {
        tracing::warn!(server.connections = connections, server.files = files, "server.few_files");
    }
    Bounds { workers: config.workers, connections, patience: config.patience }
}

/// How many files may be open, once the system was asked for so many.
fn allowed(wanted: usize) -> usize {
    let limit = getrlimit(Resource::Nofile);
    let wanted = u64::try_from(wanted).unwrap_or(u64::MAX);
    let most = limit.maximum.map_or(wanted, |most| most.min(wanted));
    let mut current = limit.current;
    if current.is_some_and(|current| current < most)
        && setrlimit(Resource::Nofile, Rlimit { current: Some(most), ..limit }).is_ok()
    {
        current = Some(most);
    }
    current.map_or(usize::MAX, |files| usize::try_from(files).unwrap_or(usize::MAX))
}

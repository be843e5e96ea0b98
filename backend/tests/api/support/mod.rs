pub mod admin;
pub mod answer;
pub mod app;
pub mod database;
pub mod instances;
pub mod mail_server;
pub mod mail_setup;
pub mod mailbox;
pub mod metrics;
pub mod postgres;
pub mod process;
pub mod proxy;
pub mod raw;
pub mod running;
pub mod spoken;
pub mod tool;
pub mod verifier;

pub use app::Setup;

use std::process::Command;
use std::time::Duration;

/// No state that a test waits for takes longer, also on a busy machine.
pub const PATIENCE: Duration = Duration::from_secs(30);

/// Runs each test on SQLite and on PostgreSQL.
macro_rules! on_both_databases {
    ($($(#[$meta:meta])* async fn $name:ident($database:ident) $body:block)+) => {
        $(mod $name {
            use super::*;

            $(#[$meta])*
            async fn run($database: $crate::support::database::Kind) $body

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn sqlite() {
                run($crate::support::database::Kind::Sqlite).await;
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn postgres() {
                run($crate::support::database::Kind::Postgres).await;
            }
        })+
    };
}
pub(crate) use on_both_databases;

/// Each test on a PostgreSQL database of its own.
macro_rules! on_postgres {
    ($(async fn $name:ident($site:ident) $body:block)+) => {
        $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
        async fn $name() {
            let $site = $crate::support::process::Site::new($crate::support::database::Kind::Postgres).await;
            $body
        })+
    };
}
pub(crate) use on_postgres;

/// Waits until something is there.
pub async fn eventually<T>(what: &str, mut look: impl AsyncFnMut() -> Option<T>) -> T {
    let started = std::time::Instant::now();
    loop {
        if let Some(found) = look().await {
            return found;
        }
        assert!(started.elapsed() < PATIENCE, "waited in vain for {what}");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

/// For root: the user and group that a server of this name runs as.
pub fn unprivileged(name: &str) -> Option<(u32, u32)> {
    let id = |arguments: &[&str]| {
        let output = Command::new("id").args(arguments).output().unwrap();
        String::from_utf8(output.stdout).unwrap().trim().parse::<u32>().ok()
    };
    if id(&["-u"])? != 0 {
        return None;
    }
    let of_name = |flag: &str| id(&[flag, name]).unwrap_or_else(|| panic!("the user {name}"));
    Some((of_name("-u"), of_name("-g")))
}

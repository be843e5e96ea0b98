//! A backup that is made while people work brings everybody back (docs/operations.md).

use std::process::Command;

use reqwest::StatusCode;

use crate::support::database::{Kind, execute};
use crate::support::on_both_databases;
use crate::support::process::Site;

fn succeeds(command: &mut Command) {
    let output = command.output().unwrap();
    assert!(output.status.success(), "{command:?}: {}", String::from_utf8_lossy(&output.stderr));
}

on_both_databases! {
    async fn a_backup_of_a_server_that_runs_brings_everybody_back(database) {
        let site = Site::new(database).await;
        let printed = site.has_account("ann", "ann@example.com");
        let _server = site.serves(None, 0).await;
        assert_eq!(site.logs_in("ann", &printed).await, Some(StatusCode::OK));
        let restored = Site::new(database).await;
        match database {
            Kind::Sqlite => {
                let file = restored.database_url.strip_prefix("sqlite://").unwrap();
                execute(&site.database_url, &format!("VACUUM INTO '{file}'"));
            }
            Kind::Postgres => {
                let file = tempfile::NamedTempFile::new().unwrap();
                succeeds(Command::new("pg_dump").arg("--format=custom").arg("--file").arg(file.path()).arg(&site.database_url));
                succeeds(Command::new("pg_restore").args(["--no-owner", "--exit-on-error", "--dbname", &restored.database_url]).arg(file.path()));
            }
        }
        let _second = restored.serves(None, 0).await;
        assert_eq!(restored.logs_in("ann", &printed).await, Some(StatusCode::OK));
    }
}

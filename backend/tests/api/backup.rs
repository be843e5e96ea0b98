//! A backup that is made while people work brings everybody back (docs/operations.md).

use std::path::Path;
use std::process::Command;

use reqwest::StatusCode;

use crate::docs::text;
use crate::support::app::json_of;
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

const ANN: &str = "ann@example.com";
const BOB: &str = "bob@example.com";

/// So that a session is good for all pages without the choice of a password.
const OWN_AT_ONCE: (&str, &str) = ("REKEY_TEMPORARY_PASSWORD_MUST_CHANGE", "false");

/// What the documented commands need of a machine with a service of systemd; the test itself stops and starts the server.
const MACHINE: &str = "set -eu; systemctl() { :; }; runuser() { shift 3; \"$@\"; }";

/// Carries out a block of the section on backups, with these folders in place of the documented ones.
fn carry_out(number: usize, data: &Path, backups: &Path) {
    let docs = text("docs/operations.md");
    let (_, section) = docs.split_once("## Backup and restore\n").unwrap();
    let block = section.split("```").nth(2 * number + 1).unwrap();
    let block = block
        .replace("/var/lib/rekey", data.to_str().unwrap())
        .replace("/var/backups", backups.to_str().unwrap())
        .replace("$(date +%F)", "2027-01-31")
        .replace(" -o rekey -g rekey", "");
    succeeds(Command::new("bash").arg("-c").arg(format!("{MACHINE}\n{block}")));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_restore_as_documented_takes_everybody_back_to_the_hour_of_the_backup() {
    let site = Site::new(Kind::Sqlite).await;
    let (printed, backups) = (site.has_account("ann", ANN), tempfile::tempdir().unwrap());
    site.has_account("bob", BOB);
    let database = Path::new(site.database_url.strip_prefix("sqlite://").unwrap());
    let data = database.parent().unwrap();
    let mut server = site.instance(&[OWN_AT_ONCE]).await;
    let session = json_of(server.door.logs_in("ann", &printed).await, StatusCode::OK).await;
    server.door.asks_for_reset(ANN).await;
    let mut worker = site.mail_worker(&[]);
    let link = site.letter_to(ANN, 1).await;
    assert_eq!(worker.is_told_to_stop().await, Some(0));
    server.door.asks_for_reset(BOB).await;
    carry_out(0, data, backups.path());

    // Until the machine fails, the letter that waited is sent, and the link leads to another password.
    let mut worker = site.mail_worker(&[]);
    let forgotten = site.letter_to(BOB, 1).await;
    assert_eq!(server.door.confirms(&link.token()).await, StatusCode::OK);
    let later = site.letter_to(ANN, 2).await.password();
    assert_eq!(server.door.logs_in("ann", &later).await.status(), StatusCode::OK);
    assert_eq!(server.door.who_am_i(&session["access_token"]).await, StatusCode::UNAUTHORIZED);
    server.running.is_killed();
    worker.is_killed();
    assert!(data.join("rekey.db-wal").exists(), "what would be written into the backup");
    std::fs::remove_file(data.join("signing-keys.pem")).unwrap();
    carry_out(1, data, backups.path());

    let server = site.instance(&[OWN_AT_ONCE]).await;
    assert_eq!(server.door.who_am_i(&session["access_token"]).await, StatusCode::OK);
    assert_eq!(server.door.logs_in("ann", &later).await.status(), StatusCode::UNAUTHORIZED);
    assert_eq!(server.door.logs_in("ann", &printed).await.status(), StatusCode::OK);
    assert_eq!(server.door.confirms(&link.token()).await, StatusCode::OK);
    let _worker = site.mail_worker(&[]);
    let again = site.letter_to(BOB, 2).await;
    assert_eq!(server.door.confirms(&forgotten.token()).await, StatusCode::NOT_FOUND);
    assert_eq!(server.door.confirms(&again.token()).await, StatusCode::OK);
}

//! `rekey check`: the operator finds out before people do, and nothing is changed.

use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Command, Output};

use serde_json::Value;
use tempfile::TempDir;

use crate::support::app::App;
use crate::support::{database, on_both_databases};

fn rekey(folder: &Path, database_url: &str, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_rekey"));
    command.args(arguments).current_dir(folder).env("DATABASE_URL", database_url).env("REKEY_LOG", "error");
    command
}

fn lines(output: &Output) -> Vec<String> {
    String::from_utf8_lossy(&output.stdout).lines().map(str::to_owned).collect()
}

/// What the check says in a folder; the exit code goes with it.
fn checks(folder: &Path, database_url: &str, arguments: &[&str]) -> Vec<String> {
    let output = rekey(folder, database_url, &[&["check"], arguments].concat()).output().unwrap();
    let said = lines(&output);
    let is_well = said.iter().all(|line| !line.starts_with('✗'));
    assert_eq!(output.status.code(), Some(i32::from(!is_well)), "{said:?} {}", String::from_utf8_lossy(&output.stderr));
    said
}

/// Every file with what is in it.
fn everything_in(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let mut all = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        all.push((path.display().to_string(), Vec::new()));
        if path.is_dir() {
            all.extend(everything_in(&path));
        } else {
            all.push((path.display().to_string(), std::fs::read(&path).unwrap()));
        }
    }
    all.sort();
    all
}

on_both_databases! {
    async fn all_is_well_and_no_letter_is_sent(database) {
        let app = App::start(database).await;
        let frontend = app.folder.path().join("frontend");
        std::fs::write(frontend.join("index.html.br"), "compressed").unwrap();
        let checked = app.rekey(&["check", "--json"]).env("REKEY_FRONTEND_DIR", &frontend).output().unwrap();
        assert_eq!(checked.status.code(), Some(0), "{checked:?}");
        let found: Vec<Value> = serde_json::from_slice(&checked.stdout).unwrap();
        let names: Vec<_> = found.iter().map(|line| line["name"].as_str().unwrap()).collect();
        let mut expected = vec![
            "settings", "database", "clock", "migrations", "frontend", "signing keys", "public url", "smtp dns",
            "smtp connect", "smtp greeting", "smtp ehlo", "smtp sender",
        ];
        if database == database::Kind::Sqlite {
            expected.retain(|name| *name != "clock");
        }
        assert_eq!(names, expected);
        assert!(found.iter().all(|line| line["ok"] == true && line["said"].is_string()), "{found:?}");
        let verbs: Vec<_> = app.mail.commands().iter().map(|line| line[..4].to_owned()).collect();
        assert_eq!(verbs, ["EHLO", "MAIL", "RCPT", "RSET", "QUIT"]);
    }

    async fn a_database_that_is_behind_or_ahead_is_told_and_left_so(database) {
        let folder = TempDir::new().unwrap();
        let url = database::create(database, folder.path());
        let find = |arguments: &[&str]| {
            let said = checks(folder.path(), &url, arguments);
            said.into_iter().filter(|line| line.contains("database:") || line.contains("migrations:")).collect::<Vec<_>>()
        };
        let before = everything_in(folder.path());
        match database {
            database::Kind::Sqlite => {
                let file = url.trim_start_matches("sqlite://");
                assert_eq!(
                    find(&[]),
                    [format!("! database: {file} does not exist yet, the first command that needs it makes it — \
                              if there is one, DATABASE_URL must name it")]
                );
            }
            database::Kind::Postgres => {
                assert!(find(&[])[1].starts_with("✗ migrations: pending: "), "{:?}", find(&[]));
                let made = "SELECT COUNT(*) AS count FROM pg_tables WHERE schemaname = 'public'";
                assert_eq!(database::count(&url, made), 0, "it only looked");
            }
        }
        assert_eq!(everything_in(folder.path()), before);
        assert!(rekey(folder.path(), &url, &["migrate"]).status().unwrap().success());
        let before = everything_in(folder.path());
        assert_eq!(find(&[])[1], "✓ migrations: up to date");
        assert_eq!(everything_in(folder.path()), before);
        database::execute(&url, "INSERT INTO __diesel_schema_migrations (version) VALUES ('99991231000000')");
        assert_eq!(
            find(&[])[1],
            "✗ migrations: a newer Rekey has changed it (migration 99991231000000): run that version, or a newer one"
        );
        database::execute(&url, "DELETE FROM __diesel_schema_migrations WHERE version >= (SELECT MIN(version) FROM (
            SELECT version FROM __diesel_schema_migrations ORDER BY version DESC LIMIT 2) AS newest)");
        assert_eq!(find(&[])[1], "✗ migrations: pending: 1 — run `rekey migrate`");
    }
}

#[test]
fn clocks_that_are_apart_are_told_and_nothing_starts() {
    let folder = TempDir::new().unwrap();
    let url = database::create(database::Kind::Postgres, folder.path());
    let name = url.name().unwrap();
    // To whoever asks this database, its clock is a minute late.
    database::execute(
        &url,
        &format!(
            "CREATE FUNCTION public.now() RETURNS timestamptz LANGUAGE sql AS
                 $$ SELECT pg_catalog.now() - interval '1 minute' $$;
             ALTER DATABASE {name} SET search_path = public, pg_catalog"
        ),
    );
    let said = checks(folder.path(), &url, &[]);
    let clock = said.iter().find(|line| line.contains("clock")).unwrap();
    let apart = "this machine's clock and the database's are";
    assert!(clock.starts_with(&format!("✗ clock: {apart} ")), "{clock}");
    assert!(clock.ends_with(" s apart, and 5 s is the most: set both by a time server"), "{clock}");
    for command in ["serve", "mail-worker"] {
        // One that starts would go on for ever.
        let mut starts = Command::new("timeout");
        starts.args(["30", env!("CARGO_BIN_EXE_rekey"), "--listen=127.0.0.1:0", "--log=error", command]);
        let output = starts.current_dir(folder.path()).env("DATABASE_URL", &url).output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(1), "{said}");
        assert!(said.starts_with(&format!("rekey: cannot use the database: {apart} ")), "{said}");
    }
}

/// As on a full disk, for who heeds no signal.
#[test]
fn a_full_disk_is_told() {
    let folder = TempDir::new().unwrap();
    assert!(rekey(folder.path(), "sqlite://rekey.db", &["migrate"]).status().unwrap().success());
    let before = everything_in(folder.path());
    let mut full = Command::new("sh");
    full.args(["-c", "trap '' XFSZ; ulimit -f 512; exec \"$0\" check", env!("CARGO_BIN_EXE_rekey")]);
    let output = full.current_dir(folder.path()).env("DATABASE_URL", "sqlite://rekey.db").output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    let told = "✗ database: rekey.db can be read, but nothing can be added to it: File too large (os error 27) — make room on its disk";
    assert_eq!(lines(&output)[1], told);
    assert_eq!(everything_in(folder.path()), before);
}

#[test]
fn a_database_that_takes_no_changes_or_not_every_text_is_told() {
    let folder = TempDir::new().unwrap();
    let url = database::create(database::Kind::Postgres, folder.path());
    let name = url.name().unwrap();
    database::execute(&url, &format!("ALTER DATABASE {name} SET default_transaction_read_only = on"));
    let read_only = "✗ database: it takes no changes: DATABASE_URL must name the PostgreSQL server that does";
    assert_eq!(checks(folder.path(), &url, &[])[1], read_only);
    let latin = database::create_in_latin();
    assert_eq!(
        checks(folder.path(), &latin, &[])[1],
        "✗ database: it keeps text as LATIN1, which has not all letters: it must be one that was made with ENCODING 'UTF8'"
    );
}

#[test]
fn a_database_that_cannot_be_used_is_told_without_its_password() {
    let folder = TempDir::new().unwrap();
    let said = checks(folder.path(), "postgres://ann:geheim@127.0.0.1:1/rekey", &[]).join("\n");
    assert!(said.contains("✗ database: no connection to the database: connection to server at"), "{said}");
    assert!(said.contains(" — see that the server runs, and that host, user, password"), "{said}");
    assert!(!said.contains("geheim") && !said.contains("migrations"), "{said}");
    std::fs::write(folder.path().join("a letter"), "Dear Ann, this is no database, however long you look at it.")
        .unwrap();
    let said = checks(folder.path(), "sqlite://a letter", &[]).join("\n");
    assert!(said.contains("✗ database: ") && said.contains("see that DATABASE_URL names Rekey's file"), "{said}");
}

#[test]
fn a_setting_that_is_wrong_is_a_fault_like_others() {
    let folder = TempDir::new().unwrap();
    let url = "--smtp-url=smtp://ann:geheim@mail.example.com?tls=maybe";
    let fault = "REKEY_SMTP_URL: after the question mark only tls=none is known";
    assert_eq!(checks(folder.path(), "sqlite://rekey.db", &[url]), [format!("✗ settings: {fault}")]);
    let output = rekey(folder.path(), "sqlite://rekey.db", &["check", "--json", url]).output().unwrap();
    let found: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(found, serde_json::json!([{ "name": "settings", "ok": false, "said": fault }]));
}

#[test]
fn files_that_are_missing_or_open_to_others_are_told() {
    let folder = TempDir::new().unwrap();
    let line = |name: &str| {
        let said = checks(folder.path(), "sqlite://rekey.db", &[]);
        said.into_iter().find(|line| line[line.find(' ').unwrap()..].starts_with(&format!(" {name}: "))).unwrap()
    };
    assert!(line("frontend").starts_with("! frontend: frontend/dist does not exist, only the API is served — "));
    let dist = folder.path().join("frontend/dist");
    std::fs::create_dir_all(&dist).unwrap();
    assert!(line("frontend").starts_with("✗ frontend: cannot read index.html in frontend/dist: "));
    std::fs::write(dist.join("index.html"), "<!doctype html>").unwrap();
    assert!(line("frontend").starts_with("! frontend: frontend/dist has no index.html.br"));
    std::fs::write(dist.join("index.html.br"), "compressed").unwrap();
    assert_eq!(line("frontend"), "✓ frontend: index.html and index.html.br in frontend/dist");

    let keys = folder.path().join("data/signing-keys.pem");
    assert_eq!(
        line("signing keys"),
        "✓ signing keys: data/signing-keys.pem does not exist yet, the first `rekey serve` makes it"
    );
    assert!(!folder.path().join("data").exists());
    std::fs::create_dir(folder.path().join("data")).unwrap();
    std::fs::write(&keys, "no key").unwrap();
    std::fs::set_permissions(&keys, std::fs::Permissions::from_mode(0o640)).unwrap();
    assert_eq!(
        line("signing keys"),
        "✗ signing keys: others can read data/signing-keys.pem (mode 0640) — run `chmod 600 data/signing-keys.pem`"
    );
    std::fs::set_permissions(&keys, std::fs::Permissions::from_mode(0o600)).unwrap();
    assert!(
        line("signing keys").starts_with("✗ signing keys: data/signing-keys.pem holds no Ed25519 key in PKCS#8 PEM — ")
    );
}

#[test]
fn a_link_is_shown_as_a_letter_has_it() {
    let folder = TempDir::new().unwrap();
    let said = checks(folder.path(), "sqlite://rekey.db", &["--public-url=http://support.example.com"]).join("\n");
    let link = "a link in a letter: http://support.example.com/reset#SAMPLE-SAMPLE-SAMPLE-TOK";
    assert!(said.contains(&format!("! public url: {link}, and passwords go unencrypted — put TLS in front")), "{said}");
    assert!(said.contains("✗ smtp: no mail server is set — set REKEY_SMTP_URL"), "{said}");
    let said = checks(folder.path(), "sqlite://rekey.db", &[]).join("\n");
    let link = "a link in a letter: http://localhost:8080/reset#SAMPLE-SAMPLE-SAMPLE-TOK";
    assert!(said.contains(&format!("✓ public url: {link}")), "{said}");
    assert!(said.contains("✓ smtp: no mail server is set, letters are captured in data/mailbox"), "{said}");
}

//! What the operator does by command: the same as administrators over the API, with the same records.

use std::process::Command;
use std::time::Duration;

use reqwest::StatusCode;
use serde_json::Value;

use crate::support::app::{App, OWN_PASSWORD, assert_problem};
use crate::support::mail_server::{Fault, Step};
use crate::support::mailbox::letters_to;
use crate::support::{Setup, eventually, on_both_databases};

const ANN: &str = "ann@example.com";

fn items(json: &str) -> Vec<Value> {
    serde_json::from_str::<Vec<Value>>(json).unwrap()
}

/// The same command at a terminal, as `script` (util-linux) makes one: what it draws is in the output.
fn at_a_terminal(command: &Command) -> Command {
    let words: Vec<_> = std::iter::once(command.get_program()).chain(command.get_args()).collect();
    let mut terminal = Command::new("script");
    terminal.args(["--quiet", "--return", "--command", words.join(" ".as_ref()).to_str().unwrap(), "/dev/null"]);
    terminal.envs(command.get_envs().filter_map(|(name, value)| Some((name, value?)))).env("TERM", "xterm");
    terminal
}

/// no-color.org: set to anything but an empty text.
#[test]
fn only_a_terminal_gets_colours_and_only_without_no_color() {
    let coloured = |at_terminal: bool, no_color: Option<&str>| {
        let folder = tempfile::TempDir::new().unwrap();
        let mut command = Command::new(env!("CARGO_BIN_EXE_rekey"));
        command.arg("migrate").env("DATABASE_URL", format!("sqlite://{}/rekey.db", folder.path().display()));
        command.envs(no_color.map(|value| ("NO_COLOR", value)));
        let mut command = if at_terminal { at_a_terminal(&command) } else { command };
        if no_color.is_none() {
            command.env_remove("NO_COLOR");
        }
        let output = command.output().unwrap();
        let said = String::from_utf8([output.stdout, output.stderr].concat()).unwrap();
        assert!(said.contains("database.migrated"), "{said:?}");
        said.contains('\u{1b}')
    };
    assert!(coloured(true, None));
    assert!(coloured(true, Some("")));
    assert!(!coloured(true, Some("1")));
    assert!(!coloured(false, None));
}

/// As `head` reads: a password that nobody sees is an error, what can be read again is none.
#[test]
fn a_reader_that_has_seen_enough_is_no_error() {
    let folder = tempfile::TempDir::new().unwrap();
    let unread = |words: &str| {
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        let mut command = Command::new(env!("CARGO_BIN_EXE_rekey"));
        command.args(words.split(' ')).current_dir(folder.path()).env("DATABASE_URL", "sqlite://rekey.db");
        command.env("REKEY_LOG", "error").env("REKEY_SMTP_URL", "smtp://127.0.0.1:1?tls=none");
        let output = command.stdout(writer).output().unwrap();
        (output.status.code(), String::from_utf8(output.stderr).unwrap())
    };
    for words in ["check", "check --json"] {
        let (code, said) = unread(words);
        assert_eq!((code, &*said), (Some(1), "rekey: faults found: 1\n"), "{words}: there is no mail server");
    }
    for words in ["man", "completions bash", "account list", "account list --json"] {
        assert_eq!(unread(words), (Some(0), String::new()), "{words}");
    }
    let (code, said) = unread("account add --user-name ann --email ann@example.com");
    assert_eq!((code, &*said), (Some(1), "rekey: Broken pipe (os error 32)\n"));
}

on_both_databases! {
    async fn the_operator_changes_disables_enables_and_deletes_accounts(database) {
        let app = App::start(database).await;
        let admin = app.has_admin("zoe").await;
        app.has_account("ann", ANN);
        app.succeeds(&["account", "set", "Ann@Example.com", "--name", "Ann A.", "--role", "admin", "--locale", "it", "--email", "ann@new.example"]);
        let listed = items(&app.succeeds(&["account", "list", "--json", "--search", "an"]));
        let shown = |field: &str| listed[0][field].as_str().unwrap().to_owned();
        assert_eq!(["user_name", "email", "name", "role", "locale"].map(shown), ["ann", "ann@new.example", "Ann A.", "admin", "it"]);
        app.letter_to(ANN, 1).await;
        let session = app.access_token("ann", OWN_PASSWORD).await;
        app.succeeds(&["account", "disable", "ann"]);
        assert_problem(app.who_am_i(&session).await, 401, "session_ended").await;
        assert!(app.succeeds(&["account", "list"]).contains("disabled"));
        assert!(app.fails(&["reset-link", "ann"], 1).contains("enable it first"));
        app.succeeds(&["account", "enable", "ann"]);
        app.access_token("ann", OWN_PASSWORD).await;
        assert!(app.fails(&["account", "delete", "ann"], 2).contains("--yes"));
        app.succeeds(&["account", "delete", "ann", "--yes"]);
        assert_problem(app.logs_in("ann", OWN_PASSWORD).await, 401, "invalid_credentials").await;
        let recorded = admin.all("/admin/audit-events", "event").await;
        for event in ["account_changed", "email_changed", "account_disabled", "account_enabled", "account_deleted"] {
            let by_command = format!("SELECT COUNT(*) AS count FROM audit_events WHERE event = '{event}' AND actor = 'command line'");
            assert_eq!((recorded.iter().filter(|recorded| *recorded == event).count(), app.count(&by_command)), (1, 1), "{event}");
        }
    }

    async fn what_the_operator_cannot_do_is_said_in_one_sentence(database) {
        let app = App::start(database).await;
        app.has_admin("zoe").await;
        app.has_account("ann", ANN);
        for (arguments, exit, said) in [
            (&["account", "disable", "zoe"][..], 1, "nobody would be left to administer accounts"),
            (&["account", "set", "zoe", "--role", "member"], 1, "nobody would be left to administer accounts"),
            (&["account", "delete", "zoe", "--yes"], 1, "nobody would be left to administer accounts"),
            (&["account", "set", "ann", "--email", "zoe@example.org"], 1, "the address belongs to an account already"),
            (&["account", "set", "ann", "--email", "x"], 2, "not an email address"),
            (&["account", "set", "ann", "--name", "a\nb"], 2, "--name"),
            (&["account", "set", "ann"], 2, "--email"),
            (&["account", "set", "nobody", "--name", "x"], 1, "no account has the user name or address nobody"),
            (&["reset-link", "nobody@example.com"], 1, "no account has"),
            (&["mail", "retry", "x"], 1, "no letter that waits or was stopped has the id x"),
            (&["mail", "drop", "x"], 1, "no letter that waits or was stopped has the id x"),
            (&["mail", "retry"], 2, "--all"),
        ] {
            let output = app.fails(arguments, exit);
            assert!(output.contains(said), "{arguments:?}: {output}");
        }
    }

    async fn the_operator_prints_a_link_that_works_once(database) {
        let app = App::start_with(database, Setup::with(&[])).await;
        app.has_account("ann", ANN);
        let printed = app.succeeds(&["reset-link", ANN, "--public-url=https://support.example.com", "--reset-link-life=30m"]);
        assert!(printed.contains("30m"), "{printed}");
        let (url, token) = printed.trim_end().lines().last().unwrap().split_once('#').unwrap();
        assert_eq!(url, "https://support.example.com/reset");
        app.wait(Duration::from_mins(29));
        assert_eq!(app.confirms(token).await.status(), StatusCode::OK);
        assert_problem(app.confirms(token).await, 410, "reset_link_used").await;
        app.letter_to(ANN, 1).await.password();
        let printed = app.succeeds(&["reset-link", "ann"]);
        app.wait(Duration::from_hours(2));
        assert_problem(app.confirms(printed.trim_end().split_once('#').unwrap().1).await, 410, "reset_link_expired").await;
        assert_eq!(app.count("SELECT COUNT(*) AS count FROM audit_events WHERE event = 'reset_link_printed'"), 2);
    }

    async fn the_operator_lists_more_accounts_than_a_page_has(database) {
        let app = App::start(database).await;
        assert_eq!(items(&app.succeeds(&["account", "list", "--json"])), [Value::Null; 0]);
        for (sqlite, statement) in [
            (true, "WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 449) INSERT INTO accounts SELECT 'id' || i, 'u' || i, 'u' || i, 'u' || i || '@example.com', 'u' || i || '@example.com', NULL, 'member', 'en', NULL, 1, '2026-01-01 00:00:00', NULL, '2026-01-01 00:00:00' FROM n"),
            (false, "INSERT INTO accounts SELECT 'id' || i, 'u' || i, 'u' || i, 'u' || i || '@example.com', 'u' || i || '@example.com', NULL, 'member', 'en', NULL, 1, '2026-01-01 00:00:00', NULL, '2026-01-01 00:00:00' FROM generate_series(0, 449) AS i"),
        ] {
            if sqlite == app.database_url.starts_with("sqlite://") {
                crate::support::database::execute(&app.database_url, statement);
            }
        }
        let mut names: Vec<_> = (0..450).map(|number| format!("u{number}")).collect();
        names.sort();
        let listed = items(&app.succeeds(&["account", "list", "--json"]));
        assert_eq!(listed.iter().map(|account| account["user_name"].as_str().unwrap()).collect::<Vec<_>>(), names);
        assert_eq!(app.succeeds(&["account", "list"]).lines().count(), 451);
        assert_eq!(items(&app.succeeds(&["account", "list", "--json", "--search", "U44"])).len(), 11);
    }

    async fn the_operator_sees_retries_drops_and_purges_letters(database) {
        let app = App::start(database).await;
        for name in ["ann", "bea", "cleo"] {
            app.has_account(name, &format!("{name}@example.com"));
        }
        app.time_stands_still();
        app.mail.set_fault(Some((Step::RcptTo, Fault::Say("550 no such mailbox"))));
        app.asks_for_reset(ANN).await;
        let count = |condition: &str| app.count(&format!("SELECT COUNT(*) AS count FROM mail_queue WHERE {condition}"));
        eventually("a stopped letter", async || (count("state = 'stopped'") == 1).then_some(())).await;
        app.mail.set_fault(Some((Step::RcptTo, Fault::Say("451 come back later"))));
        for name in ["bea", "cleo"] {
            app.asks_for_reset(&format!("{name}@example.com")).await;
        }
        eventually("two letters put off", async || (count("attempts = 1 AND state = 'waiting'") == 2).then_some(())).await;
        app.mail.set_fault(None);
        let waiting = items(&app.succeeds(&["mail", "list", "--state", "waiting", "--json"]));
        assert_eq!(waiting.iter().map(|letter| letter["address"].as_str().unwrap()).collect::<Vec<_>>(), ["cleo@example.com", "bea@example.com"]);
        app.succeeds(&["mail", "drop", waiting[0]["id"].as_str().unwrap()]);
        let table = app.succeeds(&["mail", "list"]);
        assert!(table.starts_with("ID") && table.contains("no such mailbox") && table.contains("dropped by the operator"), "{table}");
        // A retry is due at once, also for a worker whose clock stands still a moment earlier.
        assert!(app.succeeds(&["mail", "retry", "--all"]).ends_with(": 2\n"));
        app.wait(Duration::from_mins(1));
        for name in ["ann", "bea"] {
            app.letter_to(&format!("{name}@example.com"), 1).await;
        }
        app.all_letters_are_settled().await;
        assert!(letters_to(&app.mail, "cleo@example.com").is_empty());
        assert!(app.succeeds(&["mail", "purge", "--older-than", "1d"]).ends_with(": 0\n"));
        // What the limit of the hour is counted by stays for the hour.
        assert!(app.succeeds(&["mail", "purge"]).ends_with(": 0\n"));
        let mut later = app.rekey(&["mail", "purge"]);
        let later = at_a_terminal(later.env("REKEY_DRILL_CLOCK_SECONDS", "7200")).output().unwrap();
        let seen = String::from_utf8_lossy(&later.stdout);
        assert!(seen.contains("Deleting ") && seen.contains(" 3 of 3"), "a progress bar: {seen:?}");
        assert!(seen.ends_with(": 3\r\n"), "{seen:?}");
        assert_eq!(count("1 = 1"), 0);
        for (event, times) in [("mail_retried", 1), ("mail_dropped", 4)] {
            let recorded = format!("SELECT COUNT(*) AS count FROM audit_events WHERE event = '{event}' AND actor = 'command line'");
            assert_eq!(app.count(&recorded), times, "{event}");
        }
    }

    async fn a_rotation_of_keys_is_recorded(database) {
        let app = App::start(database).await;
        app.succeeds(&["keys", "rotate"]);
        assert_eq!(app.count("SELECT COUNT(*) AS count FROM audit_events WHERE event = 'keys_rotated'"), 1);
    }
}

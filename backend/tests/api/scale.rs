//! Administration among 100,000 accounts, letters and records. Ignored, because it says something only in a release:
//! `cargo test --release -p rekey --all-features --test api -- --ignored --nocapture scale`.

use std::io::Read;
use std::process::Stdio;
use std::time::{Duration, Instant};

use crate::support::Setup;
use crate::support::admin::Admin;
use crate::support::app::{App, json_of};
use crate::support::database::{Kind, execute};

/// The cursor of the addresses from their beginning: "e".
const BY_ADDRESS: &str = "ZQ";

const LIMIT: Duration = Duration::from_millis(50);

/// 100,000 rows for each of these, in SQL of the database's own. `{i}` counts from 0, `{hex}` is that with eight digits.
const ROWS: [&str; 3] = [
    "INSERT INTO accounts SELECT '{hex}-0000-7000-8000-000000000000', 'user{hex}', 'user{hex}',
        CASE {i} % 2 WHEN 0 THEN 'user{hex}@example.com' ELSE 'person{hex}@example.com' END,
        CASE {i} % 2 WHEN 0 THEN 'user{hex}@example.com' ELSE 'person{hex}@example.com' END,
        'A Person', CASE WHEN {i} % 30000 = 1 THEN 'admin' ELSE 'member' END, 'en', NULL, 1, '{now}', NULL, '{now}' FROM n",
    "INSERT INTO audit_events SELECT '{hex}-0000-7000-8000-000000000000', '{now}',
        CASE {i} % 10 WHEN 0 THEN 'login_failed' WHEN 1 THEN 'password_reset' ELSE 'logged_in' END,
        CASE {i} % 5 WHEN 0 THEN '00000001-0000-7000-8000-000000000000' ELSE '{hex}-0000-7000-8000-000000000000' END,
        'someone', CASE {i} % 7 WHEN 0 THEN '00000002-0000-7000-8000-000000000000' ELSE '{hex}-0000-7000-8000-000000000000' END,
        'someone', '127.0.0.1', NULL FROM n",
    "INSERT INTO mail_queue SELECT '{hex}-0000-7000-8000-000000000000', 'reset_link', NULL, NULL, 'user{hex}@example.com',
        NULL, NULL, 1, '2099-01-01 00:00:00', NULL, NULL,
        CASE WHEN {i} % 1000 = 0 THEN 'stopped' WHEN {i} % 50 = 1 THEN 'waiting' WHEN {i} % 10 = 2 THEN 'dropped' ELSE 'sent' END,
        '{now}', NULL, NULL FROM n",
];

fn fill(kind: Kind, app: &App) {
    let now = app.clock.now().format("%Y-%m-%d %H:%M:%S").to_string();
    for rows in ROWS {
        let (series, hex) = match kind {
            Kind::Sqlite => (
                "WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 99999) ",
                "printf('%08x', i)",
            ),
            Kind::Postgres => ("WITH n(i) AS (SELECT generate_series(0, 99999)) ", "lpad(to_hex(i), 8, '0')"),
        };
        let rows = rows.replace("{i}", "i").replace("{hex}", &format!("' || {hex} || '")).replace("{now}", &now);
        let rows = match kind {
            Kind::Sqlite => rows,
            // A CASE of texts is no timestamp by itself, and a literal in SELECT is none either.
            Kind::Postgres => rows
                .replace(&format!("'{now}'"), &format!("TIMESTAMP '{now}'"))
                .replace("'2099-01-01 00:00:00'", "TIMESTAMP '2099-01-01 00:00:00'"),
        };
        execute(&app.database_url, &format!("{series}{rows}"));
    }
}

/// How long the slowest of ten took.
async fn measured(admin: &Admin<'_>, what: &str, path: &str) -> Option<String> {
    let (mut times, mut next) = (Vec::new(), None);
    for _ in 0..10 {
        let started = Instant::now();
        let page = json_of(admin.gets(path).await, reqwest::StatusCode::OK).await;
        times.push(started.elapsed());
        next = page["next_cursor"].as_str().map(str::to_owned);
    }
    times.sort();
    println!("{what:42} median {:>7.1?}  slowest {:>7.1?}", times[5], times[9]);
    assert!(times[5] < LIMIT, "{what}: {times:?}");
    next
}

/// Goes through half of a list, and measures the page there.
async fn measured_in_the_middle(admin: &Admin<'_>, what: &str, path: &str, rows: usize) {
    let separator = if path.contains('?') { '&' } else { '?' };
    let mut cursor = String::new();
    for _ in 0..rows / 200 / 2 {
        let page =
            json_of(admin.gets(&format!("{path}{separator}limit=200{cursor}")).await, reqwest::StatusCode::OK).await;
        match page["next_cursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => break,
        }
    }
    measured(admin, what, &format!("{path}{separator}limit=50{cursor}")).await;
}

/// How long a command took, how much it printed, and how much memory it needed.
fn measured_command(app: &App, arguments: &[&str]) {
    let started = Instant::now();
    let mut child = app.rekey(arguments).stdout(Stdio::piped()).spawn().unwrap();
    let (mut out, mut buffer, mut bytes, mut memory) =
        (child.stdout.take().unwrap(), vec![0; 1 << 16], 0, String::new());
    loop {
        let read = out.read(&mut buffer).unwrap();
        if read == 0 {
            break;
        }
        bytes += read;
        let status = std::fs::read_to_string(format!("/proc/{}/status", child.id())).unwrap_or_default();
        if let Some(peak) = status.lines().find_map(|line| line.strip_prefix("VmHWM:")) {
            peak.trim().clone_into(&mut memory);
        }
    }
    assert!(child.wait().unwrap().success());
    println!("rekey {:36} {:>7.1?}  {bytes} bytes  {memory}", arguments.join(" "), started.elapsed());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "says something only in a release"]
async fn every_list_is_there_within_50_ms_on_sqlite() {
    every_list_is_there_within_50_ms(Kind::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "says something only in a release"]
async fn every_list_is_there_within_50_ms_on_postgres() {
    every_list_is_there_within_50_ms(Kind::Postgres).await;
}

async fn every_list_is_there_within_50_ms(database: Kind) {
    let mut app = App::start_with(database, Setup::without_mail_worker()).await;
    app.may_leave_letters = true;
    let admin = app.has_admin("zoe").await;
    fill(database, &app);
    println!("\n{database:?}");
    for analysed in [false, true] {
        if analysed && database == Kind::Sqlite {
            // Nobody does it for SQLite.
            break;
        }
        if analysed {
            execute(&app.database_url, "ANALYZE");
            println!("after ANALYZE:");
        }
        for (what, path) in [
            ("accounts, first page", "/admin/accounts"),
            ("accounts, first page of 200", "/admin/accounts?limit=200"),
            ("search that 100,000 names match", "/admin/accounts?search=user"),
            ("search that 50,000 addresses match", "/admin/accounts?search=person"),
            ("search that one account matches", "/admin/accounts?search=user0000abce"),
            ("search that nothing matches", "/admin/accounts?search=zzz"),
            ("search by the whole address", "/admin/accounts?search=person0000abcd@example.com"),
            ("letters, first page", "/admin/mail-queue"),
            ("letters sent", "/admin/mail-queue?state=sent"),
            ("letters stopped", "/admin/mail-queue?state=stopped"),
            ("letters waiting", "/admin/mail-queue?state=waiting"),
            ("events, first page", "/admin/audit-events"),
            ("events of one kind", "/admin/audit-events?event=login_failed"),
            ("events of a kind that there is not", "/admin/audit-events?event=keys_rotated"),
            ("events of one account", "/admin/audit-events?account=user0000abce"),
            ("events of an account with 14,000", "/admin/audit-events?account=user00000002"),
            ("events by an actor with 20,000", "/admin/audit-events?actor=user00000001"),
            ("events of one kind and account", "/admin/audit-events?event=login_failed&account=user0000abce"),
            ("events of a kind an account has not", "/admin/audit-events?event=keys_rotated&account=user0000abce"),
            ("events of a common kind, small account", "/admin/audit-events?event=logged_in&account=user0000abce"),
            ("events by a busy actor to one account", "/admin/audit-events?actor=user00000001&account=user0000abce"),
            (
                "events of kind, busy actor and account",
                "/admin/audit-events?event=logged_in&actor=user00000001&account=user0000abce",
            ),
        ] {
            measured(&admin, what, path).await;
        }
        for (what, path, rows) in [
            ("accounts, middle page", "/admin/accounts", 100_000),
            ("search by name, middle page", "/admin/accounts?search=user", 100_000),
            ("search by address, middle page", "/admin/accounts?search=person", 50_000),
            ("letters, middle page", "/admin/mail-queue", 100_000),
            ("letters sent, middle page", "/admin/mail-queue?state=sent", 88_000),
            ("events, middle page", "/admin/audit-events", 100_000),
            ("events of one kind, middle page", "/admin/audit-events?event=logged_in", 80_000),
            ("events by an actor, middle page", "/admin/audit-events?actor=user00000001", 20_000),
        ] {
            measured_in_the_middle(&admin, what, path, rows).await;
        }
    }
    // Beyond the last name, where a page looks among addresses that were shown by name already.
    measured(
        &admin,
        "search, addresses shown by name",
        &format!("/admin/accounts?search=user&limit=200&cursor={BY_ADDRESS}"),
    )
    .await;
    for (what, path) in [("demote an administrator", "role"), ("disable", "disabled")] {
        let change = if path == "role" {
            serde_json::json!({ "role": "member" })
        } else {
            serde_json::json!({ "disabled": true })
        };
        let started = Instant::now();
        json_of(admin.changes("00007531-0000-7000-8000-000000000000", change).await, reqwest::StatusCode::OK).await;
        println!("{what:42} {:>7.1?}", started.elapsed());
    }
    let started = Instant::now();
    assert_eq!(admin.deletes("/admin/accounts/00000002-0000-7000-8000-000000000000").await.status(), 204);
    println!("{:42} {:>7.1?}", "delete an account", started.elapsed());
    measured_command(&app, &["account", "list", "--json"]);
    measured_command(&app, &["account", "list"]);
    measured_command(&app, &["account", "list", "--search", "person"]);
    measured_command(&app, &["mail", "list", "--json"]);
    measured_command(&app, &["mail", "retry", "--all"]);
    measured_command(&app, &["mail", "purge"]);
}

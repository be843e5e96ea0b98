//! A database that is away, goes away, is another than it should be: each is told, and what passes is outlived.

use std::time::Duration;

use diesel::connection::{Connection as _, SimpleConnection as _};
use diesel::pg::PgConnection;
use reqwest::{Response, StatusCode};
use serde_json::json;

use crate::support::app::{App, assert_problem};
use crate::support::database::{self, Kind};
use crate::support::mail_server::{Fault, Step};
use crate::support::metrics::{MetricsPage, free_port};
use crate::support::postgres::{Postgres, Stop};
use crate::support::process::Site;
use crate::support::{Setup, eventually, on_both_databases};

const ANN: &str = "ann@example.com";

async fn is_ready(site: &Site) -> bool {
    site.gets("/health/ready").await == Some(StatusCode::OK)
}

async fn becomes_ready(site: &Site) {
    eventually("a server that is ready", async || is_ready(site).await.then_some(())).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_waits_for_a_database_that_is_away_at_its_start() {
    let postgres = Postgres::new();
    let site = Site::on(postgres.url()).await;
    let _server = site.serves_at_once(&[]);
    eventually("a server that lives", async || (site.gets("/health/live").await == Some(StatusCode::OK)).then_some(()))
        .await;
    assert_eq!(site.gets("/health/ready").await, Some(StatusCode::SERVICE_UNAVAILABLE));
    let refused = site.posts("/password-reset/request", &json!({ "email": ANN })).await.unwrap();
    assert_eq!(refused.status(), StatusCode::SERVICE_UNAVAILABLE);
    assert!(refused.headers().contains_key("retry-after"));
    postgres.start();
    becomes_ready(&site).await;
    site.has_account("ann", ANN);
    assert_eq!(site.asks_for_reset(ANN).await, Some(StatusCode::ACCEPTED));
    site.letter_to(ANN, 1).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_database_that_comes_and_is_newer_ends_the_server_as_at_its_start() {
    let postgres = Postgres::new();
    postgres.start();
    let site = Site::on(postgres.url()).await;
    assert!(site.ends(&["migrate"]).status.success());
    database::execute(&postgres.url(), "INSERT INTO __diesel_schema_migrations (version) VALUES ('20990101000000')");
    postgres.stop(Stop::Fast);
    let mut server = site.serves_at_once(&[]);
    eventually("a server that lives", async || (site.gets("/health/live").await == Some(StatusCode::OK)).then_some(()))
        .await;
    postgres.start();
    assert_eq!(server.ends().await, Some(1));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_outlives_its_database_and_loses_no_letter() {
    let postgres = Postgres::new();
    postgres.start();
    let site = Site::on(postgres.url()).await;
    let _server = site.serves(None, 0).await;
    site.has_account("ann", ANN);
    for (number, how) in [(1, Stop::Fast), (2, Stop::Immediate)] {
        assert_eq!(site.asks_for_reset(ANN).await, Some(StatusCode::ACCEPTED));
        postgres.stop(how);
        let refused = site.posts("/password-reset/request", &json!({ "email": ANN })).await.unwrap();
        assert_eq!(refused.status(), StatusCode::SERVICE_UNAVAILABLE, "{how:?}");
        assert!(refused.headers().contains_key("retry-after"));
        assert_eq!(site.gets("/health/live").await, Some(StatusCode::OK));
        assert!(!is_ready(&site).await);
        postgres.start();
        becomes_ready(&site).await;
        site.letter_to(ANN, number).await;
    }
}

/// The answer to a request, while the server has to show all the time that it lives.
async fn answer_of_a_living_server(site: &Site, request: impl Future<Output = Option<Response>>) -> Response {
    let mut request = std::pin::pin!(request);
    loop {
        let looks = async {
            tokio::time::sleep(Duration::from_millis(50)).await;
            site.gets("/health/live").await
        };
        tokio::select! {
            answer = &mut request => return answer.unwrap(),
            live = looks => assert_eq!(live, Some(StatusCode::OK)),
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_sqlite_file_that_another_process_holds_is_waited_for_a_while() {
    let site = Site::new(Kind::Sqlite).await;
    site.has_account("ann", ANN);
    let _server = site.serves(None, 0).await;
    let backup_tool = database::hold(&site.database_url);
    let request = json!({ "email": ANN });
    let refused = answer_of_a_living_server(&site, site.posts("/password-reset/request", &request)).await;
    assert_eq!(refused.status(), StatusCode::SERVICE_UNAVAILABLE);
    assert!(refused.headers().contains_key("retry-after"));
    drop(backup_tool);
    assert_eq!(site.asks_for_reset(ANN).await, Some(StatusCode::ACCEPTED));
    site.letter_to(ANN, 1).await;
    assert_eq!(site.count("SELECT COUNT(*) AS count FROM mail_queue"), 1, "what was refused promises nothing");
}

/// Set so for the server, the database or the role, perhaps for others that use them.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_answer_is_on_disk_also_where_the_server_commits_without_waiting() {
    let postgres = Postgres::new();
    let lazy = ["synchronous_commit=off", "wal_writer_delay=10s"];
    postgres.start_with(&lazy);
    let site = Site::on(postgres.url()).await;
    let _server = site.serves_at_once(&["--no-mail-worker"]);
    becomes_ready(&site).await;
    site.has_account("ann", ANN);
    assert_eq!(site.asks_for_reset(ANN).await, Some(StatusCode::ACCEPTED));
    postgres.stop(Stop::Immediate);
    postgres.start_with(&lazy);
    assert_eq!(site.count("SELECT COUNT(*) AS count FROM mail_queue"), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_outlives_a_full_disk_and_loses_no_letter() {
    let site = Site::new(Kind::Sqlite).await;
    let server = site.serves_on_a_small_disk().await;
    site.has_account("ann", ANN);
    site.mail.set_fault(Some((Step::Greeting, Fault::Say("421 later"))));
    assert_eq!(site.asks_for_reset(ANN).await, Some(StatusCode::ACCEPTED));
    server.may_write_files_of("4096");
    eventually("no more room", async || {
        (site.asks_for_reset(ANN).await == Some(StatusCode::SERVICE_UNAVAILABLE)).then_some(())
    })
    .await;
    assert_eq!(site.gets("/health/live").await, Some(StatusCode::OK));
    site.mail.set_fault(None);
    server.may_write_files_of("unlimited");
    assert_eq!(site.asks_for_reset(ANN).await, Some(StatusCode::ACCEPTED));
    site.letter_to(ANN, 2).await;
}

/// Here the disk is full, and the machine Italian. What is wrong with a statement is told as before, by its place.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_fault_that_passes_is_known_in_every_language() {
    let mut app = App::start_with(Kind::Postgres, Setup::without_mail_worker()).await;
    app.may_leave_letters = true;
    let full = "non è stato possibile estendere il file \"base/1/2\": Spazio esaurito sul device";
    let raise = format!("BEGIN RAISE EXCEPTION USING MESSAGE = '{full}', ERRCODE = '53100'; END");
    database::execute(
        &app.database_url,
        &format!(
            "CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS $$ {raise} $$;
             CREATE TRIGGER full_disk BEFORE INSERT ON mail_queue FOR EACH ROW EXECUTE FUNCTION full_disk()"
        ),
    );
    let together = tokio::join!(app.asks_for_reset(ANN), app.asks_for_reset(ANN), app.asks_for_reset(ANN));
    for refused in <[_; 3]>::from(together) {
        assert!(refused.headers().contains_key("retry-after"));
        assert_problem(refused, 503, "unavailable").await;
    }
    database::execute(&app.database_url, "DROP TRIGGER full_disk ON mail_queue");
    assert_eq!(app.asks_for_reset(ANN).await.status(), StatusCode::ACCEPTED);
    database::execute(&app.database_url, "ALTER TABLE mail_queue RENAME TO gone");
    assert_problem(app.asks_for_reset(ANN).await, 500, "internal").await;
    database::execute(&app.database_url, "ALTER TABLE gone RENAME TO mail_queue");
}

/// With nobody but the worker to find out: a connection that fails in its hand is not the next one that it is given.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_mail_worker_gets_over_connections_that_were_cut_while_it_waited() {
    let postgres = Postgres::new();
    postgres.start();
    let site = Site::on(postgres.url()).await;
    assert!(site.ends(&["migrate"]).status.success());
    let port = free_port();
    let _worker = site.starts_command(&["mail-worker", "--metrics-listen", &format!("127.0.0.1:{port}")]);
    let metrics = MetricsPage::on(port);
    metrics.becomes("rekey_database_up", 1).await;
    let waiting = "SELECT COUNT(*) AS count FROM pg_stat_activity WHERE wait_event_type = 'Lock'";
    for round in 1..=3 {
        let mut holder = PgConnection::establish(&postgres.url()).unwrap();
        holder.batch_execute("BEGIN; LOCK TABLE mail_queue").unwrap();
        eventually("a worker that waits", async || (site.count(waiting) == 1).then_some(())).await;
        // The page of figures asks by another connection, which has not prepared what the worker asks.
        eventually("two that wait", async || {
            metrics.read().await;
            (site.count(waiting) == 2).then_some(())
        })
        .await;
        let cut = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE wait_event_type = 'Lock'";
        holder.batch_execute(&format!("{cut}; COMMIT")).unwrap();
        let user = format!("ann{round}");
        let email = format!("{user}@example.com");
        site.has_account_with(&user, &email, &["--mail-password"]);
        site.letter_to(&email, 1).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_database_that_will_never_be_there_is_told_in_a_sentence() {
    let postgres = Postgres::new();
    postgres.start();
    let latin = database::create_in_latin();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("a file");
    std::fs::write(
        &file,
        "no database, and longer than the hundred bytes that SQLite looks at before it says so ".repeat(9),
    )
    .unwrap();
    for (url, exit, said) in [
        (postgres.url_of("postgres", "nothing_here"), 1, "database \"nothing_here\" does not exist"),
        (postgres.url_of("nobody", "postgres"), 1, "role \"nobody\" does not exist"),
        (latin.to_string(), 1, "it keeps text as LATIN1, which has not all letters"),
        (format!("sqlite://{}", folder.path().display()), 1, "unable to open database file"),
        (format!("sqlite://{}", file.display()), 1, "file is not a database"),
        ("mysql://localhost/rekey".to_owned(), 2, "a database URL starts with sqlite:// or postgres://"),
    ] {
        let site = Site::on(url.clone()).await;
        let output = site.ends(&["serve"]);
        let sentence = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(exit), "{url}: {sentence}");
        assert!(sentence.contains(said), "{url}: {sentence}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn both_databases_have_the_same_tables() {
    let (sqlite, postgres) = (App::start(Kind::Sqlite).await, App::start(Kind::Postgres).await);
    let columns = database::columns(&sqlite.database_url);
    assert!(columns.len() > 80, "{columns:?}");
    assert_eq!(columns, database::columns(&postgres.database_url));
}

on_both_databases! {
    async fn a_database_of_a_newer_rekey_is_left_alone(database) {
        let mut app = App::start(database).await;
        app.may_leave_letters = true;
        database::execute(&app.database_url, "INSERT INTO __diesel_schema_migrations (version) VALUES ('20990101000000')");
        for command in [&["migrate"][..], &["account", "list"], &["serve"]] {
            let output = app.rekey(command).env("REKEY_LISTEN", "127.0.0.1:0").output().unwrap();
            let sentence = String::from_utf8_lossy(&output.stderr).into_owned();
            assert_eq!(output.status.code(), Some(1), "{command:?}: {sentence}");
            assert!(sentence.contains("a newer Rekey has changed it (migration 20990101000000)"), "{sentence}");
        }
    }

    async fn eight_migrations_at_once_make_one_schema(database) {
        let site = Site::new(database).await;
        let mut migrations: Vec<_> = (0..8).map(|_| site.starts_command(&["migrate"])).collect();
        for migration in &mut migrations {
            migration.ends_well().await;
        }
        let known = std::fs::read_dir("migrations").unwrap().count();
        let applied = site.count("SELECT COUNT(*) AS count FROM __diesel_schema_migrations");
        assert_eq!(usize::try_from(applied).unwrap(), known);
    }
}

//! Where the operator's monitoring asks: nothing else is there, and there always is an answer.

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use reqwest::{Method, StatusCode};
use serde_json::json;

use crate::support::app::{App, OWN_PASSWORD, assert_problem};
use crate::support::database::Kind;
use crate::support::metrics::{MetricsPage, free_port};
use crate::support::on_both_databases;
use crate::support::postgres::{Postgres, Stop};
use crate::support::process::Site;

const ANN: &str = "ann@example.com";

on_both_databases! {
    async fn it_serves_the_numbers_and_nothing_else(database) {
        let app = App::start(database).await;
        let page = app.metrics.asks(Method::GET, "/metrics").await;
        assert_eq!(page.status(), StatusCode::OK);
        assert_eq!(page.headers()["content-type"], "text/plain; version=0.0.4");
        assert_eq!(page.headers()["cache-control"], "no-store");
        let version = format!(r#"rekey_build_info{{version="{}"}} 1"#, env!("CARGO_PKG_VERSION"));
        assert!(page.text().await.unwrap().lines().any(|line| line == version));
        assert_eq!(app.metrics.asks(Method::HEAD, "/metrics").await.status(), StatusCode::OK);
        for (path, _) in rekey::ROUTES.iter().chain(&[("/", ""), ("/metrics/", ""), ("/metrics/more", "")]) {
            assert_problem(app.metrics.asks(Method::GET, path).await, 404, "not_found").await;
        }
        for method in [Method::POST, Method::PUT, Method::PATCH, Method::DELETE, Method::OPTIONS] {
            let refused = app.metrics.asks(method, "/metrics").await;
            assert_eq!(refused.headers()["allow"], "GET, HEAD");
            assert_problem(refused, 405, "method_not_allowed").await;
        }
        assert_problem(app.request(Method::GET, "/metrics").send().await.unwrap(), 404, "not_found").await;
        let page = app.request(Method::GET, "/metrics").header("accept", "text/html").send().await.unwrap();
        assert_eq!(page.status(), StatusCode::NOT_FOUND);
    }

    async fn a_port_that_is_taken_is_told_in_a_sentence(database) {
        let app = App::start(database).await;
        let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let address = taken.local_addr().unwrap().to_string();
        for command in ["serve", "mail-worker"] {
            let output = app.rekey(&[command]).env("REKEY_LISTEN", "127.0.0.1:0").env("REKEY_METRICS_LISTEN", &address).output().unwrap();
            let sentence = String::from_utf8_lossy(&output.stderr).into_owned();
            assert_eq!(output.status.code(), Some(1), "{command}: {sentence}");
            let expected = format!("cannot listen on {address} for the monitoring (REKEY_METRICS_LISTEN)");
            assert!(sentence.contains(&expected), "{command}: {sentence}");
        }
    }

    async fn a_mail_worker_tells_its_own_numbers_and_ends_with_its_listener(database) {
        let site = Site::new(database).await;
        site.has_account("ann", ANN);
        let instance = site.instance(&[]).await;
        let port = free_port();
        let mut worker = site.mail_worker(&[("REKEY_METRICS_LISTEN", &format!("127.0.0.1:{port}"))]);
        let metrics = MetricsPage::on(port);
        assert_eq!(instance.door.asks_for_reset(ANN).await, StatusCode::ACCEPTED);
        let sent = r#"rekey_mail_letters_total{kind="reset_link",outcome="sent"}"#;
        let now = metrics.becomes(sent, 1).await;
        assert_eq!(now.value(r#"rekey_password_reset_requests_total{result="ok"}"#), 0, "that was the other one");
        assert_eq!(worker.is_told_to_stop().await, Some(0));
        assert!(metrics.read_if_there().await.is_none());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn it_answers_also_while_the_database_is_away() {
    let postgres = Postgres::new();
    let site = Site::on(postgres.url()).await;
    let port = free_port();
    let metrics = MetricsPage::on(port);
    let mut server = site.serves_at_once(&["--metrics-listen", &format!("127.0.0.1:{port}")]);
    let (up, due) = ("rekey_database_up", r#"rekey_mail_queue_letters{state="due"}"#);
    let away = metrics.becomes(up, 0).await;
    assert_eq!(away.find(due), None, "nobody knows");
    postgres.start();
    metrics.becomes(up, 1).await.value(due);
    assert_eq!(site.asks_for_reset(ANN).await, Some(StatusCode::ACCEPTED));
    postgres.stop(Stop::Immediate);
    assert_eq!(metrics.becomes(up, 0).await.find(due), None, "an old number would look like a new one");
    assert_eq!(site.asks_for_reset(ANN).await, Some(StatusCode::SERVICE_UNAVAILABLE));
    let refused = r#"rekey_password_reset_requests_total{result="unavailable"}"#;
    assert_eq!(metrics.read().await.value(refused), 1);
    postgres.start();
    metrics.becomes(up, 1).await.value(due);
    assert_eq!(server.is_told_to_stop().await, Some(0));
    assert!(metrics.read_if_there().await.is_none());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn it_answers_also_while_everything_else_waits() {
    let app = App::start(Kind::Postgres).await;
    app.has_account("ann", ANN);
    let mut holder = PgConnection::establish(&app.database_url).unwrap();
    holder.batch_execute("BEGIN; LOCK TABLE accounts").unwrap();
    let logins: Vec<_> = (0..20)
        .map(|_| {
            let login = app.request(Method::POST, "/login").json(&json!({ "user": "ann", "password": OWN_PASSWORD }));
            tokio::spawn(async move { login.send().await.unwrap().status() })
        })
        .collect();
    let (in_use, most) = ("rekey_database_connections_in_use", 8);
    // One is kept for those who ask how the database is.
    let busy = app.metrics.becomes(in_use, most - 1).await;
    assert_eq!(busy.value("rekey_database_connections_max"), most);
    app.metrics.becomes("rekey_http_requests_in_flight", 20).await;
    app.metrics.becomes("rekey_database_up", 0).await;
    let waiting = app.metrics.becomes("rekey_hashes_waiting", 20).await;
    assert_eq!(waiting.value("rekey_hashes_running"), 0);
    holder.batch_execute("ROLLBACK").unwrap();
    for login in logins {
        // Some have waited for a connection for too long.
        assert!(matches!(login.await.unwrap(), StatusCode::OK | StatusCode::SERVICE_UNAVAILABLE));
    }
    app.metrics.becomes("rekey_http_requests_in_flight", 0).await;
    app.metrics.becomes("rekey_database_up", 1).await;
    app.metrics.becomes("rekey_hashes_waiting", 0).await;
}

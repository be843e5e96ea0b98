//! What is logged of a request has the id that its answer had, on whatever thread it was.

use reqwest::{Method, Response, StatusCode};
use serde_json::{Value, json};

use crate::support::app::json_of;
use crate::support::database::{Kind, execute};
use crate::support::on_both_databases;
use crate::support::process::Site;

const REFRESH: &str = "/session/refresh";

/// What a person would tell the operator.
async fn id_of(answer: Response, status: StatusCode) -> String {
    let id = json_of(answer, status).await["request_id"].as_str().unwrap().to_owned();
    // One that is counted or sorts by time tells strangers what else was done at the time.
    assert_eq!(id.as_bytes()[14], b'4', "a random UUID: {id}");
    id
}

/// The log in this form of a server's whole life, and what was provoked in it.
async fn logged_as(format: &str, database: Kind) -> (String, [(&'static str, String); 3]) {
    let site = Site::new(database).await;
    let mut server = site.serves_and_logs_as(format).await;
    let provoked = provoke(&site).await;
    assert_eq!(server.is_told_to_stop().await, Some(0));
    (String::from_utf8(site.log()).unwrap(), provoked)
}

/// Provokes one line by the thread that answers, one by a thread that writes, and one after a fault; each with the id that
/// it has to have.
async fn provoke(site: &Site) -> [(&'static str, String); 3] {
    let password = site.has_account("ann", "ann@example.com");
    let answer = site.posts("/login", &json!({ "user": "ann", "password": password })).await.unwrap();
    let mut tokens = json_of(answer, StatusCode::OK).await;
    let first = tokens["refresh_token"].clone();
    let forbidden = site.calls(tokens["access_token"].as_str(), Method::GET, "/admin/accounts", &json!({})).await;
    let forbidden = id_of(forbidden, StatusCode::FORBIDDEN).await;
    for _ in 0..2 {
        let answer = site.posts(REFRESH, &json!({ "refresh_token": tokens["refresh_token"] })).await.unwrap();
        tokens = json_of(answer, StatusCode::OK).await;
    }
    let reused = site.posts(REFRESH, &json!({ "refresh_token": first })).await.unwrap();
    let reused = id_of(reused, StatusCode::UNAUTHORIZED).await;
    execute(&site.database_url, "ALTER TABLE accounts RENAME TO gone");
    let failed = site.posts("/login", &json!({ "user": "ann", "password": password })).await.unwrap();
    let failed = id_of(failed, StatusCode::INTERNAL_SERVER_ERROR).await;
    [("request.forbidden", forbidden), ("session.refresh_token_reused", reused), ("request.failed", failed)]
}

on_both_databases! {
    async fn a_line_for_machines_has_the_id_and_where_it_was(database) {
        let (log, provoked) = logged_as("json", database).await;
        let lines: Vec<Value> = log.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        let of = |event: &str| lines.iter().find(|line| line["message"] == event).unwrap();
        for (event, id) in provoked {
            assert_eq!(of(event)["request.id"], id, "{event}");
        }
        for (event, method, route) in [("request.forbidden", "GET", "/admin/accounts"), ("request.failed", "POST", "/login")] {
            assert_eq!((&of(event)["http.method"], &of(event)["http.route"]), (&json!(method), &json!(route)), "{event}");
        }
        // What nobody asked for has none.
        assert_eq!(of("server.listening")["request.id"], Value::Null);
    }

    async fn a_line_for_people_ends_with_the_id(database) {
        let (log, provoked) = logged_as("text", database).await;
        for (event, id) in provoked {
            let line = log.lines().find(|line| line.contains(event)).unwrap();
            assert!(line.ends_with(&format!(" request.id={id}")), "{line}");
        }
        let begun = log.lines().find(|line| line.contains("server.listening")).unwrap();
        assert!(!begun.contains("request.id"), "{begun}");
    }
}

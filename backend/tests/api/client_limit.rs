//! Requests per client: who is one, and who is believed about it.

use reqwest::Method;
use serde_json::json;

use crate::support::app::{App, assert_problem};
use crate::support::database::Kind;
use crate::support::{Setup, on_both_databases};

async fn start(database: Kind, flags: &[&str]) -> App {
    App::start_with(database, Setup::with(&[&["--client-requests-per-minute=2"], flags].concat())).await
}

/// Behind a proxy on this machine.
async fn behind_a_proxy(database: Kind) -> App {
    start(database, &["--trusted-proxies=127.0.0.0/8,::1,10.0.0.0/8"]).await
}

/// Asks with these fields, each line of them by itself.
async fn ask(app: &App, fields: &[(&str, &str)]) -> u16 {
    let request = app.request(Method::POST, "/password-reset/request").json(&json!({ "email": "nobody@example.com" }));
    let request = fields.iter().fold(request, |request, (name, value)| request.header(*name, *value));
    request.send().await.unwrap().status().as_u16()
}

const LIST: &str = "X-Forwarded-For";
const FORWARDED: &str = "Forwarded";

on_both_databases! {
    async fn whoever_asks_too_often_is_told_when_to_come_back(database) {
        let app = start(database, &[]).await;
        for _ in 0..2 {
            assert_eq!(ask(&app, &[]).await, 202);
        }
        let body = json!({ "user": "ann", "password": "wrong" });
        let confirmation = json!({ "token": "AAAAAAAAAAAAAAAAAAAAAAAA" });
        let request = json!({ "name": "Ann", "email": "ann@example.com" });
        let reset = json!({ "email": "ann@example.com" });
        // One count for all that needs no session.
        for (path, body) in [
            ("/login", &body), ("/password-reset/request", &reset), ("/password-reset/confirm", &confirmation),
            ("/me/email/confirm", &confirmation), ("/credential-requests", &request),
        ] {
            let refused = app.posts(path, body).await;
            let seconds: u64 = refused.headers()["retry-after"].to_str().unwrap().parse().unwrap();
            assert!((1..=30).contains(&seconds), "{path}: {seconds}");
            assert_problem(refused, 429, "too_many_requests").await;
        }
    }

    async fn a_stranger_who_says_to_be_somebody_else_is_not_believed(database) {
        let app = start(database, &["--trusted-proxies=10.0.0.0/8"]).await;
        let mut answers = Vec::new();
        for number in 0..4 {
            let (invented, forwarded) = (format!("10.0.0.1, 198.51.100.{number}"), format!("for=198.51.100.{number}"));
            answers.push(ask(&app, &[(LIST, &invented), (FORWARDED, &forwarded), ("X-Real-IP", "198.51.100.9")]).await);
        }
        assert_eq!(answers, [202, 202, 429, 429]);
    }

    async fn behind_a_trusted_proxy_each_client_is_counted_by_itself(database) {
        let app = behind_a_proxy(database).await;
        for client in ["198.51.100.1", "198.51.100.2", "2001:db8:0:1::1", "2001:db8:0:2::1"] {
            for expected in [202, 202, 429] {
                assert_eq!(ask(&app, &[(LIST, client)]).await, expected, "{client}");
            }
        }
        for client in ["198.51.100.11", "198.51.100.12:4711", "[2001:db8:1:1::1]", "[2001:db8:1:2::1]:443"] {
            for expected in [202, 202, 429] {
                let forwarded = format!("proto=https;for=\"{client}\"");
                assert_eq!(ask(&app, &[(FORWARDED, &forwarded)]).await, expected, "{client}");
            }
        }
    }

    async fn a_customers_ipv6_network_is_one_client(database) {
        let app = behind_a_proxy(database).await;
        for (address, expected) in [("2001:db8:0:1::1", 202), ("2001:db8:0:1:ffff::2", 202), ("2001:db8:0:1:8000::3", 429)] {
            assert_eq!(ask(&app, &[(LIST, address)]).await, expected, "{address}");
        }
        // The same network, by the other field.
        assert_eq!(ask(&app, &[(FORWARDED, "for=\"[2001:db8:0:1:4::4]\"")]).await, 429);
    }

    async fn what_a_client_writes_left_of_the_proxys_word_changes_nothing(database) {
        let app = behind_a_proxy(database).await;
        for (name, real, invented) in [
            (LIST, "198.51.100.1", ["1.1.1.1", "1.1.1.2, 10.0.0.9", "unknown", "\"", "1.1.1.3,,"]),
            (FORWARDED, "for=198.51.100.2", ["for=1.1.1.1", "for=1.1.1.2, for=10.0.0.9", "for=\"", "for=_x", "for=1.1.1.3, x=\"\\"]),
        ] {
            for (number, invented) in invented.into_iter().enumerate() {
                let expected = if number < 2 { 202 } else { 429 };
                // In one line, as most proxies do, and each in its own; a second proxy behind it.
                assert_eq!(ask(&app, &[(name, &format!("{invented}, {real}"))]).await, expected, "{invented}");
                if expected == 429 {
                    assert_eq!(ask(&app, &[(name, invented), (name, real)]).await, 429, "{invented}");
                    let inner = real.replace("198.51.100.1", "10.0.0.2").replace("198.51.100.2", "10.0.0.2");
                    assert_eq!(ask(&app, &[(name, invented), (name, real), (name, &inner)]).await, 429, "{invented}");
                }
            }
        }
    }

    async fn whoever_invents_the_field_that_the_proxy_passes_on_gains_nothing(database) {
        let app = behind_a_proxy(database).await;
        let mut answers = Vec::new();
        for number in 0..2 {
            let invented = format!("203.0.113.{number}");
            answers.push(ask(&app, &[(LIST, &format!("198.51.100.{number}")), (FORWARDED, &format!("for={invented}"))]).await);
            answers.push(ask(&app, &[(LIST, &invented), (FORWARDED, &format!("for=198.51.100.{number}"))]).await);
        }
        assert_eq!(answers, [202, 202, 429, 429], "all of them are the proxy's address");
        // Nobody whom they named is any the worse for it.
        assert_eq!(ask(&app, &[(LIST, "203.0.113.0")]).await, 202);
        assert_eq!(ask(&app, &[(LIST, "198.51.100.0")]).await, 202);
    }
}

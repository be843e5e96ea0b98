//! What the operator's monitoring reads, and who else does not.

use std::collections::BTreeMap;
use std::time::Duration;

use reqwest::{Method, StatusCode};
use serde_json::json;

use crate::support::app::{App, OWN_PASSWORD, assert_problem};
use crate::support::mail_server::{Fault, Step};
use crate::support::{Setup, eventually, on_both_databases};

const ANN: &str = "ann@example.com";

on_both_databases! {
    async fn a_journey_moves_the_counters_that_it_should_and_no_other(database) {
        let app = App::start(database).await;
        app.has_account("ann", ANN);
        let before = app.metrics.read().await;
        app.logs_in("ann", "a wrong password").await;
        app.asks_for_reset(ANN).await;
        app.asks_for_reset("stranger@example.com").await;
        let link = app.letter_to(ANN, 1).await.token();
        assert_eq!(app.confirms(&link).await.status(), StatusCode::OK);
        assert_problem(app.confirms(&link).await, 410, "reset_link_used").await;
        assert_problem(app.confirms("no such link").await, 404, "reset_link_unknown").await;
        let password = app.letter_to(ANN, 2).await.password();
        let token = app.access_token("ann", &password).await;
        assert_eq!(app.changes_password(&token, &password, OWN_PASSWORD).await.status(), StatusCode::OK);
        app.letter_to(ANN, 3).await;
        app.all_letters_are_settled().await;
        let token = app.access_token("ann", OWN_PASSWORD).await;
        app.request(Method::POST, "/logout").bearer_auth(token).send().await.unwrap();
        let now = app.metrics.read().await;
        let expected = BTreeMap::from([
            (r#"rekey_logins_total{result="invalid_credentials"}"#, 1.0),
            (r#"rekey_logins_total{result="mailed_password"}"#, 1.0),
            (r#"rekey_logins_total{result="ok"}"#, 1.0),
            (r#"rekey_mail_letters_total{kind="new_password",outcome="sent"}"#, 1.0),
            (r#"rekey_mail_letters_total{kind="password_changed",outcome="sent"}"#, 1.0),
            (r#"rekey_mail_letters_total{kind="reset_link",outcome="sent"}"#, 1.0),
            (r#"rekey_mail_replies_total{code="250"}"#, 3.0),
            ("rekey_mail_unknown_addresses_total", 1.0),
            (r#"rekey_password_changes_total{result="ok"}"#, 1.0),
            (r#"rekey_password_reset_requests_total{result="ok"}"#, 2.0),
            (r#"rekey_password_resets_total{result="ok"}"#, 1.0),
            (r#"rekey_password_resets_total{result="reset_link_unknown"}"#, 1.0),
            (r#"rekey_password_resets_total{result="reset_link_used"}"#, 1.0),
            (r#"rekey_sessions_begun_total{kind="token"}"#, 3.0),
            (r#"rekey_sessions_ended_total{by="logout"}"#, 1.0),
        ]);
        assert_eq!(now.counted_since(&before), expected);
        assert!(app.metrics.read().await.counted_since(&now).is_empty(), "reading counts nothing");
        let hashes = now.value("rekey_hash_duration_seconds_count") - before.value("rekey_hash_duration_seconds_count");
        assert_eq!((hashes, now.value("rekey_hash_wait_seconds_count")), (5.0, 5.0));
        for (route, status, number) in [("/login", "2xx", 2.0), ("/login", "4xx", 1.0), ("/password-reset/confirm", "4xx", 2.0)] {
            let series = format!(r#"rekey_http_request_duration_seconds_count{{method="POST",route="{route}",status="{status}"}}"#);
            assert_eq!(now.value(&series), number, "{series}");
        }
        println!("{}", now.text);
    }
}

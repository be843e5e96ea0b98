//! What the operator's monitoring reads: what people do, what letters become, who runs into which limit.

use std::collections::BTreeMap;
use std::time::Duration;

use reqwest::{Method, StatusCode};
use serde_json::json;

use crate::support::app::{App, OWN_PASSWORD, assert_problem, browser_logs_in, json_of};
use crate::support::database::execute;
use crate::support::mail_server::{Fault, Step};
use crate::support::{Setup, on_both_databases};

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
            (r#"rekey_logins_total{result="invalid_credentials"}"#, 1),
            (r#"rekey_logins_total{result="mailed_password"}"#, 1),
            (r#"rekey_logins_total{result="ok"}"#, 1),
            (r#"rekey_mail_letters_total{kind="new_password",outcome="sent"}"#, 1),
            (r#"rekey_mail_letters_total{kind="password_changed",outcome="sent"}"#, 1),
            (r#"rekey_mail_letters_total{kind="reset_link",outcome="dropped"}"#, 1),
            (r#"rekey_mail_letters_total{kind="reset_link",outcome="sent"}"#, 1),
            (r#"rekey_mail_replies_total{code="250"}"#, 3),
            ("rekey_mail_unknown_addresses_total", 1),
            (r#"rekey_password_changes_total{result="ok"}"#, 1),
            (r#"rekey_password_reset_requests_total{result="ok"}"#, 2),
            (r#"rekey_password_resets_total{result="ok"}"#, 1),
            (r#"rekey_password_resets_total{result="reset_link_unknown"}"#, 1),
            (r#"rekey_password_resets_total{result="reset_link_used"}"#, 1),
            (r#"rekey_sessions_begun_total{kind="token"}"#, 3),
            (r#"rekey_sessions_ended_total{by="logout"}"#, 1),
        ]);
        assert_eq!(now.counted_since(&before), expected);
        assert!(app.metrics.read().await.counted_since(&now).is_empty(), "reading counts nothing");
        let hashes = now.value("rekey_hash_duration_seconds_count") - before.value("rekey_hash_duration_seconds_count");
        assert_eq!((hashes, now.value("rekey_hash_wait_seconds_count")), (5, 5));
        for (route, status, number) in [("/login", "2xx", 2), ("/login", "4xx", 1), ("/password-reset/confirm", "4xx", 2)] {
            let series = format!(r#"rekey_http_request_duration_seconds_count{{method="POST",route="{route}",status="{status}"}}"#);
            assert_eq!(now.value(&series), number, "{series}");
        }
    }

    async fn what_the_mail_server_says_is_counted_by_its_code(database) {
        let app = App::start(database).await;
        app.has_account("ann", ANN);
        let letters = |outcome: &str| format!(r#"rekey_mail_letters_total{{kind="reset_link",outcome="{outcome}"}}"#);
        let replies = |code: &str| format!(r#"rekey_mail_replies_total{{code="{code}"}}"#);
        for (step, fault, outcome, code) in [
            (Step::RcptTo, Fault::Say("550 5.1.1 no such mailbox"), "stopped", "550"),
            (Step::Taken, Fault::Say("552 5.3.4 too large"), "stopped", "552"),
            (Step::RcptTo, Fault::Say("450 4.2.1 mailbox busy"), "retried", "450"),
        ] {
            let before = app.metrics.read().await;
            app.mail.set_fault(Some((step, fault)));
            app.asks_for_reset(ANN).await;
            let now = app.metrics.becomes_such(&replies(code), |number| number >= 1).await;
            assert_eq!(now.value(&letters("sent")), before.value(&letters("sent")));
            let counted = app.metrics.becomes_such(&letters(outcome), |number| number > before.value(&letters(outcome))).await;
            assert_eq!(counted.value(&replies("250")), 0, "{code}");
            app.mail.set_fault(None);
            app.wait(Duration::from_secs(20));
            app.all_letters_are_settled().await;
            if outcome == "retried" {
                app.metrics.becomes(&letters("sent"), 1).await;
            }
        }
        app.mail.set_fault(Some((Step::RcptTo, Fault::Close)));
        app.asks_for_reset(ANN).await;
        app.metrics.becomes_such(&replies("none"), |number| number >= 1).await;
        for (step, reply, label) in [
            (Step::Greeting, "554 no", "greeting"),
            (Step::Ehlo, "502 no", "ehlo"),
            (Step::MailFrom, "550 5.7.1 sender refused", "sender"),
        ] {
            app.mail.set_fault(Some((step, Fault::Say(reply))));
            app.wait(Duration::from_mins(1));
            app.asks_for_reset(ANN).await;
            let series = format!(r#"rekey_mail_server_faults_total{{step="{label}"}}"#);
            app.metrics.becomes_such(&series, |number| number >= 1).await;
        }
        app.mail.set_fault(None);
        app.wait(Duration::from_mins(1));
    }

    async fn the_queue_grows_and_ages_while_the_mail_server_is_away(database) {
        let mut app = App::start(database).await;
        app.has_account("ann", ANN);
        let (due, age) = (r#"rekey_mail_queue_letters{state="due"}"#, "rekey_mail_queue_oldest_due_seconds");
        let idle = app.metrics.becomes(due, 0).await;
        assert_eq!((idle.value(age), idle.value("rekey_mail_queue_oldest_waiting_seconds")), (0, 0));
        app.mail.stop();
        for _ in 0..2 {
            app.asks_for_reset(ANN).await;
        }
        app.metrics.becomes(due, 2).await;
        app.wait(Duration::from_hours(1));
        let away = app.metrics.becomes_such(age, |seconds| seconds >= 3600).await;
        assert!(away.value("rekey_mail_queue_oldest_waiting_seconds") >= 3600);
        app.metrics.becomes_such(r#"rekey_mail_server_faults_total{step="connect"}"#, |number| number >= 1).await;
        app.mail.come_back().await;
        app.wait(Duration::from_mins(1));
        let back = app.metrics.becomes(due, 0).await;
        assert_eq!(back.value(age), 0);
        app.mail.set_fault(Some((Step::RcptTo, Fault::Say("550 5.1.1 no such mailbox"))));
        app.asks_for_reset(ANN).await;
        app.metrics.becomes(r#"rekey_mail_queue_letters{state="stopped"}"#, 1).await;
        app.mail.set_fault(Some((Step::RcptTo, Fault::Say("450 4.2.1 mailbox busy"))));
        app.time_stands_still();
        app.asks_for_reset(ANN).await;
        let busy = app.metrics.becomes(r#"rekey_mail_queue_letters{state="delayed"}"#, 1).await;
        assert_eq!((busy.value(due), busy.value(age)), (0, 0), "its time has not come");
        app.mail.set_fault(None);
        app.wait(Duration::from_mins(1));
    }

    async fn whoever_runs_into_a_limit_is_counted_there(database) {
        let app = App::start_with(database, Setup::with(&["--reset-mails-per-hour=1"])).await;
        app.has_account("ann", ANN);
        app.time_stands_still();
        let access = app.access_token("ann", OWN_PASSWORD).await;
        let hits = |limit: &str| format!(r#"rekey_limit_hits_total{{limit="{limit}"}}"#);
        for _ in 0..6 {
            app.logs_in("nobody", "wrong").await;
            assert_problem(app.changes_password(&access, "wrong", "a new one of my own").await, 401, "invalid_credentials").await;
        }
        assert_problem(app.logs_in("nobody", "wrong").await, 429, "too_many_attempts").await;
        assert_problem(app.changes_password(&access, "wrong", "a new one of my own").await, 429, "too_many_attempts").await;
        app.wait(Duration::from_secs(1));
        for number in 0..11 {
            let body = json!({ "email": format!("new{number}@example.com"), "current_password": OWN_PASSWORD });
            app.calls(&access, Method::POST, "/me/email", Some(body)).await;
        }
        for _ in 0..2 {
            app.asks_for_reset(ANN).await;
        }
        app.all_letters_are_settled().await;
        let now = app.metrics.read().await;
        for (limit, number) in [("login", 1), ("current_password", 1), ("email_changes", 1), ("letters", 1), ("client", 0)] {
            assert_eq!(now.value(&hits(limit)), number, "{limit}");
        }
        assert_eq!(now.value(r#"rekey_logins_total{result="too_many_attempts"}"#), 1);
        assert_eq!(now.value(r#"rekey_password_changes_total{result="too_many_attempts"}"#), 1);
        assert_eq!(now.value(r#"rekey_mail_letters_total{kind="reset_link",outcome="dropped"}"#), 1);
    }

    async fn one_client_too_often_is_counted_as_such(database) {
        let app = App::start_with(database, Setup::with(&["--client-requests-per-minute=2"])).await;
        for _ in 0..4 {
            app.asks_for_reset(ANN).await;
        }
        app.all_letters_are_settled().await;
        let now = app.metrics.read().await;
        assert_eq!(now.value(r#"rekey_limit_hits_total{limit="client"}"#), 2);
        assert_eq!(now.value(r#"rekey_password_reset_requests_total{result="too_many_requests"}"#), 2);
    }

    async fn more_requests_for_accounts_than_an_operator_goes_through_are_counted(database) {
        let app = App::start(database).await;
        let now = app.clock.now().format("%Y-%m-%d %H:%M:%S");
        for number in 0..999 {
            let row = format!("('{number}', 'n', 'e', '{number}@example.com', 'a', 'waiting', '{now}')");
            execute(&app.database_url, &format!("INSERT INTO credential_requests (id, name, email, email_key, address, state, created_at) VALUES {row}"));
        }
        for email in ["a@example.com", "b@example.com"] {
            app.posts("/credential-requests", &json!({ "name": "N", "email": email })).await;
        }
        app.all_letters_are_settled().await;
        let now = app.metrics.becomes("rekey_credential_requests_waiting", 1000).await;
        assert_eq!(now.value(r#"rekey_limit_hits_total{limit="credential_requests"}"#), 1);
        assert_eq!(now.value(r#"rekey_credential_requests_total{result="ok"}"#), 2, "both were told the same");
    }

    async fn sessions_and_decisions_are_counted_by_who_ended_and_who_decided(database) {
        let app = App::start(database).await;
        let admin = app.has_admin("zoe").await;
        app.has_account("ann", ANN);
        app.time_stands_still();
        for name in ["one", "two"] {
            app.posts("/credential-requests", &json!({ "name": name, "email": format!("{name}@example.com") })).await;
        }
        let ids = admin.all("/admin/credential-requests", "id").await;
        assert_eq!(admin.posts(&format!("/admin/credential-requests/{}/approve", ids[0]), json!({})).await.status(), StatusCode::CREATED);
        assert_eq!(admin.posts(&format!("/admin/credential-requests/{}/reject", ids[1]), json!({})).await.status(), StatusCode::NO_CONTENT);
        let first = json_of(app.logs_in("ann", OWN_PASSWORD).await, StatusCode::OK).await;
        browser_logs_in(&app, "ann", OWN_PASSWORD, "").await;
        let access = app.access_token("ann", OWN_PASSWORD).await;
        let refresh = async || app.posts("/session/refresh", &json!({ "refresh_token": first["refresh_token"] })).await;
        assert_eq!(refresh().await.status(), StatusCode::OK);
        app.wait(Duration::from_secs(11));
        assert_problem(refresh().await, 401, "session_ended").await;
        app.calls(&access, Method::DELETE, "/me/sessions", None).await;
        admin.deletes(&format!("/admin/accounts/{}/sessions", admin.id_of("ann").await)).await;
        let now = app.metrics.read().await;
        for (by, number) in [("token_reuse", 1), ("owner", 1), ("admin", 1), ("logout", 0)] {
            assert_eq!(now.value(&format!(r#"rekey_sessions_ended_total{{by="{by}"}}"#)), number, "{by}");
        }
        // The administrator's own is one of these.
        assert_eq!(now.value(r#"rekey_sessions_begun_total{kind="token"}"#), 3);
        assert_eq!(now.value(r#"rekey_sessions_begun_total{kind="cookie"}"#), 1);
        for decision in ["approved", "rejected"] {
            assert_eq!(now.value(&format!(r#"rekey_credential_decisions_total{{decision="{decision}"}}"#)), 1);
        }
    }

    async fn two_servers_have_numbers_of_their_own(database) {
        let (one, two) = (App::start(database).await, App::start(database).await);
        for _ in 0..2 {
            one.logs_in("nobody", "wrong").await;
        }
        let failed = r#"rekey_logins_total{result="invalid_credentials"}"#;
        assert_eq!((one.metrics.read().await.value(failed), two.metrics.read().await.value(failed)), (2, 0));
    }

    async fn nobodys_name_address_or_secret_is_in_the_numbers(database) {
        let app = App::start(database).await;
        app.has_account("quixote", "dulcinea@toboso.example");
        let link = {
            app.asks_for_reset("dulcinea@toboso.example").await;
            app.letter_to("dulcinea@toboso.example", 1).await.token()
        };
        app.asks_for_reset("rocinante@stranger.example").await;
        app.confirms(&link).await;
        let password = app.letter_to("dulcinea@toboso.example", 2).await.password();
        app.logs_in("sancho", "panza").await;
        let access = app.access_token("quixote", &password).await;
        app.changes_password(&access, &password, OWN_PASSWORD).await;
        app.letter_to("dulcinea@toboso.example", 3).await;
        for path in ["/windmill", "/admin/accounts/windmill", "/me/windmill?windmill=1", "/windmill.js"] {
            app.request(Method::GET, path).send().await.unwrap();
            app.request(Method::from_bytes(b"WINDMILL").unwrap(), path).send().await.unwrap();
        }
        let now = app.metrics.read().await;
        let text = now.text.to_lowercase();
        let typed = ["quixote", "dulcinea", "toboso", "rocinante", "stranger", "sancho", "panza", "windmill", "127.0.0.1", "@", "eyj"];
        for secret in [&link, &password, &access, OWN_PASSWORD].into_iter().chain(typed) {
            assert!(!text.contains(&secret.to_lowercase()), "{secret}");
        }
        for (method, route, status) in [("GET", "other", "4xx"), ("other", "other", "4xx"), ("GET", "/admin/accounts/{id}", "4xx")] {
            let series = format!(r#"rekey_http_request_duration_seconds_count{{method="{method}",route="{route}",status="{status}"}}"#);
            assert!(now.find(&series).is_some(), "{series} in {text}");
        }
    }
}

//! The record of what happened: who, to whom, from where, and never what was typed.

use std::time::Duration;

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::support::admin::{field_codes, nothing};
use crate::support::app::{App, OWN_PASSWORD, assert_problem, json_of};
use crate::support::database::execute;
use crate::support::{Setup, eventually, on_both_databases};

const ANN: &str = "ann@example.com";

fn texts(event: &Value, fields: &[&str]) -> Vec<String> {
    fields.iter().map(|field| event[*field].as_str().unwrap_or("-").to_owned()).collect()
}

on_both_databases! {
    async fn the_journey_is_recorded_and_nothing_that_was_typed(database) {
        let app = App::start(database).await;
        let admin = app.has_admin("zoe").await;
        app.has_account("ann", ANN);
        app.logs_in("ann", "a wrong password, typed").await;
        app.logs_in("a password in the wrong field", "x").await;
        app.asks_for_reset(ANN).await;
        app.asks_for_reset("stranger@example.com").await;
        let link = app.letter_to(ANN, 1).await.token();
        app.confirms(&link).await;
        let password = app.letter_to(ANN, 2).await.password();
        let token = app.access_token("ann", &password).await;
        app.request(Method::POST, "/logout").bearer_auth(token).send().await.unwrap();
        app.request(Method::POST, "/logout").send().await.unwrap();
        let page = admin.page("/admin/audit-events").await;
        let events: Vec<_> = page["items"].as_array().unwrap().iter().map(|event| texts(event, &["event", "actor", "account"]).join(" ")).collect();
        assert_eq!(
            events,
            [
                "logged_out ann ann",
                "logged_in ann ann",
                "password_mailed - ann",
                "password_reset - ann",
                "reset_link_sent - ann",
                "login_failed - -",
                "login_failed - ann",
                "account_added command line ann",
                "logged_in zoe zoe",
                "account_added command line zoe",
            ]
        );
        assert_eq!(page["items"][1]["detail"], "mailed password");
        for (number, address) in [(0, json!("127.0.0.1")), (2, json!(null)), (3, json!("127.0.0.1")), (4, json!(null)), (5, json!("127.0.0.1"))] {
            assert_eq!(page["items"][number]["address"], address, "{number}");
        }
        for typed in ["typed", "wrong field", "stranger"] {
            assert!(!page.to_string().contains(typed), "{page}");
        }
    }

    async fn a_row_of_failures_is_recorded_and_what_the_delay_refuses_is_not(database) {
        let app = App::start(database).await;
        let admin = app.has_admin("zoe").await;
        app.has_account("ann", ANN);
        app.time_stands_still();
        let events = async |query: &str| admin.all(&format!("/admin/audit-events?{query}"), "event").await;
        for (user, of_theirs) in [("ann", "account=ann&event"), ("nobody at all", "event")] {
            let (failed, delayed) = (events(&format!("{of_theirs}=login_failed")).await.len(), events(&format!("{of_theirs}=login_delayed")).await.len());
            for _ in 0..10 {
                app.logs_in(user, "wrong").await;
            }
            app.wait(Duration::from_secs(1));
            for _ in 0..10 {
                app.logs_in(user, "wrong").await;
            }
            assert_eq!(events(&format!("{of_theirs}=login_failed")).await.len(), failed + 7, "{user}");
            assert_eq!(events(&format!("{of_theirs}=login_delayed")).await.len(), delayed + 1, "{user}");
        }
        let page = admin.page("/admin/audit-events").await;
        let begin = page["items"].as_array().unwrap().iter().find(|event| event["event"] == "login_delayed").unwrap();
        assert_eq!(texts(begin, &["actor", "account", "address", "detail"]), ["-", "-", "127.0.0.1", "-"]);
        assert!(!page.to_string().contains("nobody at all"), "never what was typed");
        app.wait(Duration::from_secs(2));
        app.access_token("ann", OWN_PASSWORD).await;
        for _ in 0..6 {
            app.logs_in("ann", "wrong").await;
        }
        assert_eq!(events("account=ann&event=login_delayed").await.len(), 2, "the next row of failures");
    }

    async fn a_wrong_current_password_and_a_token_used_twice_are_recorded(database) {
        let app = App::start(database).await;
        let admin = app.has_admin("zoe").await;
        app.has_account("ann", ANN);
        app.time_stands_still();
        let access = app.access_token("ann", OWN_PASSWORD).await;
        for _ in 0..10 {
            app.changes_password(&access, "wrong", "a new one of my own").await;
        }
        let email = json!({ "email": "ann@new.example", "current_password": "wrong" });
        app.calls(&access, Method::POST, "/me/email", Some(email)).await;
        let wrong = admin.page("/admin/audit-events?event=current_password_wrong").await;
        assert_eq!(wrong["items"].as_array().unwrap().len(), 6, "as often as the delay lets them try");
        assert_eq!(texts(&wrong["items"][0], &["actor", "account", "address", "detail"]), ["ann", "ann", "127.0.0.1", "-"]);
        app.wait(Duration::from_secs(11));
        let session = json_of(app.logs_in("ann", OWN_PASSWORD).await, StatusCode::OK).await;
        for wait in [0, 11, 0] {
            app.wait(Duration::from_secs(wait));
            app.posts("/session/refresh", &json!({ "refresh_token": session["refresh_token"] })).await;
        }
        let reused = admin.page("/admin/audit-events?event=refresh_token_reused").await;
        assert_eq!(reused["items"].as_array().unwrap().len(), 1, "after that there is no session");
        assert_eq!(texts(&reused["items"][0], &["actor", "account", "address", "detail"]), ["-", "ann", "127.0.0.1", "-"]);
    }

    async fn a_mailed_password_that_becomes_the_own_one_is_recorded_as_such(database) {
        let app = App::start_with(database, Setup::with(&["--temporary-password-must-change=false"])).await;
        let admin = app.has_admin("zoe").await;
        app.has_account("ann", ANN);
        let password = app.mailed_password(ANN).await;
        app.access_token("ann", &password).await;
        let login = admin.page("/admin/audit-events?account=ann&event=logged_in").await;
        assert_eq!(login["items"][0]["detail"], "mailed password, which is the own one now");
    }

    async fn what_an_administrator_does_is_recorded(database) {
        let app = App::start(database).await;
        let admin = app.has_admin("zoe").await;
        let added = json_of(admin.posts("/admin/accounts", json!({ "user_name": "ann", "email": ANN })).await, StatusCode::CREATED).await;
        let id = added["id"].as_str().unwrap().to_owned();
        app.letter_to(ANN, 1).await;
        for change in [
            json!({ "name": "Ann", "role": "admin", "locale": "it" }),
            json!({ "name": "Ann", "role": "admin", "locale": "it", "disabled": false, "email": ANN }),
            json!({ "email": "ann@new.example" }),
            json!({ "disabled": true }),
            json!({ "disabled": true }),
            json!({ "disabled": false }),
        ] {
            json_of(admin.changes(&id, change).await, StatusCode::OK).await;
        }
        admin.posts(&format!("/admin/accounts/{id}/send-reset"), nothing()).await;
        app.letter_to("ann@new.example", 1).await;
        admin.deletes(&format!("/admin/accounts/{id}/sessions")).await;
        app.all_letters_are_settled().await;
        admin.deletes(&format!("/admin/accounts/{id}")).await;
        let events = admin.page(&format!("/admin/audit-events?account={id}&actor=zoe")).await;
        let events: Vec<_> = events["items"].as_array().unwrap().iter().map(|event| texts(event, &["event", "account", "detail", "address"]).join(" ")).collect();
        assert_eq!(
            events,
            [
                "account_deleted ann - 127.0.0.1",
                "sessions_ended ann - 127.0.0.1",
                "reset_asked ann - 127.0.0.1",
                "account_enabled ann - 127.0.0.1",
                "account_disabled ann - 127.0.0.1",
                "email_changed ann - 127.0.0.1",
                "account_changed ann name, role admin, language it 127.0.0.1",
                "account_added ann - 127.0.0.1",
            ]
        );
    }

    async fn the_record_is_searched_by_event_account_and_actor(database) {
        let app = App::start(database).await;
        let admin = app.has_admin("zoe").await;
        app.has_account("ann", ANN);
        for _ in 0..4 {
            app.logs_in("ann", "wrong").await;
        }
        app.access_token("ann", OWN_PASSWORD).await;
        let id = admin.id_of("ann").await;
        for account in [id.as_str(), "ann", "ANN", "Ann@Example.com", "%20ann%20"] {
            let events = admin.all(&format!("/admin/audit-events?account={account}"), "event").await;
            assert_eq!(events, ["logged_in", "login_failed", "login_failed", "login_failed", "login_failed", "account_added"], "{account}");
        }
        assert_eq!(admin.all("/admin/audit-events?actor=ann", "event").await, ["logged_in"]);
        assert_eq!(admin.all("/admin/audit-events?event=logged_in", "account").await, ["ann", "zoe"]);
        assert_eq!(admin.all("/admin/audit-events?event=logged_in&account=zoe&actor=zoe", "event").await, ["logged_in"]);
        assert!(admin.all("/admin/audit-events?event=password_reset&account=ann", "event").await.is_empty());
        assert!(admin.all("/admin/audit-events?account=nobody", "event").await.is_empty());
        assert_eq!(admin.all("/admin/audit-events?account=&actor=", "event").await.len(), 8);
        for (query, field) in [("event=nonsense", "event wrong_type"), ("account=%00", "account invalid_character"), ("limit=0", "limit too_short")] {
            let problem = assert_problem(admin.gets(&format!("/admin/audit-events?{query}")).await, 422, "invalid_input").await;
            assert_eq!(field_codes(&problem), [field]);
        }
    }

    async fn old_records_requests_and_links_are_purged(database) {
        let app = App::start(database).await;
        app.has_account("ann", ANN);
        app.logs_in("ann", "wrong").await;
        let day = |days: u64| (app.clock.now() - Duration::from_hours(24 * days)).format("%Y-%m-%d %H:%M:%S").to_string();
        for (name, days) in [("old", 401), ("new", 399)] {
            execute(&app.database_url, &format!("INSERT INTO audit_events (id, happened_at, event) VALUES ('{name}', '{}', 'logged_in')", day(days)));
        }
        for (name, days) in [("old", 91), ("new", 89)] {
            execute(&app.database_url, &format!("INSERT INTO credential_requests (id, name, email, email_key, address, state, created_at) VALUES ('{name}', 'n', '{name}', '{name}', 'a', 'waiting', '{}')", day(days)));
        }
        for (name, days) in [("old", 8), ("new", 6)] {
            execute(&app.database_url, &format!("INSERT INTO email_changes (fingerprint, account_id, epoch, email, email_key, created_at, expires_at) SELECT '{name}', id, 1, 'e', 'e', '{0}', '{0}' FROM accounts", day(days)));
        }
        let app = app.restarts().await;
        eventually("a purge", async || (app.count("SELECT COUNT(*) AS count FROM email_changes WHERE fingerprint = 'old'") == 0).then_some(())).await;
        eventually("a purge", async || (app.count("SELECT COUNT(*) AS count FROM audit_events WHERE id = 'old'") == 0).then_some(())).await;
        assert_eq!(app.count("SELECT COUNT(*) AS count FROM credential_requests WHERE id = 'old'"), 0);
        for sql in ["email_changes WHERE fingerprint = 'new'", "audit_events WHERE id = 'new'", "credential_requests WHERE id = 'new'"] {
            assert_eq!(app.count(&format!("SELECT COUNT(*) AS count FROM {sql}")), 1, "{sql}");
        }
    }
}

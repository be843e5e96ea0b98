//! What races a confirmation never outlives it: the account's epoch guards every write.

use std::time::Duration;

use diesel::connection::{Connection as _, SimpleConnection as _};
use diesel::pg::PgConnection;
use reqwest::{Method, StatusCode};
use serde_json::json;

use crate::support::app::{App, OWN_PASSWORD, assert_problem};
use crate::support::database::Kind;
use crate::support::mail_server::{Fault, Step};
use crate::support::mailbox::letters_to;
use crate::support::{Setup, eventually, on_both_databases};

const ANN: &str = "ann@example.com";

/// SQLite has one writer: there a login begins with its count, and that waits.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_login_that_waits_for_a_change_of_its_account_begins_no_session() {
    for (change, session) in [
        ("UPDATE accounts SET epoch = epoch + 1", "token"),
        ("UPDATE accounts SET epoch = epoch + 1", "cookie"),
        ("UPDATE accounts SET disabled_at = created_at", "token"),
        ("UPDATE accounts SET disabled_at = created_at", "cookie"),
        ("DELETE FROM accounts", "token"),
        ("DELETE FROM accounts", "cookie"),
    ] {
        let app = App::start(Kind::Postgres).await;
        app.has_account("ann", ANN);
        let mut holder = PgConnection::establish(&app.database_url).unwrap();
        holder.batch_execute(&format!("BEGIN; {change}")).unwrap();
        let body = json!({ "user": "ann", "password": OWN_PASSWORD, "session": session });
        let login = app.request(Method::POST, "/login").json(&body);
        let login = tokio::spawn(async move { login.send().await.unwrap() });
        let waiting = "SELECT COUNT(*) AS count FROM pg_stat_activity \
                       WHERE wait_event_type = 'Lock' AND datname = current_database()";
        eventually("a login that waits", async || (app.count(waiting) == 1).then_some(())).await;
        holder.batch_execute("COMMIT").unwrap();
        assert_problem(login.await.unwrap(), 401, "invalid_credentials").await;
        assert_eq!(app.count("SELECT COUNT(*) AS count FROM sessions"), 0, "{change}, {session}");
        assert_eq!(app.count("SELECT COUNT(*) AS count FROM login_throttle"), 1, "it is counted as failed");
    }
}

on_both_databases! {
    async fn a_login_that_races_a_confirmation_never_outlives_it(database) {
        let app = App::start(database).await;
        app.has_account("ann", ANN);
        for round in 0..5 {
            let had = letters_to(&app.mail, ANN).len();
            app.asks_for_reset(ANN).await;
            let token = app.letter_to(ANN, had + 1).await.token();
            let logins = (0..6).map(|_| {
                let login = app
                    .request(Method::POST, "/login")
                    .json(&json!({ "user": "ann", "password": OWN_PASSWORD }));
                tokio::spawn(async move {
                    let answer = login.send().await.unwrap();
                    answer.status().is_success().then_some(answer)
                })
            });
            let logins: Vec<_> = logins.collect();
            // Somewhere within the hashing of the logins.
            tokio::time::sleep(Duration::from_millis(15 * round)).await;
            assert_eq!(app.confirms(&token).await.status(), StatusCode::OK);
            for login in logins {
                if let Some(answer) = login.await.unwrap() {
                    let body: serde_json::Value = answer.json().await.unwrap();
                    let token = body["access_token"].as_str().unwrap().to_owned();
                    assert_problem(app.who_am_i(&token).await, 401, "session_ended").await;
                }
            }
            // Back to the old password for the next round.
            let password = app.letter_to(ANN, had + 2).await.password();
            let token = app.access_token("ann", &password).await;
            assert_eq!(app.changes_password(&token, &password, OWN_PASSWORD).await.status(), StatusCode::OK);
            assert!(app.letter_to(ANN, had + 3).await.subject.contains("was changed"));
            app.wait(Duration::from_hours(2));
        }
    }

    async fn a_password_change_that_races_a_confirmation_never_outlives_it(database) {
        let app = App::start(database).await;
        app.has_account("ann", ANN);
        let access = app.access_token("ann", OWN_PASSWORD).await;
        app.asks_for_reset(ANN).await;
        let token = app.letter_to(ANN, 1).await.token();
        let change = app
            .request(Method::POST, "/me/password")
            .bearer_auth(&access)
            .json(&json!({ "current_password": OWN_PASSWORD, "new_password": "the intruder's own password" }));
        let change = tokio::spawn(async move { change.send().await.unwrap().status() });
        tokio::time::sleep(Duration::from_millis(20)).await;
        let confirmed = app.confirms(&token).await.status();
        let changed = change.await.unwrap();
        // Whoever came first in the database: the other one found a credential that was no longer there.
        match (changed.as_u16(), confirmed.as_u16()) {
            (401, 200) => {
                assert_problem(app.logs_in("ann", "the intruder's own password").await, 401, "invalid_credentials").await;
                app.letter_to(ANN, 2).await;
            }
            (200, 410) => assert_eq!(app.logs_in("ann", "the intruder's own password").await.status(), 200),
            other => panic!("{other:?}"),
        }
    }

    async fn a_promise_of_before_a_change_of_password_brings_nothing(database) {
        let mut app = App::start(database).await;
        app.has_account("ann", ANN);
        let access = app.access_token("ann", OWN_PASSWORD).await;
        app.asks_for_reset(ANN).await;
        let token = app.letter_to(ANN, 1).await.token();
        app.mail.stop();
        app.asks_for_reset(ANN).await;
        app.wait(Duration::from_secs(1));
        assert_eq!(app.changes_password(&access, OWN_PASSWORD, "another password of my own").await.status(), 200);
        assert_problem(app.confirms(&token).await, 410, "reset_link_used").await;
        app.mail.come_back().await;
        app.wait(Duration::from_mins(1));
        app.all_letters_are_settled().await;
        let links = letters_to(&app.mail, ANN).iter().filter(|letter| letter.link().is_some()).count();
        assert_eq!(links, 1, "no link from before the change");
    }

    async fn no_retry_brings_a_password_after_an_own_one_was_chosen(database) {
        let app = App::start_with(database, Setup::with(&["--smtp-timeout=100ms"])).await;
        app.has_account("ann", ANN);
        app.asks_for_reset(ANN).await;
        let link = app.letter_to(ANN, 1).await;
        // The letter arrives, but the worker does not learn of it and will try again.
        app.mail.set_fault(Some((Step::Taken, Fault::Lose)));
        assert_eq!(app.confirms(&link.token()).await.status(), StatusCode::OK);
        let password = app.letter_to(ANN, 2).await.password();
        let token = app.access_token("ann", &password).await;
        assert_eq!(app.changes_password(&token, &password, "a password of my own").await.status(), StatusCode::OK);
        app.mail.set_fault(None);
        eventually("a settled queue", async || {
            app.wait(Duration::from_secs(20));
            (app.waiting_letters() == 0).then_some(())
        })
        .await;
        for letter in letters_to(&app.mail, ANN).iter().filter(|letter| letter.subject.contains("new password")) {
            assert_problem(app.logs_in("ann", &letter.password()).await, 401, "invalid_credentials").await;
        }
        assert_eq!(app.logs_in("ann", "a password of my own").await.status(), StatusCode::OK);
        assert_eq!(app.count("SELECT COUNT(*) AS count FROM mail_queue WHERE state = 'dropped'"), 1);
    }
}

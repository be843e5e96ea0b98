//! Failed logins slow down, for known and unknown alike, and never lock the owner out.

use std::time::Duration;

use reqwest::{Method, StatusCode};
use serde_json::json;

use crate::support::app::{App, OWN_PASSWORD, assert_problem, browser_logs_in, cookie};
use crate::support::on_both_databases;

const ANN: &str = "ann@example.com";

on_both_databases! {
    async fn after_five_failures_the_wait_grows_for_known_and_unknown_alike(database) {
        let app = App::start(database).await;
        app.has_account("ann", ANN);
        app.time_stands_still();
        for user in ["ann", "nobody"] {
            for _ in 0..6 {
                assert_problem(app.logs_in(user, "wrong").await, 401, "invalid_credentials").await;
            }
            let refused = app.logs_in(user, OWN_PASSWORD).await;
            assert_eq!(refused.headers()["retry-after"], "1", "{user}");
            assert_problem(refused, 429, "too_many_attempts").await;
            app.wait(Duration::from_secs(1));
            assert_problem(app.logs_in(user, "wrong").await, 401, "invalid_credentials").await;
            let refused = app.logs_in(user, "wrong").await;
            assert_eq!(refused.headers()["retry-after"], "2", "{user}");
            assert_problem(refused, 429, "too_many_attempts").await;
        }
        app.wait(Duration::from_secs(2));
        assert_eq!(app.logs_in("ann", OWN_PASSWORD).await.status(), StatusCode::OK, "never a hard lock");
        for _ in 0..5 {
            assert_problem(app.logs_in("ann", "wrong").await, 401, "invalid_credentials").await;
        }
        assert_eq!(app.logs_in("ann", OWN_PASSWORD).await.status(), StatusCode::OK, "a right password ends the row");
    }

    async fn a_clock_that_is_put_back_locks_nobody_out(database) {
        let app = App::start(database).await;
        app.has_account("ann", ANN);
        for _ in 0..6 {
            assert_problem(app.logs_in("ann", "wrong").await, 401, "invalid_credentials").await;
        }
        // From local time, as some machines keep it, to UTC.
        app.clock.put_back(Duration::from_hours(2));
        assert_eq!(app.logs_in("ann", OWN_PASSWORD).await.status(), StatusCode::OK);
    }

    async fn guesses_at_once_are_counted_one_by_one(database) {
        let app = App::start(database).await;
        app.has_account("ann", ANN);
        app.time_stands_still();
        let guesses: Vec<_> = (0..30)
            .map(|number| {
                let guess = app
                    .request(Method::POST, "/login")
                    .json(&json!({ "user": "ann", "password": format!("guess {number}") }));
                tokio::spawn(async move { guess.send().await.unwrap().status().as_u16() })
            })
            .collect();
        let mut tried = 0;
        for guess in guesses {
            match guess.await.unwrap() {
                401 => tried += 1,
                429 => {}
                other => panic!("{other}"),
            }
        }
        assert_eq!(tried, 6);
    }

    async fn right_logins_at_once_never_stand_in_each_others_way(database) {
        let app = App::start(database).await;
        app.has_account("ann", ANN);
        let logins: Vec<_> = (0..20)
            .map(|_| {
                let login = app.request(Method::POST, "/login").json(&json!({ "user": "ann", "password": OWN_PASSWORD }));
                tokio::spawn(async move { login.send().await.unwrap().status() })
            })
            .collect();
        for login in logins {
            assert_eq!(login.await.unwrap(), StatusCode::OK);
        }
    }

    async fn a_restart_forgets_no_failure(database) {
        let app = App::start(database).await;
        app.has_account("ann", ANN);
        app.time_stands_still();
        for _ in 0..6 {
            app.logs_in("ann", "wrong").await;
        }
        let app = app.restarts().await;
        assert_problem(app.logs_in("ann", OWN_PASSWORD).await, 429, "too_many_attempts").await;
    }

    async fn a_reset_lets_the_owner_in_while_an_attack_goes_on(database) {
        let app = App::start(database).await;
        app.has_account("ann", ANN);
        app.time_stands_still();
        for _ in 0..8 {
            app.logs_in("ann", "wrong").await;
            app.wait(Duration::from_secs(70));
        }
        let password = app.mailed_password(ANN).await;
        for _ in 0..7 {
            app.logs_in("ann", "wrong").await;
        }
        assert_problem(app.logs_in("ann", "wrong").await, 429, "too_many_attempts").await;
        assert_eq!(app.logs_in("ann", &password).await.status(), StatusCode::OK);
    }

    async fn a_known_browser_has_a_counter_of_its_own(database) {
        let app = App::start(database).await;
        app.has_account("ann", ANN);
        app.time_stands_still();
        let (device, attributes) = cookie(&browser_logs_in(&app, "ann", OWN_PASSWORD, "").await, "rekey_device").unwrap();
        assert!(attributes.contains("HttpOnly") && attributes.contains("SameSite=Lax"), "{attributes}");
        for _ in 0..6 {
            app.logs_in("ann", "wrong").await;
        }
        assert_problem(app.logs_in("ann", OWN_PASSWORD).await, 429, "too_many_attempts").await;
        assert_eq!(browser_logs_in(&app, "ann", OWN_PASSWORD, &device).await.status(), StatusCode::OK);
        // Whoever stole the cookie has five guesses; then it is worth nothing.
        for _ in 0..6 {
            app.logs_in("ann", "wrong").await;
        }
        for _ in 0..5 {
            assert_problem(browser_logs_in(&app, "ann", "wrong", &device).await, 401, "invalid_credentials").await;
        }
        assert_problem(browser_logs_in(&app, "ann", OWN_PASSWORD, &device).await, 429, "too_many_attempts").await;
    }

    async fn a_confirmation_forgets_the_known_browsers(database) {
        let app = App::start(database).await;
        app.has_account("ann", ANN);
        browser_logs_in(&app, "ann", OWN_PASSWORD, "").await;
        assert_eq!(app.count("SELECT COUNT(*) AS count FROM known_devices"), 1);
        app.mailed_password(ANN).await;
        assert_eq!(app.count("SELECT COUNT(*) AS count FROM known_devices"), 0);
    }
}

//! Logging in, staying logged in, logging out.

use std::time::Duration;

use reqwest::{Method, Response, StatusCode};
use serde_json::{Value, json};

use crate::support::app::{App, OWN_PASSWORD, assert_problem, browser_logs_in, cookie, json_of};
use crate::support::{Setup, on_both_databases};

const ANN: &str = "ann@example.com";

async fn refreshes(app: &App, cookies: &str) -> Response {
    app.request(Method::POST, "/session/refresh")
        .header("cookie", cookies)
        .header("sec-fetch-site", "same-origin")
        .send()
        .await
        .unwrap()
}

on_both_databases! {
    async fn a_user_name_or_an_address_in_any_writing_logs_in(database) {
        let app = App::start(database).await;
        app.has_account("Ann", "Ann@Example.com");
        for user in ["Ann", "ann", " ANN ", "ａｎｎ", "ann@example.com", "ANN@EXAMPLE.COM"] {
            let answer = json_of(app.logs_in(user, OWN_PASSWORD).await, StatusCode::OK).await;
            assert_eq!(answer["token_type"], "Bearer");
            assert_eq!(answer["expires_in"], 900);
            assert_eq!(answer["password_change_required"], false);
        }
        let me = json_of(app.who_am_i(&app.access_token("ann", OWN_PASSWORD).await).await, StatusCode::OK).await;
        let id = me["id"].as_str().unwrap().to_owned();
        assert_eq!(
            me,
            json!({ "id": id, "user_name": "Ann", "email": "Ann@Example.com", "name": null, "role": "member", "locale": "en" })
        );
    }

    async fn whatever_is_wrong_the_answer_is_the_same(database) {
        let app = App::start(database).await;
        app.has_account("ann", ANN);
        app.has_account("gone", "gone@example.com");
        crate::support::database::execute(
            &app.database_url,
            "UPDATE accounts SET disabled_at = created_at WHERE user_name = 'gone'",
        );
        let mut answers = Vec::new();
        for (user, password) in [("ann", "wrong"), ("nobody", "wrong"), ("gone", OWN_PASSWORD), ("a\0nn", OWN_PASSWORD)] {
            let mut problem = assert_problem(app.logs_in(user, password).await, 401, "invalid_credentials").await;
            problem["request_id"] = Value::Null;
            answers.push(problem);
        }
        assert!(answers.iter().all(|answer| *answer == answers[0]), "{answers:?}");
    }

    async fn a_browser_that_logs_in_anew_leaves_no_old_session_behind(database) {
        let app = App::start(database).await;
        app.has_account("ann", ANN);
        app.has_account("bob", "bob@example.com");
        let (anns, _) = cookie(&browser_logs_in(&app, "ann", OWN_PASSWORD, "").await, "rekey_session").unwrap();
        // Bob takes over the browser with a mailed password, which keeps no session of its own.
        let password = app.mailed_password("bob@example.com").await;
        let login = browser_logs_in(&app, "bob", &password, &anns).await;
        assert_eq!(login.status(), StatusCode::OK);
        assert!(cookie(&login, "rekey_session").unwrap().1.contains("Max-Age=0"));
        assert_problem(refreshes(&app, &anns).await, 401, "session_ended").await;
    }

    async fn a_browser_stays_logged_in_by_its_cookie(database) {
        let app = App::start(database).await;
        app.has_account("ann", ANN);
        let login = browser_logs_in(&app, "ann", OWN_PASSWORD, "").await;
        let (session, attributes) = cookie(&login, "rekey_session").unwrap();
        for attribute in ["HttpOnly", "SameSite=Lax", "Path=/", "Max-Age=7776000"] {
            assert!(attributes.contains(attribute), "{attribute}: {attributes}");
        }
        assert!(json_of(login, StatusCode::OK).await.get("refresh_token").is_none());
        let refreshed = json_of(refreshes(&app, &session).await, StatusCode::OK).await;
        assert_eq!(app.who_am_i(refreshed["access_token"].as_str().unwrap()).await.status(), StatusCode::OK);
        let app = app.restarts().await;
        assert_eq!(refreshes(&app, &session).await.status(), StatusCode::OK, "over a restart, too");
    }

    async fn without_a_cookie_there_is_nothing_to_refresh(database) {
        let app = App::start(database).await;
        assert_eq!(refreshes(&app, "").await.status(), StatusCode::NO_CONTENT);
        let refused = refreshes(&app, "rekey_session=invented").await;
        let (cleared, attributes) = cookie(&refused, "rekey_session").unwrap();
        assert!(cleared == "rekey_session=" && attributes.contains("Max-Age=0"), "{cleared}; {attributes}");
        assert_problem(refused, 401, "session_ended").await;
    }

    async fn another_sites_page_cannot_use_the_cookie(database) {
        let app = App::start(database).await;
        app.has_account("ann", ANN);
        let (session, _) = cookie(&browser_logs_in(&app, "ann", OWN_PASSWORD, "").await, "rekey_session").unwrap();
        for path in ["/session/refresh", "/logout"] {
            for (name, value) in [("sec-fetch-site", "cross-site"), ("sec-fetch-site", "same-site"), ("origin", "https://evil.example")] {
                let request = app.request(Method::POST, path).header("cookie", &session).header(name, value);
                assert_problem(request.send().await.unwrap(), 403, "forbidden").await;
            }
            let silent = app.request(Method::POST, path).header("cookie", &session);
            assert_problem(silent.send().await.unwrap(), 403, "forbidden").await;
        }
        // A login with the cookie ends its session. Who tells no origin is a program that keeps cookies.
        let body = json!({ "user": "ann", "password": OWN_PASSWORD, "session": "cookie" });
        let login = || app.request(Method::POST, "/login").json(&body);
        for (name, value) in [("sec-fetch-site", "cross-site"), ("origin", "https://evil.example")] {
            let refused = login().header("cookie", &session).header(name, value).send().await.unwrap();
            assert_problem(refused, 403, "forbidden").await;
            assert_eq!(login().header(name, value).send().await.unwrap().status(), StatusCode::OK, "it is no rule for apps");
        }
        let own = app.request(Method::POST, "/session/refresh").header("cookie", &session).header("origin", &app.base);
        assert_eq!(own.send().await.unwrap().status(), StatusCode::OK);
        assert_eq!(login().header("cookie", &session).send().await.unwrap().status(), StatusCode::OK);
        assert_problem(refreshes(&app, &session).await, 401, "session_ended").await;
    }

    async fn a_session_ends_when_it_is_idle_and_in_any_case(database) {
        let app = App::start_with(database, Setup::with(&["--session-idle-life=2h", "--session-life=3h"])).await;
        app.has_account("ann", ANN);
        let (session, _) = cookie(&browser_logs_in(&app, "ann", OWN_PASSWORD, "").await, "rekey_session").unwrap();
        app.wait(Duration::from_mins(100));
        assert_eq!(refreshes(&app, &session).await.status(), StatusCode::OK);
        app.wait(Duration::from_mins(90));
        assert_problem(refreshes(&app, &session).await, 401, "session_ended").await;
        let (session, _) = cookie(&browser_logs_in(&app, "ann", OWN_PASSWORD, "").await, "rekey_session").unwrap();
        app.wait(Duration::from_mins(121));
        assert_problem(refreshes(&app, &session).await, 401, "session_ended").await;
    }

    async fn an_access_token_is_good_for_a_quarter_of_an_hour(database) {
        let app = App::start(database).await;
        app.has_account("ann", ANN);
        app.time_stands_still();
        let token = app.access_token("ann", OWN_PASSWORD).await;
        app.wait(Duration::from_secs(14 * 60 + 50));
        assert_eq!(app.who_am_i(&token).await.status(), StatusCode::OK);
        app.wait(Duration::from_secs(11));
        assert_problem(app.who_am_i(&token).await, 401, "unauthenticated").await;
    }

    async fn logging_out_ends_the_session_at_once(database) {
        let app = App::start(database).await;
        app.has_account("ann", ANN);
        let login = browser_logs_in(&app, "ann", OWN_PASSWORD, "").await;
        let (session, _) = cookie(&login, "rekey_session").unwrap();
        let token = json_of(login, StatusCode::OK).await["access_token"].as_str().unwrap().to_owned();
        let out = app
            .request(Method::POST, "/logout")
            .header("cookie", &session)
            .header("sec-fetch-site", "same-origin")
            .send()
            .await
            .unwrap();
        assert_eq!(out.status(), StatusCode::NO_CONTENT);
        assert!(cookie(&out, "rekey_session").unwrap().1.contains("Max-Age=0"));
        assert_problem(app.who_am_i(&token).await, 401, "session_ended").await;
        assert_problem(refreshes(&app, &session).await, 401, "session_ended").await;
        assert_eq!(app.request(Method::POST, "/logout").send().await.unwrap().status(), StatusCode::NO_CONTENT);
    }

    async fn a_bad_token_is_no_token(database) {
        let app = App::start(database).await;
        for token in ["", "x", "a.b.c", "eyJhbGciOiJub25lIn0.e30."] {
            let answer = app.who_am_i(token).await;
            assert_eq!(answer.headers()["www-authenticate"], "Bearer");
            assert_problem(answer, 401, "unauthenticated").await;
        }
        assert_problem(app.request(Method::GET, "/me").send().await.unwrap(), 401, "unauthenticated").await;
    }

    async fn every_attempt_costs_one_hash_and_a_throttled_one_none(database) {
        let app = App::start(database).await;
        app.has_account("ann", ANN);
        app.has_account("gone", "gone@example.com");
        crate::support::database::execute(
            &app.database_url,
            "UPDATE accounts SET disabled_at = created_at WHERE user_name = 'gone'",
        );
        app.time_stands_still();
        let mailed = app.mailed_password(ANN).await;
        for (user, password) in [
            ("ann", OWN_PASSWORD),
            ("ann", mailed.as_str()),
            ("nobody", "wrong"),
            ("gone", OWN_PASSWORD),
            ("gone", "wrong"),
            ("a\0nn", "wrong"),
            ("ann@nowhere.example", "wrong"),
        ] {
            let before = app.hashes();
            app.logs_in(user, password).await;
            assert_eq!(app.hashes() - before, 1, "{user:?}");
        }
        for user in ["bea", "ann"] {
            for _ in 0..6 {
                app.logs_in(user, "wrong").await;
            }
            let before = app.hashes();
            assert_problem(app.logs_in(user, "wrong").await, 429, "too_many_attempts").await;
            assert_eq!(app.hashes() - before, 0, "{user}");
        }
    }

    async fn people_log_in_while_the_mail_server_is_away(database) {
        let mut app = App::start(database).await;
        app.mail.stop();
        app.has_account("ann", ANN);
        assert_eq!(app.asks_for_reset(ANN).await.status(), StatusCode::ACCEPTED);
        assert_eq!(app.logs_in("ann", OWN_PASSWORD).await.status(), StatusCode::OK);
        assert_eq!(app.request(Method::GET, "/health/ready").send().await.unwrap().status(), StatusCode::OK);
        app.mail.come_back().await;
        app.wait(Duration::from_mins(1));
        app.letter_to(ANN, 1).await;
    }

    async fn over_https_the_cookies_are_bound_to_the_host(database) {
        let app = App::start_with(database, Setup::with(&["--public-url=https://support.example.com"])).await;
        app.has_account("ann", ANN);
        let login = browser_logs_in(&app, "ann", OWN_PASSWORD, "").await;
        for name in ["__Host-rekey_session", "__Host-rekey_device"] {
            let (_, attributes) = cookie(&login, name).unwrap();
            assert!(attributes.contains("Secure") && attributes.contains("Path=/") && !attributes.contains("Domain"), "{attributes}");
        }
        assert!(login.headers().contains_key("strict-transport-security"));
    }
}

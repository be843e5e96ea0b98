//! Apps stay logged in by refresh tokens, and keys change under everybody's feet.

use std::time::Duration;

use jsonwebtoken::{Algorithm, DecodingKey, Validation};
use reqwest::{Method, Response, StatusCode};
use serde_json::{Value, json};

use crate::support::app::{App, OWN_PASSWORD, assert_problem, json_of};
use crate::support::{Setup, on_both_databases};

const ANN: &str = "ann@example.com";

async fn app_logs_in(app: &App) -> (String, String) {
    tokens(app.logs_in("ann", OWN_PASSWORD).await).await
}

/// The access token and the refresh token of an answer.
async fn tokens(answer: Response) -> (String, String) {
    let body = json_of(answer, StatusCode::OK).await;
    let text = |name: &str| body[name].as_str().unwrap().to_owned();
    (text("access_token"), text("refresh_token"))
}

async fn refreshes(app: &App, token: &str) -> Response {
    app.posts("/session/refresh", &json!({ "refresh_token": token })).await
}

on_both_databases! {
    async fn an_app_gets_a_new_refresh_token_at_every_use(database) {
        let app = App::start(database).await;
        app.has_account("ann", ANN);
        let (_, first) = app_logs_in(&app).await;
        let (access, second) = tokens(refreshes(&app, &first).await).await;
        assert_ne!(first, second);
        assert_eq!(app.who_am_i(&access).await.status(), StatusCode::OK);
        app.wait(Duration::from_hours(24));
        let (access, third) = tokens(refreshes(&app, &second).await).await;
        assert!(third != second && third != first);
        assert_eq!(app.who_am_i(&access).await.status(), StatusCode::OK);
    }

    async fn the_same_question_within_ten_seconds_gets_the_same_answer(database) {
        let app = App::start(database).await;
        app.has_account("ann", ANN);
        app.time_stands_still();
        let (_, first) = app_logs_in(&app).await;
        let at_once: Vec<_> = (0..10)
            .map(|_| {
                let refresh = app.request(Method::POST, "/session/refresh").json(&json!({ "refresh_token": first }));
                tokio::spawn(async move { tokens(refresh.send().await.unwrap()).await.1 })
            })
            .collect();
        let mut answers = Vec::new();
        for answer in at_once {
            answers.push(answer.await.unwrap());
        }
        app.wait(Duration::from_secs(8));
        answers.push(tokens(refreshes(&app, &first).await).await.1);
        assert!(answers.iter().all(|answer| *answer == answers[0]), "{answers:?}");
        assert_eq!(refreshes(&app, &answers[0]).await.status(), StatusCode::OK);
    }

    async fn an_old_refresh_token_ends_the_session(database) {
        let app = App::start(database).await;
        app.has_account("ann", ANN);
        app.time_stands_still();
        for rotations in [1, 4] {
            let (access, first) = app_logs_in(&app).await;
            let mut newest = first.clone();
            for _ in 0..rotations {
                newest = tokens(refreshes(&app, &newest).await).await.1;
            }
            app.wait(Duration::from_secs(11));
            assert_problem(refreshes(&app, &first).await, 401, "session_ended").await;
            assert_problem(refreshes(&app, &newest).await, 401, "session_ended").await;
            assert_problem(app.who_am_i(&access).await, 401, "session_ended").await;
        }
    }

    async fn an_invented_refresh_token_ends_nothing(database) {
        let app = App::start(database).await;
        app.has_account("ann", ANN);
        let (access, _) = app_logs_in(&app).await;
        for token in ["", "invented", "AAAAAAAAAAAAAAAAAAAAAAAA", "a\0b"] {
            assert_problem(refreshes(&app, token).await, 401, "session_ended").await;
        }
        assert_eq!(app.who_am_i(&access).await.status(), StatusCode::OK);
    }

    async fn a_browsers_cookie_is_no_refresh_token(database) {
        let app = App::start(database).await;
        app.has_account("ann", ANN);
        let body = json!({ "user": "ann", "password": OWN_PASSWORD, "session": "cookie" });
        let login = app.posts("/login", &body).await;
        let cookie = login.headers()["set-cookie"].to_str().unwrap().split([';', '=']).nth(1).unwrap().to_owned();
        assert_problem(refreshes(&app, &cookie).await, 401, "session_ended").await;
    }

    async fn an_apps_session_ends_when_it_is_idle_in_any_case_and_at_a_reset(database) {
        let app = App::start_with(database, Setup::with(&["--session-idle-life=2h", "--session-life=3h"])).await;
        app.has_account("ann", ANN);
        let (_, token) = app_logs_in(&app).await;
        app.wait(Duration::from_mins(100));
        let (_, token) = tokens(refreshes(&app, &token).await).await;
        app.wait(Duration::from_mins(90));
        assert_problem(refreshes(&app, &token).await, 401, "session_ended").await;
        let (_, token) = app_logs_in(&app).await;
        app.wait(Duration::from_mins(121));
        assert_problem(refreshes(&app, &token).await, 401, "session_ended").await;
        let (_, token) = app_logs_in(&app).await;
        app.mailed_password(ANN).await;
        assert_problem(refreshes(&app, &token).await, 401, "session_ended").await;
    }

    async fn logging_out_with_the_refresh_token_ends_the_session(database) {
        let app = App::start(database).await;
        app.has_account("ann", ANN);
        let (access, token) = app_logs_in(&app).await;
        let out = app.posts("/logout", &json!({ "refresh_token": token })).await;
        assert_eq!(out.status(), StatusCode::NO_CONTENT);
        assert_problem(refreshes(&app, &token).await, 401, "session_ended").await;
        assert_problem(app.who_am_i(&access).await, 401, "session_ended").await;
    }

    async fn a_mailed_password_brings_no_refresh_token(database) {
        let app = App::start(database).await;
        app.has_account("ann", ANN);
        let password = app.mailed_password(ANN).await;
        let answer = json_of(app.logs_in("ann", &password).await, StatusCode::OK).await;
        assert!(answer.get("refresh_token").is_none(), "{answer}");
        let token = answer["access_token"].as_str().unwrap();
        let changed = app.changes_password(token, &password, "a password of my own").await;
        let (_, refresh) = tokens(changed).await;
        assert_eq!(refreshes(&app, &refresh).await.status(), StatusCode::OK);
    }

    async fn others_verify_tokens_with_the_published_keys(database) {
        let app = App::start(database).await;
        app.has_account("ann", ANN);
        let (access, _) = app_logs_in(&app).await;
        let jwks = json_of(app.request(Method::GET, "/.well-known/jwks.json").send().await.unwrap(), StatusCode::OK).await;
        let header = jsonwebtoken::decode_header(&access).unwrap();
        assert_eq!(header.typ.as_deref(), Some("at+jwt"));
        let key = jwks["keys"].as_array().unwrap().iter().find(|key| key["kid"] == header.kid.clone().unwrap()).unwrap();
        assert!(key.get("d").is_none(), "the private part stays here");
        let key = DecodingKey::from_ed_components(key["x"].as_str().unwrap()).unwrap();
        let mut validation = Validation::new(Algorithm::EdDSA);
        validation.set_audience(&[&app.base]);
        validation.set_issuer(&[&app.base]);
        let claims = jsonwebtoken::decode::<Value>(&access, &key, &validation).unwrap().claims;
        assert_eq!(claims["scope"], "full");
        assert!(claims["sid"].is_string() && claims["epoch"].is_number() && claims["sub"].is_string());
    }

    async fn keys_are_rotated_without_a_single_401(database) {
        let app = App::start(database).await;
        app.has_account("ann", ANN);
        let (access, refresh) = app_logs_in(&app).await;
        for _ in 0..2 {
            let rotated = app.rekey(&["keys", "rotate"]).output().unwrap();
            assert!(rotated.status.success(), "{}", String::from_utf8_lossy(&rotated.stderr));
            assert_eq!(app.who_am_i(&access).await.status(), StatusCode::OK);
        }
        let newest = async || {
            let jwks = app.request(Method::GET, "/.well-known/jwks.json").send().await.unwrap();
            let keys = json_of(jwks, StatusCode::OK).await["keys"].as_array().unwrap().clone();
            (keys.len() == 3).then_some(keys[0]["kid"].as_str().unwrap().to_owned())
        };
        let newest = crate::support::eventually("the server to read the new keys", newest).await;
        let (new_access, _) = tokens(refreshes(&app, &refresh).await).await;
        assert_eq!(jsonwebtoken::decode_header(&new_access).unwrap().kid, Some(newest));
        for token in [&access, &new_access] {
            assert_eq!(app.who_am_i(token).await.status(), StatusCode::OK);
        }
    }

    async fn whoever_guesses_refresh_tokens_is_stopped_and_an_app_is_not(database) {
        let app = App::start_with(database, Setup::with(&["--client-requests-per-minute=5"])).await;
        app.has_account("ann", ANN);
        let (_, mut token) = app_logs_in(&app).await;
        for _ in 0..4 {
            assert_problem(refreshes(&app, "invented").await, 401, "session_ended").await;
        }
        assert_problem(refreshes(&app, "invented").await, 429, "too_many_requests").await;
        for _ in 0..8 {
            token = tokens(refreshes(&app, &token).await).await.1;
        }
    }
}

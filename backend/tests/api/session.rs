//! Apps stay logged in by refresh tokens, and keys change under everybody's feet.

use std::time::Duration;

use jsonwebtoken::{Algorithm, DecodingKey, Validation};
use rekey_shared::account::Me;
use rekey_shared::client::{Failure, api};
use rekey_shared::login::{LoginRequest, RefreshRequest, SessionKind, SessionTokens};
use rekey_shared::problem::ProblemCode::{SessionEnded, TooManyRequests};
use rekey_shared::secret::Secret;
use reqwest::{Method, StatusCode};
use serde_json::Value;

use crate::support::app::{App, OWN_PASSWORD, assert_refused, json_of};
use crate::support::{Setup, on_both_databases, spoken};

const ANN: &str = "ann@example.com";

async fn app_logs_in(app: &App) -> (Secret, Secret) {
    tokens(app.api().send(&spoken::logs_in("ann", OWN_PASSWORD)).await)
}

/// The access token and the refresh token of an answer.
fn tokens(answer: Result<SessionTokens, Failure>) -> (Secret, Secret) {
    let tokens = answer.unwrap();
    (tokens.access_token, tokens.refresh_token.unwrap())
}

async fn refreshes(app: &App, token: &Secret) -> Result<SessionTokens, Failure> {
    let call = api::refresh_session(&RefreshRequest { refresh_token: Some(token.clone()) });
    app.api().send(&call).await.map(|tokens| tokens.expect("tokens for a token"))
}

async fn who_am_i(app: &App, access_token: &Secret) -> Result<Me, Failure> {
    app.api().send_as(access_token, &api::me()).await
}

on_both_databases! {
    async fn an_app_gets_a_new_refresh_token_at_every_use(database) {
        let app = App::start(database).await;
        app.has_account("ann", ANN);
        let (_, first) = app_logs_in(&app).await;
        let (access, second) = tokens(refreshes(&app, &first).await);
        assert_ne!(first, second);
        who_am_i(&app, &access).await.unwrap();
        app.wait(Duration::from_hours(24));
        let (access, third) = tokens(refreshes(&app, &second).await);
        assert!(third != second && third != first);
        who_am_i(&app, &access).await.unwrap();
    }

    async fn the_same_question_within_ten_seconds_gets_the_same_answer(database) {
        let app = App::start(database).await;
        app.has_account("ann", ANN);
        app.time_stands_still();
        let (_, first) = app_logs_in(&app).await;
        let at_once: Vec<_> = (0..10)
            .map(|_| {
                let (api, token) = (app.api(), first.expose().to_owned());
                tokio::spawn(async move { api.send(&spoken::refreshes(&token)).await.unwrap().unwrap().refresh_token })
            })
            .collect();
        let mut answers = Vec::new();
        for answer in at_once {
            answers.push(answer.await.unwrap().unwrap());
        }
        app.wait(Duration::from_secs(8));
        answers.push(tokens(refreshes(&app, &first).await).1);
        assert!(answers.iter().all(|answer| *answer == answers[0]), "{answers:?}");
        refreshes(&app, &answers[0]).await.unwrap();
    }

    async fn an_old_refresh_token_ends_the_session(database) {
        let app = App::start(database).await;
        app.has_account("ann", ANN);
        app.time_stands_still();
        for rotations in [1, 4] {
            let (access, first) = app_logs_in(&app).await;
            let mut newest = first.clone();
            for _ in 0..rotations {
                newest = tokens(refreshes(&app, &newest).await).1;
            }
            app.wait(Duration::from_secs(11));
            assert_refused(refreshes(&app, &first).await, SessionEnded);
            assert_refused(refreshes(&app, &newest).await, SessionEnded);
            assert_refused(who_am_i(&app, &access).await, SessionEnded);
        }
    }

    async fn an_invented_refresh_token_ends_nothing(database) {
        let app = App::start(database).await;
        app.has_account("ann", ANN);
        let (access, _) = app_logs_in(&app).await;
        for token in ["", "invented", "AAAAAAAAAAAAAAAAAAAAAAAA", "a\0b"] {
            assert_refused(refreshes(&app, &token.into()).await, SessionEnded);
        }
        who_am_i(&app, &access).await.unwrap();
    }

    async fn a_browsers_cookie_is_no_refresh_token(database) {
        let app = App::start(database).await;
        app.has_account("ann", ANN);
        let login = LoginRequest { user: "ann".to_owned(), password: OWN_PASSWORD.into(), session: SessionKind::Cookie };
        let login = app.asks(&api::log_in(&login)).await;
        let cookie = login.headers()["set-cookie"].to_str().unwrap().split([';', '=']).nth(1).unwrap().to_owned();
        assert_refused(refreshes(&app, &cookie.into()).await, SessionEnded);
    }

    async fn an_apps_session_ends_when_it_is_idle_in_any_case_and_at_a_reset(database) {
        let app = App::start_with(database, Setup::with(&["--session-idle-life=2h", "--session-life=3h"])).await;
        app.has_account("ann", ANN);
        let (_, token) = app_logs_in(&app).await;
        app.wait(Duration::from_mins(100));
        let (_, token) = tokens(refreshes(&app, &token).await);
        app.wait(Duration::from_mins(90));
        assert_refused(refreshes(&app, &token).await, SessionEnded);
        let (_, token) = app_logs_in(&app).await;
        app.wait(Duration::from_mins(121));
        assert_refused(refreshes(&app, &token).await, SessionEnded);
        let (_, token) = app_logs_in(&app).await;
        app.mailed_password(ANN).await;
        assert_refused(refreshes(&app, &token).await, SessionEnded);
    }

    async fn logging_out_with_the_refresh_token_ends_the_session(database) {
        let app = App::start(database).await;
        app.has_account("ann", ANN);
        let (access, token) = app_logs_in(&app).await;
        app.api().send(&api::log_out(&RefreshRequest { refresh_token: Some(token.clone()) })).await.unwrap();
        assert_refused(refreshes(&app, &token).await, SessionEnded);
        assert_refused(who_am_i(&app, &access).await, SessionEnded);
    }

    async fn a_mailed_password_brings_no_refresh_token(database) {
        let app = App::start(database).await;
        app.has_account("ann", ANN);
        let password = app.mailed_password(ANN).await;
        let mailed = app.api().send(&spoken::logs_in("ann", &password)).await.unwrap();
        assert_eq!((mailed.password_change_required, mailed.refresh_token), (true, None));
        let change = spoken::changes_password(&password, "a password of my own");
        let (_, refresh) = tokens(app.api().send_as(&mailed.access_token, &change).await);
        refreshes(&app, &refresh).await.unwrap();
    }

    async fn others_verify_tokens_with_the_published_keys(database) {
        let app = App::start(database).await;
        app.has_account("ann", ANN);
        let (access, _) = app_logs_in(&app).await;
        let jwks = json_of(app.request(Method::GET, "/.well-known/jwks.json").send().await.unwrap(), StatusCode::OK).await;
        let header = jsonwebtoken::decode_header(access.expose()).unwrap();
        assert_eq!(header.typ.as_deref(), Some("at+jwt"));
        let key = jwks["keys"].as_array().unwrap().iter().find(|key| key["kid"] == header.kid.clone().unwrap()).unwrap();
        assert!(key.get("d").is_none(), "the private part stays here");
        let key = DecodingKey::from_ed_components(key["x"].as_str().unwrap()).unwrap();
        let mut validation = Validation::new(Algorithm::EdDSA);
        validation.set_audience(&[&app.base]);
        validation.set_issuer(&[&app.base]);
        let claims = jsonwebtoken::decode::<Value>(access.expose(), &key, &validation).unwrap().claims;
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
            who_am_i(&app, &access).await.unwrap();
        }
        let newest = async || {
            let jwks = app.request(Method::GET, "/.well-known/jwks.json").send().await.unwrap();
            let keys = json_of(jwks, StatusCode::OK).await["keys"].as_array().unwrap().clone();
            (keys.len() == 3).then_some(keys[0]["kid"].as_str().unwrap().to_owned())
        };
        let newest = crate::support::eventually("the server to read the new keys", newest).await;
        let (new_access, _) = tokens(refreshes(&app, &refresh).await);
        assert_eq!(jsonwebtoken::decode_header(new_access.expose()).unwrap().kid, Some(newest));
        for token in [&access, &new_access] {
            who_am_i(&app, token).await.unwrap();
        }
    }

    async fn whoever_guesses_refresh_tokens_is_stopped_and_an_app_is_not(database) {
        let app = App::start_with(database, Setup::with(&["--client-requests-per-minute=5"])).await;
        app.has_account("ann", ANN);
        let (_, mut token) = app_logs_in(&app).await;
        for _ in 0..4 {
            assert_refused(refreshes(&app, &"invented".into()).await, SessionEnded);
        }
        assert_refused(refreshes(&app, &"invented".into()).await, TooManyRequests);
        for _ in 0..8 {
            token = tokens(refreshes(&app, &token).await).1;
        }
    }
}

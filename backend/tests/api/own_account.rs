//! Name, language, and where one is logged in.

use std::time::Duration;

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::support::app::{App, OWN_PASSWORD, assert_problem, browser_logs_in, cookie, json_of};
use crate::support::{Setup, on_both_databases};

const ANN: &str = "ann@example.com";

async fn sessions(app: &App, token: &str) -> Vec<Value> {
    let answer = json_of(app.calls(token, Method::GET, "/me/sessions", None).await, StatusCode::OK).await;
    answer["items"].as_array().unwrap().clone()
}

async fn logs_in_from(app: &App, user_agent: &str) -> String {
    let login = app
        .request(Method::POST, "/login")
        .header("user-agent", user_agent)
        .json(&json!({ "user": "ann", "password": OWN_PASSWORD }))
        .send()
        .await
        .unwrap();
    json_of(login, StatusCode::OK).await["access_token"].as_str().unwrap().to_owned()
}

on_both_databases! {
    async fn name_and_language_change_and_what_is_not_named_stays(database) {
        let app = App::start(database).await;
        app.has_account("ann", ANN);
        let token = app.access_token("ann", OWN_PASSWORD).await;
        let change = async |body: Value| json_of(app.calls(&token, Method::PATCH, "/me", Some(body)).await, StatusCode::OK).await;
        let me = change(json!({ "name": "  Ann O'Neill \u{1f980} ", "locale": "it-CH" })).await;
        assert_eq!((&me["name"], &me["locale"]), (&json!("Ann O'Neill \u{1f980}"), &json!("it")));
        assert_eq!(change(json!({})).await, me);
        assert_eq!(change(json!({ "locale": "en" })).await["name"], me["name"]);
        assert_eq!(change(json!({ "name": " " })).await["name"], Value::Null);
        let now = json_of(app.who_am_i(&token).await, StatusCode::OK).await;
        assert_eq!((&now["name"], &now["locale"], &now["email"]), (&Value::Null, &json!("en"), &json!(ANN)));
    }

    async fn a_profile_that_cannot_be_is_refused_field_by_field(database) {
        let app = App::start(database).await;
        app.has_account("ann", ANN);
        let token = app.access_token("ann", OWN_PASSWORD).await;
        for (body, field, code) in [
            (json!({ "name": "x".repeat(101) }), "name", "too_long"),
            (json!({ "name": "a\0b" }), "name", "invalid_character"),
            (json!({ "name": "a\r\nBcc: b@example.com" }), "name", "invalid_character"),
            (json!({ "name": 5 }), "name", "wrong_type"),
            (json!({ "locale": "tlh" }), "locale", "unknown_language"),
        ] {
            let refused = app.calls(&token, Method::PATCH, "/me", Some(body)).await;
            let problem = assert_problem(refused, 422, "invalid_input").await;
            assert_eq!(problem["errors"], json!([{ "field": field, "code": code }]));
        }
        let both = app.calls(&token, Method::PATCH, "/me", Some(json!({ "name": "\u{7}", "locale": "xx" }))).await;
        assert_eq!(assert_problem(both, 422, "invalid_input").await["errors"].as_array().unwrap().len(), 2);
    }

    async fn the_list_of_sessions_shows_where_one_is_logged_in(database) {
        let app = App::start(database).await;
        app.has_account("ann", ANN);
        app.has_account("bea", "bea@example.com");
        app.access_token("bea", OWN_PASSWORD).await;
        let phone = logs_in_from(&app, "Support-App/3.1 (Android)").await;
        app.wait(Duration::from_mins(5));
        let here = logs_in_from(&app, &"Mozilla/5.0 ".repeat(40)).await;
        let listed = sessions(&app, &here).await;
        assert_eq!(listed.len(), 2, "{listed:?}");
        let (first, second) = (&listed[0], &listed[1]);
        assert_eq!((&first["current"], &second["current"]), (&json!(true), &json!(false)));
        assert_eq!(second["user_agent"], "Support-App/3.1 (Android)");
        assert_eq!(first["user_agent"].as_str().unwrap().chars().count(), 200);
        assert_eq!((&second["kind"], &second["address"]), (&json!("token"), &json!("127.0.0.1")));
        let used = |one: &Value| one["used_at"].as_str().unwrap().to_owned();
        assert!(used(second).ends_with('Z') && used(second) < used(first), "{listed:?}");
        assert_eq!(sessions(&app, &phone).await[1]["current"], json!(true));
    }

    async fn one_session_or_all_others_are_ended_at_once(database) {
        let app = App::start(database).await;
        app.has_account("ann", ANN);
        let (here, phone, tablet) = (logs_in_from(&app, "here").await, logs_in_from(&app, "phone").await, logs_in_from(&app, "tablet").await);
        let of = |listed: &[Value], agent: &str| listed.iter().find(|one| one["user_agent"] == agent).unwrap()["id"].as_str().unwrap().to_owned();
        let listed = sessions(&app, &here).await;
        let end = format!("/me/sessions/{}", of(&listed, "phone"));
        assert_eq!(app.calls(&here, Method::DELETE, &end, None).await.status(), StatusCode::NO_CONTENT);
        assert_problem(app.who_am_i(&phone).await, 401, "session_ended").await;
        assert_problem(app.calls(&here, Method::DELETE, &end, None).await, 404, "not_found").await;
        assert_eq!(app.who_am_i(&tablet).await.status(), StatusCode::OK);
        assert_eq!(app.calls(&here, Method::DELETE, "/me/sessions", None).await.status(), StatusCode::NO_CONTENT);
        assert_problem(app.who_am_i(&tablet).await, 401, "session_ended").await;
        assert_eq!(app.who_am_i(&here).await.status(), StatusCode::OK);
        assert_eq!(sessions(&app, &here).await.len(), 1);
    }

    async fn nobody_ends_the_session_of_another(database) {
        let app = App::start(database).await;
        app.has_account("ann", ANN);
        app.has_account("eve", "eve@example.com");
        let ann = app.access_token("ann", OWN_PASSWORD).await;
        let eve = app.access_token("eve", OWN_PASSWORD).await;
        let id = sessions(&app, &ann).await[0]["id"].as_str().unwrap().to_owned();
        for id in [id.as_str(), "nothing", "%00", "a%2Fb"] {
            let refused = app.calls(&eve, Method::DELETE, &format!("/me/sessions/{id}"), None).await;
            assert_problem(refused, 404, "not_found").await;
        }
        assert_eq!(app.calls(&eve, Method::DELETE, "/me/sessions", None).await.status(), StatusCode::NO_CONTENT);
        assert_eq!(app.who_am_i(&ann).await.status(), StatusCode::OK);
    }

    async fn dead_sessions_are_not_listed(database) {
        let app = App::start_with(database, Setup::with(&["--session-idle-life=2h", "--session-life=3h"])).await;
        app.has_account("ann", ANN);
        logs_in_from(&app, "idle").await;
        app.wait(Duration::from_hours(2));
        let old = logs_in_from(&app, "before the change").await;
        app.changes_password(&old, OWN_PASSWORD, "another password of mine").await;
        let login = app.logs_in("ann", "another password of mine").await;
        let here = json_of(login, StatusCode::OK).await["access_token"].as_str().unwrap().to_owned();
        assert_eq!(sessions(&app, &here).await.len(), 2, "the one that the change began, and this one");
        app.letter_to(ANN, 1).await;
    }

    async fn the_pages_of_a_long_list_of_sessions_make_the_whole(database) {
        let app = App::start(database).await;
        app.has_account("ann", ANN);
        let mut here = String::new();
        for _ in 0..7 {
            here = app.access_token("ann", OWN_PASSWORD).await;
        }
        let mut seen = Vec::new();
        let mut path = "/me/sessions?limit=3".to_owned();
        loop {
            let answer = json_of(app.calls(&here, Method::GET, &path, None).await, StatusCode::OK).await;
            seen.extend(answer["items"].as_array().unwrap().iter().map(|one| one["id"].as_str().unwrap().to_owned()));
            let Some(cursor) = answer["next_cursor"].as_str() else { break };
            path = format!("/me/sessions?limit=3&cursor={cursor}");
        }
        let mut distinct = seen.clone();
        distinct.dedup();
        assert_eq!((seen.len(), distinct.len()), (7, 7));
        for (query, code) in [("limit=0", "too_short"), ("limit=201", "too_long"), ("limit=x", "wrong_type"), ("cursor=%00", "invalid_character")] {
            let refused = app.calls(&here, Method::GET, &format!("/me/sessions?{query}"), None).await;
            let problem = assert_problem(refused, 422, "invalid_input").await;
            assert_eq!(problem["errors"], json!([{ "field": query.split('=').next().unwrap(), "code": code }]));
        }
    }

    async fn a_browser_that_signs_out_elsewhere_is_told_at_its_next_refresh(database) {
        let app = App::start(database).await;
        app.has_account("ann", ANN);
        let login = browser_logs_in(&app, "ann", OWN_PASSWORD, "").await;
        let (pair, _) = cookie(&login, "rekey_session").unwrap();
        let here = app.access_token("ann", OWN_PASSWORD).await;
        assert_eq!(app.calls(&here, Method::DELETE, "/me/sessions", None).await.status(), StatusCode::NO_CONTENT);
        let refresh = app.request(Method::POST, "/session/refresh").header("cookie", pair).header("sec-fetch-site", "same-origin");
        assert_problem(refresh.send().await.unwrap(), 401, "session_ended").await;
    }

    async fn two_changes_at_once_are_both_there(database) {
        let app = App::start(database).await;
        app.has_account("ann", ANN);
        let token = app.access_token("ann", OWN_PASSWORD).await;
        for round in 0..10 {
            let (name, locale) = (format!("Ann {round}"), if round % 2 == 0 { "it" } else { "en" });
            let (one, other) = tokio::join!(
                app.calls(&token, Method::PATCH, "/me", Some(json!({ "name": name }))),
                app.calls(&token, Method::PATCH, "/me", Some(json!({ "locale": locale })))
            );
            assert_eq!((one.status(), other.status()), (StatusCode::OK, StatusCode::OK));
            let me = json_of(app.who_am_i(&token).await, StatusCode::OK).await;
            assert_eq!((&me["name"], &me["locale"]), (&json!(name), &json!(locale)));
        }
    }

    async fn many_tabs_of_one_browser_stay_logged_in_together(database) {
        let app = App::start(database).await;
        app.has_account("ann", ANN);
        let login = browser_logs_in(&app, "ann", OWN_PASSWORD, "").await;
        let (pair, _) = cookie(&login, "rekey_session").unwrap();
        let tabs: Vec<_> = (0..12)
            .map(|_| {
                let refresh = app.request(Method::POST, "/session/refresh").header("cookie", &pair);
                let refresh = refresh.header("sec-fetch-site", "same-origin");
                tokio::spawn(async move { json_of(refresh.send().await.unwrap(), StatusCode::OK).await })
            })
            .collect();
        for tab in tabs {
            let token = tab.await.unwrap()["access_token"].as_str().unwrap().to_owned();
            assert_eq!(app.who_am_i(&token).await.status(), StatusCode::OK);
            assert_eq!(sessions(&app, &token).await.len(), 1, "one browser, one session");
        }
    }
}

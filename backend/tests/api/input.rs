//! Bad input: a clear error that names the field, on every endpoint that takes a body.

use reqwest::{Method, StatusCode};
use serde_json::json;

use crate::support::app::{App, OWN_PASSWORD, assert_problem, json_of};
use crate::support::{Setup, on_both_databases};

/// Every endpoint with a body that must be there, and a field of it.
const BODIES: [(&str, &str); 4] = [
    ("/login", "user"),
    ("/password-reset/request", "email"),
    ("/password-reset/confirm", "token"),
    ("/me/password", "current_password"),
];

async fn posts_raw(
    app: &App,
    path: &str,
    content_type: Option<&str>,
    body: impl Into<reqwest::Body>,
) -> reqwest::Response {
    let mut request = app.request(Method::POST, path).body(body);
    if path == "/me/password" {
        request = request.bearer_auth(app.access_token("ann", OWN_PASSWORD).await);
    }
    if let Some(content_type) = content_type {
        request = request.header("content-type", content_type);
    }
    request.send().await.unwrap()
}

const JSON: Option<&str> = Some("application/json");

on_both_databases! {
    async fn every_endpoint_refuses_the_same_in_the_same_words(database) {
        let app = App::start(database).await;
        app.has_account("ann", "ann@example.com");
        for (path, field) in BODIES {
            for body in ["", "{", "user=ann", "{\"a\":\"\\ud800\"}", "{} x"] {
                assert_problem(posts_raw(&app, path, JSON, body).await, 400, "malformed_json").await;
            }
            assert_problem(posts_raw(&app, path, JSON, &b"{\"a\":\"\xff\"}"[..]).await, 400, "malformed_json").await;
            let huge = format!("{{\"{field}\":\"{}\"}}", "x".repeat(16 * 1024));
            assert_problem(posts_raw(&app, path, JSON, huge).await, 413, "body_too_large").await;
            for content_type in [None, Some("text/plain"), Some("application/x-www-form-urlencoded"), Some("application/jsonp")] {
                assert_problem(posts_raw(&app, path, content_type, "{}").await, 415, "unsupported_media_type").await;
            }
            for body in ["[]", "7", "null", "\"x\""] {
                assert_problem(posts_raw(&app, path, JSON, body).await, 422, "invalid_input").await;
            }
            for wrong in ["7", "null", "[]", "{}", "true"] {
                let body = format!("{{\"{field}\":{wrong}}}");
                let problem = assert_problem(posts_raw(&app, path, JSON, body).await, 422, "invalid_input").await;
                assert_eq!(problem["errors"], json!([{ "field": field, "code": "wrong_type" }]), "{path}");
            }
            let problem = assert_problem(posts_raw(&app, path, JSON, "{}").await, 422, "invalid_input").await;
            assert_eq!(problem["errors"][0], json!({ "field": field, "code": "required" }), "{path}");
            let with_parameter = posts_raw(&app, path, Some("Application/JSON; charset=utf-8"), "{}").await;
            assert_problem(with_parameter, 422, "invalid_input").await;
        }
    }

    async fn every_wrong_field_is_named_at_once(database) {
        let app = App::start(database).await;
        let problem = assert_problem(app.posts("/login", &json!({ "user": " ", "password": "" })).await, 422, "invalid_input").await;
        assert_eq!(
            problem["errors"],
            json!([{ "field": "user", "code": "required" }, { "field": "password", "code": "required" }])
        );
        let body = json!({ "email": "no address", "locale": "tlh" });
        let problem = assert_problem(app.posts("/password-reset/request", &body).await, 422, "invalid_input").await;
        assert_eq!(
            problem["errors"],
            json!([{ "field": "email", "code": "invalid_character" }, { "field": "locale", "code": "unknown_language" }])
        );
        let body = json!({ "user": "ann", "password": "x", "session": "for ever" });
        let problem = assert_problem(app.posts("/login", &body).await, 422, "invalid_input").await;
        assert_eq!(problem["errors"], json!([{ "field": "session", "code": "wrong_type" }]));
        let body = json!({ "user": "ann", "password": "x".repeat(1025) });
        let problem = assert_problem(app.posts("/login", &body).await, 422, "invalid_input").await;
        assert_eq!(problem["errors"], json!([{ "field": "password", "code": "too_long" }]));
    }

    async fn what_is_no_address_is_refused_before_anything_is_promised(database) {
        let app = App::start(database).await;
        for (email, code) in [
            ("", "required"),
            ("ann", "not_an_email"),
            ("ann@", "not_an_email"),
            ("ann@example..com", "not_an_email"),
            ("ann\0@example.com", "invalid_character"),
            ("ann@example.com\r\nBcc: eve@example.com", "invalid_character"),
            ("ann@example.com, eve@example.com", "invalid_character"),
            (&format!("{}@example.com", "x".repeat(65)), "not_an_email"),
            (&format!("ann@{}.com", "x.".repeat(130)), "too_long"),
        ] {
            let problem = assert_problem(app.asks_for_reset(email).await, 422, "invalid_input").await;
            assert_eq!(problem["errors"], json!([{ "field": "email", "code": code }]), "{email:?}");
        }
        assert_eq!(app.count("SELECT COUNT(*) AS count FROM mail_queue"), 0);
    }

    async fn texts_are_trimmed_and_unknown_fields_ignored(database) {
        let app = App::start(database).await;
        app.has_account("ann", "ann@example.com");
        let body = json!({ "email": "\t ann@example.com \n", "colour": { "deep": [1, 2, 3] } });
        assert_eq!(app.posts("/password-reset/request", &body).await.status(), StatusCode::ACCEPTED);
        let token = app.letter_to("ann@example.com", 1).await.token();
        assert_eq!(app.confirms(&format!(" {token} ")).await.status(), StatusCode::OK);
        app.letter_to("ann@example.com", 2).await;
    }

    async fn null_is_as_good_as_not_given_where_a_field_may_be_missing(database) {
        let app = App::start(database).await;
        app.has_account("ann", "ann@example.com");
        let body = json!({ "user": "ann", "password": OWN_PASSWORD, "session": null });
        let begun = json_of(app.posts("/login", &body).await, StatusCode::OK).await;
        let body = json!({ "email": "ann@example.com", "locale": null });
        assert_eq!(app.posts("/password-reset/request", &body).await.status(), StatusCode::ACCEPTED);
        let token = app.letter_to("ann@example.com", 1).await.token();
        for (path, body) in [
            ("/session/refresh", json!({ "refresh_token": null })),
            ("/logout", json!({ "refresh_token": null })),
            ("/credential-requests", json!({ "name": "Bea", "email": "bea@example.com", "note": null, "locale": null })),
            ("/password-reset/confirm", json!({ "token": token, "new_password": null })),
        ] {
            let answer = app.posts(path, &body).await;
            assert!(answer.status().is_success(), "{path}: {}", answer.text().await.unwrap());
        }
        assert_eq!(app.who_am_i(begun["access_token"].as_str().unwrap()).await.status(), StatusCode::UNAUTHORIZED);
        app.letter_to("ann@example.com", 2).await;
    }

    async fn a_wrong_method_is_405_and_an_unknown_path_404_and_neither_is_html(database) {
        let app = App::start(database).await;
        for (path, method, allow) in [
            ("/login", Method::GET, "POST"),
            ("/login", Method::DELETE, "POST"),
            ("/logout", Method::GET, "POST"),
            ("/session/refresh", Method::PUT, "POST"),
            ("/password-reset/request", Method::GET, "POST"),
            ("/password-reset/confirm", Method::HEAD, "POST"),
            ("/me", Method::POST, "GET, HEAD, PATCH"),
            ("/me/password", Method::GET, "POST"),
            ("/health/ready", Method::POST, "GET, HEAD"),
            ("/config.json", Method::PATCH, "GET, HEAD"),
            ("/reset", Method::POST, "GET, HEAD"),
        ] {
            let answer = app.request(method.clone(), path).header("accept", "text/html").send().await.unwrap();
            assert_eq!(answer.status(), 405, "{method} {path}");
            assert_eq!(answer.headers()["allow"], allow, "{method} {path}");
            if method != Method::HEAD {
                assert_problem(answer, 405, "method_not_allowed").await;
            }
        }
        for path in ["/password-reset", "/password-reset/nothing", "/login/", "/me/nothing", "/health", "/session", "/admin/nothing", "/dev/mailbox", "/.well-known/nothing"] {
            let answer = app.request(Method::GET, path).header("accept", "text/html").send().await.unwrap();
            assert_problem(answer, 404, "not_found").await;
        }
    }

    async fn a_noisy_client_is_told_when_to_come_back(database) {
        let app = App::start_with(database, Setup::with(&["--client-requests-per-minute=3", "--trusted-proxies=127.0.0.1"])).await;
        let asks_from = async |client: &str| {
            app.request(Method::POST, "/password-reset/request")
                .header("x-forwarded-for", client)
                .json(&json!({ "email": "nobody@example.com" }))
                .send()
                .await
                .unwrap()
        };
        for _ in 0..3 {
            assert_eq!(asks_from("192.0.2.1").await.status(), StatusCode::ACCEPTED);
        }
        let refused = asks_from("198.51.100.9, 192.0.2.1").await;
        assert!(refused.headers()["retry-after"].to_str().unwrap().parse::<u64>().unwrap() <= 60);
        assert_problem(refused, 429, "too_many_requests").await;
        assert_eq!(asks_from("192.0.2.2").await.status(), StatusCode::ACCEPTED);
        assert_eq!(app.request(Method::GET, "/health/live").send().await.unwrap().status(), StatusCode::OK);
    }
}

//! Pages of other origins: nothing unless the operator names them, and then never with cookies.

use reqwest::{Method, Response};

use crate::support::app::{App, OWN_PASSWORD, assert_problem, browser_logs_in, cookie};
use crate::support::{Setup, on_both_databases};

const TOOL: &str = "https://tool.example.com";

fn cors_headers(answer: &Response) -> Vec<String> {
    let names = answer.headers().keys().map(|name| name.as_str().to_owned());
    names.filter(|name| name.starts_with("access-control-")).collect()
}

async fn asks_from(app: &App, origin: &str, method: Method, path: &str) -> Response {
    app.request(method, path).header("origin", origin).send().await.unwrap()
}

async fn asks_first(app: &App, origin: &str, path: &str, method: &str) -> Response {
    let request = app.request(Method::OPTIONS, path).header("origin", origin);
    request
        .header("access-control-request-method", method)
        .header("access-control-request-headers", "authorization,content-type")
        .send()
        .await
        .unwrap()
}

async fn app_for_the_tool(database: crate::support::database::Kind) -> App {
    App::start_with(database, Setup::with(&["--cors-origins=https://tool.example.com, http://localhost:5173/"])).await
}

on_both_databases! {
    async fn without_origins_nothing_is_said_of_them(database) {
        let app = App::start(database).await;
        for path in ["/config.json", "/login", "/me", "/"] {
            let answer = asks_from(&app, TOOL, Method::GET, path).await;
            assert_eq!(cors_headers(&answer), [""; 0], "{path}");
            let answer = asks_first(&app, TOOL, path, "POST").await;
            assert_eq!(answer.status(), 405, "{path}");
            assert_eq!(cors_headers(&answer), [""; 0], "{path}");
        }
    }

    async fn a_named_origin_reads_answers_and_errors(database) {
        let app = app_for_the_tool(database).await;
        for origin in [TOOL, "http://localhost:5173"] {
            for (path, status) in [("/config.json", 200), ("/me", 401), ("/login", 405), ("/me/nothing", 404)] {
                let answer = asks_from(&app, origin, Method::GET, path).await;
                assert_eq!(answer.status(), status, "{path}");
                let headers = answer.headers();
                assert_eq!(headers["access-control-allow-origin"], origin, "{path}");
                assert_eq!(headers["access-control-expose-headers"], "retry-after", "{path}");
                assert_eq!(headers["vary"], "origin", "{path}");
                assert_eq!(headers["cross-origin-resource-policy"], "same-origin", "{path}");
                assert_eq!(cors_headers(&answer).len(), 2, "{path}");
            }
        }
        // Pages and files are no part of it.
        for path in ["/", "/app-0123456789abcdef.js"] {
            assert_eq!(cors_headers(&asks_from(&app, TOOL, Method::GET, path).await), [""; 0], "{path}");
        }
    }

    async fn a_browser_that_asks_first_is_told_the_methods_of_the_route(database) {
        let app = app_for_the_tool(database).await;
        for (path, methods) in rekey::ROUTES {
            let answer = asks_first(&app, TOOL, &path.replace("{id}", "0190"), "POST").await;
            assert_eq!(answer.status(), 204, "{path}");
            let headers = answer.headers();
            assert_eq!(headers["access-control-allow-origin"], TOOL, "{path}");
            assert_eq!(headers["access-control-allow-methods"], methods, "{path}");
            assert_eq!(headers["access-control-allow-headers"], "authorization, content-type", "{path}");
            assert_eq!(headers["access-control-max-age"], "600", "{path}");
            assert!(!headers.contains_key("access-control-allow-credentials"), "{path}");
        }
        assert_problem(asks_first(&app, TOOL, "/me/nothing", "GET").await, 404, "not_found").await;
        let no_preflight = asks_from(&app, TOOL, Method::OPTIONS, "/login").await;
        assert_problem(no_preflight, 405, "method_not_allowed").await;
    }

    async fn an_origin_that_only_looks_like_a_named_one_is_none(database) {
        let app = app_for_the_tool(database).await;
        for origin in [
            "http://tool.example.com",
            "https://tool.example.com:444",
            "https://tool.example.com.evil.example",
            "https://eviltool.example.com",
            "https://TOOL.example.com",
            "https://tool.example.com/",
            "null",
            "*",
            "",
        ] {
            for answer in [
                asks_from(&app, origin, Method::GET, "/config.json").await,
                asks_first(&app, origin, "/login", "POST").await,
            ] {
                assert_eq!(cors_headers(&answer), [""; 0], "{origin}");
                assert_eq!(answer.headers()["vary"], "origin", "{origin}");
            }
        }
    }

    async fn calls_with_the_cookie_stay_with_rekeys_own_origin(database) {
        let app = app_for_the_tool(database).await;
        app.has_account("ann", "ann@example.com");
        let session = cookie(&browser_logs_in(&app, "ann", OWN_PASSWORD, "").await, "rekey_session").unwrap().0;
        for path in ["/session/refresh", "/logout"] {
            let request = app.request(Method::POST, path).header("origin", TOOL).header("cookie", &session);
            let answer = request.send().await.unwrap();
            assert!(!answer.headers().contains_key("access-control-allow-credentials"), "{path}");
            assert_problem(answer, 403, "forbidden").await;
        }
    }

    async fn what_is_no_origin_is_told_at_the_start(database) {
        let app = App::start(database).await;
        for wrong in ["*", "null", "tool.example.com", "https://tool.example.com/start", "https://*.example.com", "ftp://tool.example.com"] {
            let output = app.rekey(&["migrate", "--cors-origins", wrong]).output().unwrap();
            let sentence = String::from_utf8_lossy(&output.stderr).into_owned();
            assert_eq!(output.status.code(), Some(2), "{wrong}: {sentence}");
            assert!(sentence.contains("REKEY_CORS_ORIGINS: ") && sentence.contains(wrong), "{sentence}");
        }
    }
}

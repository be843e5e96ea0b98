//! The headers of every kind of answer.

use base64::Engine as _;
use reqwest::{Method, Response};
use sha2::{Digest, Sha256};

use crate::support::app::App;
use crate::support::raw::Raw;
use crate::support::{Setup, on_both_databases};

/// Every kind of answer: what is asked for, and the status that tells that it is this kind.
const KINDS: [(&str, &str, &str, u16); 14] = [
    ("GET", "/", "text/html", 200),
    ("HEAD", "/", "text/html", 200),
    ("GET", "/nowhere", "text/html", 404),
    ("GET", "/app-0123456789abcdef.js", "*/*", 200),
    ("HEAD", "/app-0123456789abcdef.js", "*/*", 200),
    ("GET", "/nowhere.js", "*/*", 404),
    ("GET", "/config.json", "*/*", 200),
    ("HEAD", "/config.json", "*/*", 200),
    ("GET", "/health/live", "*/*", 200),
    ("GET", "/me", "*/*", 401),
    ("GET", "/login", "*/*", 405),
    ("OPTIONS", "/login", "*/*", 405),
    ("GET", "/me/%ff", "*/*", 404),
    ("POST", "/session/refresh", "*/*", 204),
];

async fn every_kind(app: &App) -> Vec<(&'static str, Response)> {
    let mut answers = Vec::new();
    for (method, path, accept, status) in KINDS {
        let method: Method = method.parse().unwrap();
        let answer = app.request(method.clone(), path).header("accept", accept).send().await.unwrap();
        assert_eq!(answer.status(), status, "{method} {path}");
        answers.push((path, answer));
    }
    let file = app.request(Method::GET, "/app-0123456789abcdef.js").send().await.unwrap();
    let again = app.request(Method::GET, "/app-0123456789abcdef.js").header("if-none-match", &file.headers()["etag"]);
    let unchanged = again.send().await.unwrap();
    assert_eq!(unchanged.status(), 304);
    answers.push(("an unchanged file", unchanged));
    answers
}

/// Each of these answers has this header, once.
async fn all_have(app: &App, name: &str, value: &str) {
    for (path, answer) in every_kind(app).await {
        let values: Vec<_> = answer.headers().get_all(name).iter().collect();
        assert_eq!(values, [value], "{path}");
    }
}

on_both_databases! {
    async fn the_policy_lets_run_what_is_rekeys_own(database) {
        let app = App::start(database).await;
        // What stands inline in the test's two pages.
        let hash = |script: &str| base64::engine::general_purpose::STANDARD.encode(Sha256::digest(script));
        let (start, go_on) = (hash("start()"), hash("go_on()"));
        let policy = [
            "default-src 'none'",
            &format!("script-src 'self' 'wasm-unsafe-eval' 'sha256-{start}' 'sha256-{go_on}'"),
            "style-src 'self'",
            "img-src 'self' data:",
            "font-src 'self'",
            "connect-src 'self'",
            "base-uri 'none'",
            "form-action 'self'",
            "frame-ancestors 'none'",
        ];
        all_have(&app, "content-security-policy", &policy.join("; ")).await;
    }

    async fn no_type_is_guessed(database) {
        all_have(&App::start(database).await, "x-content-type-options", "nosniff").await;
    }

    async fn no_address_is_told_to_the_next_page(database) {
        all_have(&App::start(database).await, "referrer-policy", "no-referrer").await;
    }

    async fn no_window_of_another_origin_is_held(database) {
        all_have(&App::start(database).await, "cross-origin-opener-policy", "same-origin").await;
    }

    async fn no_other_origin_embeds_anything(database) {
        all_have(&App::start(database).await, "cross-origin-resource-policy", "same-origin").await;
    }

    async fn no_page_uses_a_device(database) {
        let policy = "camera=(), geolocation=(), microphone=(), payment=(), usb=()";
        all_have(&App::start(database).await, "permissions-policy", policy).await;
    }

    async fn over_https_browsers_are_told_to_stay_there(database) {
        let https = App::start_with(database, Setup::with(&["--public-url=https://support.example.com"])).await;
        all_have(&https, "strict-transport-security", "max-age=63072000").await;
        let http = App::start(database).await;
        for (path, answer) in every_kind(&http).await {
            assert!(!answer.headers().contains_key("strict-transport-security"), "{path}");
        }
    }

    async fn nothing_tells_what_answers(database) {
        let app = App::start(database).await;
        for (path, answer) in every_kind(&app).await {
            for name in ["server", "x-powered-by", "via"] {
                assert!(!answer.headers().contains_key(name), "{path}: {name}");
            }
        }
    }

    async fn answers_of_the_api_are_stored_by_nobody(database) {
        let app = App::start(database).await;
        for (path, answer) in every_kind(&app).await {
            let expected = match (path, answer.status().as_u16()) {
                ("/" | "/nowhere", _) => "no-cache",
                ("/app-0123456789abcdef.js" | "an unchanged file", _) => "public, max-age=31536000, immutable",
                _ => "no-store",
            };
            assert_eq!(answer.headers()["cache-control"], expected, "{path}");
        }
    }

    async fn a_captured_letter_runs_nothing_and_is_shown_by_the_mailbox_only(database) {
        let app = App::start_with(database, Setup::with(&["--smtp-url="])).await;
        app.has_account("ann", "ann@example.com");
        assert_eq!(app.asks_for_reset("ann@example.com").await.status(), 202);
        app.all_letters_are_settled().await;
        let list = app.request(Method::GET, "/dev/mailbox").send().await.unwrap();
        let policy = list.headers()["content-security-policy"].to_str().unwrap().to_owned();
        assert!(policy.starts_with("default-src 'none'; ") && policy.ends_with("; frame-ancestors 'none'"), "{policy}");
        let page = list.text().await.unwrap();
        let id = page.split("/dev/mailbox/").nth(1).unwrap().split('"').next().unwrap();
        let html = app.request(Method::GET, &format!("/dev/mailbox/{id}/html")).send().await.unwrap();
        let policy = html.headers()["content-security-policy"].to_str().unwrap().to_owned();
        assert!(policy.starts_with("default-src 'none'; ") && policy.ends_with("; frame-ancestors 'self'"), "{policy}");
        assert!(!policy.contains("script-src"), "{policy}");
        for (name, value) in [("cache-control", "no-store"), ("x-content-type-options", "nosniff"), ("referrer-policy", "no-referrer")] {
            assert_eq!(html.headers()[name], value);
        }
    }

    /// No handler sees it, so it has none of the headers; it has no body either that they could guard.
    async fn what_is_no_http_is_refused_without_a_word(database) {
        let app = App::start(database).await;
        let port = app.base.rsplit(':').next().unwrap().parse().unwrap();
        let answer = Raw::says(port, "GET / HTTP/1.1\r\n\r\n").await.answer().await.unwrap();
        assert_eq!(answer.status, 400);
        assert_eq!(answer.header("content-length"), Some("0"));
        assert!(answer.header("server").is_none() && answer.header("content-type").is_none(), "{}", answer.head);
    }
}

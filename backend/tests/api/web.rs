//! What every answer has: headers, and the page where a page is due.

use reqwest::redirect::Policy;
use reqwest::{Client, Method, StatusCode};
use serde_json::json;

use crate::support::app::{App, assert_problem, json_of};
use crate::support::{Setup, on_both_databases};

on_both_databases! {
    async fn the_page_is_served_outside_of_the_api_only(database) {
        let app = App::start(database).await;
        let gets = async |path: &str, accept: &str| {
            app.request(Method::GET, path).header("accept", accept).send().await.unwrap()
        };
        for path in ["/", "/forgotten-password", "/reset", "/choose-password", "/home"] {
            for accept in ["text/html,application/xhtml+xml", "*/*"] {
                let page = gets(path, accept).await;
                assert_eq!(page.status(), StatusCode::OK, "{path}");
                assert_eq!(page.headers()["content-type"], "text/html; charset=utf-8");
                assert_eq!(page.headers()["cache-control"], "no-cache");
            }
            assert_problem(gets(path, "application/json").await, 404, "not_found").await;
        }
        assert_eq!(gets("/nowhere", "text/html").await.status(), StatusCode::NOT_FOUND);
        assert_problem(gets("/nowhere.js", "*/*").await, 404, "not_found").await;
        let file = gets("/app-0123456789abcdef.js", "*/*").await;
        assert_eq!(file.headers()["cache-control"], "public, max-age=31536000, immutable");
        assert_eq!(file.text().await.unwrap(), "start()");
        for path in ["/home", "/account", "/administration/accounts", "/administration/accounts/0190", "/administration/mail-queue"] {
            assert!(gets(path, "text/html").await.text().await.unwrap().contains("<title>Home</title>"), "{path}");
        }
        for path in ["/", "/forgotten-password", "/reset", "/choose-password", "/confirm-email", "/request-credential", "/nowhere"] {
            assert!(gets(path, "text/html").await.text().await.unwrap().contains("<title>Rekey</title>"), "{path}");
        }
        for path in ["/index.html", "/signed_in.html", "/index.html.br", "/../Cargo.toml", "/%2e%2e/Cargo.toml", "/.env"] {
            assert_problem(gets(path, "*/*").await, 404, "not_found").await;
        }
    }

    async fn the_page_is_told_what_it_may_know(database) {
        let flags = ["--app-name=IMSISO Assistance Tool", "--support-contact=help@example.com", "--reset-mails-per-hour=3"];
        let app = App::start_with(database, Setup::with(&flags)).await;
        let config = json_of(app.request(Method::GET, "/config.json").send().await.unwrap(), StatusCode::OK).await;
        assert_eq!(
            config,
            json!({
                "name": "IMSISO Assistance Tool",
                "reset_style": "mailed",
                "languages": ["en", "it", "de", "fr", "es"],
                "limits": {
                    "reset_mails_per_hour": 3,
                    "reset_link_life_seconds": 3600,
                    "temporary_password_life_seconds": 86400,
                    "password_min_characters": 15,
                    "password_max_bytes": 1024
                },
                "support_contact": "help@example.com"
            })
        );
    }

    async fn health_is_told_apart(database) {
        let app = App::start(database).await;
        for path in ["/health/live", "/health/ready"] {
            assert_eq!(app.request(Method::GET, path).send().await.unwrap().status(), StatusCode::OK);
            assert_eq!(app.request(Method::HEAD, path).send().await.unwrap().status(), StatusCode::OK);
        }
    }

    async fn password_managers_are_led_to_where_the_password_is_changed(database) {
        let app = App::start(database).await;
        let manager = Client::builder().redirect(Policy::none()).build().unwrap();
        for method in [Method::GET, Method::HEAD] {
            let url = format!("{}/.well-known/change-password", app.base);
            let led = manager.request(method, url).send().await.unwrap();
            assert_eq!(led.status(), StatusCode::FOUND);
            assert_eq!(led.headers()["location"], "/account");
        }
        // They ask for this one, too, to see whether the server tells addresses apart at all.
        let none = "/.well-known/resource-that-should-not-exist-whose-status-code-should-not-be-200";
        assert_problem(app.request(Method::GET, none).send().await.unwrap(), 404, "not_found").await;
    }
}

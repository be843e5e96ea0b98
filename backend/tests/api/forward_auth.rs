//! What a proxy in front of a tool is told: who is there, or where they can log in.

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::{Algorithm, DecodingKey, Validation};
use reqwest::header::HeaderMap;
use reqwest::redirect::Policy;
use reqwest::{Client, Method, RequestBuilder, Response, StatusCode};
use serde_json::{Value, json};

use crate::support::app::{App, OWN_PASSWORD, assert_problem, browser_logs_in, cookie, json_of};
use crate::support::{Setup, on_both_databases};

const ANN: &str = "ann@example.com";
const REKEY: &str = "https://rekey.example.com";
const TRUSTED: &str = "--trusted-proxies=127.0.0.1";

/// A tool's page, as Caddy and Traefik name it.
const CADDY: &[(&str, &str)] = &[
    ("x-forwarded-proto", "https"),
    ("x-forwarded-host", "rekey.example.com:8443"),
    ("x-forwarded-uri", "/wiki/?a=1&b=x%20y+z"),
];
/// The same as nginx names it.
const NGINX: &[(&str, &str)] = &[("x-original-url", "https://rekey.example.com:8443/wiki/?a=1&b=x%20y+z")];
/// Where both lead somebody who has to log in.
const LOGIN: &str = "https://rekey.example.com/?return_to=https://rekey.example.com:8443/wiki/?a=1%26b=x%2520y%2Bz";

pub async fn started(database: crate::support::database::Kind, flags: &[&str]) -> App {
    let public_url = format!("--public-url={REKEY}");
    let app = App::start_with(database, Setup::with(&[&[public_url.as_str()][..], flags].concat())).await;
    app.has_account("ann", ANN);
    app
}

/// Asks as a proxy does, for a browser.
fn asks(app: &App, cookies: &str, named: &[(&str, &str)]) -> RequestBuilder {
    let client = Client::builder().redirect(Policy::none()).build().unwrap();
    let request = client.get(format!("{}/forward-auth", app.base)).header("accept", "text/html,*/*;q=0.8");
    let request = if cookies.is_empty() { request } else { request.header("cookie", cookies) };
    named.iter().fold(request, |request, (name, value)| request.header(*name, *value))
}

pub async fn answer(app: &App, cookies: &str, named: &[(&str, &str)]) -> Response {
    asks(app, cookies, named).send().await.unwrap()
}

/// The session's cookie after a login.
async fn session_of(app: &App, user: &str) -> String {
    let login = browser_logs_in(app, user, OWN_PASSWORD, "").await;
    cookie(&login, "__Host-rekey_session").unwrap().0
}

fn told(headers: &HeaderMap) -> Vec<(&str, &str)> {
    let mut told: Vec<_> = headers
        .iter()
        .filter(|(name, _)| name.as_str().starts_with("remote-"))
        .map(|(name, value)| (name.as_str(), value.to_str().unwrap()))
        .collect();
    told.sort_unstable();
    told
}

fn claims(token: &str) -> Value {
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(token.split('.').nth(1).unwrap()).unwrap()).unwrap()
}

on_both_databases! {
    async fn whoever_is_logged_in_is_named_and_nobody_else_is(database) {
        let app = started(database, &[TRUSTED]).await;
        let session = session_of(&app, "ann").await;
        for named in [CADDY, NGINX] {
            let named_to = answer(&app, &session, named).await;
            assert_eq!(named_to.status(), StatusCode::OK);
            let told = told(named_to.headers());
            assert_eq!(told[..3], [("remote-email", ANN), ("remote-groups", "member"), ("remote-name", "ann")]);
            assert_eq!((told[3].0, told[4], told.len()), ("remote-token", ("remote-user", "ann"), 5));
        }
        for cookies in ["", "__Host-rekey_session=invented", "__Host-rekey_session=", "rekey_session=x; a=b"] {
            let refused = answer(&app, cookies, &[]).await;
            assert!(told(refused.headers()).is_empty());
            assert_problem(refused, 401, "unauthenticated").await;
        }
        let head = asks(&app, &session, &[]).build().unwrap();
        let head = app.client.request(Method::HEAD, head.url().clone()).headers(head.headers().clone());
        assert_eq!(head.send().await.unwrap().status(), StatusCode::OK);
    }

    async fn what_a_person_may_type_fits_a_header(database) {
        let app = started(database, &[]).await;
        for (user, name) in [("zoë", "Zoë 100% \"sure\", <b>: Ω 👩‍🚀"), ("a%41;b=c", "%0d%0aX: y")] {
            let email = format!("{}@example.com", user.len());
            app.has_account(user, &email);
            let token = app.access_token(user, OWN_PASSWORD).await;
            let changed = app.calls(&token, Method::PATCH, "/me", Some(json!({ "name": name }))).await;
            assert_eq!(changed.status(), StatusCode::OK);
            let named = answer(&app, &session_of(&app, user).await, &[]).await;
            for (header, text) in [("remote-user", user), ("remote-name", name)] {
                let value = named.headers()[header].to_str().unwrap();
                assert!(value.bytes().all(|byte| byte == b' ' || byte.is_ascii_graphic()), "{value}");
                assert_eq!(percent_decoded(value), text, "{value}");
            }
        }
        let named = answer(&app, &session_of(&app, "zoë").await, &[]).await;
        assert_eq!(named.headers()["remote-user"], "zo%C3%AB");
    }

    async fn who_has_to_log_in_is_led_to_the_login_and_back(database) {
        let app = started(database, &[TRUSTED]).await;
        let redirected = answer(&app, "", CADDY).await;
        assert_eq!(redirected.status(), StatusCode::FOUND);
        assert_eq!(redirected.headers()["location"], LOGIN);
        assert_eq!(redirected.headers()["cache-control"], "no-store");
        // What the proxy hands on comes from the tool's host.
        assert!(!redirected.headers().contains_key("strict-transport-security"));
        // nginx takes a redirect for a fault.
        let refused = answer(&app, "", NGINX).await;
        assert_eq!(refused.headers()["location"], LOGIN);
        assert_problem(refused, 401, "unauthenticated").await;
        // A script would get a page in place of data.
        for named in [CADDY, NGINX] {
            let script = app.request(Method::GET, "/forward-auth").header("accept", "application/json");
            let script = named.iter().fold(script, |script, (name, value)| script.header(*name, *value));
            let refused = script.send().await.unwrap();
            assert!(!refused.headers().contains_key("location"));
            assert_problem(refused, 401, "unauthenticated").await;
        }
    }

    async fn nobody_is_led_anywhere_else(database) {
        let app = started(database, &[TRUSTED, "--cookie-domain=example.com"]).await;
        let session = session_of(&app, "ann").await;
        let host = |host| [("x-forwarded-proto", "https"), ("x-forwarded-host", host), ("x-forwarded-uri", "/")];
        assert_eq!(answer(&app, "", &host("tool.example.com")).await.status(), StatusCode::FOUND);
        let mut all: Vec<Vec<(&str, &str)>> = ["evil.example", "tool.example.com.evil.example", "tool.example.com@evil.example", "", "a, b"]
            .map(|name| host(name).to_vec())
            .into();
        all.push([&host("tool.example.com")[..], &[("x-forwarded-host", "evil.example")]].concat());
        all.push([&host("tool.example.com")[..2], &[("x-forwarded-uri", "@evil.example/")]].concat());
        all.push([&host("tool.example.com")[..2], &[("x-forwarded-uri", ".evil.example/")]].concat());
        all.push([&[("x-forwarded-proto", "javascript")][..], &host("tool.example.com")[1..]].concat());
        all.push([&[("x-forwarded-proto", "http")][..], &host("tool.example.com")[1..]].concat());
        for url in ["https://evil.example/", "//evil.example/", "javascript:alert(1)", "https://ann@tool.example.com/", ""] {
            all.push(vec![("x-original-url", url)]);
            all.push([&host("tool.example.com")[..], &[("x-original-url", url)]].concat());
        }
        for named in all {
            let refused = answer(&app, "", &named).await;
            assert!(!refused.headers().contains_key("location"), "{named:?}");
            assert_problem(refused, 401, "unauthenticated").await;
            let known = answer(&app, &session, &named).await;
            assert!(known.status() == StatusCode::OK && !known.headers().contains_key("remote-token"), "{named:?}");
        }
    }

    async fn a_stranger_who_pretends_to_be_a_proxy_is_not_believed(database) {
        let app = started(database, &["--trusted-proxies=10.0.0.0/8"]).await;
        let session = session_of(&app, "ann").await;
        for named in [CADDY, NGINX] {
            let refused = answer(&app, "", named).await;
            assert!(!refused.headers().contains_key("location"));
            assert_problem(refused, 401, "unauthenticated").await;
            // Their own name they may hear. A token for a tool only the proxy before it gets.
            let known = answer(&app, &session, named).await;
            assert_eq!(told(known.headers()).len(), 4);
        }
    }

    async fn the_tools_token_is_for_that_tool_and_opens_nothing_at_rekey(database) {
        let app = started(database, &[TRUSTED]).await;
        app.time_stands_still();
        let session = session_of(&app, "ann").await;
        let own_path = [CADDY[0], ("x-forwarded-host", "rekey.example.com"), CADDY[2]];
        for (named, origin) in [(CADDY, "https://rekey.example.com:8443"), (&own_path[..], REKEY)] {
            let known = answer(&app, &session, named).await;
            let token = known.headers()["remote-token"].to_str().unwrap();
            let said = claims(token);
            assert_eq!((&said["aud"], &said["iss"]), (&json!(origin), &json!(REKEY)));
            assert_eq!(said["exp"].as_i64().unwrap() - said["iat"].as_i64().unwrap(), 300);
            assert_eq!((&said["preferred_username"], &said["name"], &said["email"]), (&json!("ann"), &json!("ann"), &json!(ANN)));
            assert_eq!((&said["groups"], said.as_object().unwrap().len()), (&json!(["member"]), 9));
            let jwks = json_of(app.request(Method::GET, "/.well-known/jwks.json").send().await.unwrap(), StatusCode::OK).await;
            let key = DecodingKey::from_ed_components(jwks["keys"][0]["x"].as_str().unwrap()).unwrap();
            let mut wanted = Validation::new(Algorithm::EdDSA);
            wanted.set_audience(&[origin]);
            wanted.set_issuer(&[REKEY]);
            let verified = jsonwebtoken::decode::<Value>(token, &key, &wanted).unwrap();
            assert_eq!(verified.header.typ.as_deref(), Some("rekey-tool+jwt"));
            assert_problem(app.who_am_i(token).await, 401, "unauthenticated").await;
            let asked_with_it = asks(&app, "", &[]).bearer_auth(token).send().await.unwrap();
            assert_problem(asked_with_it, 401, "unauthenticated").await;
        }
    }

    async fn the_end_of_a_session_counts_at_the_next_request(database) {
        let app = started(database, &["--cookie-domain=example.com", "--session-idle-life=2h", "--session-life=3h"]).await;
        let new_session = async || {
            let login = browser_logs_in(&app, "ann", OWN_PASSWORD, "").await;
            ["__Host-rekey_session", "__Secure-rekey_tools"].map(|name| cookie(&login, name).unwrap().0)
        };
        let all_are = async |cookies: &[String; 2], status: StatusCode, when: &str| {
            for cookie in cookies {
                assert_eq!(answer(&app, cookie, &[]).await.status(), status, "{when}: {cookie}");
            }
        };
        let cookies = new_session().await;
        all_are(&cookies, StatusCode::OK, "after login").await;
        let out = app.request(Method::POST, "/logout").header("cookie", &cookies[0]).header("sec-fetch-site", "same-origin");
        assert_eq!(out.send().await.unwrap().status(), StatusCode::NO_CONTENT);
        all_are(&cookies, StatusCode::UNAUTHORIZED, "after logout").await;

        let cookies = new_session().await;
        // Asked again and again it is in use, however little of that is written down.
        for _ in 0..3 {
            app.wait(Duration::from_mins(50));
            all_are(&cookies, StatusCode::OK, "in use").await;
        }
        app.wait(Duration::from_mins(31));
        all_are(&cookies, StatusCode::UNAUTHORIZED, "after its life").await;
        let cookies = new_session().await;
        app.wait(Duration::from_mins(121));
        all_are(&cookies, StatusCode::UNAUTHORIZED, "idle").await;

        let cookies = new_session().await;
        let mailed = app.mailed_password(ANN).await;
        all_are(&cookies, StatusCode::UNAUTHORIZED, "after a reset").await;
        // A mailed password opens nothing but the choice of an own one.
        let login = browser_logs_in(&app, "ann", &mailed, "").await;
        assert!(cookie(&login, "__Secure-rekey_tools").is_none());
        let token = json_of(login, StatusCode::OK).await["access_token"].as_str().unwrap().to_owned();
        assert_problem(asks(&app, "", &[]).bearer_auth(&token).send().await.unwrap(), 401, "unauthenticated").await;
        let chosen = app.changes_password(&token, &mailed, "eleven purple elephants").await;
        let cookies = ["__Host-rekey_session", "__Secure-rekey_tools"].map(|name| cookie(&chosen, name).unwrap().0);
        all_are(&cookies, StatusCode::OK, "after an own password").await;
        let disabled = app.rekey(&["account", "disable", "ann"]).status().unwrap();
        assert!(disabled.success());
        all_are(&cookies, StatusCode::UNAUTHORIZED, "disabled").await;
    }

    async fn a_page_of_a_tool_writes_once_a_minute(database) {
        let setup = Setup { no_mail_worker: true, ..Setup::with(&[&format!("--public-url={REKEY}")]) };
        let app = App::start_with(database, setup).await;
        app.has_account("ann", ANN);
        let session = session_of(&app, "ann").await;
        app.time_stands_still();
        let wrote = async || {
            app.statements.take();
            assert_eq!(answer(&app, &session, &[]).await.status(), StatusCode::OK);
            app.statements.take().iter().filter(|statement| statement.contains("UPDATE") && statement.contains("sessions")).count()
        };
        wrote().await;
        assert_eq!(wrote().await, 0);
        app.wait(Duration::from_secs(61));
        assert_eq!(wrote().await, 1);
        assert_eq!(wrote().await, 0);
    }

    async fn an_apps_access_token_opens_tools_too_and_the_cookie_comes_first(database) {
        let app = started(database, &[TRUSTED]).await;
        let token = app.access_token("ann", OWN_PASSWORD).await;
        let by_token = asks(&app, "", CADDY).bearer_auth(&token).send().await.unwrap();
        assert_eq!(told(by_token.headers()).len(), 5);
        // What a tool's own page sends to the tool is none of Rekey's business.
        let session = session_of(&app, "ann").await;
        let with_cookie = asks(&app, &session, CADDY).bearer_auth("the tool's own").send().await.unwrap();
        assert_eq!(with_cookie.status(), StatusCode::OK);
        let dead_cookie = asks(&app, "__Host-rekey_session=dead", CADDY).bearer_auth(&token).send().await.unwrap();
        assert_eq!(dead_cookie.status(), StatusCode::OK);
    }
}

fn percent_decoded(text: &str) -> String {
    percent_encoding::percent_decode_str(text).decode_utf8().unwrap().into_owned()
}

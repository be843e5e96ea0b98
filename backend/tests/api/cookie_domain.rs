//! `REKEY_COOKIE_DOMAIN`: what browsers send to the other hosts of a domain, and what not.

use reqwest::{Method, StatusCode};

use crate::forward_auth::{answer, started};
use crate::support::app::{OWN_PASSWORD, assert_problem, browser_logs_in, cookie};
use crate::support::on_both_databases;

on_both_databases! {
    async fn with_a_cookie_domain_tools_have_a_cookie_of_their_own(database) {
        let app = started(database, &["--cookie-domain=example.com"]).await;
        let login = browser_logs_in(&app, "ann", OWN_PASSWORD, "").await;
        let (tools, attributes) = cookie(&login, "__Secure-rekey_tools").unwrap();
        for attribute in ["Domain=example.com", "Secure", "HttpOnly", "SameSite=Lax", "Path=/", "Max-Age=7776000"] {
            assert!(attributes.contains(attribute), "{attribute}: {attributes}");
        }
        for name in ["__Host-rekey_session", "__Host-rekey_device"] {
            assert!(!cookie(&login, name).unwrap().1.contains("Domain"), "{name} stays with Rekey");
        }
        let (session, _) = cookie(&login, "__Host-rekey_session").unwrap();
        let own = |path: &str, cookies: &str| {
            app.request(Method::POST, path).header("cookie", cookies).header("sec-fetch-site", "same-origin").send()
        };
        // It opens tools, and nothing of Rekey's.
        assert_eq!(answer(&app, &tools, &[]).await.status(), StatusCode::OK);
        assert_eq!(own("/session/refresh", &tools).await.unwrap().status(), StatusCode::NO_CONTENT);
        let as_session = tools.replace("__Secure-rekey_tools", "__Host-rekey_session");
        assert_problem(own("/session/refresh", &as_session).await.unwrap(), 401, "session_ended").await;
        let (id, mac) = tools.split_once('.').unwrap();
        let changed = format!("{id}.{}{}", if mac.starts_with('A') { 'B' } else { 'A' }, &mac[1..]);
        assert_problem(answer(&app, &changed, &[]).await, 401, "unauthenticated").await;
        // Whoever was logged in before there was a domain gets it, and whoever has it does not get it again.
        assert_eq!(cookie(&own("/session/refresh", &session).await.unwrap(), "__Secure-rekey_tools").unwrap().0, tools);
        let both = format!("{session}; {tools}");
        assert!(cookie(&own("/session/refresh", &both).await.unwrap(), "__Secure-rekey_tools").is_none());
        // And it goes with the session.
        let out = own("/logout", &both).await.unwrap();
        let (_, attributes) = cookie(&out, "__Secure-rekey_tools").unwrap();
        assert!(attributes.contains("Max-Age=0") && attributes.contains("Domain=example.com"), "{attributes}");
        assert!(cookie(&out, "__Host-rekey_session").unwrap().1.contains("Max-Age=0"));
    }

    async fn without_a_cookie_domain_there_is_no_cookie_for_others(database) {
        let app = started(database, &[]).await;
        let login = browser_logs_in(&app, "ann", OWN_PASSWORD, "").await;
        assert!(cookie(&login, "__Secure-rekey_tools").is_none());
        assert!(login.headers().get_all("set-cookie").iter().all(|value| !value.to_str().unwrap().contains("Domain")));
    }
}

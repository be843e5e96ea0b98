//! Rekey in front of a tool: Debian's nginx and Caddy with the files of `deploy/forward-auth`, and a tool that answers with
//! what it was sent.

use reqwest::{Method, StatusCode};

use crate::support::Setup;
use crate::support::app::{App, OWN_PASSWORD, browser_logs_in, cookie, json_of};
use crate::support::database::Kind;
use crate::support::tool::{ProxyKind, Tool};

const ANN: &str = "ann@example.com";
const REKEY: &str = "http://rekey.example.com";
const PAGE: &str = "/wiki/page?a=1&b=x%20y&c=%C3%AB";

/// The line of a header, as the tool was sent it.
fn sent<'a>(echo: &'a str, name: &str) -> Vec<&'a str> {
    let lines = echo.split("\r\n\r\n").next().unwrap().lines().skip(1);
    lines
        .filter_map(|line| line.split_once(": "))
        .filter(|(key, _)| key.eq_ignore_ascii_case(name))
        .map(|(_, value)| value)
        .collect()
}

/// The whole of it, on one proxy: `host` is the tool's name, `cookie_name` what opens it.
async fn a_tool_behind(kind: ProxyKind, host: &str, flags: &[&str], cookie_name: &str) {
    let flags = [&["--public-url=http://rekey.example.com", "--trusted-proxies=127.0.0.1"][..], flags].concat();
    let app = App::start_with(Kind::Sqlite, Setup::with(&flags)).await;
    app.has_account("ann", ANN);
    let tool = Tool::behind(kind, app.base.rsplit(':').next().unwrap().parse().unwrap(), host).await;
    let browser = |cookies: &str| tool.asks(Method::GET, PAGE).header("accept", "text/html").header("cookie", cookies);

    // Nobody is logged in: a person is led to the login, which leads back to the very page; a program is told 401.
    for cookies in ["", "rekey_session=invented; rekey_tools=invented"] {
        let led = browser(cookies).header("remote-user", "boss").send().await.unwrap();
        assert_eq!(led.status(), StatusCode::FOUND, "{kind:?}");
        let page = format!("{}{PAGE}", tool.origin).replace('%', "%25").replace('&', "%26");
        assert_eq!(led.headers()["location"], format!("{REKEY}/?return_to={page}"));
        let program = tool.asks(Method::POST, PAGE).header("cookie", cookies).body("data");
        assert_eq!(program.send().await.unwrap().status(), StatusCode::UNAUTHORIZED);
    }

    // Somebody is: the tool is told who, and hears nothing of what the client says of that, nor gets what is Rekey's.
    let login = browser_logs_in(&app, "ann", OWN_PASSWORD, "").await;
    let session = cookie(&login, "rekey_session").unwrap().0;
    let opens = cookie(&login, cookie_name).unwrap().0;
    let device = cookie(&login, "rekey_device").unwrap().0;
    let mut forging = tool
        .asks(Method::POST, PAGE)
        .header("cookie", format!("a=1; {device}; {opens}; xrekey_session=tools"))
        .header("authorization", "Basic YW5uOmFubg==")
        .header("x-original-url", format!("{REKEY}/"))
        .header("x-forwarded-host", "evil.example")
        .body("data");
    for name in ["User", "Name", "Email", "Groups", "Token", "Anything"] {
        forging = forging.header(format!("Remote-{name}"), "boss").header(format!("Remote_{name}"), "boss");
    }
    let answer = forging.send().await.unwrap();
    assert_eq!(answer.status(), StatusCode::OK, "{kind:?}");
    let echo = answer.text().await.unwrap();
    assert!(echo.starts_with(&format!("POST {PAGE} HTTP/1.1\r\n")) && echo.ends_with("\r\n\r\ndata"), "{echo}");
    for (name, value) in
        [("remote-user", "ann"), ("remote-name", "ann"), ("remote-email", ANN), ("remote-groups", "member")]
    {
        assert_eq!(sent(&echo, name), [value], "{echo}");
    }
    for name in ["user", "name", "email", "groups", "token"] {
        assert!(sent(&echo, &format!("remote_{name}")).is_empty(), "{echo}");
    }
    assert_eq!(sent(&echo, "cookie"), ["a=1; xrekey_session=tools"], "{kind:?}");
    assert!(sent(&echo, "authorization").is_empty());
    let [token] = sent(&echo, "remote-token")[..] else { panic!("one token: {echo}") };
    assert_eq!(app.who_am_i(token).await.status(), StatusCode::UNAUTHORIZED);

    // Only Rekey's cookies, whichever and however often, are taken away.
    for (cookies, left) in [
        (opens.clone(), ""),
        (format!("{opens}; b=2"), "b=2"),
        (format!("b=2; {opens}"), "b=2"),
        (format!("{opens}; b=2; {opens}; c=3; {opens}; {opens}"), "b=2; c=3"),
    ] {
        let echo = browser(&cookies).send().await.unwrap().text().await.unwrap();
        let had = sent(&echo, "cookie").join("; ");
        assert!(
            had == left || (had.is_empty() && cookies.matches(&opens).count() > 3),
            "{kind:?}: {cookies} became {had}"
        );
    }

    // The end counts at the next request.
    let out = app.request(Method::POST, "/logout").header("cookie", &session).header("sec-fetch-site", "same-origin");
    assert_eq!(out.send().await.unwrap().status(), StatusCode::NO_CONTENT);
    assert_eq!(browser(&opens).send().await.unwrap().status(), StatusCode::FOUND);
    let login = browser_logs_in(&app, "ann", OWN_PASSWORD, "").await;
    let opens = cookie(&login, cookie_name).unwrap().0;
    json_of(login, StatusCode::OK).await;
    assert_eq!(browser(&opens).send().await.unwrap().status(), StatusCode::OK);
    app.mailed_password(ANN).await;
    assert_eq!(browser(&opens).send().await.unwrap().status(), StatusCode::FOUND);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nginx_before_a_tool_on_a_host_of_its_own() {
    a_tool_behind(ProxyKind::Nginx, "tool.example.com", &["--cookie-domain=example.com"], "rekey_tools").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nginx_before_a_tool_on_rekeys_own_host() {
    a_tool_behind(ProxyKind::Nginx, "rekey.example.com", &[], "rekey_session").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn caddy_before_a_tool_on_a_host_of_its_own() {
    a_tool_behind(ProxyKind::Caddy, "tool.example.com", &["--cookie-domain=example.com"], "rekey_tools").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn caddy_before_a_tool_on_rekeys_own_host() {
    a_tool_behind(ProxyKind::Caddy, "rekey.example.com", &[], "rekey_session").await;
}

//! Who may call what: every endpoint by every kind of caller, from one table. A route without a row fails.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ed25519_dalek::SigningKey;
use ed25519_dalek::pkcs8::{DecodePrivateKey as _, EncodePrivateKey as _};
use hmac::{Hmac, KeyInit as _, Mac as _};
use jsonwebtoken::{EncodingKey, Header};
use reqwest::{Method, RequestBuilder, Response, StatusCode};
use serde_json::{Value, json};
use sha2::Sha256;

use crate::support::app::{App, OWN_PASSWORD, assert_problem, json_of};
use crate::support::on_both_databases;

/// Whom an endpoint lets in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum For {
    Everyone,
    /// Also whoever has only a mailed password.
    AnySession,
    FullSession,
    Admin,
}

const TABLE: &[(&str, &str, For)] = &[
    ("POST", "/login", For::Everyone),
    ("POST", "/logout", For::Everyone),
    ("POST", "/session/refresh", For::Everyone),
    ("POST", "/password-reset/request", For::Everyone),
    ("POST", "/password-reset/confirm", For::Everyone),
    ("POST", "/credential-requests", For::Everyone),
    ("POST", "/me/email/confirm", For::Everyone),
    ("GET", "/health/live", For::Everyone),
    ("GET", "/health/ready", For::Everyone),
    ("GET", "/config.json", For::Everyone),
    ("GET", "/.well-known/jwks.json", For::Everyone),
    ("GET", "/.well-known/change-password", For::Everyone),
    ("GET", "/openapi.json", For::Everyone),
    ("GET", "/docs", For::Everyone),
    ("GET", "/docs/{file}", For::Everyone),
    ("POST", "/me/password", For::AnySession),
    ("GET", "/forward-auth", For::FullSession),
    ("GET", "/me", For::FullSession),
    ("PATCH", "/me", For::FullSession),
    ("POST", "/me/email", For::FullSession),
    ("GET", "/me/sessions", For::FullSession),
    ("DELETE", "/me/sessions", For::FullSession),
    ("DELETE", "/me/sessions/{id}", For::FullSession),
    ("GET", "/admin/accounts", For::Admin),
    ("POST", "/admin/accounts", For::Admin),
    ("GET", "/admin/accounts/{id}", For::Admin),
    ("PATCH", "/admin/accounts/{id}", For::Admin),
    ("DELETE", "/admin/accounts/{id}", For::Admin),
    ("POST", "/admin/accounts/{id}/send-reset", For::Admin),
    ("DELETE", "/admin/accounts/{id}/sessions", For::Admin),
    ("GET", "/admin/credential-requests", For::Admin),
    ("POST", "/admin/credential-requests/{id}/approve", For::Admin),
    ("POST", "/admin/credential-requests/{id}/reject", For::Admin),
    ("GET", "/admin/mail-queue", For::Admin),
    ("POST", "/admin/mail-queue/{id}/retry", For::Admin),
    ("DELETE", "/admin/mail-queue/{id}", For::Admin),
    ("GET", "/admin/audit-events", For::Admin),
];

#[test]
fn every_route_has_a_row_and_every_row_a_route() {
    let mut routes: Vec<(&str, &str)> = rekey::ROUTES
        .iter()
        .flat_map(|(path, allow)| {
            allow.split(", ").filter(|method| *method != "HEAD").map(move |method| (method, *path))
        })
        .collect();
    let mut rows: Vec<(&str, &str)> = TABLE.iter().map(|(method, path, _)| (*method, *path)).collect();
    routes.sort_unstable();
    rows.sort_unstable();
    assert_eq!(routes, rows);
}

/// Names nothing, and looks as if it might.
const NOBODYS_ID: &str = "01900000-0000-7000-8000-000000000000";

/// Somebody who has just logged in with their own password.
async fn full_session(app: &App, user: &str) -> String {
    app.access_token(user, OWN_PASSWORD).await
}

/// Calls with a body that says nothing: what is let in is then told what is missing, and changes nothing.
async fn calls(app: &App, method: &str, path: &str, token: Option<&str>) -> Response {
    let method: Method = method.parse().unwrap();
    let mut request = app.request(method.clone(), &path.replace("{id}", NOBODYS_ID));
    if let Some(token) = token {
        request = request.bearer_auth(token);
    }
    if method == Method::POST || method == Method::PATCH {
        request = request.json(&json!({}));
    }
    request.send().await.unwrap()
}

async fn is_let_in(answer: Response) -> bool {
    let status = answer.status();
    let body: Value = answer.json().await.unwrap_or_default();
    assert!(!status.is_server_error(), "{body}");
    status != StatusCode::FORBIDDEN && body["code"] != "unauthenticated" && body["code"] != "session_ended"
}

/// Makes a token like a good one, with other claims, signed by the server's own key.
fn forged(app: &App, good: &str, change: impl Fn(&mut Value)) -> String {
    let (header, mut claims) = read(good);
    change(&mut claims);
    let pem = std::fs::read_to_string(app.folder.path().join("signing-keys.pem")).unwrap();
    let key = SigningKey::from_pkcs8_pem(&pem).unwrap().to_pkcs8_der().unwrap();
    jsonwebtoken::encode(&header, &claims, &EncodingKey::from_ed_der(key.as_bytes())).unwrap()
}

fn read(token: &str) -> (Header, Value) {
    let claims = URL_SAFE_NO_PAD.decode(token.split('.').nth(1).unwrap()).unwrap();
    (jsonwebtoken::decode_header(token).unwrap(), serde_json::from_slice(&claims).unwrap())
}

/// Tokens that are no tokens, each made of a good one.
async fn bad_tokens(app: &App, good: &str) -> Vec<(&'static str, String)> {
    let (header, claims) = read(good);
    let hour_ago = claims["exp"].as_i64().unwrap() - 3600;
    let none = URL_SAFE_NO_PAD.encode(json!({ "alg": "none", "typ": "at+jwt", "kid": header.kid }).to_string());
    let body = good.split('.').nth(1).unwrap();
    let jwks = json_of(app.request(Method::GET, "/.well-known/jwks.json").send().await.unwrap(), StatusCode::OK).await;
    let public = jwks["keys"][0]["x"].as_str().unwrap();
    let hs256 = |secret: &[u8]| {
        let header = json!({ "alg": "HS256", "typ": "at+jwt", "kid": header.kid });
        let signed = format!("{}.{body}", URL_SAFE_NO_PAD.encode(header.to_string()));
        let mac = Hmac::<Sha256>::new_from_slice(secret).unwrap().chain_update(&signed).finalize();
        format!("{signed}.{}", URL_SAFE_NO_PAD.encode(mac.into_bytes()))
    };
    vec![
        ("expired", forged(app, good, |claims| claims["exp"] = json!(hour_ago))),
        ("wrong audience", forged(app, good, |claims| claims["aud"] = json!("https://elsewhere.example.com"))),
        ("wrong issuer", forged(app, good, |claims| claims["iss"] = json!("https://elsewhere.example.com"))),
        ("another account's session", forged(app, good, |claims| claims["sub"] = json!("somebody else"))),
        ("algorithm none", format!("{none}.{body}.")),
        ("HS256 with the public key", hs256(&URL_SAFE_NO_PAD.decode(public).unwrap())),
        ("HS256 with the public key as text", hs256(public.as_bytes())),
        ("nonsense", "nonsense".to_owned()),
    ]
}

on_both_databases! {
    async fn each_endpoint_lets_in_whom_the_table_says_and_nobody_else(database) {
        let app = App::start(database).await;
        app.has_admin("boss").await;
        app.has_account("ann", "ann@example.com");
        let added = app.rekey(&["account", "add", "--user-name", "new", "--email", "new@example.com"]).output().unwrap();
        let printed = String::from_utf8(added.stdout).unwrap();
        let mailed = printed.lines().last().unwrap();
        for (method, path, who) in TABLE {
            let what = |caller: &str| format!("{method} {path} by {caller}");
            let expect = |lowest: For| *who <= lowest;
            assert_eq!(is_let_in(calls(&app, method, path, None).await).await, expect(For::Everyone), "{}", what("nobody"));
            let token = app.access_token("new", mailed).await;
            assert_eq!(is_let_in(calls(&app, method, path, Some(&token)).await).await, expect(For::AnySession), "{}", what("scope password_change"));
            let token = full_session(&app, "ann").await;
            assert_eq!(is_let_in(calls(&app, method, path, Some(&token)).await).await, expect(For::FullSession), "{}", what("member"));
            let token = full_session(&app, "boss").await;
            assert!(is_let_in(calls(&app, method, path, Some(&token)).await).await, "{}", what("admin"));
        }
    }

    async fn whoever_may_not_call_is_told_so_whatever_else_is_wrong(database) {
        let app = App::start(database).await;
        app.has_account("ann", "ann@example.com");
        let added = app.rekey(&["account", "add", "--user-name", "new", "--email", "new@example.com"]).output().unwrap();
        let mailed = String::from_utf8(added.stdout).unwrap().lines().last().unwrap().to_owned();
        let callers = [
            (For::Everyone, None, StatusCode::UNAUTHORIZED),
            (For::AnySession, Some(app.access_token("new", &mailed).await), StatusCode::FORBIDDEN),
            (For::FullSession, Some(full_session(&app, "ann").await), StatusCode::FORBIDDEN),
        ];
        // Of what a proxy asks nothing else can be wrong.
        for (method, path, who) in TABLE.iter().filter(|(_, path, _)| *path != "/forward-auth") {
            let wrong = format!("{}?limit=x", path.replace("{id}", "x"));
            for (caller, token, refused) in callers.iter().filter(|(caller, ..)| caller < who) {
                // What is answered must not depend on what is found out first.
                for _ in 0..10 {
                    let request = app.request(method.parse().unwrap(), &wrong).body("{");
                    let request = token.iter().fold(request, RequestBuilder::bearer_auth);
                    let answer = request.send().await.unwrap().status();
                    assert_eq!(answer, *refused, "{method} {wrong} by {caller:?}");
                }
            }
        }
    }

    async fn a_token_that_is_none_opens_nothing(database) {
        let app = App::start(database).await;
        let good = app.has_admin("boss").await.token;
        let bad = bad_tokens(&app, &good).await;
        // They fail for what is wrong with them, and not for how they were made.
        let remade = forged(&app, &good, |_| {});
        assert_eq!(app.who_am_i(&remade).await.status(), StatusCode::OK);
        for (method, path, who) in TABLE.iter().filter(|(_, _, who)| *who > For::Everyone) {
            for (name, token) in &bad {
                let refused = calls(&app, method, path, Some(token)).await;
                assert_eq!(refused.headers()["www-authenticate"], "Bearer", "{method} {path} ({who:?}) with {name}");
                assert_problem(refused, 401, "unauthenticated").await;
            }
        }
    }
}

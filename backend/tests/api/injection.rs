//! What strangers say leads nobody anywhere, and is text wherever it is shown: in letters, in the mailbox, in the log.

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::support::app::{App, json_of};
use crate::support::database::Kind;
use crate::support::mailbox::letters_to;
use crate::support::process::Site;
use crate::support::raw::{Raw, post};
use crate::support::{Setup, eventually, on_both_databases};

/// Texts that end a line, a header, a string or an element somewhere, or turn what stands behind them.
const CORPUS: [&str; 14] = [
    "\r\nBcc: eve@evil.example\r\n\r\nforged",
    "\nforged 2026-01-01T00:00:00Z ERROR",
    "\rforged",
    "\0forged",
    "\u{85}forged",
    "\u{2028}forged",
    "\u{2029}forged",
    "\u{1b}[31mforged\u{7}",
    "\u{202e}degrof",
    "<img src=x onerror=alert(1)>",
    "\"><script>alert(1)</script>",
    "{{ 7 * 7 }}${7*7}{% raw %}%s%n",
    "%0d%0aSet-Cookie: forged=1",
    "'; DROP TABLE accounts; --",
];

fn port_of(app: &App) -> u16 {
    app.base.rsplit(':').next().unwrap().parse().unwrap()
}

on_both_databases! {
    async fn links_are_made_of_the_public_url_whatever_host_is_asked_for(database) {
        let flags = ["--public-url=https://support.example.com", "--trusted-proxies=127.0.0.1", "--reset-mails-per-hour=0"];
        let app = App::start_with(database, Setup::with(&flags)).await;
        app.has_account("ann", "ann@example.com");
        let asks = post("/password-reset/request", &json!({ "email": "ann@example.com" }).to_string());
        let host = "host: localhost\r\n";
        let with = |headers: &str| asks.replace(host, headers);
        let requests = [
            with("host: evil.example\r\n"),
            with("host: evil.example:443\r\n"),
            with("host: support.example.com@evil.example\r\n"),
            with("host: support.example.com\r\nx-forwarded-host: evil.example\r\n"),
            with("host: support.example.com\r\nx-forwarded-host: evil.example\r\nx-forwarded-proto: http\r\nx-forwarded-port: 81\r\n"),
            with("host: support.example.com\r\nforwarded: for=192.0.2.1;host=evil.example;proto=http\r\n"),
            with("host: support.example.com\r\nx-host: evil.example\r\nx-forwarded-server: evil.example\r\n"),
            with("host: support.example.com\r\nx-original-url: http://evil.example/\r\nx-rewrite-url: http://evil.example/\r\n"),
            with("host: support.example.com\r\norigin: https://evil.example\r\nreferer: https://evil.example/\r\n"),
            asks.replace("POST /", "POST http://evil.example/"),
        ];
        for (number, request) in requests.iter().enumerate() {
            let answer = Raw::says(port_of(&app), request).await.answer().await.unwrap();
            assert_eq!(answer.status, 202, "{request}");
            assert!(!answer.head.contains("evil") && !answer.body.contains("evil"), "{answer:?}");
            let letter = app.letter_to("ann@example.com", number + 1).await;
            assert!(letter.link().unwrap().starts_with("https://support.example.com/reset#"), "{request}");
            for part in [&letter.text, &letter.html, &letter.raw] {
                assert!(!part.contains("evil.example") && !part.contains("http://"), "{request}: {part}");
            }
        }
    }

    async fn no_answer_leads_anywhere(database) {
        let app = App::start_with(database, Setup::with(&["--home-url=https://tool.example.com/start"])).await;
        for path in [
            "/", "/home", "/login", "/reset", "/forgotten-password/", "//", "///", "//evil.example", "//evil.example/..",
            "//evil.example/%2e%2e", "///evil.example", "/\\evil.example", "/\\/evil.example", "/%09/evil.example",
            "/%0d%0alocation:%20//evil.example", "/%5cevil.example", "/%2f%2fevil.example", "/.evil.example", "/;@evil.example",
            "/@evil.example", "/login//evil.example", "/me/..//evil.example", "/home/", "/config.json/",
            "/?return_to=//evil.example", "/?return_to=https://evil.example&next=//evil.example&redirect=//evil.example",
            "/home?url=//evil.example", "/reset?continue=//evil.example", "http://evil.example/", "http://evil.example//home",
        ] {
            for method in ["GET", "POST"] {
                let request = format!("{method} {path} HTTP/1.1\r\nhost: evil.example\r\naccept: text/html\r\ncontent-length: 0\r\n\r\n");
                let answer = Raw::says(port_of(&app), &request).await.answer().await.unwrap();
                assert!(!(300..400).contains(&answer.status) && answer.status < 500, "{request}: {}", answer.head);
                for name in ["location", "refresh", "content-location", "link", "set-cookie"] {
                    assert_eq!(answer.header(name), None, "{request}");
                }
                assert!(!answer.head.contains("evil") && !answer.body.contains("evil"), "{request}: {answer:?}");
            }
        }
    }

    async fn a_name_of_markup_is_text_in_letters(database) {
        let app = App::start_with(database, Setup::with(&["--operator-email=operator@example.org"])).await;
        let root = app.has_admin("root").await;
        let markup = "<img src=x onerror=1>";
        let name = "\"><script>alert(1)</script>";
        let body = json!({ "user_name": markup, "email": "ann@example.com", "name": name });
        let answer = app.calls(&root.token, Method::POST, "/admin/accounts", Some(body)).await;
        assert!(answer.status().is_success(), "{}", answer.text().await.unwrap());
        assert_eq!(app.asks_for_reset("ann@example.com").await.status(), StatusCode::ACCEPTED);
        app.all_letters_are_settled().await;
        let letters = letters_to(&app.mail, "ann@example.com");
        assert!(!letters.is_empty());
        for letter in letters {
            assert!(letter.text.contains(markup), "{}", letter.text);
            assert!(letter.html.contains("&#60;img src=x") || letter.html.contains("&lt;img src=x"), "{}", letter.html);
            assert!(!letter.html.contains("<img src=x") && !letter.html.contains("<script"), "{}", letter.html);
        }
    }

    async fn the_operators_letter_carries_no_strangers_text_and_a_rejection_is_text(database) {
        let app = App::start_with(database, Setup::with(&["--operator-email=operator@example.org"])).await;
        let root = app.has_admin("root").await;
        let asks = json!({ "name": "<b>forged</b>", "email": "eve@example.com", "note": "forged http://evil.example/\nand more" });
        assert_eq!(app.posts("/credential-requests", &asks).await.status(), StatusCode::ACCEPTED);
        let told = app.letter_to("operator@example.org", 1).await;
        for part in [&told.text, &told.html, &told.subject] {
            assert!(!part.contains("forged") && !part.contains("evil") && !part.contains("eve@"), "{part}");
        }
        let list = app.calls(&root.token, Method::GET, "/admin/credential-requests", None).await;
        let id = json_of(list, StatusCode::OK).await["items"][0]["id"].as_str().unwrap().to_owned();
        let reject = format!("/admin/credential-requests/{id}/reject");
        let answer = app.calls(&root.token, Method::POST, &reject, Some(json!({ "reason": "<b onclick=x>no</b>" }))).await;
        assert!(answer.status().is_success());
        let letter = app.letter_to("eve@example.com", 1).await;
        assert!(letter.text.contains("<b onclick=x>no</b>"), "{}", letter.text);
        assert!(!letter.html.contains("<b onclick"), "{}", letter.html);
    }

    async fn markup_is_text_in_the_mailbox(database) {
        let app = App::start_with(database, Setup::with(&["--smtp-url=", "--app-name=<img src=x onerror=1>"])).await;
        app.has_account("<b onclick=x>", "ann@example.com");
        assert_eq!(app.asks_for_reset("ann@example.com").await.status(), StatusCode::ACCEPTED);
        app.all_letters_are_settled().await;
        let gets = async |path: String| app.request(Method::GET, &path).send().await.unwrap().text().await.unwrap();
        let list = gets("/dev/mailbox".to_owned()).await;
        let id = list.split("/dev/mailbox/").nth(1).unwrap().split('"').next().unwrap();
        for page in [list.clone(), gets(format!("/dev/mailbox/{id}")).await, gets(format!("/dev/mailbox/{id}/html")).await] {
            assert!(!page.contains("<img src=x") && !page.contains("<b onclick"), "{page}");
        }
    }

    async fn a_name_turns_nothing_round_it(database) {
        let app = App::start(database).await;
        let root = app.has_admin("root").await;
        for evil in CORPUS.iter().filter(|evil| evil.chars().any(rekey_shared::characters::disturbs)) {
            let body = json!({ "name": format!("Ann{evil}e") });
            let refused = app.calls(&root.token, Method::PATCH, "/me", Some(body)).await;
            let problem = json_of(refused, StatusCode::UNPROCESSABLE_ENTITY).await;
            assert_eq!(problem["errors"], json!([{ "field": "name", "code": "invalid_character" }]), "{evil:?}");
        }
    }
}

/// Every request that takes texts: who may make it, and the texts.
fn requests(id: &str) -> Vec<(bool, Method, String, Value)> {
    let one = |path: &str| path.replace("{id}", id);
    let person = json!({ "user_name": "somebody", "email": "somebody@example.com", "name": "Somebody", "role": "member", "locale": "en" });
    vec![
        (false, Method::POST, "/login".to_owned(), json!({ "user": "ann", "password": "wrong", "session": "cookie" })),
        (false, Method::POST, "/logout".to_owned(), json!({ "refresh_token": "token" })),
        (false, Method::POST, "/session/refresh".to_owned(), json!({ "refresh_token": "token" })),
        (
            false,
            Method::POST,
            "/password-reset/request".to_owned(),
            json!({ "email": "ann@example.com", "locale": "en" }),
        ),
        (
            false,
            Method::POST,
            "/password-reset/confirm".to_owned(),
            json!({ "token": "token", "new_password": "secret" }),
        ),
        (
            false,
            Method::POST,
            "/credential-requests".to_owned(),
            json!({ "name": "Eve", "email": "eve@example.com", "note": "please", "locale": "en" }),
        ),
        (false, Method::POST, "/me/email/confirm".to_owned(), json!({ "token": "token" })),
        (true, Method::PATCH, "/me".to_owned(), json!({ "name": "Root", "locale": "en" })),
        (
            true,
            Method::POST,
            "/me/password".to_owned(),
            json!({ "current_password": "wrong", "new_password": "a new password of mine" }),
        ),
        (
            true,
            Method::POST,
            "/me/email".to_owned(),
            json!({ "email": "root@example.net", "current_password": "wrong" }),
        ),
        (true, Method::POST, "/admin/accounts".to_owned(), person.clone()),
        (true, Method::PATCH, one("/admin/accounts/{id}"), person),
        (true, Method::POST, one("/admin/credential-requests/{id}/approve"), json!({ "user_name": "eve" })),
        (true, Method::POST, one("/admin/credential-requests/{id}/reject"), json!({ "reason": "no" })),
    ]
}

/// Everything that can be said is said, with each text of the corpus in each place.
async fn says_everything(site: &Site, token: &str, id: &str) {
    let encoded = |text: &str| text.bytes().fold(String::new(), |all, byte| format!("{all}%{byte:02x}"));
    for evil in CORPUS {
        for (as_admin, method, path, body) in requests(id) {
            for field in body.as_object().unwrap().keys() {
                let mut body = body.clone();
                body[field] = json!(format!("{}{evil}", body[field].as_str().unwrap()));
                let token = as_admin.then_some(token);
                let status = site.calls(token, method.clone(), &path, &body).await.status();
                assert!(status.as_u16() < 500, "{method} {path} {body}: {status}");
            }
        }
        let evil = encoded(evil);
        for path in [
            format!("/admin/accounts?search={evil}"),
            format!("/admin/accounts?cursor={evil}"),
            format!("/admin/accounts/{evil}"),
            format!("/admin/audit-events?cursor={evil}&kind={evil}&account={evil}"),
            format!("/admin/mail-queue?limit={evil}"),
            format!("/me/sessions/{evil}"),
            format!("/{evil}"),
            format!("/me/{evil}?{evil}={evil}"),
        ] {
            for method in [Method::GET, Method::DELETE] {
                let status = site.calls(Some(token), method, &path, &json!({})).await.status();
                assert!(status.as_u16() < 500, "{path}: {status}");
            }
        }
    }
}

async fn everything_stays_text(format: &str, is_a_line: impl Fn(&str) -> bool) {
    let site = Site::new(Kind::Sqlite).await;
    let mut server = site.serves_and_logs_as(format).await;
    site.has_account("ann", "ann@example.com");
    let output =
        site.ends(&["account", "add", "--user-name", "root", "--email", "root@example.org", "--role", "admin"]);
    let password = String::from_utf8(output.stdout).unwrap().lines().last().unwrap().to_owned();
    let answer = site.posts("/login", &json!({ "user": "root", "password": password })).await.unwrap();
    let token = json_of(answer, StatusCode::OK).await["access_token"].as_str().unwrap().to_owned();
    let list =
        json_of(site.calls(Some(&token), Method::GET, "/admin/accounts", &json!({})).await, StatusCode::OK).await;
    let ann =
        list["items"].as_array().unwrap().iter().find(|account| account["user_name"] == "ann").unwrap()["id"].clone();
    says_everything(&site, &token, ann.as_str().unwrap()).await;
    eventually("an empty mail queue", async || {
        (site.count("SELECT COUNT(*) AS count FROM mail_queue WHERE state = 'waiting'") == 0).then_some(())
    })
    .await;
    let letters = site.mail.received();
    assert!(!letters.is_empty());
    for letter in letters {
        let raw = String::from_utf8(letter.raw).unwrap();
        let (head, _) = raw.split_once("\r\n\r\n").unwrap();
        for line in head.to_lowercase().lines() {
            assert!(!line.starts_with("bcc") && !line.starts_with("forged"), "{head}");
        }
        assert!(!letter.to.contains("evil"), "{}", letter.to);
    }
    assert_eq!(server.is_told_to_stop().await, Some(0));
    let log = String::from_utf8(site.log()).expect("UTF-8");
    for line in log.split(['\n', '\r', '\u{85}', '\u{2028}', '\u{2029}']).filter(|line| !line.is_empty()) {
        assert!(is_a_line(line), "{line:?}");
    }
    assert!(!log.contains(['\u{1b}', '\u{7}', '\0', '\u{202e}']), "what a terminal obeys is in the log");
    // It was about something.
    assert!(log.lines().count() > 1000);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_forges_a_line_of_a_log_for_people() {
    // 2026-11-24T16:50:47.142070Z
    everything_stays_text("text", |line| {
        line.len() > 28 && line.as_bytes()[10] == b'T' && line.as_bytes()[26] == b'Z' && line.starts_with("20")
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_forges_a_line_of_a_log_for_machines() {
    everything_stays_text("json", |line| {
        serde_json::from_str::<Value>(line).is_ok_and(|line| line["timestamp"].is_string())
    })
    .await;
}

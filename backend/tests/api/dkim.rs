//! Letters are signed so that a verifier which shares nothing with Rekey believes them, and nothing can be changed in them.

use std::process::Output;

use reqwest::{Method, StatusCode};
use serde_json::json;
use tempfile::TempDir;

use crate::support::Setup;
use crate::support::app::{App, OWN_PASSWORD, browser_logs_in};
use crate::support::database::Kind;
use crate::support::mailbox::Letter;
use crate::support::verifier::{key, published, verify};

const FLAGS: [&str; 2] = ["--dkim-domain=example.org", "--dkim-selector=rekey2026,ed2026"];
/// To write to her the mail server needs SMTPUTF8.
const ANN: &str = "юлия@example.com";
const NEW: &str = "ann.new@example.com";

fn two_keys(folder: &TempDir) -> String {
    let rsa = key(folder.path(), "rsa.pem", &["-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048"]);
    let ed25519 = key(folder.path(), "ed25519.pem", &["-algorithm", "ed25519"]);
    let both = folder.path().join("dkim.pem");
    let read = |file| std::fs::read_to_string(file).unwrap();
    std::fs::write(&both, read(rsa) + &read(ed25519)).unwrap();
    format!("--dkim-key-file={}", both.display())
}

/// Every kind of letter, once at least, in French.
async fn causes_every_letter(app: &App, flags: &[&str]) {
    app.succeeds(&["account", "add", "--user-name", "ann", "--email", ANN, "--locale", "fr", "--mail-password"]);
    app.letter_to(ANN, 1).await.password();
    app.asks_for_reset(ANN).await;
    app.confirms(&app.letter_to(ANN, 2).await.token()).await;
    let mailed = app.letter_to(ANN, 3).await.password();
    let token = app.access_token("ann", &mailed).await;
    app.changes_password(&token, &mailed, OWN_PASSWORD).await;
    app.letter_to(ANN, 4).await;
    browser_logs_in(app, "ann", OWN_PASSWORD, "").await;
    app.letter_to(ANN, 5).await;
    let token = app.access_token("ann", OWN_PASSWORD).await;
    let asked = json!({ "email": NEW, "current_password": OWN_PASSWORD });
    assert_eq!(app.calls(&token, Method::POST, "/me/email", Some(asked)).await.status(), StatusCode::ACCEPTED);
    let link = app.letter_to(NEW, 1).await.token();
    assert_eq!(app.posts("/me/email/confirm", &json!({ "token": link })).await.status(), StatusCode::OK);
    app.letter_to(ANN, 6).await;
    for email in [NEW, "other@example.com"] {
        app.posts("/credential-requests", &json!({ "name": "Zoé", "email": email, "locale": "fr" })).await;
    }
    app.letter_to(NEW, 2).await;
    app.letter_to("operator@example.com", 1).await;
    let waiting: Vec<serde_json::Value> =
        serde_json::from_str(&app.succeeds(&["credential-requests", "list", "--json"])).unwrap();
    let id = waiting[0]["id"].as_str().unwrap();
    app.succeeds(&["credential-requests", "reject", id, "--reason", "Demandez d’abord à Béa."]);
    app.letter_to("other@example.com", 1).await;
    let test = ["mail", "test", "op@example.com", "--mail-from=rekey@example.org"];
    app.succeeds(&[&test[..], flags].concat());
    let kinds = app.count("SELECT COUNT(DISTINCT kind) AS count FROM mail_queue");
    assert_eq!(kinds, 10, "a letter of each kind");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_letter_is_signed_as_it_is_sent_and_every_change_shows() {
    let folder = TempDir::new().unwrap();
    let keys = two_keys(&folder);
    let flags = [FLAGS[0], FLAGS[1], &keys];
    let others = [
        "--sign-in-notice=true",
        "--reset-mails-per-hour=0",
        "--operator-email=operator@example.com",
        "--app-name=Büro: Aß",
    ];
    let app = App::start_with(Kind::Sqlite, Setup::with(&[&flags[..], &others].concat())).await;
    causes_every_letter(&app, &flags).await;
    let check = app.commands(&[&["check", "--mail-from=rekey@example.org"], &flags[..]].concat());
    let dns = published(&String::from_utf8(check.stdout).unwrap());
    assert_eq!(dns.keys().collect::<Vec<_>>(), ["ed2026._domainkey.example.org", "rekey2026._domainkey.example.org"]);

    let received = app.mail.received();
    assert!(received.len() > 10);
    let french = received.iter().filter(|letter| !Letter::read(letter).text.is_ascii()).count();
    assert!(french >= 9, "letters that are not only ASCII: {french}");
    let letters: Vec<_> = received.into_iter().map(|letter| letter.raw).collect();
    for (letter, verified) in letters.iter().zip(verify(&dns, &letters)) {
        assert_eq!(verified, [true, true], "{}", String::from_utf8_lossy(letter));
        let lines: Vec<_> = letter.split_inclusive(|byte| *byte == b'\n').collect();
        assert!(lines.iter().all(|line| line.ends_with(b"\r\n") && line.len() <= 998), "as SMTP carries it");
    }
    let mut changed = Vec::new();
    for letter in &letters {
        let text = String::from_utf8(letter.clone()).unwrap();
        let (head, body) = text.split_once("\r\n\r\n").unwrap();
        let one_letter = body.replacen('e', "i", 1);
        assert_ne!(body, one_letter);
        changed.push(format!("{head}\r\n\r\n{one_letter}"));
        changed.push(text.replacen("Subject: ", "Subject: X", 1));
        changed.push(text.replacen("\r\nTo: ", "\r\nTo: eve@example.com, ", 1));
        changed.push(format!("From: eve@example.org\r\n{text}"));
        changed.push(format!("Reply-To: eve@example.org\r\n{text}"));
        changed.push(text.replacen("multipart/alternative", "multipart/mixed", 1));
    }
    let changed: Vec<_> = changed.into_iter().map(String::into_bytes).collect();
    for (letter, verified) in changed.iter().zip(verify(&dns, &changed)) {
        assert_eq!(verified, [false, false], "{}", String::from_utf8_lossy(letter));
    }
}

fn migrate(folder: &TempDir, arguments: &[&str]) -> Output {
    let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_rekey"));
    command.args(["migrate", "--database-url=sqlite://rekey.db"]).args(arguments).current_dir(folder.path());
    command.output().unwrap()
}

#[test]
fn a_key_that_cannot_sign_is_named_in_one_sentence() {
    let folder = TempDir::new().unwrap();
    two_keys(&folder);
    let short = ["-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:1024"];
    key(folder.path(), "short.pem", &short);
    key(folder.path(), "ec.pem", &["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256"]);
    key(folder.path(), "locked.pem", &["-algorithm", "ed25519", "-aes256", "-pass", "pass:x"]);
    std::fs::write(folder.path().join("no.pem"), "no key").unwrap();
    let from = "--mail-from=rekey@mail.example.org";
    let domain = "--dkim-domain=example.org";
    let one = "--dkim-selector=rekey2026";
    for (arguments, said) in [
        (vec![domain], "REKEY_DKIM_SELECTOR: it is missing: "),
        (vec![one], "REKEY_DKIM_DOMAIN: it is missing: "),
        (vec![domain, one], "REKEY_DKIM_KEY_FILE: it is missing: "),
        (vec![domain, one, "--dkim-key-file=nothing.pem"], "REKEY_DKIM_KEY_FILE: cannot read nothing.pem: "),
        (vec![domain, one, "--dkim-key-file=no.pem"], "REKEY_DKIM_KEY_FILE: no.pem holds no private key "),
        (vec![domain, one, "--dkim-key-file=locked.pem"], "REKEY_DKIM_KEY_FILE: locked.pem holds no private key "),
        (
            vec![domain, one, "--dkim-key-file=short.pem"],
            "REKEY_DKIM_KEY_FILE: a key in short.pem is neither RSA of 2048 ",
        ),
        (vec![domain, one, "--dkim-key-file=ec.pem"], "REKEY_DKIM_KEY_FILE: a key in ec.pem is neither RSA of 2048 "),
        (vec![domain, one, "--dkim-key-file=dkim.pem"], "REKEY_DKIM_SELECTOR: selectors: 1, keys in dkim.pem: 2; "),
        (
            vec![domain, "--dkim-selector=a_b", "--dkim-key-file=rsa.pem"],
            "REKEY_DKIM_SELECTOR: \"a_b\" is no selector: ",
        ),
        (
            vec!["--dkim-domain=example.com", one, "--dkim-key-file=rsa.pem"],
            "REKEY_DKIM_DOMAIN: example.com does not answer for letters from mail.example.org, ",
        ),
        (
            vec!["--dkim-domain=ail.example.org", one, "--dkim-key-file=rsa.pem"],
            "REKEY_DKIM_DOMAIN: ail.example.org does not answer for letters from mail.example.org, ",
        ),
        (vec!["--dkim-domain=a b", one, "--dkim-key-file=rsa.pem"], "REKEY_DKIM_DOMAIN: \"a b\" is no domain"),
    ] {
        let output = migrate(&folder, &[&[from], &arguments[..]].concat());
        let text = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2), "{arguments:?}: {text}");
        assert!(text.starts_with(&format!("rekey: {said}")) && text.trim_end().lines().count() == 1, "{text}");
    }
    for domain in ["example.org", "mail.example.org", "MAIL.Example.ORG", "b.mail.example.org"] {
        for file in ["rsa.pem", "ed25519.pem"] {
            let flags = [from, &format!("--dkim-domain={domain}"), one, &format!("--dkim-key-file={file}")];
            let output = migrate(&folder, &flags);
            assert!(output.status.success(), "{domain} {file}: {output:?}");
        }
    }
}

//! No usable secret at rest: what lies in the database, in files and in the log opens nothing.
//!
//! Two hundred people go all ways that there are to a password while the mail server fails half of the time. Then a thief
//! takes everything that lies there and looks for whatever was issued or typed; and tries every text of the database for
//! everything that it could be.

mod person;
mod thief;

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use aho_corasick::AhoCorasick;
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use reqwest::{Response, StatusCode};
use serde_json::{Value, json};
use tokio::sync::Semaphore;
use tokio::task::JoinHandle;

use crate::support::mail_server::{Fault, Step};
use crate::support::mailbox::Letter;
use crate::support::process::Site;
use crate::support::{eventually, on_both_databases};
use person::{Left, Person};

const PEOPLE: usize = 200;
const AT_ONCE: usize = 16;
const SEED: u64 = 6;

const ADMIN_PASSWORD: &str = "the password of the administrator";

/// Everything that was issued or typed.
#[derive(Clone, Default)]
pub struct Secrets(Arc<Mutex<BTreeSet<String>>>);

impl Secrets {
    pub fn add(&self, secret: &str) {
        assert!(secret.len() >= 16, "{secret} is found by chance");
        self.0.lock().unwrap().insert(secret.to_owned());
    }

    /// What an answer hands out, and its body.
    pub async fn of(&self, answer: Response) -> (StatusCode, Value) {
        for cookie in answer.headers().get_all("set-cookie") {
            let pair = cookie.to_str().unwrap().split(';').next().unwrap();
            self.add(pair.split_once('=').unwrap().1);
        }
        let status = answer.status();
        let body: Value = answer.json().await.unwrap_or_default();
        for token in ["access_token", "refresh_token"].iter().filter_map(|name| body[name].as_str()) {
            self.add(token);
            if let [header, _, _] = *token.split('.').collect::<Vec<_>>() {
                // All of them begin so, also those that reached nobody.
                self.add(header);
            }
        }
        (status, body)
    }

    fn of_letter(&self, letter: &Letter) {
        if letter.link().is_some() {
            self.add(&letter.token());
        }
        if let Some(password) = letter.find_password() {
            self.add(&password);
        }
    }

    /// Looks for all of them in everything that lies there.
    fn are_nowhere_in(&self, everything: &[(String, Vec<u8>)]) {
        let secrets: Vec<String> = self.0.lock().unwrap().iter().cloned().collect();
        let search = AhoCorasick::new(&secrets).unwrap();
        for (name, bytes) in everything {
            if let Some(found) = search.find(bytes) {
                let around = &bytes[found.start().saturating_sub(200)..(found.end() + 50).min(bytes.len())];
                panic!("{name} holds {}: {}", secrets[found.pattern()], String::from_utf8_lossy(around));
            }
        }
        let known = AhoCorasick::new(["person0@example.com"]).unwrap();
        assert!(everything.iter().any(|(_, bytes)| known.is_match(bytes)), "the search finds what is there");
    }
}

/// Half of the time the mail server refuses, hangs, hangs up or loses its answer, somewhere; and time passes, so that
/// nobody waits for the next try.
fn trouble(site: Arc<Site>, clock: std::path::PathBuf) -> JoinHandle<()> {
    tokio::spawn(async move {
        let mut random = StdRng::seed_from_u64(SEED);
        for seconds in 0.. {
            let step = Step::ALL[random.random_range(0..Step::ALL.len())];
            let fault = match random.random_range(0..24) {
                0..12 => None,
                12..17 => Some((step, Fault::Say("451 4.7.1 <person0@example.com> later"))),
                17..22 => Some((step, Fault::Close)),
                22 => Some((step, Fault::Hang)),
                _ => Some((Step::Taken, Fault::Lose)),
            };
            site.mail.set_fault(fault);
            put_forward(&clock, seconds * 3);
            tokio::time::sleep(Duration::from_millis(30)).await;
        }
    })
}

fn put_forward(clock: &std::path::Path, seconds: u64) {
    let new = clock.with_extension("new");
    std::fs::write(&new, seconds.to_string()).unwrap();
    std::fs::rename(new, clock).unwrap();
}

async fn journeys(site: &Arc<Site>, secrets: &Secrets) -> Vec<Left> {
    let at_once = Arc::new(Semaphore::new(AT_ONCE));
    let people: Vec<_> = (0..PEOPLE)
        .map(|number| {
            let person = Person::new(number, site.clone(), secrets.clone());
            let at_once = at_once.clone();
            tokio::spawn(async move {
                let _turn = at_once.acquire_owned().await.unwrap();
                person.lives().await
            })
        })
        .collect();
    let mut left = Vec::new();
    for person in people {
        left.push(person.await.unwrap());
    }
    left
}

/// A panic in a request and in the worker, each with a secret in hand, and at the end of a transaction.
async fn panics(site: &Site, settings: &[(&str, &str)], left: &[Left]) {
    let points = "login.verified,confirm.promised,worker.minted";
    let mut server = site.serves_and_logs_everything(&[settings, &[("REKEY_DRILL_PANIC_AT", points)]].concat()).await;
    let owner = left.iter().find(|left| left.own.is_some()).unwrap();
    assert_eq!(site.logs_in(&owner.user, owner.own.as_ref().unwrap()).await, None);
    let link = left.iter().find_map(|left| left.link.as_ref()).unwrap();
    assert_eq!(site.confirms(link).await, Some(StatusCode::INTERNAL_SERVER_ERROR));
    site.asks_for_reset(&owner.email).await;
    eventually("three panics in the log", async || {
        let log = String::from_utf8_lossy(&site.log()).into_owned();
        points.split(',').all(|point| log.contains(&format!("a drill at {point}"))).then_some(())
    })
    .await;
    assert!(String::from_utf8_lossy(&site.log()).contains("stack backtrace"));
    assert_eq!(site.gets("/health/ready").await, Some(StatusCode::OK), "the server lives on");
    assert_eq!(server.is_told_to_stop().await, Some(0));
}

on_both_databases! {
    async fn what_lies_there_holds_no_secret_and_is_none(database) {
        let site = Arc::new(Site::new(database).await);
        let secrets = Secrets::default();
        let clock = tempfile::tempdir().unwrap();
        let clock = clock.path().join("clock");
        put_forward(&clock, 0);
        let settings = [
            ("REKEY_DRILL_CLOCK_FILE", clock.to_str().unwrap()),
            ("REKEY_SMTP_TIMEOUT", "300ms"),
            ("REKEY_RESET_LINK_LIFE", "24h"),
            ("REKEY_TEMPORARY_PASSWORD_LIFE", "7d"),
            ("REKEY_RESET_MAILS_PER_HOUR", "0"),
            ("REKEY_CLIENT_REQUESTS_PER_MINUTE", "0"),
            ("REKEY_OPERATOR_EMAIL", "operator@example.org"),
        ];
        let mut server = site.serves_and_logs_everything(&settings).await;
        let printed = site.has_account_with("zoe", "zoe@example.org", &["--role", "admin"]);
        secrets.add(&printed);
        let (_, begun) = secrets.of(site.posts("/login", &json!({ "user": "zoe", "password": printed })).await.unwrap()).await;
        let choice = json!({ "current_password": printed, "new_password": ADMIN_PASSWORD });
        assert_eq!(site.posts_as(begun["access_token"].as_str().unwrap(), "/me/password", &choice).await, StatusCode::OK);
        secrets.add(ADMIN_PASSWORD);
        person::are_imported(&site, PEOPLE);

        let trouble = trouble(site.clone(), clock.clone());
        let left = journeys(&site, &secrets).await;
        trouble.abort();
        // The trouble has ended where it may have meant to begin another fault.
        let _ = trouble.await;
        site.mail.set_fault(None);
        let letters = [site.mail.received(), site.mail.refused()].concat();
        assert!(site.mail.refused().len() > 20, "{} letters were refused", site.mail.refused().len());
        for letter in &letters {
            secrets.of_letter(&Letter::read(letter));
        }
        println!("{} letters, {} secrets, {} bytes of log", letters.len(), secrets.0.lock().unwrap().len(), site.log().len());

        // As a thief finds it who pulls the plug: SQLite's newest pages are in the log beside the file.
        server.is_killed();
        let everything = site.everything_at_rest();
        let wal = everything.iter().find(|(name, _)| name.ends_with("-wal"));
        assert!(wal.is_some_and(|(_, wal)| wal.len() > 100_000) || site.database_url.starts_with("postgres"), "the WAL is there");
        assert!(everything.iter().any(|(name, bytes)| name.ends_with("everything.log") && bytes.len() > 1_000_000), "the log is there");
        secrets.are_nowhere_in(&everything);

        panics(&site, &settings, &left).await;
        let everything = site.everything_at_rest();
        assert!(!everything.iter().any(|(name, _)| name.ends_with("-wal")), "the last one out has taken it into the file");
        secrets.are_nowhere_in(&everything);

        let _server = site.serves_with(&settings).await;
        thief::tries_everything(&site, &left).await;
    }
}

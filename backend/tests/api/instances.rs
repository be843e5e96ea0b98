//! Many instances on one PostgreSQL behind nginx, each a process of its own: what one of them does holds on all.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use reqwest::StatusCode;
use serde_json::json;
use tokio::task::JoinHandle;

use crate::support::app::{assert_problem, json_of};
use crate::support::instances::Door;
use crate::support::proxy::Proxy;
use crate::support::{eventually, on_postgres};

const ANN: &str = "ann@example.com";

/// Clients that knock all the time, half of them with POSTs.
struct Knocking {
    is_over: Arc<AtomicBool>,
    clients: Vec<JoinHandle<Vec<Knock>>>,
}

#[derive(Debug)]
struct Knock {
    is_get: bool,
    asked: Instant,
    answered: Instant,
    status: u16,
}

impl Knocking {
    fn at(proxy: &Proxy) -> Self {
        let is_over = Arc::new(AtomicBool::new(false));
        let client = |is_get| {
            let (door, is_over) = (Door::new(proxy.door.port), is_over.clone());
            tokio::spawn(async move {
                let mut knocks = Vec::new();
                while !is_over.load(Ordering::SeqCst) {
                    let asked = Instant::now();
                    let request = if is_get {
                        door.get("/health/ready")
                    } else {
                        door.post("/password-reset/request", &json!({ "email": "nobody@example.com" }))
                    };
                    let status = request.send().await.unwrap().status().as_u16();
                    knocks.push(Knock { is_get, asked, answered: Instant::now(), status });
                }
                knocks
            })
        };
        Self { clients: [true, false, true, false].map(client).into(), is_over }
    }

    async fn ends(self) -> Vec<Knock> {
        self.is_over.store(true, Ordering::SeqCst);
        let mut knocks = Vec::new();
        for client in self.clients {
            knocks.extend(client.await.unwrap());
        }
        knocks
    }
}

on_postgres! {
    async fn a_session_is_good_on_every_instance_and_a_reset_ends_it_on_all(site) {
        let printed = site.has_account("ann", ANN);
        let (one, two, _worker) = (site.instance(&[]).await, site.instance(&[]).await, site.mail_worker(&[]));
        let proxy = Proxy::before([&one, &two]).await;
        // The printed password opens only the way to an own one.
        let begun = json_of(one.door.logs_in("ann", &printed).await, StatusCode::OK).await;
        let choice = json!({ "current_password": printed, "new_password": "correct horse battery staple" });
        let chosen = two.door.post("/me/password", &choice).bearer_auth(begun["access_token"].as_str().unwrap());
        let session = json_of(chosen.send().await.unwrap(), StatusCode::OK).await;
        for door in [&one.door, &two.door, &proxy.door] {
            assert_eq!(door.who_am_i(&session["access_token"]).await, StatusCode::OK);
        }
        let session = json_of(one.door.refreshes(&session["refresh_token"]).await, StatusCode::OK).await;
        let session = json_of(two.door.refreshes(&session["refresh_token"]).await, StatusCode::OK).await;

        // The first letter tells of the new password.
        site.letter_to(ANN, 1).await;
        proxy.door.asks_for_reset(ANN).await;
        let link = site.letter_to(ANN, 2).await;
        assert_eq!(two.door.confirms(&link.token()).await, StatusCode::OK);
        for door in [&one.door, &two.door] {
            assert_eq!(door.who_am_i(&session["access_token"]).await, StatusCode::UNAUTHORIZED);
            assert_eq!(door.refreshes(&session["refresh_token"]).await.status(), StatusCode::UNAUTHORIZED);
            assert_eq!(door.confirms(&link.token()).await, StatusCode::GONE);
        }
        let password = site.letter_to(ANN, 3).await.password();
        assert_eq!(one.door.logs_in("ann", &password).await.status(), StatusCode::OK);
    }

    async fn failed_logins_are_counted_by_all_instances_together(site) {
        let printed = site.has_account("ann", ANN);
        let instances = [site.instance(&[]).await, site.instance(&[]).await];
        let mut doors = instances.iter().map(|instance| &instance.door).cycle();
        let mut failures = 0;
        loop {
            match doors.next().unwrap().logs_in("nobody", "wrong").await.status() {
                StatusCode::UNAUTHORIZED => failures += 1,
                StatusCode::TOO_MANY_REQUESTS => break,
                other => panic!("{other}"),
            }
        }
        // The first delay is a second, so that a slow machine may fit in one or two more; two counters would allow twelve.
        assert!((6..=9).contains(&failures), "{failures}");
        assert_eq!(instances[0].door.logs_in("ann", &printed).await.status(), StatusCode::OK);
    }

    async fn the_proxy_tells_who_is_calling_and_nobody_else_does(site) {
        let limit = [("REKEY_CLIENT_REQUESTS_PER_MINUTE", "3")];
        let instance = site.instance(&limit).await;
        let proxy = Proxy::before([&instance, &instance]).await;
        let ask = async |door: &Door, invented: &str| {
            let request = door.post("/password-reset/request", &json!({ "email": "nobody@example.com" }));
            let request = request.header("X-Forwarded-For", invented).header("Forwarded", format!("for={invented}"));
            request.send().await.unwrap().status().as_u16()
        };
        // Through the proxy, also on its own machine, and past it: whatever address the client invents, it is one client.
        for (port, last) in [(proxy.door.port, 1), (proxy.door.port, 2), (instance.door.port, 3)] {
            let (noisy, quiet) = (Door::from_address(port, [127, 0, 0, last].into()), Door::from_address(port, [127, 0, 1, last].into()));
            let mut answers = Vec::new();
            for number in 0..5 {
                answers.push(ask(&noisy, &format!("198.51.100.{number}")).await);
            }
            assert_eq!(answers, [202, 202, 202, 429, 429], "{last}");
            assert_eq!(ask(&quiet, &format!("127.0.0.{last}")).await, 202, "{last}");
        }
        let _worker = site.mail_worker(&[]);
        site.all_letters_are_settled().await;
    }

    async fn the_proxy_changes_neither_headers_nor_compression(site) {
        let pages = tempfile::tempdir().unwrap();
        for (name, text) in [("index.html", "<!doctype html><title>Rekey</title>"), ("index.html.br", "br"), ("app-0123456789abcdef.js", "start()"), ("app-0123456789abcdef.js.br", "br")] {
            std::fs::write(pages.path().join(name), text).unwrap();
        }
        let settings = [("REKEY_FRONTEND_DIR", pages.path().to_str().unwrap())];
        let instance = site.instance(&settings).await;
        let proxy = Proxy::before([&instance, &instance]).await;
        for (path, is_file) in [("/", true), ("/app-0123456789abcdef.js", true), ("/config.json", false), ("/me", false), ("/nothing", false)] {
            let mut answers = Vec::new();
            for door in [&instance.door, &proxy.door] {
                let answer = door.get(path).header("Accept-Encoding", "br").send().await.unwrap();
                let mut headers = answer.headers().clone();
                for own in ["date", "server", "connection", "transfer-encoding"] {
                    headers.remove(own);
                }
                answers.push((answer.status(), headers));
            }
            assert_eq!(answers[0], answers[1], "{path}");
            assert_eq!(answers[1].1.get("content-encoding").is_some_and(|name| name == "br"), is_file, "{path}");
        }
        for (kilobytes, status) in [(20, 413), (200, 413)] {
            let body = json!({ "email": "x".repeat(kilobytes << 10) });
            let answer = proxy.door.post("/password-reset/request", &body).send().await.unwrap();
            assert_problem(answer, status, "body_too_large").await;
        }
    }

    async fn when_an_instance_is_killed_the_other_one_answers(site) {
        site.has_account("ann", ANN);
        let (one, mut two) = (site.instance(&[]).await, site.instance(&[]).await);
        let proxy = Proxy::before([&one, &two]).await;
        let knocking = Knocking::at(&proxy);
        tokio::time::sleep(Duration::from_millis(500)).await;
        let killed = Instant::now();
        two.running.is_killed();
        let gone = Instant::now();
        tokio::time::sleep(Duration::from_millis(1500)).await;
        let served = knocking.ends().await;
        let mut broken_off = 0;
        for knock in &served {
            match knock.status {
                200 | 202 => {}
                // Nobody knows what became of a POST that was on its way; it is not sent again, and the client is told.
                503 if !knock.is_get && knock.asked < gone => broken_off += 1,
                _ => panic!("{knock:?}, killed at {killed:?}"),
            }
        }
        let next = served.iter().filter(|knock| knock.asked >= killed).map(|knock| knock.answered).min();
        println!(
            "{} requests; from the kill to the next served one {:?}; broken off: {broken_off}",
            served.len(),
            next.unwrap() - killed
        );
        assert!(served.iter().filter(|knock| knock.asked >= gone).count() >= 8);
        // With none left the API still says so itself.
        let mut one = one;
        one.running.is_killed();
        assert_problem(proxy.door.get("/health/ready").send().await.unwrap(), 503, "unavailable").await;
        let _worker = site.mail_worker(&[]);
        site.all_letters_are_settled().await;
    }

    async fn a_post_that_was_on_its_way_is_not_sent_again(site) {
        site.has_account("ann", ANN);
        let dies = [("REKEY_DRILL_DIE_AT", "confirm.promised")];
        let (mut one, mut two) = (site.instance(&dies).await, site.instance(&dies).await);
        let proxy = Proxy::before([&one, &two]).await;
        let _worker = site.mail_worker(&[]);
        assert_eq!(proxy.door.asks_for_reset(ANN).await, StatusCode::ACCEPTED);
        let link = site.letter_to(ANN, 1).await;
        let answer = proxy.door.post("/password-reset/confirm", &json!({ "token": link.token() })).send().await.unwrap();
        assert_problem(answer, 503, "unavailable").await;
        let dead = eventually("the death of an instance", async || {
            let dead = [one.running.is_dead(), two.running.is_dead()];
            (dead != [false, false]).then_some(dead)
        })
        .await;
        assert_eq!(dead.iter().filter(|dead| **dead).count(), 1, "whom nginx asks for a second time dies, too");
    }

    async fn an_instance_that_is_told_to_stop_is_passed_over(site) {
        let (one, mut two) = (site.instance(&[]).await, site.instance(&[]).await);
        let proxy = Proxy::before([&one, &two]).await;
        let knocking = Knocking::at(&proxy);
        tokio::time::sleep(Duration::from_millis(300)).await;
        assert_eq!(two.running.is_told_to_stop().await, Some(0));
        tokio::time::sleep(Duration::from_millis(300)).await;
        let served = knocking.ends().await;
        // A POST can lie before the door when it is closed, unheard; then nginx does not know what became of it.
        let unheard = served.iter().filter(|knock| knock.status == 503 && !knock.is_get).count();
        println!("{} requests, of which unheard: {unheard}", served.len());
        assert!(unheard <= 2);
        assert!(served.iter().all(|knock| matches!(knock.status, 200 | 202 | 503) && (!knock.is_get || knock.status == 200)), "{served:?}");
    }

    async fn eight_instances_that_start_at_once_make_one_schema_and_one_key(site) {
        let starting: Vec<_> = (0..8).map(|_| site.begins_instance(&[])).collect();
        let mut instances = Vec::new();
        for one in starting {
            instances.push(one.becomes_ready().await);
        }
        let migrations = std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/migrations")).unwrap().count();
        let applied = site.count("SELECT COUNT(*) AS count FROM __diesel_schema_migrations");
        assert_eq!(applied, i64::try_from(migrations).unwrap());
        let mut keys = Vec::new();
        for instance in &instances {
            keys.push(json_of(instance.door.get("/.well-known/jwks.json").send().await.unwrap(), StatusCode::OK).await);
        }
        assert!(keys.iter().all(|key| *key == keys[0]), "{keys:?}");
    }

    async fn an_instance_that_is_told_to_stop_does_not_wait_for_who_says_nothing(site) {
        let mut instance = site.instance(&[("REKEY_HEADER_TIMEOUT", "1h"), ("REKEY_KEEP_ALIVE", "1h")]).await;
        let silent = TcpStream::connect(("127.0.0.1", instance.door.port)).unwrap();
        // Answered on a connection that is then kept, and after the silent one came.
        instance.door.get("/health/live").send().await.unwrap();
        let told = Instant::now();
        assert_eq!(instance.running.is_told_to_stop().await, Some(0));
        // Half of what requests in hand are given.
        assert!(told.elapsed() < Duration::from_secs(5), "{:?}", told.elapsed());
        drop(silent);
    }

    async fn an_instance_that_is_told_to_stop_answers_what_it_has_begun(site) {
        // One thread for both connections: what came first is in hand when the other is answered.
        let mut instance = site.instance(&[("REKEY_WORKERS", "1")]).await;
        let body = json!({ "email": "nobody@example.com" }).to_string();
        let mut line = TcpStream::connect(("127.0.0.1", instance.door.port)).unwrap();
        line.set_read_timeout(Some(crate::support::PATIENCE)).unwrap();
        // The half of a request; the other half comes when the server takes no new ones any more.
        let (first, rest) = body.split_at(body.len() / 2);
        let head = format!("POST /password-reset/request HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n", body.len());
        write!(line, "{head}{first}").unwrap();
        // Another request is answered after it came: the server has it in hand.
        instance.door.get("/health/live").send().await.unwrap();
        instance.running.tell_to_stop();
        eventually("an instance that takes no new requests", async || {
            TcpStream::connect(("127.0.0.1", instance.door.port)).is_err().then_some(())
        })
        .await;
        write!(line, "{rest}").unwrap();
        let mut answer = String::new();
        line.read_to_string(&mut answer).unwrap();
        assert!(answer.starts_with("HTTP/1.1 202 "), "{answer}");
        assert_eq!(instance.running.ends().await, Some(0));
        assert_eq!(site.waiting_letters(), 1);
    }
}

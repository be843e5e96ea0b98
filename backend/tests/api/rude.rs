//! Clients that are slow, silent, greedy or broken: each is bounded and sent away in time, and the others notice nothing.

use std::time::Duration;

use reqwest::StatusCode;
use tokio::io::AsyncWriteExt;

use crate::support::database::Kind;
use crate::support::eventually;
use crate::support::instances::Instance;
use crate::support::process::Site;
use crate::support::raw::{Raw, get, post};

const MIB: u64 = 1024 * 1024;
const SECOND: Duration = Duration::from_secs(1);

/// Time-outs that a test can wait for.
const IMPATIENT: [(&str, &str); 4] = [
    ("REKEY_HEADER_TIMEOUT", "1s"),
    ("REKEY_BODY_TIMEOUT", "1s"),
    ("REKEY_KEEP_ALIVE", "1s"),
    ("REKEY_ANSWER_TIMEOUT", "1s"),
];

/// A server, and what has to be true of it whatever its clients do.
struct Server {
    _site: Site,
    instance: Instance,
    idle: u64,
}

impl Server {
    async fn start(settings: &[(&str, &str)]) -> Self {
        let site = Site::new(Kind::Sqlite).await;
        // Larger than what the kernel takes for a client that reads nothing.
        let frontend = site.folder_of_frontend("<!doctype html><title>Rekey</title>");
        std::fs::write(frontend.join("large-0123456789abcdef.js"), vec![b' '; 32 << 20]).unwrap();
        let folder = frontend.display().to_string();
        let settings = [settings, &[("REKEY_FRONTEND_DIR", folder.as_str())]].concat();
        let instance = site.instance(&settings).await;
        let idle = instance.running.memory("VmRSS");
        Self { _site: site, instance, idle }
    }

    async fn impatient() -> Self {
        Self::start(&IMPATIENT).await
    }

    fn port(&self) -> u16 {
        self.instance.door.port
    }

    async fn says(&self, bytes: impl AsRef<[u8]>) -> Raw {
        Raw::says(self.port(), bytes).await
    }

    async fn answers_others(&self) {
        for path in ["/health/live", "/health/ready", "/config.json"] {
            assert_eq!(self.instance.door.get(path).send().await.unwrap().status(), StatusCode::OK);
        }
        // Each time somebody else, or the throttle would answer.
        let somebody = format!("nobody at {:?}", std::time::Instant::now());
        let login = self.instance.door.logs_in(&somebody, "wrong").await;
        assert_eq!(login.status(), StatusCode::UNAUTHORIZED);
    }

    /// Says one byte after another until the server hangs up, and how long that took.
    async fn dribbles(&self, mut raw: Raw, byte: &str) -> Duration {
        let started = std::time::Instant::now();
        while raw.goes_on(byte).await {
            assert!(started.elapsed() < crate::support::PATIENCE, "the server waits for ever");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        self.answers_others().await;
        started.elapsed()
    }

    fn takes_no_more_than(&self, bytes: u64) {
        let most = self.instance.running.memory("VmHWM");
        assert!(most <= self.idle + bytes, "{} MiB, and {} MiB at the start", most / MIB, self.idle / MIB);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_head_that_comes_byte_by_byte_is_not_waited_for() {
    let server = Server::impatient().await;
    let slow = server.says("GET /health/live HTTP/1.1\r\nhost: localhost\r\nx: ").await;
    assert!(server.dribbles(slow, "x").await < 10 * SECOND);
    // Not the second one of a connection either, nor the rest of one that came together with the first.
    let mut second = server.says(get("/health/live")).await;
    assert_eq!(second.answer().await.unwrap().status, 200);
    assert!(server.dribbles(second, "G").await < 10 * SECOND);
    let mut rest = server.says(get("/health/live") + "GET /health/li").await;
    assert_eq!(rest.answer().await.unwrap().status, 200);
    assert!(rest.is_hung_up().await.0 < 10 * SECOND);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_body_that_comes_byte_by_byte_is_not_waited_for() {
    let server = Server::impatient().await;
    for path in ["/login", "/password-reset/request", "/me", "/nowhere", "/"] {
        let head = format!("POST {path} HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\n");
        let sized = server.says(format!("{head}content-length: 16000\r\n\r\n{{")).await;
        assert!(server.dribbles(sized, " ").await < 10 * SECOND, "{path}");
        // actix-web reads on when an answer was given before the end of a chunked body.
        let chunked = server.says(format!("{head}transfer-encoding: chunked\r\n\r\n1\r\n{{\r\n")).await;
        assert!(server.dribbles(chunked, "1\r\n \r\n").await < 10 * SECOND, "{path}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_says_nothing_is_not_waited_for() {
    let server = Server::impatient().await;
    let mut silent = Raw::connect(server.port()).await;
    let mut idle = server.says(get("/health/live")).await;
    assert_eq!(idle.answer().await.unwrap().status, 200);
    server.answers_others().await;
    for raw in [&mut silent, &mut idle] {
        let (time, said) = raw.is_hung_up().await;
        assert!(time < 10 * SECOND && said.is_empty(), "{time:?} {said:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_does_not_take_an_answer_is_not_waited_for() {
    let server = Server::impatient().await;
    let mut deaf = Vec::new();
    for _ in 0..50 {
        deaf.push(server.says(get("/large-0123456789abcdef.js")).await);
    }
    server.answers_others().await;
    eventually("the end of all who read nothing", async || {
        (server.instance.running.connections(server.port()) == 0).then_some(())
    })
    .await;
    server.takes_no_more_than(32 * MIB);
    // One that reads, if slowly, gets it all.
    let mut slow = server.says(get("/large-0123456789abcdef.js")).await;
    let answer = slow.answer().await.expect("the whole answer");
    assert_eq!(answer.body.len(), 32 << 20);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_flood_of_requests_whose_answers_nobody_takes_is_held_back() {
    let server = Server::impatient().await;
    // Its answers have no body and are twenty times as large as the question.
    let many = "POST /session/refresh HTTP/1.1\r\nhost: a\r\n\r\n".repeat(2000);
    let mut greedy = Raw::connect(server.port()).await;
    let mut said = 0;
    while let Ok(Ok(())) = tokio::time::timeout(SECOND / 2, greedy.0.write_all(many.as_bytes())).await {
        said += many.len();
        assert!(said < 256 << 20, "the server takes all");
    }
    server.answers_others().await;
    // 19 of them are what the others' login was hashed in.
    server.takes_no_more_than(32 * MIB);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_too_large_is_refused_and_not_kept() {
    let server = Server::impatient().await;
    let head = "GET /health/live HTTP/1.1\r\nhost: localhost\r\n";
    let many = (0..200).fold(String::new(), |all, number| format!("{all}x-{number}: 1\r\n"));
    for (huge, status) in [
        (format!("{head}x: {}\r\n\r\n", "x".repeat(1 << 20)), 431),
        (format!("{head}{many}\r\n"), 431),
        (format!("GET /{} HTTP/1.1\r\nhost: localhost\r\n\r\n", "x".repeat(1 << 20)), 431),
        (format!("GET /{} HTTP/1.1\r\nhost: localhost\r\n\r\n", "x".repeat(70_000)), 400),
    ] {
        let mut raw = Raw::connect(server.port()).await;
        // It may hang up before it has heard all.
        let _ = raw.goes_on(&huge).await;
        let answer = raw.answer().await;
        assert!(answer.as_ref().is_none_or(|answer| answer.status == status), "{status}: {answer:?}");
        raw.is_hung_up().await;
    }
    let body = "x".repeat(1 << 20);
    let chunked = "POST /login HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n";
    for huge in [post("/login", &body), format!("{chunked}100000\r\n{body}\r\n0\r\n\r\n")] {
        let mut raw = server.says(huge).await;
        assert_eq!(raw.answer().await.unwrap().status, 413);
    }
    let mut declared =
        server.says(post("/login", "").replace("content-length: 0", "content-length: 99999999999")).await;
    assert_eq!(declared.answer().await.unwrap().status, 413);
    let bomb = post("/login", "{}").replace("content-type", "content-encoding: gzip\r\ncontent-type");
    assert_eq!(server.says(bomb).await.answer().await.unwrap().status, 415);
    server.answers_others().await;
    server.takes_no_more_than(24 * MIB);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_no_http_ends_the_connection() {
    let server = Server::impatient().await;
    let smuggled = "GET /smuggled HTTP/1.1\r\nhost: localhost\r\n\r\n";
    let post = "POST /login HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\n";
    for broken in [
        "\r\n\r\nHELP\r\n\r\n".to_owned(),
        "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".to_owned(),
        "\u{16}\u{3}\u{1}\u{2}\0\u{1}\0\u{1}\u{fc}\u{3}\u{3}".to_owned(),
        "GET / HTTP/9.9\r\nhost: localhost\r\n\r\n".to_owned(),
        "GET / HTTP/1.1\r\n\r\n".to_owned(),
        "GET / HTTP/1.1\r\nhost: a\r\nhost: b\r\n\r\n".to_owned(),
        "GET / HTTP/1.1\r\nhost : localhost\r\n\r\n".to_owned(),
        "GET / HTTP/1.1\r\nhost: localhost\r\nx: a\r\n b\r\n\r\n".to_owned(),
        "GET / HTTP/1.1\r\nhost: localhost\r\nx: a\0b\r\n\r\n".to_owned(),
        format!("{post}content-length: 4\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n{smuggled}"),
        format!("{post}content-length: 0\r\ncontent-length: 44\r\n\r\n{smuggled}"),
        format!("{post}content-length: 0, 44\r\n\r\n{smuggled}"),
        format!("{post}content-length: +44\r\n\r\n{smuggled}"),
        format!("{post}content-length: -1\r\n\r\n{smuggled}"),
        format!("{post}transfer-encoding: xchunked\r\n\r\n0\r\n\r\n{smuggled}"),
        format!("{post}transfer-encoding: chunked\r\ntransfer-encoding: identity\r\n\r\n0\r\n\r\n{smuggled}"),
        format!("{post}transfer-encoding:\u{b}chunked\r\n\r\n0\r\n\r\n{smuggled}"),
        format!("{post}transfer-encoding: chunked\r\n\r\nzz\r\n\r\n{smuggled}"),
        format!("{}{smuggled}", post.replace("1.1", "1.0") + "transfer-encoding: chunked\r\n\r\n0\r\n\r\n"),
    ] {
        let mut raw = server.says(&broken).await;
        let (_, said) = raw.is_hung_up().await;
        let said = String::from_utf8(said).unwrap();
        assert!(said.is_empty() || said.starts_with("HTTP/1.1 400 "), "{broken:?}: {said}");
        assert_eq!(said.matches("HTTP/1.1 ").count(), said.matches("HTTP/1.1 400 ").count(), "{broken:?}: {said}");
    }
    server.answers_others().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ten_thousand_idle_connections_keep_nobody_out() {
    let server = Server::start(&[]).await;
    let mut idle = Vec::new();
    for number in 0..10_000 {
        let mut raw = Raw::connect(server.port()).await;
        if number % 10 == 0 {
            assert!(raw.goes_on("GET /health/live HTTP/1.1\r\n").await);
        }
        idle.push(raw);
    }
    server.answers_others().await;
    server.takes_no_more_than(64 * MIB);
    assert_eq!(server.instance.door.asks_for_reset("ann@example.com").await, StatusCode::ACCEPTED);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn when_there_are_too_many_connections_the_idle_ones_make_room() {
    let settings = [&IMPATIENT[..], &[("REKEY_MAX_CONNECTIONS", "100")]].concat();
    let server = Server::start(&settings).await;
    let mut idle = Vec::new();
    for _ in 0..300 {
        idle.push(Raw::connect(server.port()).await);
    }
    assert!(server.instance.running.open_files() < 100 + 60);
    server.answers_others().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_client_does_wrong_is_no_error_of_the_server() {
    let site = Site::new(Kind::Sqlite).await;
    let mut server = site.serves_and_logs_as_it_comes().await;
    for broken in
        ["HELP\r\n\r\n", "GET / HTTP/1.1\r\n\r\n", "POST /login HTTP/1.1\r\nhost: a\r\ncontent-length: x\r\n\r\n"]
    {
        Raw::says(site.port, broken).await.is_hung_up().await;
    }
    assert_eq!(server.is_told_to_stop().await, Some(0));
    let log = String::from_utf8(site.log()).unwrap();
    assert!(log.contains("server.listening") && !log.contains(" ERROR "), "{log}");
}

//! A flood of wrong logins: the rest of the server does not notice, and its memory stays what it was told to be.

use std::collections::BTreeMap;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::time::{Duration, Instant};

use serde_json::json;

use crate::support::database::Kind;
use crate::support::instances::Instance;
use crate::support::process::{Running, Site};
use crate::support::raw::{self, Raw};

const LOGINS: usize = 2000;
/// What one Argon2id run takes.
const HASH_MEMORY: u64 = 19 * 1024 * 1024;
/// For 99 of 100 health checks, beyond what they take in a flood without hashes: the machine may have other things to do.
const HEALTH_BOUND: Duration = Duration::from_millis(50);
const CHEAP_FLOOD: Duration = Duration::from_secs(1);
/// And these may come and go, so that the server must keep the bound in one of so many rounds.
const ROUNDS: usize = 6;

/// Asks how the server is, on a thread that shares nothing with the flood, each time on a new connection.
struct Monitor {
    stop: Sender<()>,
    thread: std::thread::JoinHandle<Vec<Duration>>,
}

impl Monitor {
    fn start(port: u16) -> Self {
        let (stop, stopped) = channel();
        let thread = std::thread::spawn(move || {
            let mut taken = Vec::new();
            for path in ["/health/live", "/health/ready"].iter().cycle() {
                let started = Instant::now();
                let mut stream = TcpStream::connect(("127.0.0.1", port)).unwrap();
                let request = format!("GET {path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n");
                stream.write_all(request.as_bytes()).unwrap();
                let mut answer = String::new();
                stream.read_to_string(&mut answer).unwrap();
                taken.push(started.elapsed());
                assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");
                if stopped.recv_timeout(Duration::from_millis(2)) != Err(RecvTimeoutError::Timeout) {
                    break;
                }
            }
            taken
        });
        Self { stop, thread }
    }

    /// How long 99 of 100 answers took at most, and how many there were.
    async fn stop(self) -> (Duration, usize) {
        self.stop.send(()).unwrap();
        let mut taken = tokio::task::spawn_blocking(|| self.thread.join().unwrap()).await.unwrap();
        taken.sort_unstable();
        (taken[taken.len() * 99 / 100], taken.len())
    }
}

/// What the machine can do just now: the same flood, of logins that are refused before anything is looked up or hashed.
async fn floods_cheaply(port: u16) -> Duration {
    let monitor = Monitor::start(port);
    let started = Instant::now();
    while started.elapsed() < CHEAP_FLOOD {
        let mut logins = tokio::task::JoinSet::new();
        for _ in 0..LOGINS / 4 {
            logins
                .spawn(async move { Raw::says(port, raw::post("/login", "{}")).await.answer().await.unwrap().status });
        }
        assert!(logins.join_all().await.iter().all(|status| *status == 422));
    }
    monitor.stop().await.0
}

/// All at once, half of them on one account and half on nobody's; how often each status came.
async fn floods(port: u16, round: usize) -> BTreeMap<u16, usize> {
    let mut logins = tokio::task::JoinSet::new();
    for number in 0..LOGINS {
        logins.spawn(async move {
            let user = if number % 2 == 0 { "ann".to_owned() } else { format!("nobody{round}x{number}") };
            let body = json!({ "user": user, "password": "wrong" }).to_string();
            let answer = Raw::says(port, raw::post("/login", &body)).await.answer().await;
            answer.expect("an answer to every login").status
        });
    }
    let mut statuses = BTreeMap::new();
    for status in logins.join_all().await {
        *statuses.entry(status).or_default() += 1;
    }
    statuses
}

/// Whether everything else goes before hashing, also where the machine is too busy for times to tell.
fn hashing_gives_way(running: &Running) {
    let hashing: Vec<_> = running.threads().into_iter().filter(|(name, _)| name == "rekey-hash").collect();
    assert_eq!(hashing.len(), rekey::config::cores());
    assert!(hashing.iter().all(|(_, nice)| *nice > 0), "{hashing:?}");
}

async fn outlives_floods(kind: Kind) {
    let site = Site::new(kind).await;
    site.has_account("ann", "ann@example.com");
    let owners = site.has_account("owner", "owner@example.com");
    let Instance { running, door } = site.instance(&[("REKEY_TEMPORARY_PASSWORD_MUST_CHANGE", "false")]).await;
    let idle = running.memory("VmRSS");
    hashing_gives_way(&running);
    assert_eq!(door.logs_in("owner", &owners).await.status(), 200);
    let permits = u64::try_from(rekey::config::cores()).unwrap();
    let bound = (idle + permits * HASH_MEMORY) * 12 / 10;
    let mut seen = Vec::new();
    for round in 1..=ROUNDS {
        let cheap = floods_cheaply(door.port).await;
        let monitor = Monitor::start(door.port);
        let statuses = floods(door.port, round).await;
        let (under_flood, checks) = monitor.stop().await;
        let started = Instant::now();
        assert_eq!(door.logs_in("owner", &owners).await.status(), 200);
        let login = started.elapsed();
        let most = running.memory("VmHWM");
        assert!(statuses.keys().all(|status| [401, 429, 503].contains(status)), "{statuses:?}");
        assert!(statuses.contains_key(&401) && statuses.contains_key(&503), "{statuses:?}");
        assert!(most <= bound, "{most} bytes, more than {bound}");
        assert!(login < Duration::from_secs(2), "{login:?}");
        let saw = format!(
            "{statuses:?}; {checks} health checks, 99 % of them in {under_flood:?}, without hashes in {cheap:?}; login in {login:?}; \
             {} MiB, then at most {} MiB",
            idle >> 20,
            most >> 20
        );
        eprintln!("{kind:?}, round {round}: {saw}");
        seen.push(saw);
        if under_flood < HEALTH_BOUND + cheap {
            return;
        }
    }
    panic!("health takes too long: {seen:#?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sqlite() {
    outlives_floods(Kind::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn postgres() {
    outlives_floods(Kind::Postgres).await;
}

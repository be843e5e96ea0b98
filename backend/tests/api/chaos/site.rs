//! The processes that are killed, and what outlives them.

use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::Mutex;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use reqwest::{Client, Response};
use serde_json::Value;
use tempfile::TempDir;
use tokio::sync::Mutex as AsyncMutex;

use crate::support::database::{self, Kind};
use crate::support::mail_server::MailServer;
use crate::support::postgres::Postgres;

/// What can be killed.
pub struct Process {
    arguments: Vec<String>,
    /// None: a mail worker, which nobody talks to.
    pub port: Option<u16>,
    child: Mutex<Option<Child>>,
}

impl Process {
    fn server(arguments: &[&str]) -> Self {
        // Free a moment ago: good enough for a port that only this test asks for.
        let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let listen = format!("--listen=127.0.0.1:{port}");
        Self { port: Some(port), ..Self::new(&[arguments, &[&listen]].concat()) }
    }

    fn new(arguments: &[&str]) -> Self {
        let arguments = arguments.iter().map(|argument| (*argument).to_owned()).collect();
        Self { arguments, port: None, child: Mutex::new(None) }
    }
}

pub struct Site {
    pub mail: AsyncMutex<MailServer>,
    pub postgres: Option<Postgres>,
    pub processes: Vec<Process>,
    database_url: database::Url,
    folder: TempDir,
    client: Client,
    clock_seconds: AtomicI64,
}

impl Site {
    /// PostgreSQL: two servers and two mail workers. SQLite: one process that does everything.
    pub async fn start(kind: Kind, people: u64) -> Self {
        let folder = TempDir::new().unwrap();
        let postgres = (kind == Kind::Postgres).then(Postgres::new);
        let database_url = match &postgres {
            Some(postgres) => {
                postgres.start();
                postgres.url().into()
            }
            None => database::create(kind, folder.path()),
        };
        let processes = match kind {
            Kind::Sqlite => vec![Process::server(&["serve"])],
            Kind::Postgres => vec![
                Process::server(&["serve", "--no-mail-worker"]),
                Process::server(&["serve", "--no-mail-worker"]),
                Process::new(&["mail-worker"]),
                Process::new(&["mail-worker"]),
            ],
        };
        let site = Self {
            mail: AsyncMutex::new(MailServer::start().await),
            postgres,
            processes,
            database_url,
            folder,
            client: Client::builder().timeout(Duration::from_secs(20)).pool_max_idle_per_host(0).build().unwrap(),
            clock_seconds: AtomicI64::new(0),
        };
        site.let_time_pass(Duration::ZERO);
        site.has_accounts(people);
        for process in 0..site.processes.len() {
            site.start_process(process).await;
        }
        site
    }

    fn clock_file(&self) -> PathBuf {
        self.folder.path().join("clock")
    }

    /// For all processes at once.
    pub fn let_time_pass(&self, time: Duration) {
        let seconds = i64::try_from(time.as_secs()).unwrap();
        let now = self.clock_seconds.fetch_add(seconds, Ordering::SeqCst) + seconds;
        let new = self.folder.path().join("clock.new");
        std::fs::write(&new, now.to_string()).unwrap();
        std::fs::rename(new, self.clock_file()).unwrap();
    }

    async fn command(&self, arguments: &[String]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_rekey"));
        command
            .args(arguments)
            .env("DATABASE_URL", &self.database_url)
            .env("REKEY_DATA_DIR", self.folder.path())
            .env("REKEY_DRILL_CLOCK_FILE", self.clock_file())
            .env("REKEY_SMTP_URL", format!("smtp://127.0.0.1:{}?tls=none", self.mail.lock().await.port))
            .env("REKEY_SMTP_TIMEOUT", "700ms")
            .env("REKEY_MAIL_FROM", "rekey@example.org")
            .env("REKEY_CLIENT_REQUESTS_PER_MINUTE", "0")
            .env("REKEY_RESET_MAILS_PER_HOUR", "0")
            .env("REKEY_RESET_LINK_LIFE", "24h")
            .env("REKEY_TEMPORARY_PASSWORD_LIFE", "7d")
            .env("REKEY_LOG", "off")
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        command
    }

    fn has_accounts(&self, people: u64) {
        let file = self.folder.path().join("people.csv");
        let lines: Vec<_> = (0..people).map(|number| format!("person{number},person{number}@example.com")).collect();
        std::fs::write(&file, format!("user_name,email\n{}\n", lines.join("\n"))).unwrap();
        let imported = Command::new(env!("CARGO_BIN_EXE_rekey"))
            .args(["account", "import", &file.display().to_string()])
            .env("DATABASE_URL", &self.database_url)
            .output()
            .unwrap();
        assert!(imported.status.success(), "{}", String::from_utf8_lossy(&imported.stderr));
    }

    pub async fn start_process(&self, number: usize) {
        let process = &self.processes[number];
        let child = self.command(&process.arguments).await.spawn().unwrap();
        *process.child.lock().unwrap() = Some(child);
    }

    pub fn kill(&self, number: usize) {
        if let Some(mut child) = self.processes[number].child.lock().unwrap().take() {
            let _ = child.kill();
            let _ = child.wait();
        }
    }

    /// The answer of one of the servers, if it lives long enough to give one.
    pub async fn posts(&self, which: usize, path: &str, token: Option<&str>, body: &Value) -> Option<Response> {
        let ports: Vec<u16> = self.processes.iter().filter_map(|process| process.port).collect();
        let request = self.client.post(format!("http://127.0.0.1:{}{path}", ports[which % ports.len()])).json(body);
        match token {
            Some(token) => request.bearer_auth(token),
            None => request,
        }
        .send()
        .await
        .ok()
    }

    pub async fn all_promises_are_settled(&self) {
        crate::support::eventually("an empty mail queue", async || (self.waiting() == 0).then_some(())).await;
    }

    pub fn waiting(&self) -> i64 {
        self.count("SELECT COUNT(*) AS count FROM mail_queue WHERE state = 'waiting'")
    }

    pub fn count(&self, sql: &str) -> i64 {
        database::count(&self.database_url, sql)
    }
}

impl Drop for Site {
    fn drop(&mut self) {
        for number in 0..self.processes.len() {
            self.kill(number);
        }
    }
}

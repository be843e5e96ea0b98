//! A server as a process of its own, which can be killed.

use std::process::{Command, Output, Stdio};
use std::time::Duration;

use rekey_shared::client::{self, Call};
use reqwest::{Client, Method, RequestBuilder, Response, StatusCode};
use serde_json::Value;
use tempfile::TempDir;

use super::database::{self, Kind};
use super::mail_server::MailServer;
use super::mailbox::{self, Letter};
pub use super::running::Running;
use super::spoken;

/// Data, a mail server, and a place for servers to run.
pub struct Site {
    pub mail: MailServer,
    pub database_url: database::Url,
    pub(super) folder: TempDir,
    client: Client,
    pub port: u16,
}

impl Site {
    pub async fn new(kind: Kind) -> Self {
        let folder = TempDir::new().unwrap();
        let database_url = database::create(kind, folder.path());
        Self::within(folder, database_url).await
    }

    /// On a database that is somebody else's.
    pub async fn on(database_url: String) -> Self {
        Self::within(TempDir::new().unwrap(), database_url.into()).await
    }

    async fn within(folder: TempDir, database_url: database::Url) -> Self {
        // Free a moment ago: good enough for a port that only this test asks for.
        let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        Self {
            mail: MailServer::start().await,
            database_url,
            folder,
            // The server lets a connection go after 5 s, perhaps just when the next request is on its way.
            client: Client::builder()
                .timeout(super::PATIENCE)
                .pool_idle_timeout(Duration::from_secs(2))
                .build()
                .unwrap(),
            port,
        }
    }

    pub(super) fn rekey(&self, arguments: &[&str]) -> Command {
        // What is measured is the release.
        let program = std::env::var("REKEY_TIMING_PROGRAM").ok();
        let mut command = Command::new(program.as_deref().unwrap_or(env!("CARGO_BIN_EXE_rekey")));
        command
            .args(arguments)
            .env("DATABASE_URL", &self.database_url)
            .env("REKEY_DATA_DIR", self.folder.path())
            .env("REKEY_LISTEN", format!("127.0.0.1:{}", self.port))
            .env("REKEY_SMTP_URL", format!("smtp://127.0.0.1:{}?tls=none", self.mail.port))
            .env("REKEY_MAIL_FROM", "rekey@example.org")
            .env("REKEY_LOG", "error");
        command
    }

    /// Starts a server that dies at a fault point, if one is named; its clock is put forward by so many seconds.
    pub async fn serves(&self, dies_at: Option<&str>, clock_seconds: u64) -> Running {
        let mut command = self.rekey(&["serve"]);
        command.env("REKEY_DRILL_CLOCK_SECONDS", clock_seconds.to_string()).stderr(Stdio::null());
        if let Some(point) = dies_at {
            command.env("REKEY_DRILL_DIE_AT", point);
        }
        self.starts(command).await
    }

    /// Starts a server with settings of its own.
    pub async fn serves_with(&self, settings: &[(&str, &str)]) -> Running {
        let mut command = self.rekey(&["serve"]);
        command.envs(settings.iter().copied()).stderr(Stdio::null());
        self.starts(command).await
    }

    /// Starts a server that writes on, as on a full disk, where [`Running::may_write_files_of`] says no.
    pub async fn serves_on_a_small_disk(&self) -> Running {
        let rekey = self.rekey(&[]);
        let mut command = Command::new("sh");
        command.args(["-c", "trap '' XFSZ; exec \"$0\" serve"]).arg(rekey.get_program());
        command.envs(rekey.get_envs().filter_map(|(name, value)| Some((name, value?))));
        command.env("REKEY_CLIENT_REQUESTS_PER_MINUTE", "0").stderr(Stdio::null());
        self.starts(command).await
    }

    /// Starts a server and does not wait for it.
    pub fn serves_at_once(&self, flags: &[&str]) -> Running {
        self.starts_command(&[&["serve"], flags].concat())
    }

    /// Starts a command and does not wait for it.
    pub fn starts_command(&self, arguments: &[&str]) -> Running {
        Running(self.rekey(arguments).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap())
    }

    /// A folder with a built frontend that consists of this page.
    pub fn folder_of_frontend(&self, page: &str) -> std::path::PathBuf {
        let folder = self.folder.path().join("frontend");
        std::fs::create_dir_all(&folder).unwrap();
        std::fs::write(folder.join("index.html"), page).unwrap();
        folder
    }

    /// A command that ends by itself, and what it said.
    pub fn ends(&self, arguments: &[&str]) -> Output {
        self.rekey(arguments).stdin(Stdio::null()).output().unwrap()
    }

    /// The status of a page, if there is an answer.
    pub async fn gets(&self, path: &str) -> Option<StatusCode> {
        Some(self.client.get(self.url(path)).send().await.ok()?.status())
    }

    /// Starts a server that tells everything it can to the log, which all such servers of this site share.
    pub async fn serves_and_logs_everything(&self, settings: &[(&str, &str)]) -> Running {
        let log = std::fs::File::options().create(true).append(true).open(self.log_file()).unwrap();
        let mut command = self.rekey(&["serve"]);
        // What is quiet unless somebody asks for it, too.
        command
            .env("REKEY_LOG", "trace,actix_http::h1=trace")
            .env("RUST_BACKTRACE", "full")
            .envs(settings.iter().copied())
            .stderr(log);
        self.starts(command).await
    }

    /// The same, in a form of the log, for more requests than one client may make.
    pub async fn serves_and_logs_as(&self, format: &str) -> Running {
        let log = std::fs::File::create(self.log_file()).unwrap();
        let mut command = self.rekey(&["serve"]);
        command.env("REKEY_LOG", "trace").env("REKEY_LOG_FORMAT", format).env("REKEY_CLIENT_REQUESTS_PER_MINUTE", "0");
        command
            .env("REKEY_OPERATOR_EMAIL", "operator@example.org")
            .env("REKEY_TEMPORARY_PASSWORD_MUST_CHANGE", "false");
        command.env("REKEY_RESET_MAILS_PER_HOUR", "0").stderr(log);
        self.starts(command).await
    }

    /// Starts a server that logs what it logs when nobody says otherwise.
    pub async fn serves_and_logs_as_it_comes(&self) -> Running {
        let log = std::fs::File::create(self.log_file()).unwrap();
        let mut command = self.rekey(&["serve"]);
        command.env_remove("REKEY_LOG").stderr(log);
        self.starts(command).await
    }

    /// What was logged so far.
    pub fn log(&self) -> Vec<u8> {
        std::fs::read(self.log_file()).unwrap()
    }

    fn log_file(&self) -> std::path::PathBuf {
        self.folder.path().join("everything.log")
    }

    async fn starts(&self, mut command: Command) -> Running {
        let mut running = Running(command.spawn().unwrap());
        super::eventually("a server that is ready, or dead", async || {
            let ready = self.client.get(self.url("/health/ready")).send().await;
            (ready.is_ok_and(|answer| answer.status() == 200) || running.is_dead()).then_some(())
        })
        .await;
        running
    }

    /// Everything that lies in files or in the database, and the log: what a thief of both would have.
    pub fn everything_at_rest(&self) -> Vec<(String, Vec<u8>)> {
        let mut all = vec![("a dump".to_owned(), database::dump(&self.database_url))];
        for entry in std::fs::read_dir(self.folder.path()).unwrap() {
            let path = entry.unwrap().path();
            if path.is_file() && path.file_name().is_some_and(|name| name != "signing-keys.pem") {
                all.push((path.display().to_string(), std::fs::read(&path).unwrap()));
            }
        }
        all
    }

    /// Adds an account and tells the password that is printed.
    pub fn has_account(&self, user_name: &str, email: &str) -> String {
        self.has_account_with(user_name, email, &[])
    }

    pub fn has_account_with(&self, user_name: &str, email: &str, flags: &[&str]) -> String {
        let add = ["account", "add", "--user-name", user_name, "--email", email];
        let output = self.rekey(&[&add, flags].concat()).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap().lines().last().unwrap().to_owned()
    }

    fn url(&self, path: &str) -> String {
        format!("http://127.0.0.1:{}{path}", self.port)
    }

    pub fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.client.request(method, self.url(path))
    }

    /// The answer, if the server lived long enough to give one.
    pub async fn posts(&self, path: &str, body: &Value) -> Option<Response> {
        self.client.post(self.url(path)).json(body).send().await.ok()
    }

    /// Any call, with an access token if there is one.
    pub async fn calls(&self, token: Option<&str>, method: reqwest::Method, path: &str, body: &Value) -> Response {
        let request = self.client.request(method, self.url(path)).json(body);
        let request = token.into_iter().fold(request, reqwest::RequestBuilder::bearer_auth);
        request.header("user-agent", body.to_string()).send().await.unwrap()
    }

    pub async fn posts_as(&self, access_token: &str, path: &str, body: &Value) -> StatusCode {
        self.client.post(self.url(path)).bearer_auth(access_token).json(body).send().await.unwrap().status()
    }

    /// The status, if the server lived long enough to give one.
    async fn asks<A>(&self, call: &Call<A>) -> Option<StatusCode> {
        let api = client::Client::over(self.client.clone(), &self.url("")).within(super::PATIENCE);
        Some(api.respond(call.request(), None).await.ok()?.status())
    }

    pub async fn asks_for_reset(&self, email: &str) -> Option<StatusCode> {
        self.asks(&spoken::asks_for_reset(email)).await
    }

    pub async fn confirms(&self, token: &str) -> Option<StatusCode> {
        self.asks(&spoken::confirms(token)).await
    }

    pub async fn logs_in(&self, user: &str, password: &str) -> Option<StatusCode> {
        self.asks(&spoken::logs_in(user, password)).await
    }

    pub fn letters_to(&self, address: &str) -> Vec<Letter> {
        mailbox::letters_to(&self.mail, address)
    }

    pub async fn letter_to(&self, address: &str, number: usize) -> Letter {
        mailbox::letter_to(&self.mail, address, number).await
    }

    pub fn count(&self, sql: &str) -> i64 {
        database::count(&self.database_url, sql)
    }
}

/// Longer than a lease, so that a server with a clock put forward by it takes a dead worker's promise over.
pub const AFTER_A_LEASE: Duration = Duration::from_secs(20);

//! A spawned server, and the verbs in which a test speaks to it.

use std::io::Write;
use std::process::{Command, Stdio};
use std::thread::JoinHandle;
use std::time::Duration;

use clap::Parser;
use rekey::app::{Application, Statements};
use rekey::clock::Clock;
use rekey::config::{Config, Settings};
use rekey_shared::client::api;
use reqwest::{Client, Method, RequestBuilder, Response};
use serde_json::Value;
use tempfile::TempDir;

pub use super::answer::{assert_problem, assert_refused, browser_logs_in, cookie, json_of};
use super::database::{self, Kind};
use super::mail_server::MailServer;
use super::mailbox::{self, Letter};
use super::metrics::MetricsPage;
use super::spoken;

pub const OWN_PASSWORD: &str = "correct horse battery staple";

#[derive(Parser)]
struct CommandLine {
    #[command(flatten)]
    settings: Settings,
}

/// What a test wants to be otherwise.
#[derive(Default)]
pub struct Setup {
    pub flags: Vec<String>,
    pub no_mail_worker: bool,
    /// Whether [`App::statements`] begin with the server.
    pub listens_to_the_database: bool,
}

impl Setup {
    pub fn with(flags: &[&str]) -> Self {
        Self { flags: flags.iter().map(|flag| (*flag).to_owned()).collect(), ..Self::default() }
    }

    pub fn without_mail_worker() -> Self {
        Self { no_mail_worker: true, ..Self::default() }
    }
}

pub struct App {
    pub base: String,
    /// Where the monitoring asks.
    pub metrics: MetricsPage,
    pub client: Client,
    pub clock: Clock,
    pub mail: MailServer,
    pub database_url: database::Url,
    pub folder: TempDir,
    /// Letters that a test leaves waiting on purpose.
    pub may_leave_letters: bool,
    /// What the server asks the database.
    pub statements: Statements,
    hash_counter: Box<dyn Fn() -> u64 + Send + Sync>,
    handle: actix_web::dev::ServerHandle,
    thread: Option<JoinHandle<()>>,
}

impl App {
    pub async fn start(kind: Kind) -> Self {
        Self::start_with(kind, Setup::default()).await
    }

    pub async fn start_with(kind: Kind, setup: Setup) -> Self {
        let folder = TempDir::new().unwrap();
        let database_url = database::create(kind, folder.path());
        let mail = MailServer::start().await;
        Self::serve(folder, database_url, mail, setup, Clock::system()).await
    }

    async fn serve(folder: TempDir, database_url: database::Url, mail: MailServer, setup: Setup, clock: Clock) -> Self {
        let frontend = folder.path().join("frontend");
        std::fs::create_dir_all(&frontend).unwrap();
        std::fs::write(frontend.join("index.html"), "<!doctype html><title>Rekey</title><script>start()</script>")
            .unwrap();
        std::fs::write(frontend.join("signed_in.html"), "<!doctype html><title>Home</title><script>go_on()</script>")
            .unwrap();
        std::fs::write(frontend.join("app-0123456789abcdef.js"), "start()").unwrap();
        let mut arguments = vec![
            "rekey".to_owned(),
            "--listen=127.0.0.1:0".to_owned(),
            "--metrics-listen=127.0.0.1:0".to_owned(),
            format!("--database-url={}", &*database_url),
            format!("--data-dir={}", folder.path().display()),
            format!("--frontend-dir={}", frontend.display()),
            format!("--smtp-url=smtp://127.0.0.1:{}?tls=none", mail.port),
            "--smtp-timeout=500ms".to_owned(),
            "--mail-from=rekey@example.org".to_owned(),
            "--client-requests-per-minute=0".to_owned(),
            "--workers=2".to_owned(),
        ];
        // The later one wins, as on any command line that a person edits.
        for flag in setup.flags {
            let name = flag.split('=').next().unwrap().to_owned();
            arguments.retain(|argument| argument.split('=').next() != Some(&name));
            arguments.push(flag);
        }
        let settings = CommandLine::parse_from(arguments).settings;
        let config = Config::from_settings(settings).unwrap();
        let (tell, told) = tokio::sync::oneshot::channel();
        let server_clock = clock.clone();
        let thread = std::thread::spawn(move || {
            actix_web::rt::System::new().block_on(async move {
                let application =
                    Application::build(config, server_clock, !setup.no_mail_worker).await.expect("a server");
                let hash_counter = Box::new(application.hash_counter());
                if setup.listens_to_the_database {
                    application.statements().take();
                }
                let ports = (application.port(), application.metrics_port());
                let told = (ports, application.handle(), hash_counter, application.statements());
                assert!(tell.send(told).is_ok());
                application.run_until_stopped().await.expect("a good end");
            });
        });
        let ((port, metrics_port), handle, hash_counter, statements) = told.await.expect("a started server");
        Self {
            base: format!("http://localhost:{port}"),
            metrics: MetricsPage::on(metrics_port.expect("a port for the monitoring")),
            client: Client::builder().timeout(super::PATIENCE).build().unwrap(),
            clock,
            mail,
            database_url,
            folder,
            may_leave_letters: false,
            statements,
            hash_counter,
            handle,
            thread: Some(thread),
        }
    }

    // What a person or an operator does.

    /// Adds an account with [`OWN_PASSWORD`].
    pub fn has_account(&self, user_name: &str, email: &str) {
        let mut rekey = self.rekey(&["account", "add", "--user-name", user_name, "--email", email, "--password-stdin"]);
        let mut child = rekey.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        writeln!(child.stdin.take().unwrap(), "{OWN_PASSWORD}").unwrap();
        assert!(child.wait().unwrap().success());
    }

    /// The program, on this app's database.
    pub fn rekey(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_rekey"));
        command
            .args(arguments)
            .env("DATABASE_URL", &self.database_url)
            .env("REKEY_DATA_DIR", self.folder.path())
            .env("REKEY_SMTP_URL", format!("smtp://127.0.0.1:{}?tls=none", self.mail.port))
            .env("REKEY_LOG", "error");
        command
    }

    pub async fn asks_for_reset(&self, email: &str) -> Response {
        self.asks(&spoken::asks_for_reset(email)).await
    }

    pub async fn confirms(&self, token: &str) -> Response {
        self.asks(&spoken::confirms(token)).await
    }

    pub async fn logs_in(&self, user: &str, password: &str) -> Response {
        self.asks(&spoken::logs_in(user, password)).await
    }

    /// Logs in, and the access token.
    pub async fn access_token(&self, user: &str, password: &str) -> String {
        self.api().send(&spoken::logs_in(user, password)).await.unwrap().access_token.expose().to_owned()
    }

    pub async fn changes_password(&self, access_token: &str, current: &str, new: &str) -> Response {
        self.asks_as(access_token, &spoken::changes_password(current, new)).await
    }

    /// Any call with an access token, with or without a body.
    pub async fn calls(&self, token: &str, method: Method, path: &str, body: Option<Value>) -> Response {
        let request = self.request(method, path).bearer_auth(token);
        match body {
            Some(body) => request.json(&body),
            None => request,
        }
        .send()
        .await
        .unwrap()
    }

    pub async fn who_am_i(&self, access_token: &str) -> Response {
        self.asks_as(access_token, &api::me()).await
    }

    pub async fn letter_to(&self, address: &str, number: usize) -> Letter {
        mailbox::letter_to(&self.mail, address, number).await
    }

    /// The whole way to a mailed password, for a test that begins there.
    pub async fn mailed_password(&self, email: &str) -> String {
        let had = mailbox::letters_to(&self.mail, email).len();
        self.api().send(&spoken::asks_for_reset(email)).await.unwrap();
        let link = self.letter_to(email, had + 1).await;
        self.api().send(&spoken::confirms(&link.token())).await.unwrap();
        self.letter_to(email, had + 2).await.password()
    }

    // HTTP.

    /// As no client should.
    pub fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.client.request(method, format!("{}{path}", self.base))
    }

    pub async fn posts(&self, path: &str, body: &Value) -> Response {
        self.request(Method::POST, path).json(body).send().await.unwrap()
    }

    // What the database says.

    pub fn count(&self, sql: &str) -> i64 {
        database::count(&self.database_url, sql)
    }

    /// How many password hashes the server has run.
    pub fn hashes(&self) -> u64 {
        (self.hash_counter)()
    }

    pub fn waiting_letters(&self) -> i64 {
        self.count("SELECT COUNT(*) AS count FROM mail_queue WHERE state = 'waiting'")
    }

    pub async fn all_letters_are_settled(&self) {
        super::eventually("an empty mail queue", async || (self.waiting_letters() == 0).then_some(())).await;
    }

    /// From now on only [`Self::wait`] lets time pass: delays of seconds are exact then, however slow the machine is.
    pub fn time_stands_still(&self) {
        self.clock.stop();
    }

    /// Lets time pass.
    pub fn wait(&self, time: Duration) {
        self.clock.advance(time);
    }

    /// Stops the server, keeps its data, and starts another one on them.
    pub async fn restarts(mut self) -> Self {
        self.stop().await;
        let folder = std::mem::replace(&mut self.folder, TempDir::new().unwrap());
        let mail = std::mem::replace(&mut self.mail, MailServer::start().await);
        let url = self.database_url.hand_over();
        let clock = self.clock.clone();
        self.may_leave_letters = true;
        drop(self);
        Self::serve(folder, url, mail, Setup::default(), clock).await
    }

    async fn stop(&mut self) {
        self.handle.stop(true).await;
        if let Some(thread) = self.thread.take() {
            tokio::task::spawn_blocking(move || thread.join().expect("a server that ends well")).await.unwrap();
        }
    }
}

impl Drop for App {
    /// Every promise is kept at the end of a test.
    fn drop(&mut self) {
        if !std::thread::panicking() && !self.may_leave_letters {
            let started = std::time::Instant::now();
            while self.waiting_letters() > 0 {
                assert!(started.elapsed() < super::PATIENCE, "letters are waiting at the end of the test");
                tokio::task::block_in_place(|| {
                    tokio::runtime::Handle::current().block_on(tokio::time::sleep(Duration::from_millis(20)));
                });
            }
        }
        if let Some(thread) = self.thread.take() {
            tokio::task::block_in_place(|| {
                tokio::runtime::Handle::current().block_on(self.handle.stop(true));
                let _ = thread.join();
            });
        }
    }
}

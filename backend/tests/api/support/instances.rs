//! Several processes of Rekey on one database.

use std::io::{BufRead, BufReader};
use std::net::{IpAddr, Ipv4Addr};
use std::process::{Command, Stdio};
use std::sync::mpsc::{Receiver, channel};

use rekey_shared::client::{self, Call, api};
use rekey_shared::secret::Secret;
use reqwest::{Client, RequestBuilder, Response, StatusCode};
use serde_json::Value;

use super::process::{Running, Site};
use super::spoken;

/// Where a test knocks: at an instance, or at the proxy before them.
#[derive(Clone)]
pub struct Door {
    pub port: u16,
    client: Client,
}

impl Door {
    pub fn new(port: u16) -> Self {
        Self::from_address(port, Ipv4Addr::LOCALHOST)
    }

    /// As a client of this address knocks.
    pub fn from_address(port: u16, address: Ipv4Addr) -> Self {
        let client = Client::builder().timeout(super::PATIENCE).local_address(IpAddr::V4(address));
        Self { port, client: client.build().unwrap() }
    }

    fn url(&self, path: &str) -> String {
        format!("http://127.0.0.1:{}{path}", self.port)
    }

    pub fn get(&self, path: &str) -> RequestBuilder {
        self.client.get(self.url(path))
    }

    pub fn post(&self, path: &str, body: &Value) -> RequestBuilder {
        self.client.post(self.url(path)).json(body)
    }

    async fn asks<A>(&self, call: &Call<A>, access_token: Option<&Secret>) -> Response {
        let api = client::Client::over(self.client.clone(), &self.url("")).within(super::PATIENCE);
        api.respond(call.request(), access_token).await.unwrap()
    }

    pub async fn asks_for_reset(&self, email: &str) -> StatusCode {
        self.asks(&spoken::asks_for_reset(email), None).await.status()
    }

    pub async fn confirms(&self, token: &str) -> StatusCode {
        self.asks(&spoken::confirms(token), None).await.status()
    }

    pub async fn logs_in(&self, user: &str, password: &str) -> Response {
        self.asks(&spoken::logs_in(user, password), None).await
    }

    pub async fn refreshes(&self, refresh_token: &Value) -> Response {
        self.asks(&spoken::refreshes(refresh_token.as_str().unwrap()), None).await
    }

    pub async fn who_am_i(&self, access_token: &Value) -> StatusCode {
        self.asks(&api::me(), Some(&access_token.as_str().unwrap().into())).await.status()
    }
}

/// `rekey serve --no-mail-worker` on a port of its own.
pub struct Instance {
    pub running: Running,
    pub door: Door,
}

/// An instance that has begun to start.
pub struct Starting {
    running: Running,
    port: Receiver<u16>,
}

impl Starting {
    pub async fn becomes_ready(self) -> Instance {
        let port = super::eventually("the port of an instance", async || self.port.try_recv().ok()).await;
        let door = Door::new(port);
        super::eventually("an instance that is ready", async || {
            let answer = door.get("/health/ready").send().await;
            answer.is_ok_and(|answer| answer.status() == StatusCode::OK).then_some(())
        })
        .await;
        Instance { running: self.running, door }
    }
}

impl Site {
    /// A command with the settings that all processes of this site share, and some of its own.
    fn shared(&self, arguments: &[&str], settings: &[(&str, &str)]) -> Command {
        let mut command = self.rekey(arguments);
        command
            .env("REKEY_LISTEN", "127.0.0.1:0")
            // Access tokens name it: it must be the same for all instances.
            .env("REKEY_PUBLIC_URL", "http://rekey.localhost")
            .env("REKEY_TRUSTED_PROXIES", "127.0.0.1")
            .env("REKEY_CLIENT_REQUESTS_PER_MINUTE", "0")
            .envs(settings.iter().copied());
        command
    }

    /// Starts an instance, and does not wait for it.
    pub fn begins_instance(&self, settings: &[(&str, &str)]) -> Starting {
        let mut command = self.shared(&["serve", "--no-mail-worker"], settings);
        command.env("REKEY_LOG", "error,rekey::commands::serve=info").env("REKEY_LOG_FORMAT", "json");
        let mut child = command.stderr(Stdio::piped()).spawn().unwrap();
        let lines = BufReader::new(child.stderr.take().unwrap()).lines();
        let (tell, port) = channel();
        std::thread::spawn(move || {
            for line in lines.map_while(Result::ok) {
                let event: Value = serde_json::from_str(&line).unwrap_or_default();
                if let Some(port) = event["server.port"].as_u64() {
                    let _ = tell.send(u16::try_from(port).unwrap());
                }
            }
        });
        Starting { running: Running(child), port }
    }

    pub async fn instance(&self, settings: &[(&str, &str)]) -> Instance {
        self.begins_instance(settings).becomes_ready().await
    }

    /// Starts `rekey mail-worker`.
    pub fn mail_worker(&self, settings: &[(&str, &str)]) -> Running {
        Running(self.shared(&["mail-worker"], settings).stderr(Stdio::null()).spawn().unwrap())
    }

    /// Adds many accounts at once: `user0`, `user1` and so on, at example.com.
    pub fn imports_accounts(&self, number: usize) -> Vec<String> {
        self.imports((0..number).map(|number| format!("user{number}")))
    }

    /// Adds an account for each of these user names, at example.com, and tells the addresses.
    pub fn imports(&self, names: impl Iterator<Item = String>) -> Vec<String> {
        self.imports_with(names, "")
    }

    /// All of them with the password that has this hash.
    pub fn imports_with(&self, names: impl Iterator<Item = String>, hash: &str) -> Vec<String> {
        let emails: Vec<_> = names.map(|name| format!("{name}@example.com")).collect();
        let rows: Vec<_> =
            emails.iter().map(|email| format!("{},{email},\"{hash}\"", email.split('@').next().unwrap())).collect();
        let file = self.folder.path().join("accounts.csv");
        std::fs::write(&file, format!("user_name,email,password_hash\n{}\n", rows.join("\n"))).unwrap();
        let output = self.rekey(&["account", "import", "--with-hashes", file.to_str().unwrap()]).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        emails
    }

    pub fn waiting_letters(&self) -> i64 {
        self.count("SELECT COUNT(*) AS count FROM mail_queue WHERE state = 'waiting'")
    }

    pub async fn all_letters_are_settled(&self) {
        super::eventually("an empty mail queue", async || (self.waiting_letters() == 0).then_some(())).await;
    }
}

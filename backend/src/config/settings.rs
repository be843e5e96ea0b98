#![expect(rustdoc::bare_urls, clippy::doc_markdown, reason = "these comments are the text of --help")]

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, ValueEnum};
use secrecy::SecretString;

use super::ResetStyleSetting;

/// `--log-format`.
#[derive(Clone, Copy, Debug, Default, ValueEnum)]
pub enum LogFormat {
    /// Lines for people.
    #[default]
    Text,
    /// One JSON object a line.
    Json,
}

/// Every setting: what it is for, its unit, its default. As a flag or in the environment.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Settings")]
pub struct Settings {
    /// Where the data is: sqlite://PATH or postgres://USER:PASSWORD@HOST/NAME. SQLite's file and folder are made.
    #[arg(long, env = "DATABASE_URL", global = true, default_value = "sqlite://data/rekey.db", hide_env_values = true)]
    pub database_url: SecretString,

    /// A file that holds the database URL, in place of DATABASE_URL.
    #[arg(long, env = "DATABASE_URL_FILE", global = true, value_name = "FILE")]
    pub database_url_file: Option<PathBuf>,

    /// Connections to the database, at most.
    #[arg(long, env = "REKEY_DATABASE_CONNECTIONS", global = true, default_value_t = 8,
          value_parser = clap::value_parser!(u32).range(1..=1000))]
    pub database_connections: u32,

    /// Address and port to listen on.
    #[arg(long, env = "REKEY_LISTEN", global = true, default_value = "127.0.0.1:8080", value_name = "ADDRESS:PORT")]
    pub listen: SocketAddr,

    /// Address and port on which the operator's monitoring reads /metrics, such as 127.0.0.1:9464. It tells nobody's name,
    /// and all the same only the operator may reach it. Unset: none.
    #[arg(long, env = "REKEY_METRICS_LISTEN", global = true, value_name = "ADDRESS:PORT")]
    pub metrics_listen: Option<SocketAddr>,

    /// The origin under which people reach Rekey, such as https://support.example.com; links in letters are made from it.
    /// Unset: http://localhost and the port, if the listen address is loopback.
    #[arg(long, env = "REKEY_PUBLIC_URL", global = true, value_name = "ORIGIN")]
    pub public_url: Option<String>,

    /// The mail server: smtp://USER:PASSWORD@HOST:587 (STARTTLS required), smtps://USER:PASSWORD@HOST:465, or
    /// smtp://HOST:25?tls=none. A special character in user or password is written as %XX. A certificate of an
    /// authority of your own is trusted when SSL_CERT_FILE names a PEM file with that authority's. Unset: letters are
    /// captured and shown at /dev/mailbox, if the public URL is loopback.
    #[arg(long, env = "REKEY_SMTP_URL", global = true, hide_env_values = true, value_name = "URL")]
    pub smtp_url: Option<SecretString>,

    /// A file that holds the mail server's URL, in place of REKEY_SMTP_URL.
    #[arg(long, env = "REKEY_SMTP_URL_FILE", global = true, value_name = "FILE")]
    pub smtp_url_file: Option<PathBuf>,

    /// How long to wait for each answer of the mail server, such as 10s; one that scans letters before it takes them needs more.
    #[arg(long, env = "REKEY_SMTP_TIMEOUT", global = true, default_value = "10s", value_parser = humantime::parse_duration,
          value_name = "TIME")]
    pub smtp_timeout: Duration,

    /// The sender of every letter, and where those come back that the mail server took and could not deliver: a mailbox that
    /// somebody reads. Unset: rekey@ and the public URL's host, where there often is none.
    #[arg(long, env = "REKEY_MAIL_FROM", global = true, value_name = "ADDRESS")]
    pub mail_from: Option<String>,

    /// The domain that signs letters (DKIM), REKEY_MAIL_FROM's or one above it. Unset: letters go out unsigned, and the mail
    /// server may sign them.
    #[arg(long, env = "REKEY_DKIM_DOMAIN", global = true, value_name = "DOMAIN")]
    pub dkim_domain: Option<String>,

    /// The name under which the domain's DNS has the key, such as rekey2026; `rekey check` prints the record to publish. For
    /// several keys as many, separated by commas, in the order of the file.
    #[arg(long, env = "REKEY_DKIM_SELECTOR", global = true, value_name = "SELECTOR")]
    pub dkim_selector: Option<String>,

    /// The keys that sign letters, PEM: RSA of 2048 to 4096 bits, which every mail server verifies, Ed25519, or one of each.
    #[arg(long, env = "REKEY_DKIM_KEY_FILE", global = true, value_name = "FILE")]
    pub dkim_key_file: Option<PathBuf>,

    /// Whom to ask for help, an address or a sentence; it stands below each page and in each letter.
    #[arg(long, env = "REKEY_SUPPORT_CONTACT", global = true, value_name = "TEXT")]
    pub support_contact: Option<String>,

    /// Who is told by mail when people ask for accounts, at most once in ten minutes. Unset: nobody; the requests wait in
    /// the administration.
    #[arg(long, env = "REKEY_OPERATOR_EMAIL", global = true, value_name = "ADDRESS")]
    pub operator_email: Option<String>,

    /// Whether to tell people by mail when a browser logs in to their account that had not before.
    #[arg(long, env = "REKEY_SIGN_IN_NOTICE", global = true, default_value_t = false, action = clap::ArgAction::Set,
          value_name = "true|false")]
    pub sign_in_notice: bool,

    /// Where to go after login. Unset: Rekey's own page /home.
    #[arg(long, env = "REKEY_HOME_URL", global = true, value_name = "URL")]
    pub home_url: Option<String>,

    /// Folder for the signing keys and for captured letters.
    #[arg(long, env = "REKEY_DATA_DIR", global = true, default_value = "data", value_name = "FOLDER")]
    pub data_dir: PathBuf,

    /// Folder of the built frontend. Missing: a warning, and the API alone.
    #[arg(long, env = "REKEY_FRONTEND_DIR", global = true, default_value = "frontend/dist", value_name = "FOLDER")]
    pub frontend_dir: PathBuf,

    /// Ed25519 keys (PKCS#8 PEM) that sign access tokens; the first signs, all verify. Unset: signing-keys.pem in the data
    /// folder, made at the first start. Instances on several machines are given the same file.
    #[arg(long, env = "REKEY_SIGNING_KEYS_FILE", global = true, value_name = "FILE")]
    pub signing_keys_file: Option<PathBuf>,

    /// The name that pages and letters carry.
    #[arg(long, env = "REKEY_APP_NAME", global = true, default_value = "Rekey", value_name = "NAME")]
    pub app_name: String,

    /// The logo that pages and letters show in place of the name, at most 100 KiB: an SVG or a PNG, 48 pixels high or some
    /// more, to be seen on white. Mail programs show no SVG, so with one letters have the name in its place; in the dark a
    /// PNG stays on white, and an SVG may adapt itself (prefers-color-scheme). A square one is also the icon of the tab.
    #[arg(long, env = "REKEY_LOGO", global = true, value_name = "FILE")]
    pub logo: Option<PathBuf>,

    /// The colour of buttons and links, as #rrggbb. It must be readable on the page (4.5:1, WCAG 2.2 AA); lighter tones for
    /// the dark are made of it.
    #[arg(long, env = "REKEY_ACCENT", global = true, value_name = "COLOUR")]
    pub accent: Option<String>,

    /// What a reset link leads to.
    #[arg(long, env = "REKEY_RESET_STYLE", global = true, value_enum, default_value_t)]
    pub reset_style: ResetStyleSetting,

    /// How long a reset link is good, at most 24h.
    #[arg(long, env = "REKEY_RESET_LINK_LIFE", global = true, default_value = "60m",
          value_parser = humantime::parse_duration, value_name = "TIME")]
    pub reset_link_life: Duration,

    /// How long a mailed password is good, at most 7d.
    #[arg(long, env = "REKEY_TEMPORARY_PASSWORD_LIFE", global = true, default_value = "24h",
          value_parser = humantime::parse_duration, value_name = "TIME")]
    pub temporary_password_life: Duration,

    /// Whether a mailed password opens only the page "Choose your own password". With false the first login makes it the
    /// password.
    #[arg(long, env = "REKEY_TEMPORARY_PASSWORD_MUST_CHANGE", global = true, default_value_t = true,
          action = clap::ArgAction::Set, value_name = "true|false")]
    pub temporary_password_must_change: bool,

    /// Requests a minute from one client address to login, reset and confirmation; 0: no limit.
    #[arg(long, env = "REKEY_CLIENT_REQUESTS_PER_MINUTE", global = true, default_value_t = 30, value_name = "N")]
    pub client_requests_per_minute: u32,

    /// Letters an hour to one email address that strangers can cause; 0: no limit.
    #[arg(long, env = "REKEY_RESET_MAILS_PER_HOUR", global = true, default_value_t = 5, value_name = "N")]
    pub reset_mails_per_hour: u32,

    /// Networks of proxies whose X-Forwarded-For or Forwarded is believed, separated by commas, such as 10.0.0.0/8,::1/128.
    /// A proxy should remove the one of the two that it does not write: where they name different clients, neither is
    /// believed. At /forward-auth they are also believed which page of a tool was asked for.
    #[arg(long, env = "REKEY_TRUSTED_PROXIES", global = true, default_value = "", value_name = "NETWORKS")]
    pub trusted_proxies: String,

    /// The domain on whose hosts the tools behind Rekey are, such as example.com; Rekey is on one of them. Unset: tools are
    /// on Rekey's own host. Whatever answers on a host of the domain is sent a cookie by which it could pass for the person
    /// at the other tools, unless the proxy before it takes that away.
    #[arg(long, env = "REKEY_COOKIE_DOMAIN", global = true, value_name = "DOMAIN")]
    pub cookie_domain: Option<String>,

    /// Other origins whose pages may call the API, with access tokens and without cookies, separated by commas, such as
    /// https://tool.example.com. Unset: none.
    #[arg(long, env = "REKEY_CORS_ORIGINS", global = true, default_value = "", value_name = "ORIGINS")]
    pub cors_origins: String,

    /// A session that is not used for this long ends, such as 14d.
    #[arg(long, env = "REKEY_SESSION_IDLE_LIFE", global = true, default_value = "14d",
          value_parser = humantime::parse_duration, value_name = "TIME")]
    pub session_idle_life: Duration,

    /// A session ends after this long in any case, such as 90d.
    #[arg(long, env = "REKEY_SESSION_LIFE", global = true, default_value = "90d",
          value_parser = humantime::parse_duration, value_name = "TIME")]
    pub session_life: Duration,

    /// How long a client may take for the first request on a connection, up to the end of its headers, such as 10s.
    #[arg(long, env = "REKEY_HEADER_TIMEOUT", global = true, default_value = "10s",
          value_parser = humantime::parse_duration, value_name = "TIME")]
    pub header_timeout: Duration,

    /// How long a client may take for a request's body, 16 KiB at most.
    #[arg(long, env = "REKEY_BODY_TIMEOUT", global = true, default_value = "10s",
          value_parser = humantime::parse_duration, value_name = "TIME")]
    pub body_timeout: Duration,

    /// How long a client may take for each 32 KiB or so of an answer.
    #[arg(long, env = "REKEY_ANSWER_TIMEOUT", global = true, default_value = "30s",
          value_parser = humantime::parse_duration, value_name = "TIME")]
    pub answer_timeout: Duration,

    /// How long a connection is kept for the next request, which then has REKEY_HEADER_TIMEOUT as well.
    #[arg(long, env = "REKEY_KEEP_ALIVE", global = true, default_value = "15s",
          value_parser = humantime::parse_duration, value_name = "TIME")]
    pub keep_alive: Duration,

    /// Connections at a time; more wait until one is closed. Fewer where the system lets the program open fewer files.
    #[arg(long, env = "REKEY_MAX_CONNECTIONS", global = true, default_value_t = 12_000, value_parser = parse_connections,
          value_name = "N")]
    pub max_connections: usize,

    /// Threads that answer requests. Unset: the number of cores.
    #[arg(long, env = "REKEY_WORKERS", global = true, value_parser = parse_workers, value_name = "N")]
    pub workers: Option<usize>,

    /// What to log: error, warn, info, debug, trace, or directives such as rekey=debug,info.
    #[arg(long, env = "REKEY_LOG", global = true, default_value = "info,actix_server=warn", value_name = "FILTER")]
    pub log: String,

    /// How to log.
    #[arg(long, env = "REKEY_LOG_FORMAT", global = true, value_enum, default_value_t)]
    pub log_format: LogFormat,
}

fn parse_workers(text: &str) -> Result<usize, String> {
    match text.parse() {
        // actix-server ends the program at more.
        Ok(workers @ 1..=512) => Ok(workers),
        _ => Err("a number from 1 to 512".to_owned()),
    }
}

fn parse_connections(text: &str) -> Result<usize, String> {
    match text.parse() {
        Ok(connections @ 1..=1_000_000) => Ok(connections),
        _ => Err("a number from 1 to 1000000".to_owned()),
    }
}

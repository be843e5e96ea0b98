//! Settings: read once, checked at the start, the same names as flag and as environment variable.

use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use clap::ValueEnum;
use ipnet::IpNet;
use rekey_shared::characters::disturbs;
use rekey_shared::email_address::EmailAddress;
use rekey_shared::password_reset::ResetStyle;
use secrecy::{ExposeSecret, SecretString};
use url::Url;

use crate::brand::Brand;
use crate::db::DatabaseUrl;
use crate::mail::dkim::Dkim;
use crate::mail::smtp::SmtpServer;
use crate::web::connection::Patience;

mod cookie_domain;
mod public_url;
mod settings;

pub use cookie_domain::CookieDomain;
pub use public_url::PublicUrl;
pub use settings::{LogFormat, Settings};

/// A setting that cannot be used, in a sentence that says what to do.
#[derive(Debug, thiserror::Error)]
#[error("{setting}: {problem}")]
pub struct ConfigError {
    setting: &'static str,
    problem: String,
}

impl ConfigError {
    pub(crate) fn new(setting: &'static str, problem: impl std::fmt::Display) -> Self {
        Self { setting, problem: problem.to_string() }
    }
}

/// The checked settings.
#[derive(Clone, Debug)]
pub struct Config {
    pub database: DatabaseUrl,
    pub database_connections: u32,
    pub listen: SocketAddr,
    /// None: nobody monitors.
    pub metrics_listen: Option<SocketAddr>,
    /// An origin without a slash at the end. Links are made from it and from nothing else, never from a Host header.
    pub public_url: PublicUrl,
    /// None: letters are captured.
    pub smtp: Option<SmtpServer>,
    pub mail_from: EmailAddress,
    /// None: letters go out unsigned, and the mail server may sign them.
    pub dkim: Option<Arc<Dkim>>,
    pub support_contact: Option<String>,
    /// None: requests for accounts wait in the administration, and nobody is told.
    pub operator_email: Option<EmailAddress>,
    pub sign_in_notice: bool,
    pub home_url: Option<String>,
    pub data_dir: PathBuf,
    pub frontend_dir: PathBuf,
    pub signing_keys_file: PathBuf,
    pub app_name: String,
    pub brand: Arc<Brand>,
    pub reset_style: ResetStyle,
    pub reset_link_life: Duration,
    pub temporary_password_life: Duration,
    pub temporary_password_must_change: bool,
    /// None: no limit.
    pub client_requests_per_minute: Option<std::num::NonZeroU32>,
    /// 0: no limit.
    pub reset_mails_per_hour: u32,
    pub trusted_proxies: Vec<IpNet>,
    /// None: tools are on Rekey's own host.
    pub cookie_domain: Option<CookieDomain>,
    /// As browsers write them in the header `Origin`.
    pub cors_origins: Vec<String>,
    pub session_idle_life: Duration,
    pub session_life: Duration,
    pub patience: Patience,
    pub body_timeout: Duration,
    pub max_connections: usize,
    pub workers: usize,
}

/// `--reset-style`.
#[derive(Clone, Copy, Debug, Default, ValueEnum)]
pub enum ResetStyleSetting {
    /// A new password is generated and mailed.
    #[default]
    Mailed,
    /// The person chooses the new password on the page.
    Chosen,
}

impl Config {
    /// Checks the settings.
    ///
    /// # Errors
    /// [`ConfigError`] names the setting and says what to do.
    pub fn from_settings(settings: Settings) -> Result<Self, ConfigError> {
        let database_url =
            from_file("DATABASE_URL_FILE", Some(settings.database_url), settings.database_url_file.as_deref())?;
        let database = database_url
            .map_or_else(|| Err("it is empty".to_owned()), |url| DatabaseUrl::parse(url.expose_secret()))
            .map_err(|problem| ConfigError::new("DATABASE_URL", problem))?;
        let smtp_url = from_file("REKEY_SMTP_URL_FILE", settings.smtp_url, settings.smtp_url_file.as_deref())?;
        let public_url = public_url(given(settings.public_url).as_deref(), settings.listen)?;
        let smtp_timeout = within("REKEY_SMTP_TIMEOUT", settings.smtp_timeout, SMTP_TIMEOUT)?;
        let smtp = smtp_url
            .filter(|url| !url.expose_secret().is_empty())
            .map(|url| SmtpServer::parse(url.expose_secret(), smtp_timeout, mail_host(&public_url)))
            .transpose()
            .map_err(|problem| ConfigError::new("REKEY_SMTP_URL", problem))?;
        let mail_from = given(settings.mail_from).unwrap_or_else(|| format!("rekey@{}", mail_host(&public_url)));
        let mail_from = sender(&mail_from)?;
        let dkim = Dkim::from_settings(
            given(settings.dkim_domain).as_deref(),
            given(settings.dkim_selector).as_deref(),
            settings.dkim_key_file.as_deref(),
            &mail_from,
        )?;
        Ok(Self {
            mail_from,
            dkim: dkim.map(Arc::new),
            signing_keys_file: settings.signing_keys_file.unwrap_or_else(|| settings.data_dir.join("signing-keys.pem")),
            home_url: given(settings.home_url).map(|url| home_url(&url)).transpose()?,
            brand: Arc::new(Brand::from_settings(settings.logo.as_deref(), given(settings.accent).as_deref())?),
            app_name: one_line("REKEY_APP_NAME", settings.app_name)?,
            support_contact: given(settings.support_contact)
                .map(|contact| one_line("REKEY_SUPPORT_CONTACT", contact))
                .transpose()?,
            operator_email: given(settings.operator_email)
                .map(|email| EmailAddress::parse(&email))
                .transpose()
                .map_err(|problem| ConfigError::new("REKEY_OPERATOR_EMAIL", problem))?,
            sign_in_notice: settings.sign_in_notice,
            reset_link_life: within("REKEY_RESET_LINK_LIFE", settings.reset_link_life, LINK_LIFE)?,
            temporary_password_life: within(
                "REKEY_TEMPORARY_PASSWORD_LIFE",
                settings.temporary_password_life,
                TEMPORARY_PASSWORD_LIFE,
            )?,
            session_idle_life: within("REKEY_SESSION_IDLE_LIFE", settings.session_idle_life, SESSION_LIFE)?,
            session_life: within("REKEY_SESSION_LIFE", settings.session_life, SESSION_LIFE)?,
            reset_style: match settings.reset_style {
                ResetStyleSetting::Mailed => ResetStyle::Mailed,
                ResetStyleSetting::Chosen => ResetStyle::Chosen,
            },
            database,
            database_connections: settings.database_connections,
            listen: settings.listen,
            metrics_listen: settings.metrics_listen,
            smtp,
            data_dir: settings.data_dir,
            frontend_dir: settings.frontend_dir,
            temporary_password_must_change: settings.temporary_password_must_change,
            client_requests_per_minute: std::num::NonZeroU32::new(settings.client_requests_per_minute),
            reset_mails_per_hour: settings.reset_mails_per_hour,
            trusted_proxies: networks(&settings.trusted_proxies)?,
            cookie_domain: given(settings.cookie_domain)
                .map(|domain| CookieDomain::parse(&domain, &public_url))
                .transpose()
                .map_err(|problem| ConfigError::new("REKEY_COOKIE_DOMAIN", problem))?,
            cors_origins: origins(&settings.cors_origins)?,
            patience: Patience {
                header: within("REKEY_HEADER_TIMEOUT", settings.header_timeout, CLIENT_TIMEOUT)?,
                keep_alive: within("REKEY_KEEP_ALIVE", settings.keep_alive, CLIENT_TIMEOUT)?,
                answer: within("REKEY_ANSWER_TIMEOUT", settings.answer_timeout, CLIENT_TIMEOUT)?,
            },
            body_timeout: within("REKEY_BODY_TIMEOUT", settings.body_timeout, CLIENT_TIMEOUT)?,
            max_connections: settings.max_connections,
            workers: settings.workers.unwrap_or_else(cores),
            public_url,
        })
    }
}

/// A code that was mailed is good for 24 hours at most (NIST SP 800-63B-4 4.2.1.2).
const LINK_LIFE: (Duration, Duration) = (Duration::from_secs(1), Duration::from_hours(24));
const SMTP_TIMEOUT: (Duration, Duration) = (Duration::from_millis(100), Duration::from_mins(10));
const CLIENT_TIMEOUT: (Duration, Duration) = (Duration::from_millis(100), Duration::from_mins(10));
const TEMPORARY_PASSWORD_LIFE: (Duration, Duration) = (Duration::from_secs(1), Duration::from_hours(7 * 24));
const SESSION_LIFE: (Duration, Duration) = (Duration::from_secs(1), Duration::from_hours(10 * 365 * 24));

fn within(
    setting: &'static str,
    value: Duration,
    (least, most): (Duration, Duration),
) -> Result<Duration, ConfigError> {
    if (least..=most).contains(&value) {
        return Ok(value);
    }
    let shown = humantime::format_duration;
    Err(ConfigError::new(setting, format!("{} is not between {} and {}", shown(value), shown(least), shown(most))))
}

/// The number of cores that this process may use.
#[must_use]
pub fn cores() -> usize {
    std::thread::available_parallelism().map_or(1, std::num::NonZero::get)
}

fn from_file(
    setting: &'static str,
    value: Option<SecretString>,
    file: Option<&std::path::Path>,
) -> Result<Option<SecretString>, ConfigError> {
    let Some(file) = file else { return Ok(value) };
    let text = std::fs::read_to_string(file)
        .map_err(|error| ConfigError::new(setting, format!("cannot read {}: {error}", file.display())))?;
    Ok(Some(SecretString::from(text.trim_end_matches(['\r', '\n']))))
}

fn public_url(setting: Option<&str>, listen: SocketAddr) -> Result<PublicUrl, ConfigError> {
    let fault = |problem| ConfigError::new("REKEY_PUBLIC_URL", problem);
    match setting {
        Some(text) => PublicUrl::parse(text).map_err(fault),
        None if is_local(listen.ip()) => {
            PublicUrl::parse(&format!("http://localhost:{}", listen.port())).map_err(fault)
        }
        None => Err(fault(
            "it must be set when others than this machine can connect: the links in the mails are made from it"
                .to_owned(),
        )),
    }
}

fn is_local(address: IpAddr) -> bool {
    address.is_loopback()
}

/// An empty flag takes back what the environment says.
fn given(setting: Option<String>) -> Option<String> {
    setting.filter(|text| !text.is_empty())
}

fn sender(text: &str) -> Result<EmailAddress, ConfigError> {
    let fault = |problem| ConfigError::new("REKEY_MAIL_FROM", problem);
    let sender = EmailAddress::parse(text).map_err(|problem| fault(problem.to_string()))?;
    if sender.on_the_wire().is_ascii() {
        Ok(sender)
    } else {
        Err(fault("the part before the @ must be ASCII: most mail servers take no other sender".to_owned()))
    }
}

/// The name by which mail servers know this host.
fn mail_host(public_url: &PublicUrl) -> &str {
    public_url.0.host_str().filter(|host| host.contains(|c: char| c.is_ascii_alphabetic())).unwrap_or("localhost")
}

/// Networks or single addresses, separated by commas.
fn networks(list: &str) -> Result<Vec<IpNet>, ConfigError> {
    let read = |text: &str| {
        text.parse::<IpNet>().or_else(|_| text.parse::<IpAddr>().map(IpNet::from)).map_err(|_| {
            ConfigError::new(
                "REKEY_TRUSTED_PROXIES",
                format!("{text} is neither a network such as 10.0.0.0/8 nor an address"),
            )
        })
    };
    list.split(',').map(str::trim).filter(|text| !text.is_empty()).map(read).collect()
}

/// Origins, separated by commas.
fn origins(list: &str) -> Result<Vec<String>, ConfigError> {
    let read = |text: &str| match PublicUrl::parse(text) {
        // For a URL a star is a letter like others.
        Ok(url) if !text.contains('*') => Ok(url.origin()),
        _ => Err(ConfigError::new(
            "REKEY_CORS_ORIGINS",
            format!("{text} is no origin such as https://tool.example.com; each is named, without path"),
        )),
    };
    list.split(',').map(str::trim).filter(|text| !text.is_empty()).map(read).collect()
}

fn home_url(text: &str) -> Result<String, ConfigError> {
    let fault = || ConfigError::new("REKEY_HOME_URL", "it looks like https://tool.example.com/start");
    let url = Url::parse(text).map_err(|_| fault())?;
    if matches!(url.scheme(), "http" | "https") { Ok(url.into()) } else { Err(fault()) }
}

/// Names go into mail headers and page titles, where a line break would end more than the line.
fn one_line(setting: &'static str, text: String) -> Result<String, ConfigError> {
    if text.trim().is_empty() {
        return Err(ConfigError::new(setting, "it is empty"));
    }
    if text.chars().any(disturbs) {
        return Err(ConfigError::new(setting, "it holds a line break or another control character"));
    }
    Ok(text)
}

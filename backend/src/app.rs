//! The application: everything that serves, put together.

mod background;
mod mail_worker;
mod open_files;

use std::path::Path;
use std::sync::Arc;

use actix_web::dev::{Server, ServerHandle};
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::watch;

use crate::clock::{Clock, Timestamp};
use crate::config::Config;
#[cfg(feature = "drill")]
pub use crate::db::Statements;
use crate::db::group::Group;
use crate::db::{Database, DbError, clock_check, migrations};
use crate::login::access_token::AccessTokens;
use crate::login::password::Hasher;
use crate::login::session;
use crate::login::signing_keys::SigningKeys;
use crate::login::throttle::Turns;
use crate::mail::Nudge;
use crate::mail::queue::{self, Promise};
use crate::metrics::Metrics;
use crate::metrics::limits::Limit;
use crate::metrics::listener::{Bound, Serving};
use crate::password_reset::reset_link;
use crate::web::limits::ClientLimits;
use crate::web::spa::Spa;
use crate::web::{Shared, brand, server};
use background::Tasks;
pub use mail_worker::MailWorker;

/// What every request and the mail worker share.
pub(crate) struct Rekey {
    pub config: Config,
    pub clock: Clock,
    pub db: Database,
    pub hasher: Hasher,
    pub tokens: AccessTokens,
    pub mail: Nudge,
    pub(crate) metrics: Metrics,
    /// Requests for a reset that come at the same time are committed together.
    pub reset_requests: Group<(Promise, Timestamp), ()>,
    /// So are looks at sessions, of which every call with an access token needs one.
    pub(crate) sessions: Group<String, Option<session::Row>>,
    /// And at the links of confirmations.
    pub(crate) reset_links: Group<String, Option<reset_link::Found>>,
    pub(crate) login_turns: Turns,
    pub(crate) limits: ClientLimits,
}

impl Rekey {
    /// Opens the database, brings it up to date, compares its clock and reads the signing keys. Tells whether the database is up to date: a
    /// server that is away may come.
    ///
    /// # Errors
    /// [`StartError`] in one sentence.
    async fn open(config: Config, clock: Clock) -> Result<(Shared, bool), StartError> {
        let db = Database::open(&config.database, config.database_connections);
        let ready = match migrate(&db).await {
            Ok(()) => clock_check::run(&db).await,
            Err(error) => Err(error),
        };
        let is_migrated = match ready {
            Ok(()) => {
                db.open_for_all();
                true
            }
            Err(error) if db.may_come(&error) => {
                tracing::warn!(error.cause = %error, "database.away");
                false
            }
            Err(error) => return Err(error.into()),
        };
        let keys = SigningKeys::load_or_create(&config.signing_keys_file)?;
        let metrics = Metrics::new(clock.now())?;
        let hasher = Hasher::new(crate::config::cores(), metrics.hashes.clone()).map_err(StartError::Serve)?;
        metrics.watch(&hasher, &db)?;
        let rekey = Self {
            tokens: AccessTokens::new(keys, config.public_url.origin()),
            hasher,
            mail: Nudge::default(),
            reset_requests: Group::of_rows(&db, queue::insert_all),
            sessions: Group::of_questions(&db, session::find_all),
            reset_links: Group::of_questions(&db, reset_link::find_all),
            login_turns: Turns::default(),
            limits: ClientLimits::new(config.client_requests_per_minute, metrics.limits.of(Limit::Client)),
            metrics,
            config,
            clock,
            db,
        };
        Ok((Shared::from(Arc::new(rekey)), is_migrated))
    }
}

/// Opens the database and brings it up to date; every command that needs it does this first.
///
/// # Errors
/// [`StartError`] in one sentence.
pub async fn open_database(config: &Config) -> Result<Database, StartError> {
    let db = Database::open(&config.database, config.database_connections);
    migrate(&db).await?;
    db.open_for_all();
    Ok(db)
}

async fn migrate(db: &Database) -> Result<(), DbError> {
    let applied = migrations::run(db).await?;
    if applied > 0 {
        tracing::info!(db.migrations = applied, "database.migrated");
    }
    Ok(())
}

/// Why the program does not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    #[error("cannot use the database: {0}")]
    Database(#[from] DbError),
    #[error(transparent)]
    Keys(#[from] crate::login::signing_keys::KeysError),
    #[error("cannot listen on {0}: {1}")]
    Listen(std::net::SocketAddr, std::io::Error),
    #[error("cannot listen on {0} for the monitoring (REKEY_METRICS_LISTEN): {1}")]
    ListenForMetrics(std::net::SocketAddr, std::io::Error),
    #[error("cannot count for the monitoring: {0}")]
    Metrics(#[from] prometheus::Error),
    #[error(
        "no mail server is set (REKEY_SMTP_URL), and letters are captured only where the public URL is loopback, so that \
         nobody else can read them"
    )]
    NoMail,
    #[error("cannot write the style sheet: {0}")]
    Brand(#[from] askama::Error),
    #[error("cannot serve: {0}")]
    Serve(std::io::Error),
}

/// A server that listens, and its mail worker.
pub struct Application {
    server: Server,
    port: u16,
    metrics: Option<Serving>,
    rekey: Shared,
    tasks: Tasks,
}

impl Application {
    /// Opens everything and begins to listen.
    ///
    /// # Errors
    /// [`StartError`] in one sentence.
    pub async fn build(mut config: Config, clock: Clock, with_mail_worker: bool) -> Result<Self, StartError> {
        check_mail(&config)?;
        let listen = config.listen;
        let listener = server::listen(listen).map_err(|error| StartError::Listen(listen, error))?;
        let port = listener.local_addr().map_err(|error| StartError::Listen(listen, error))?.port();
        let metrics = config.metrics_listen.map(Bound::to).transpose()?;
        config.public_url = config.public_url.with_port_for_zero(port);
        let files = (load_spa(&config.frontend_dir), brand::Files::new(&config.brand)?);
        let bounds = open_files::bounds(&config);
        let (rekey, is_migrated) = Rekey::open(config, clock).await?;
        let server = server::serve(&rekey, files, listener, bounds, told_to_stop()).map_err(StartError::Serve)?;
        let metrics = metrics.map(|bound| bound.serve(rekey.clone())).transpose()?;
        Ok(Self { server, port, metrics, rekey, tasks: Tasks { mail_worker: with_mail_worker, is_migrated } })
    }

    /// The port that it listens on.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.port
    }

    /// The port on which the monitoring asks, if it does.
    #[must_use]
    pub fn metrics_port(&self) -> Option<u16> {
        self.metrics.as_ref().map(|serving| serving.port)
    }

    /// Stops the server from outside, as SIGTERM does.
    #[must_use]
    pub fn handle(&self) -> ServerHandle {
        self.server.handle()
    }

    /// Asks how many password hashes have run.
    #[cfg(feature = "drill")]
    pub fn hash_counter(&self) -> impl Fn() -> u64 + Send + Sync + use<> {
        let hasher = self.rekey.hasher.clone();
        move || hasher.runs()
    }

    /// What the database is asked.
    #[cfg(feature = "drill")]
    #[must_use]
    pub fn statements(&self) -> Statements {
        self.rekey.db.statements().clone()
    }

    /// What the requests share.
    #[must_use]
    pub(crate) fn rekey(&self) -> Shared {
        self.rekey.clone()
    }

    /// Serves until SIGTERM or SIGINT; then finishes the requests and the letter in hand.
    ///
    /// # Errors
    /// [`StartError::Serve`] when the server fails.
    pub async fn run_until_stopped(self) -> Result<(), StartError> {
        let (stop, stopped) = watch::channel(false);
        let mut beside = tokio::spawn(background::work(self.rekey, self.tasks, stopped));
        let handle = self.server.handle();
        let mut server = self.server;
        let outcome = tokio::select! {
            outcome = &mut server => outcome,
            // A database that came and cannot be used: as if it had been there at the start.
            Ok(Err(refused)) = &mut beside => {
                let _ = tokio::join!(handle.stop(true), server);
                return Err(refused.into());
            }
        };
        // The receivers may be gone already; then there is nothing to stop.
        let _ = stop.send(true);
        let _ = beside.await;
        // Last, so that the end can be watched.
        stop_if_any(self.metrics).await;
        outcome.map_err(StartError::Serve)
    }
}

async fn stop_if_any(metrics: Option<Serving>) {
    if let Some(serving) = metrics {
        serving.stop().await;
    }
}

/// Without a mail server letters are captured, where only this machine reads them.
fn check_mail(config: &Config) -> Result<(), StartError> {
    if config.smtp.is_none() && !config.public_url.is_loopback() { Err(StartError::NoMail) } else { Ok(()) }
}

/// SIGTERM from a supervisor and Ctrl-C from a person end the server alike.
async fn told_to_stop() {
    let terminated = async {
        match signal(SignalKind::terminate()) {
            Ok(mut signal) => signal.recv().await,
            Err(_) => std::future::pending().await,
        }
    };
    tokio::select! {
        _ = terminated => {}
        _ = tokio::signal::ctrl_c() => {}
    }
}

fn load_spa(folder: &Path) -> Option<Spa> {
    match Spa::load(folder) {
        Ok(spa) => Some(spa),
        Err(error) => {
            tracing::warn!(frontend.folder = %folder.display(), error.cause = %error, "frontend.missing");
            None
        }
    }
}

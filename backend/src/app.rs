//! The application: everything that serves, put together.

use std::net::TcpListener;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use actix_web::HttpServer;
use actix_web::dev::{Server, ServerHandle};
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::watch;

use crate::clock::Clock;
use crate::config::Config;
use crate::db::{Database, migrations, purge};
use crate::login::access_token::AccessTokens;
use crate::login::password::Hasher;
use crate::login::signing_keys::SigningKeys;
use crate::login::throttle::Turns;
use crate::mail::Nudge;
use crate::mail::worker::Worker;
use crate::web::limits::ClientLimits;
use crate::web::spa::Spa;
use crate::web::{self, Shared};

/// Requests in hand get this long to finish after SIGTERM.
const SHUTDOWN: u64 = 10;
const PURGE_EVERY: Duration = Duration::from_mins(10);
const KEYS_READ_EVERY: Duration = Duration::from_secs(8);
const WORKER_REPLACED_AFTER: Duration = Duration::from_secs(1);

/// What every request and the mail worker share.
pub(crate) struct Rekey {
    pub config: Config,
    pub clock: Clock,
    pub db: Database,
    pub hasher: Hasher,
    pub tokens: AccessTokens,
    pub mail: Nudge,
    pub(crate) login_turns: Turns,
    pub(crate) limits: ClientLimits,
}

impl Rekey {
    /// Opens the database, brings it up to date and reads the signing keys.
    ///
    /// # Errors
    /// [`StartError`] in one sentence.
    pub async fn open(config: Config, clock: Clock) -> Result<Self, StartError> {
        let db = open_database(&config).await?;
        let keys = SigningKeys::load_or_create(&config.signing_keys_file)?;
        Ok(Self {
            tokens: AccessTokens::new(keys, config.public_url.origin()),
            hasher: Hasher::new(crate::config::cores()),
            mail: Nudge::default(),
            login_turns: Turns::default(),
            limits: ClientLimits::new(config.client_requests_per_minute),
            config,
            clock,
            db,
        })
    }
}

/// Opens the database and brings it up to date; every command that needs it does this first.
///
/// # Errors
/// [`StartError`] in one sentence.
pub async fn open_database(config: &Config) -> Result<Database, StartError> {
    let db = Database::open(&config.database, config.database_connections);
    let applied = migrations::run(&db).await.map_err(|error| StartError::Database(error.to_string()))?;
    if applied > 0 {
        tracing::info!(db.migrations = applied, "database.migrated");
    }
    Ok(db)
}

/// Why the program does not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    #[error("cannot use the database: {0}")]
    Database(String),
    #[error(transparent)]
    Keys(#[from] crate::login::signing_keys::KeysError),
    #[error("cannot listen on {0}: {1}")]
    Listen(std::net::SocketAddr, std::io::Error),
    #[error(
        "no mail server is set (REKEY_SMTP_URL), and letters are captured only where the public URL is loopback, so that \
         nobody else can read them"
    )]
    NoMail,
    #[error("cannot serve: {0}")]
    Serve(std::io::Error),
}

/// A server that listens, and its mail worker.
pub struct Application {
    server: Server,
    port: u16,
    rekey: Shared,
    with_mail_worker: bool,
}

impl Application {
    /// Opens everything and begins to listen.
    ///
    /// # Errors
    /// [`StartError`] in one sentence.
    pub async fn build(mut config: Config, clock: Clock, with_mail_worker: bool) -> Result<Self, StartError> {
        if config.smtp.is_none() && !config.public_url.is_loopback() {
            return Err(StartError::NoMail);
        }
        let listen = config.listen;
        let listener = TcpListener::bind(listen).map_err(|error| StartError::Listen(listen, error))?;
        let port = listener.local_addr().map_err(|error| StartError::Listen(listen, error))?.port();
        config.public_url = config.public_url.with_port_for_zero(port);
        let spa = load_spa(&config.frontend_dir);
        let workers = config.workers;
        let rekey: Shared = Shared::from(Arc::new(Rekey::open(config, clock).await?));
        let shared = rekey.clone();
        let server = HttpServer::new(move || web::app(&shared, spa.as_ref()))
            .workers(workers)
            .shutdown_timeout(SHUTDOWN)
            .shutdown_signal(told_to_stop())
            .listen(listener)
            .map_err(StartError::Serve)?
            .run();
        Ok(Self { server, port, rekey, with_mail_worker })
    }

    /// The port that it listens on.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.port
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
        let worker = self.with_mail_worker.then(|| tokio::spawn(keep_working(self.rekey.clone(), stopped.clone())));
        let reloading = tokio::spawn(reload_keys(self.rekey.clone(), stopped.clone()));
        let purging = tokio::spawn(purge_regularly(self.rekey.clone(), stopped));
        let served = self.server.await.map_err(StartError::Serve);
        // The receivers may be gone already; then there is nothing to stop.
        let _ = stop.send(true);
        if let Some(worker) = worker {
            let _ = worker.await;
        }
        let _ = purging.await;
        let _ = reloading.await;
        served
    }
}

/// A worker that panics is replaced: without one, people would be told "Email Sent" and no letter would leave.
async fn keep_working(rekey: Shared, mut stop: watch::Receiver<bool>) {
    while let Err(error) = tokio::spawn(Worker::new(rekey.clone()).run(stop.clone())).await {
        tracing::error!(error.cause = %error, "mail.worker_died");
        tokio::select! {
            () = tokio::time::sleep(WORKER_REPLACED_AFTER) => {}
            _ = stop.changed() => return,
        }
    }
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

/// `rekey keys rotate` changes the file under a server that runs.
async fn reload_keys(rekey: Shared, mut stop: watch::Receiver<bool>) {
    while !*stop.borrow() {
        tokio::select! {
            () = tokio::time::sleep(KEYS_READ_EVERY) => rekey.tokens.keys().reload(),
            _ = stop.changed() => {}
        }
    }
}

async fn purge_regularly(rekey: Shared, mut stop: watch::Receiver<bool>) {
    while !*stop.borrow() {
        let now = rekey.clock.now();
        // In steps, each a transaction of its own, so that a flood's leftovers hold the lock from nobody.
        match rekey.db.write(move |db| purge::step(db, now)).await {
            Ok(0) => {}
            Ok(rows) => {
                tracing::info!(db.rows = rows, "database.purged");
                continue;
            }
            Err(error) => tracing::warn!(error.cause = %error, "database.purge_failed"),
        }
        rekey.limits.purge();
        tokio::select! {
            () = tokio::time::sleep(PURGE_EVERY) => {}
            _ = stop.changed() => {}
        }
    }
}

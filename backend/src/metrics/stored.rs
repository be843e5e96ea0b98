//! What only the database knows: asked when somebody asks, and not more often than the answer changes.

use std::time::{Duration, Instant};

use prometheus::core::Collector;
use prometheus::proto::MetricFamily;
use prometheus::{Gauge, IntGauge, IntGaugeVec, Opts, Registry};
use tokio::sync::Mutex;
use tokio::task::JoinHandle;

use super::counters::{Label, labels};
use crate::app::Rekey;
use crate::clock::{Clock, Timestamp, until};
use crate::credential_request;
use crate::db::{Connections, Database, DbError, clock_check};
use crate::mail::backlog::{self, Backlog};

/// An answer is good for so long, however many ask.
const FRESH: Duration = Duration::from_secs(2);
/// A database that takes longer than this is away for whoever asks now.
const PATIENCE: Duration = Duration::from_secs(2);

labels! {
    /// Letters that are not out.
    State as "state" {
        /// Their time has come.
        Due = "due",
        /// They are tried again later.
        Delayed = "delayed",
        /// They wait for the operator.
        Stopped = "stopped",
    }
}

/// What was read.
struct Reading {
    backlog: Backlog,
    requests: i64,
    clock_offset: f64,
    at: Timestamp,
}

#[derive(Default)]
struct Question {
    asked: Option<Instant>,
    /// Under way. One that hangs is waited for by all who ask, and no other is put beside it.
    answer: Option<JoinHandle<Result<Reading, DbError>>>,
    is_answered: bool,
}

pub(super) struct Stored {
    question: Mutex<Question>,
    up: IntGauge,
    letters: IntGaugeVec,
    oldest_due: Gauge,
    oldest_waiting: Gauge,
    requests: IntGauge,
    clock_offset: Gauge,
}

impl Stored {
    /// Only whether the database answers is in the registry: the rest is not known at all times.
    pub(super) fn new(registry: &Registry) -> prometheus::Result<Self> {
        let stored = Self {
            question: Mutex::default(),
            up: IntGauge::new("rekey_database_up", "Whether the database answered when it was last asked.")?,
            letters: IntGaugeVec::new(
                Opts::new("rekey_mail_queue_letters", "Letters that are not out."),
                &[State::NAME],
            )?,
            oldest_due: Gauge::new(
                "rekey_mail_queue_oldest_due_seconds",
                "For how long the letter has been due that has been due for longest.",
            )?,
            oldest_waiting: Gauge::new(
                "rekey_mail_queue_oldest_waiting_seconds",
                "How long ago the oldest letter was promised that is still tried.",
            )?,
            requests: IntGauge::new("rekey_credential_requests_waiting", "Requests for accounts that wait.")?,
            clock_offset: Gauge::new(
                "rekey_database_clock_offset_seconds",
                "How far the database's clock is ahead of this machine's.",
            )?,
        };
        registry.register(Box::new(stored.up.clone()))?;
        Ok(stored)
    }

    /// Nothing while the database does not answer.
    pub(super) async fn gather(&self, rekey: &Rekey) -> Vec<MetricFamily> {
        let mut question = self.question.lock().await;
        if question.asked.is_none_or(|asked| asked.elapsed() >= FRESH) {
            let (database, clock) = (rekey.db.clone(), rekey.clock.clone());
            let answer = question.answer.get_or_insert_with(|| tokio::spawn(ask(database, clock)));
            let answered = tokio::time::timeout(PATIENCE, answer).await;
            if answered.is_ok() {
                question.answer = None;
            }
            question.is_answered = match answered {
                Ok(Ok(Ok(reading))) => {
                    self.set(&reading);
                    true
                }
                _ => false,
            };
            question.asked = Some(Instant::now());
            self.up.set(i64::from(question.is_answered));
        }
        if !question.is_answered {
            return Vec::new();
        }
        let gauges: [&dyn Collector; 5] =
            [&self.letters, &self.oldest_due, &self.oldest_waiting, &self.requests, &self.clock_offset];
        gauges.into_iter().flat_map(Collector::collect).collect()
    }

    fn set(&self, reading: &Reading) {
        let Backlog { due, delayed, stopped, oldest_due, oldest_waiting } = reading.backlog;
        for (state, letters) in [(State::Due, due), (State::Delayed, delayed), (State::Stopped, stopped)] {
            self.letters.with_label_values(&[state.text()]).set(letters);
        }
        let age = |since: Option<Timestamp>| since.map_or(0.0, |since| until(since, reading.at).as_secs_f64());
        self.oldest_due.set(age(oldest_due));
        self.oldest_waiting.set(age(oldest_waiting));
        self.requests.set(reading.requests);
        self.clock_offset.set(reading.clock_offset);
    }
}

async fn ask(database: Database, clock: Clock) -> Result<Reading, DbError> {
    database
        .glance(move |db| {
            let at = clock.now();
            Ok(Reading {
                backlog: backlog::load(db, at)?,
                requests: credential_request::count_waiting(db)?,
                clock_offset: clock_check::offset(db)?.as_seconds_f64(),
                at,
            })
        })
        .await
}

/// Looks at the connections whenever somebody asks.
pub(super) fn watch(registry: &Registry, database: &Database) -> prometheus::Result<()> {
    let look = |name, help, value: fn(Connections) -> u32| {
        let database = database.clone();
        super::look(registry, name, help, move || value(database.connections()))
    };
    look("rekey_database_connections", "Connections to the database that are open.", |now| now.open)?;
    look("rekey_database_connections_in_use", "Connections to the database that somebody uses.", |now| now.in_use)?;
    look("rekey_database_connections_max", "Connections to the database, at most.", |now| now.most)
}

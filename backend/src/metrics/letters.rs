//! What becomes of letters, and what mail servers say.

use prometheus::{IntCounter, IntCounterVec, Opts, Registry};

use super::counters::{Label, labels};
use crate::mail::fault::Step;
use crate::mail::queue::Kind;

labels! {
    /// What came of an attempt to keep a promise.
    Outcome as "outcome" {
        /// The mail server has taken the letter.
        Sent = "sent",
        /// No letter was owed.
        Dropped = "dropped",
        /// It is tried again later.
        Retried = "retried",
        /// The mail server will never take it, or has not for too long.
        Stopped = "stopped",
    }
}

/// Where the talk with a mail server ends that hangs up over letters.
const OVER_LETTERS: &str = "letter";

/// Beside the reply codes: there was none, because the connection broke or the letter could not be written.
const NO_REPLY: &str = "none";

pub(crate) struct Letters {
    outcomes: IntCounterVec,
    replies: IntCounterVec,
    faults: IntCounterVec,
    unknown: IntCounter,
}

impl Letters {
    pub(super) fn new(registry: &Registry) -> prometheus::Result<Self> {
        let counters = |name, help, labels: &[&str]| {
            let counters = IntCounterVec::new(Opts::new(name, help), labels)?;
            registry.register(Box::new(counters.clone()))?;
            Ok::<_, prometheus::Error>(counters)
        };
        let letters = Self {
            outcomes: counters("rekey_mail_letters_total", "What came of letters.", &["kind", Outcome::NAME])?,
            replies: counters("rekey_mail_replies_total", "What the mail server said to letters.", &["code"])?,
            faults: counters(
                "rekey_mail_server_faults_total",
                "How often the mail server could not be used, by the step at which that showed.",
                &["step"],
            )?,
            unknown: IntCounter::new(
                "rekey_mail_unknown_addresses_total",
                "Letters that were asked for addresses which no account has.",
            )?,
        };
        registry.register(Box::new(letters.unknown.clone()))?;
        for kind in Kind::ALL {
            for outcome in Outcome::ALL {
                letters.outcomes.with_label_values(&[kind.name(), outcome.text()]);
            }
        }
        for step in Step::ALL.map(Step::label).into_iter().chain([OVER_LETTERS]) {
            letters.faults.with_label_values(&[step]);
        }
        for code in ["250", NO_REPLY] {
            letters.replies.with_label_values(&[code]);
        }
        Ok(letters)
    }

    pub(crate) fn count(&self, kind: Kind, outcome: Outcome) {
        self.outcomes.with_label_values(&[kind.name(), outcome.text()]).inc();
    }

    /// What the mail server said to a letter. What is no code of SMTP (RFC 5321 4.2.1) is not repeated.
    pub(crate) fn reply(&self, code: Option<u16>) {
        let code = code.filter(|code| (200..600).contains(code)).map(|code| code.to_string());
        self.replies.with_label_values(&[code.as_deref().unwrap_or(NO_REPLY)]).inc();
    }

    /// The mail server cannot be used; no step: it hung up over letters.
    pub(crate) fn server_fault(&self, step: Option<Step>) {
        self.faults.with_label_values(&[step.map_or(OVER_LETTERS, Step::label)]).inc();
    }

    pub(crate) fn unknown_addresses(&self, number: usize) {
        self.unknown.inc_by(u64::try_from(number).unwrap_or(u64::MAX));
    }
}

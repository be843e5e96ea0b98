use std::fmt;
use std::time::Duration;

use crate::problem::{FieldError, Problem, ProblemCode};

/// Why there is no answer.
#[derive(Clone, Debug, PartialEq)]
pub enum Failure {
    /// No connection, or nothing came in time. What was asked may have been done all the same.
    NoAnswer {
        /// In English, for a log. A browser tells no script.
        cause: String,
    },
    /// Something between us and the server answered, or the two are of different versions.
    Unreadable {
        /// The HTTP status.
        status: u16,
    },
    /// The server said no.
    Refused {
        /// And why.
        problem: Problem,
        /// When it makes sense to ask again.
        retry_after: Option<Duration>,
    },
}

impl Failure {
    /// What the server refused for.
    #[must_use]
    pub fn code(&self) -> Option<ProblemCode> {
        match self {
            Self::Refused { problem, .. } => Some(problem.code),
            Self::NoAnswer { .. } | Self::Unreadable { .. } => None,
        }
    }

    /// Which fields of what was sent are wrong, and how.
    #[must_use]
    pub fn field_errors(&self) -> &[FieldError] {
        match self {
            Self::Refused { problem, .. } => &problem.errors,
            Self::NoAnswer { .. } | Self::Unreadable { .. } => &[],
        }
    }

    #[cfg(feature = "client")]
    pub(super) fn no_answer(error: &reqwest::Error) -> Self {
        let causes = std::iter::successors(Some(error as &dyn std::error::Error), |error| error.source());
        Self::NoAnswer { cause: causes.map(ToString::to_string).collect::<Vec<_>>().join(": ") }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoAnswer { cause } => write!(formatter, "no answer: {cause}"),
            Self::Unreadable { status } => write!(formatter, "an answer that is not Rekey's, with status {status}"),
            Self::Refused { problem, .. } => {
                write!(formatter, "{} ({})", problem.title, problem.code.text())?;
                for error in &problem.errors {
                    write!(formatter, ", {} {}", error.field, error.code.text())?;
                }
                Ok(())
            }
        }
    }
}

impl std::error::Error for Failure {}

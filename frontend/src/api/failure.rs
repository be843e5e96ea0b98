use rekey_shared::client;
use rekey_shared::problem::{FieldError, Problem, ProblemCode};

/// Why there is no answer to show.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Failure {
    /// No connection, or nothing came in time.
    NoAnswer,
    /// Something between us and the server answered, or the two are of different versions.
    Unreadable,
    /// The server said no, and why, and after how many seconds it makes sense to ask again.
    Refused { problem: Problem, retry_after: Option<u64> },
    /// This page said no before it asked the server.
    Incomplete(Vec<FieldError>),
    /// Nobody is logged in, so the server was not asked.
    NobodyHere,
    /// The login went well, and the browser has no session to show for it.
    NotKept,
}

impl From<client::Failure> for Failure {
    fn from(failure: client::Failure) -> Self {
        match failure {
            client::Failure::NoAnswer { .. } => Self::NoAnswer,
            client::Failure::Unreadable { .. } => Self::Unreadable,
            client::Failure::Refused { problem, retry_after } => {
                Self::Refused { problem, retry_after: retry_after.map(|time| time.as_secs()) }
            }
        }
    }
}

impl Failure {
    pub(crate) fn code(&self) -> Option<ProblemCode> {
        match self {
            Self::Refused { problem, .. } => Some(problem.code),
            Self::NoAnswer | Self::Unreadable | Self::Incomplete(_) | Self::NobodyHere | Self::NotKept => None,
        }
    }

    pub(crate) fn field_errors(&self) -> &[FieldError] {
        match self {
            Self::Refused { problem, .. } => &problem.errors,
            Self::Incomplete(errors) => errors,
            Self::NoAnswer | Self::Unreadable | Self::NobodyHere | Self::NotKept => &[],
        }
    }
}

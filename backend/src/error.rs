//! Everything that can go wrong in answering a request, and what the caller is told of it. Details are for the log.

use std::time::Duration;

use actix_web::http::{StatusCode, header};
use actix_web::{HttpRequest, HttpResponse};
use rekey_shared::problem::{FieldCode, FieldError, PROBLEM_JSON, Problem, ProblemCode};

use crate::db::DbError;
use crate::telemetry;

/// Why a request is not answered as asked.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("the body is not JSON")]
    MalformedJson,
    #[error("the body is larger than 16 KiB")]
    BodyTooLarge,
    #[error("the body must be application/json")]
    UnsupportedMediaType,
    #[error("some fields are not valid")]
    InvalidInput(Vec<FieldError>),
    #[error("there is nothing here")]
    NotFound,
    #[error("this method is not allowed here")]
    MethodNotAllowed { allow: &'static str },
    #[error("log in first")]
    Unauthenticated,
    #[error("this is not allowed")]
    Forbidden,
    #[error("user and password do not fit together")]
    InvalidCredentials,
    #[error("too many failed logins")]
    TooManyAttempts { retry_after: Duration },
    #[error("too many requests")]
    TooManyRequests { retry_after: Duration },
    #[error("the session has ended")]
    SessionEnded,
    #[error("the new password is not accepted")]
    PasswordRejected(Vec<FieldError>),
    #[error("the reset link was used")]
    ResetLinkUsed,
    #[error("the reset link is too old")]
    ResetLinkExpired,
    #[error("there is no such reset link")]
    ResetLinkUnknown,
    #[error("not now, try again soon")]
    Unavailable { retry_after: Duration, cause: String },
    #[error("something went wrong on the server")]
    Internal(String),
}

impl Error {
    /// A single field that is wrong.
    pub(crate) fn field(field: &str, code: FieldCode) -> Self {
        Self::InvalidInput(vec![FieldError::new(field, code)])
    }

    /// Which of the closed list of problems it is.
    pub(crate) fn problem_code(&self) -> ProblemCode {
        self.code().0
    }

    /// The one place where an error becomes a code and an HTTP status.
    fn code(&self) -> (ProblemCode, StatusCode) {
        match self {
            Self::MalformedJson => (ProblemCode::MalformedJson, StatusCode::BAD_REQUEST),
            Self::BodyTooLarge => (ProblemCode::BodyTooLarge, StatusCode::PAYLOAD_TOO_LARGE),
            Self::UnsupportedMediaType => (ProblemCode::UnsupportedMediaType, StatusCode::UNSUPPORTED_MEDIA_TYPE),
            Self::InvalidInput(_) => (ProblemCode::InvalidInput, StatusCode::UNPROCESSABLE_ENTITY),
            Self::NotFound => (ProblemCode::NotFound, StatusCode::NOT_FOUND),
            Self::MethodNotAllowed { .. } => (ProblemCode::MethodNotAllowed, StatusCode::METHOD_NOT_ALLOWED),
            Self::Unauthenticated => (ProblemCode::Unauthenticated, StatusCode::UNAUTHORIZED),
            Self::Forbidden => (ProblemCode::Forbidden, StatusCode::FORBIDDEN),
            Self::InvalidCredentials => (ProblemCode::InvalidCredentials, StatusCode::UNAUTHORIZED),
            Self::TooManyAttempts { .. } => (ProblemCode::TooManyAttempts, StatusCode::TOO_MANY_REQUESTS),
            Self::TooManyRequests { .. } => (ProblemCode::TooManyRequests, StatusCode::TOO_MANY_REQUESTS),
            Self::SessionEnded => (ProblemCode::SessionEnded, StatusCode::UNAUTHORIZED),
            Self::PasswordRejected(_) => (ProblemCode::PasswordRejected, StatusCode::UNPROCESSABLE_ENTITY),
            Self::ResetLinkUsed => (ProblemCode::ResetLinkUsed, StatusCode::GONE),
            Self::ResetLinkExpired => (ProblemCode::ResetLinkExpired, StatusCode::GONE),
            Self::ResetLinkUnknown => (ProblemCode::ResetLinkUnknown, StatusCode::NOT_FOUND),
            Self::Unavailable { .. } => (ProblemCode::Unavailable, StatusCode::SERVICE_UNAVAILABLE),
            Self::Internal(_) => (ProblemCode::Internal, StatusCode::INTERNAL_SERVER_ERROR),
        }
    }

    /// Writes to the log what the caller is not told.
    pub(crate) fn log(&self, request: &HttpRequest) {
        let (method, route) = (request.method(), || telemetry::route(request));
        match self {
            Self::Internal(cause) => {
                tracing::error!(http.method = %method, http.route = route(), error.cause = %cause, "request.failed");
            }
            Self::Unavailable { cause, .. } => {
                tracing::warn!(http.method = %method, http.route = route(), error.cause = %cause, "request.unavailable");
            }
            // ASVS 16.3.2: who tries doors that are not theirs is seen.
            Self::Forbidden => tracing::info!(http.method = %method, http.route = route(), "request.forbidden"),
            _ => {}
        }
    }

    /// What the caller is told.
    pub(crate) fn problem(&self, request_id: &str) -> Problem {
        let (code, status) = self.code();
        let errors = match self {
            Self::InvalidInput(errors) | Self::PasswordRejected(errors) => errors.clone(),
            _ => Vec::new(),
        };
        Problem {
            kind: format!("urn:rekey:problem:{}", code.text()),
            title: self.to_string(),
            status: status.as_u16(),
            code,
            errors,
            request_id: request_id.to_owned(),
        }
    }

    /// One of each kind, as the API's description shows it.
    pub(crate) fn sample(code: ProblemCode) -> Self {
        let retry_after = Duration::from_secs(5);
        match code {
            ProblemCode::MalformedJson => Self::MalformedJson,
            ProblemCode::BodyTooLarge => Self::BodyTooLarge,
            ProblemCode::UnsupportedMediaType => Self::UnsupportedMediaType,
            ProblemCode::InvalidInput => Self::field("email", FieldCode::NotAnEmail),
            ProblemCode::NotFound => Self::NotFound,
            ProblemCode::MethodNotAllowed => Self::MethodNotAllowed { allow: "POST" },
            ProblemCode::Unauthenticated => Self::Unauthenticated,
            ProblemCode::Forbidden => Self::Forbidden,
            ProblemCode::InvalidCredentials => Self::InvalidCredentials,
            ProblemCode::TooManyAttempts => Self::TooManyAttempts { retry_after },
            ProblemCode::TooManyRequests => Self::TooManyRequests { retry_after },
            ProblemCode::SessionEnded => Self::SessionEnded,
            ProblemCode::PasswordRejected => {
                Self::PasswordRejected(vec![FieldError::new("new_password", FieldCode::TooShort)])
            }
            ProblemCode::ResetLinkUsed => Self::ResetLinkUsed,
            ProblemCode::ResetLinkExpired => Self::ResetLinkExpired,
            ProblemCode::ResetLinkUnknown => Self::ResetLinkUnknown,
            ProblemCode::Unavailable => Self::Unavailable { retry_after, cause: String::new() },
            ProblemCode::Internal => Self::Internal(String::new()),
        }
    }
}

/// Rounded up: who comes back at the second that was named is not sent away again.
fn whole_seconds(duration: Duration) -> u64 {
    duration.as_secs() + u64::from(duration.subsec_nanos() > 0)
}

impl actix_web::ResponseError for Error {
    fn status_code(&self) -> StatusCode {
        self.code().1
    }

    /// The answer, with the id under which the log knows the request.
    fn error_response(&self) -> HttpResponse {
        let request_id = telemetry::request_id().map(|id| id.to_string()).unwrap_or_default();
        let mut response = HttpResponse::build(self.code().1);
        match self {
            Self::MethodNotAllowed { allow } => {
                response.insert_header((header::ALLOW, *allow));
            }
            // RFC 9110 15.5.2: every 401 says what would help; RFC 6750 3 how that is written.
            Self::Unauthenticated | Self::SessionEnded | Self::InvalidCredentials => {
                response.insert_header((header::WWW_AUTHENTICATE, "Bearer"));
            }
            Self::TooManyAttempts { retry_after }
            | Self::TooManyRequests { retry_after }
            | Self::Unavailable { retry_after, .. } => {
                response.insert_header((header::RETRY_AFTER, whole_seconds(*retry_after)));
            }
            _ => {}
        }
        if matches!(self, Self::Unavailable { .. }) {
            // Whoever is to come later needs no connection until then, and in a flood their buffers are most of the memory.
            response.force_close();
        }
        response.content_type(PROBLEM_JSON).json(self.problem(&request_id))
    }
}

impl From<DbError> for Error {
    fn from(error: DbError) -> Self {
        Self::from(&error)
    }
}

impl From<&DbError> for Error {
    fn from(error: &DbError) -> Self {
        if error.is_passing() {
            Self::Unavailable { retry_after: Duration::from_secs(5), cause: error.to_string() }
        } else {
            Self::Internal(error.to_string())
        }
    }
}

impl From<diesel::result::Error> for Error {
    fn from(error: diesel::result::Error) -> Self {
        Self::from(DbError::Query(error))
    }
}

#[cfg(test)]
mod tests {
    use actix_web::ResponseError as _;

    use super::*;

    #[test]
    fn every_code_is_used_and_carries_its_status() {
        for code in ProblemCode::ALL {
            let error = Error::sample(*code);
            assert_eq!(error.code().0, *code, "{code:?} is used by no error");
            assert_eq!(error.error_response().status(), error.code().1);
        }
    }

    #[test]
    fn the_caller_is_told_no_cause() {
        let shown = Error::Internal("relation accounts is away".to_owned()).to_string();
        assert!(!shown.contains("accounts"));
    }

    #[test]
    fn retry_after_is_rounded_up() {
        assert_eq!(whole_seconds(Duration::from_millis(1)), 1);
        assert_eq!(whole_seconds(Duration::from_secs(2)), 2);
        assert_eq!(whole_seconds(Duration::from_millis(2001)), 3);
    }
}

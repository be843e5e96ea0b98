use rekey_shared::problem::ProblemCode;

use crate::api::Failure;

/// How it went with this link, once the server has answered for good.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum End<A> {
    Confirmed(A),
    Refused(ProblemCode),
}

/// Tells an answer about the link, which asking again would not change, from one about the moment.
pub(crate) fn end_of<A>(answer: Result<A, Failure>) -> Result<End<A>, Failure> {
    let failure = match answer {
        Ok(confirmed) => return Ok(End::Confirmed(confirmed)),
        Err(failure) => failure,
    };
    match failure.code() {
        Some(code @ (ProblemCode::ResetLinkUsed | ProblemCode::ResetLinkExpired | ProblemCode::ResetLinkUnknown)) => {
            Ok(End::Refused(code))
        }
        // What is no token is no link of ours; a password that is missing can be typed.
        Some(ProblemCode::InvalidInput) if failure.field_errors().iter().all(|error| error.field == "token") => {
            Ok(End::Refused(ProblemCode::ResetLinkUnknown))
        }
        _ => Err(failure),
    }
}

#[cfg(test)]
mod tests {
    use rekey_shared::problem::Problem;

    use super::*;

    fn refused(code: ProblemCode) -> Failure {
        let problem = Problem {
            kind: String::new(),
            title: String::new(),
            status: 0,
            code,
            errors: Vec::new(),
            request_id: String::new(),
        };
        Failure::Refused { problem, retry_after: None }
    }

    #[test]
    fn only_what_the_server_says_about_the_link_ends_the_attempt() {
        let ends = ProblemCode::ALL.iter().filter(|code| end_of::<()>(Err(refused(**code))).is_ok());
        let ends: Vec<_> = ends.copied().collect();
        assert_eq!(
            ends,
            [
                ProblemCode::InvalidInput,
                ProblemCode::ResetLinkUsed,
                ProblemCode::ResetLinkExpired,
                ProblemCode::ResetLinkUnknown,
            ]
        );
        assert!(end_of::<()>(Err(Failure::NoAnswer)).is_err());
        assert!(end_of::<()>(Err(Failure::Unreadable)).is_err());
    }
}

//! What people do, and how it ends.

use prometheus::Registry;
use rekey_shared::login::SessionKind;
use rekey_shared::problem::ProblemCode;

use super::counters::{CounterBy, Label, Outcomes, labels};

labels! {
    /// A login that went well.
    LoggedIn as "result" {
        OwnPassword = "ok",
        MailedPassword = "mailed_password",
    }
}

labels! {
    /// What was asked for was done.
    Done as "result" {
        Ok = "ok",
    }
}

labels! {
    /// What the operator says to a request for an account.
    Decision as "decision" {
        Approved = "approved",
        Rejected = "rejected",
    }
}

labels! {
    /// Who ended a session before its time. Those that end with a credential are not counted: nobody looks at them.
    EndedBy as "by" {
        Logout = "logout",
        Owner = "owner",
        Admin = "admin",
        /// An app's refresh token was used twice.
        TokenReuse = "token_reuse",
    }
}

impl Label for SessionKind {
    const NAME: &'static str = "kind";
    const ALL: &'static [Self] = &[Self::Cookie, Self::Token];

    fn text(self) -> &'static str {
        crate::login::session::kind_name(self)
    }
}

pub(crate) struct Journeys {
    pub(crate) logins: Outcomes<LoggedIn>,
    pub(crate) reset_requests: Outcomes<Done>,
    pub(crate) resets: Outcomes<Done>,
    pub(crate) password_changes: Outcomes<Done>,
    pub(crate) credential_requests: Outcomes<Done>,
    pub(crate) credential_decisions: CounterBy<Decision>,
    pub(crate) sessions_begun: CounterBy<SessionKind>,
    pub(crate) sessions_ended: CounterBy<EndedBy>,
}

/// What can come of anything.
const ALWAYS: [ProblemCode; 3] = [ProblemCode::InvalidInput, ProblemCode::Unavailable, ProblemCode::Internal];

impl Journeys {
    pub(super) fn new(registry: &Registry) -> prometheus::Result<Self> {
        use ProblemCode as Code;
        let limited = &[&ALWAYS[..], &[Code::TooManyRequests]].concat();
        let checked = &[&ALWAYS[..], &[Code::InvalidCredentials, Code::TooManyAttempts]].concat();
        let login = &[&checked[..], &[Code::TooManyRequests]].concat();
        let links = [Code::ResetLinkUsed, Code::ResetLinkExpired, Code::ResetLinkUnknown, Code::PasswordRejected];
        let reset = &[&limited[..], &links].concat();
        let change = &[&checked[..], &[Code::PasswordRejected, Code::SessionEnded]].concat();
        Ok(Self {
            logins: Outcomes::new(registry, "rekey_logins_total", "Attempts to log in, by what came of them.", login)?,
            reset_requests: Outcomes::new(
                registry,
                "rekey_password_reset_requests_total",
                "Reset links that were asked for, whether or not the address has an account.",
                limited,
            )?,
            resets: Outcomes::new(
                registry,
                "rekey_password_resets_total",
                "Reset links that were confirmed, or why not.",
                reset,
            )?,
            password_changes: Outcomes::new(
                registry,
                "rekey_password_changes_total",
                "Own passwords that were chosen or changed, or why not.",
                change,
            )?,
            credential_requests: Outcomes::new(
                registry,
                "rekey_credential_requests_total",
                "Requests for accounts, or why they were not taken.",
                limited,
            )?,
            credential_decisions: CounterBy::new(
                registry,
                "rekey_credential_decisions_total",
                "Requests for accounts that administrators decided on the page.",
            )?,
            sessions_begun: CounterBy::new(registry, "rekey_sessions_begun_total", "Sessions that began.")?,
            sessions_ended: CounterBy::new(
                registry,
                "rekey_sessions_ended_total",
                "Sessions that somebody ended before their time.",
            )?,
        })
    }
}

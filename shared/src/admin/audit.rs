use serde::{Deserialize, Serialize};

/// Something that happened (`GET /admin/audit-events`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(
    feature = "openapi",
    derive(utoipa::ToSchema),
    schema(examples(json!({
        "id": "01990f56-7a81-7e0c-8b2f-4d6a0c9e3b58", "happened_at": "2026-11-24T09:30:00.000Z",
        "event": "logged_in", "actor_id": "01990f4e-8c1a-7c3e-9d52-3f6b8a1e4c70", "actor": "ann",
        "account_id": "01990f4e-8c1a-7c3e-9d52-3f6b8a1e4c70", "account": "ann", "address": "192.0.2.7",
        "detail": null
    })))
)]
pub struct AuditEntry {
    /// Sorts by time.
    #[cfg_attr(feature = "openapi", schema(format = "uuid"))]
    pub id: String,
    /// When (RFC 3339, UTC).
    #[cfg_attr(feature = "openapi", schema(format = DateTime))]
    pub happened_at: String,
    /// What.
    pub event: AuditEvent,
    /// The id of the account of whoever did it; none for strangers and the command line.
    #[cfg_attr(feature = "openapi", schema(required = true, format = "uuid"))]
    pub actor_id: Option<String>,
    /// Their user name at that moment; `command line` for the operator there.
    #[cfg_attr(feature = "openapi", schema(required = true))]
    pub actor: Option<String>,
    /// The id of the account that it was done to.
    #[cfg_attr(feature = "openapi", schema(required = true, format = "uuid"))]
    pub account_id: Option<String>,
    /// Its user name at that moment.
    #[cfg_attr(feature = "openapi", schema(required = true))]
    pub account: Option<String>,
    /// The network address that it came from.
    #[cfg_attr(feature = "openapi", schema(required = true))]
    pub address: Option<String>,
    /// What else there is to know, in English.
    #[cfg_attr(feature = "openapi", schema(required = true))]
    pub detail: Option<String>,
}

crate::problem::codes! {
    /// The closed list of what is recorded.
    AuditEvent {
        /// A password was right and a session began.
        LoggedIn = "logged_in",
        /// User and password did not fit together; without an account nobody has that user name.
        LoginFailed = "login_failed",
        /// So many logins failed in a row that the next ones are delayed; without an account nobody has that user name.
        LoginDelayed = "login_delayed",
        /// Somebody who was logged in gave a wrong current password.
        CurrentPasswordWrong = "current_password_wrong",
        /// An app's refresh token was used twice, so that its session was ended.
        RefreshTokenReused = "refresh_token_reused",
        /// A session was ended by its owner.
        LoggedOut = "logged_out",
        /// A reset link was mailed.
        ResetLinkSent = "reset_link_sent",
        /// An administrator asked for a reset link to be mailed.
        ResetAsked = "reset_asked",
        /// A reset link was printed by the operator.
        ResetLinkPrinted = "reset_link_printed",
        /// A reset link was confirmed: the old password and all sessions ended.
        PasswordReset = "password_reset",
        /// A generated password was mailed.
        PasswordMailed = "password_mailed",
        /// A password of one's own was chosen or changed.
        PasswordChanged = "password_changed",
        /// A new address was asked for.
        EmailChangeAsked = "email_change_asked",
        /// The address was changed.
        EmailChanged = "email_changed",
        /// Name or language was changed by the person.
        ProfileChanged = "profile_changed",
        /// One session, or all others, were ended by the person.
        SessionsEnded = "sessions_ended",
        /// An account was made.
        AccountAdded = "account_added",
        /// Accounts were imported.
        AccountsImported = "accounts_imported",
        /// Name, role or language was changed by an administrator.
        AccountChanged = "account_changed",
        /// An account was disabled.
        AccountDisabled = "account_disabled",
        /// An account was enabled again.
        AccountEnabled = "account_enabled",
        /// An account was deleted.
        AccountDeleted = "account_deleted",
        /// Somebody asked for an account.
        CredentialAsked = "credential_asked",
        /// A request for an account was approved.
        CredentialApproved = "credential_approved",
        /// A request for an account was rejected.
        CredentialRejected = "credential_rejected",
        /// A letter was put forward in the mail queue.
        MailRetried = "mail_retried",
        /// A letter was dropped from the mail queue.
        MailDropped = "mail_dropped",
        /// The keys that sign access tokens were rotated.
        KeysRotated = "keys_rotated",
    }
}

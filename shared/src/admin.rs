use serde::{Deserialize, Serialize};

use crate::account::Role;
use crate::locale::Locale;

mod audit;

pub use audit::{AuditEntry, AuditEvent};

/// An account as administrators see it: never its password.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(
    feature = "openapi",
    derive(utoipa::ToSchema),
    schema(examples(json!({
        "id": "01990f4e-8c1a-7c3e-9d52-3f6b8a1e4c70", "user_name": "ann", "email": "ann.smith@example.com",
        "name": "Ann Smith", "role": "member", "locale": "en", "disabled": false, "has_password": true,
        "created_at": "2026-11-24T09:30:00.000Z"
    })))
)]
pub struct AdminAccount {
    /// The account's id, which never changes.
    #[cfg_attr(feature = "openapi", schema(format = "uuid"))]
    pub id: String,
    /// What the person types in "User".
    pub user_name: String,
    /// The address that letters go to.
    pub email: String,
    /// How to greet the person.
    #[cfg_attr(feature = "openapi", schema(required = true))]
    pub name: Option<String>,
    /// What the account may do.
    pub role: Role,
    /// The person's language.
    pub locale: Locale,
    /// Nobody can log in to it until it is enabled again.
    pub disabled: bool,
    /// Whether there is a password of the person's own. Without one only a mailed password opens the account.
    pub has_password: bool,
    /// When the account was made (RFC 3339, UTC).
    #[cfg_attr(feature = "openapi", schema(format = DateTime))]
    pub created_at: String,
}

/// `POST /admin/accounts`: a new account, whose first password is mailed to the person.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(
    feature = "openapi",
    derive(utoipa::ToSchema),
    schema(examples(json!({
        "user_name": "bea", "email": "bea@example.com", "name": "Bea Jones", "role": "member", "locale": "en"
    })))
)]
pub struct AddAccount {
    /// What the person types in "User"; it holds no "@".
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(required = true))]
    pub user_name: String,
    /// Where letters go.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(required = true, format = "idn-email"))]
    pub email: String,
    /// How to greet the person.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// What the account may do; a member unless told otherwise.
    #[serde(default)]
    pub role: Role,
    /// The person's language, as a tag such as `it`; English unless told otherwise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub locale: Option<String>,
}

/// `PATCH /admin/accounts/{id}`: what is not named stays as it is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(
    feature = "openapi",
    derive(utoipa::ToSchema),
    schema(examples(json!({ "name": "Ann Jones", "disabled": false })))
)]
pub struct ChangeAccount {
    /// How to greet the person; an empty name takes the name away.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Where letters go; links and mailed passwords of the old address die.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(format = "idn-email"))]
    pub email: Option<String>,
    /// What the account may do.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub role: Option<Role>,
    /// The person's language, as a tag such as `it`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub locale: Option<String>,
    /// `true` ends everything that the account has open and keeps it from logging in; `false` lets it in again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub disabled: Option<bool>,
}

/// A request for an account that waits for a decision (`GET /admin/credential-requests`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(
    feature = "openapi",
    derive(utoipa::ToSchema),
    schema(examples(json!({
        "id": "01990f52-6b3e-7d18-b0c4-2e8f5a9c1d36", "name": "Carl Doe", "email": "carl@example.com",
        "note": "I am new in the field service.", "locale": "en", "address": "192.0.2.7",
        "created_at": "2026-11-24T09:30:00.000Z", "proposed_user_name": "carl"
    })))
)]
pub struct WaitingRequest {
    /// Names the request when it is approved or rejected.
    #[cfg_attr(feature = "openapi", schema(format = "uuid"))]
    pub id: String,
    /// Who asks.
    pub name: String,
    /// Where the answer goes.
    pub email: String,
    /// What the person wrote beside.
    #[cfg_attr(feature = "openapi", schema(required = true))]
    pub note: Option<String>,
    /// The language of the answer.
    pub locale: Locale,
    /// The network address that it came from.
    pub address: String,
    /// When it came (RFC 3339, UTC).
    #[cfg_attr(feature = "openapi", schema(format = DateTime))]
    pub created_at: String,
    /// A user name made of the email address, free at this moment.
    pub proposed_user_name: String,
}

/// `POST /admin/credential-requests/{id}/approve`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(examples(json!({ "user_name": "carl" }))))]
pub struct ApproveRequest {
    /// The new account's user name; without one, the proposed one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user_name: Option<String>,
}

/// Characters (code points) that the sentence to a rejected person has at most.
pub const REASON_MAX_CHARACTERS: usize = 500;

/// `POST /admin/credential-requests/{id}/reject`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(
    feature = "openapi",
    derive(utoipa::ToSchema),
    schema(examples(json!({ "reason": "Please ask your team lead first." })))
)]
pub struct RejectRequest {
    /// A sentence that is mailed to the person.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// A promise of a letter (`GET /admin/mail-queue`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(
    feature = "openapi",
    derive(utoipa::ToSchema),
    schema(examples(json!({
        "id": "01990f54-2f70-7b44-a6d1-9c3e7b5f8a02", "kind": "reset_link", "address": "ann.smith@example.com",
        "state": "waiting", "attempts": 1, "last_error": "451 4.3.0 try again later",
        "created_at": "2026-11-24T09:30:00.000Z", "due_at": "2026-11-24T09:30:01.000Z", "sent_at": null
    })))
)]
pub struct QueuedMail {
    /// Names the letter when it is tried again or dropped.
    #[cfg_attr(feature = "openapi", schema(format = "uuid"))]
    pub id: String,
    /// Which letter.
    pub kind: String,
    /// Where it goes, in canonical form.
    pub address: String,
    /// What has become of it.
    pub state: MailState,
    /// How often the mail server was asked to take it.
    pub attempts: u32,
    /// What the mail server, or the worker, said last.
    #[cfg_attr(feature = "openapi", schema(required = true))]
    pub last_error: Option<String>,
    /// When it was promised (RFC 3339, UTC).
    #[cfg_attr(feature = "openapi", schema(format = DateTime))]
    pub created_at: String,
    /// When it is tried next (RFC 3339, UTC); only while it waits.
    #[cfg_attr(feature = "openapi", schema(required = true, format = DateTime))]
    pub due_at: Option<String>,
    /// When the mail server took it (RFC 3339, UTC).
    #[cfg_attr(feature = "openapi", schema(required = true, format = DateTime))]
    pub sent_at: Option<String>,
}

/// What has become of a promised letter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "lowercase")]
pub enum MailState {
    /// It will be tried, or tried again.
    Waiting,
    /// The mail server has taken it.
    Sent,
    /// The mail server will never take it, or has not for days.
    Stopped,
    /// No letter is owed: no account has the address, or something newer took its place.
    Dropped,
}

impl MailState {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Waiting, Self::Sent, Self::Stopped, Self::Dropped];

    /// The name in the database, in JSON and on the command line.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Sent => "sent",
            Self::Stopped => "stopped",
            Self::Dropped => "dropped",
        }
    }
}

use serde::{Deserialize, Serialize};

/// Characters (code points) that the note to the operator has at most.
pub const NOTE_MAX_CHARACTERS: usize = 1000;

/// `POST /credential-requests`: somebody asks for an account.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(
    feature = "openapi",
    derive(utoipa::ToSchema),
    schema(examples(json!({
        "name": "Carl Doe", "email": "carl@example.com", "note": "I am new in the field service.",
        "locale": "en"
    })))
)]
pub struct CredentialRequest {
    /// Who asks, as they want to be greeted.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(required = true))]
    pub name: String,
    /// Where the answer goes, and the account's letters later.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(required = true, format = "idn-email"))]
    pub email: String,
    /// What the operator should know.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// The language of the answer, as a tag such as `it`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub locale: Option<String>,
}

/// The answer of `POST /credential-requests`, the same for everyone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(examples(json!({ "status": "request_received" }))))]
#[serde(tag = "status", rename_all = "snake_case")]
pub enum CredentialRequested {
    /// The operator is told, or whoever has an account with this address already.
    RequestReceived,
}

use serde::{Deserialize, Serialize};

use crate::secret::Secret;

/// `POST /password-reset/request`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(
    feature = "openapi",
    derive(utoipa::ToSchema),
    schema(examples(json!({ "email": "ann.smith@example.com", "locale": "en" })))
)]
pub struct ResetRequest {
    /// The address; the answer does not tell whether an account has it.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(required = true, format = "idn-email"))]
    pub email: String,
    /// The language of the letter; without one, the account's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub locale: Option<String>,
}

/// The constant answer to every reset request: 202.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(examples(json!({ "status": "email_sent" }))))]
#[serde(tag = "status", rename_all = "snake_case")]
pub enum ResetRequested {
    /// If the address belongs to an account, the letter is on its way.
    EmailSent,
}

/// `POST /password-reset/confirm`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(
    feature = "openapi",
    derive(utoipa::ToSchema),
    schema(examples(json!({ "token": "Zb3vQm0c8yXkTn5rWd2HsA7L" })))
)]
pub struct ConfirmRequest {
    /// The token from the link's fragment.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(required = true))]
    pub token: Secret,
    /// Only with the style `chosen`: the person's own new password.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub new_password: Option<Secret>,
}

/// What a confirmation did: 200.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(examples(json!({ "status": "new_password_sent" }))))]
#[serde(tag = "status", rename_all = "snake_case")]
pub enum Confirmed {
    /// Style `mailed`: a generated password is on its way.
    NewPasswordSent,
    /// Style `chosen`: the password in the request is the account's now.
    PasswordChanged,
}

/// What a reset link leads to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "lowercase")]
pub enum ResetStyle {
    /// A new password is generated and mailed.
    #[default]
    Mailed,
    /// The person chooses the new password on the page.
    Chosen,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_are_what_the_api_promises() {
        assert_eq!(serde_json::to_string(&ResetRequested::EmailSent).unwrap(), r#"{"status":"email_sent"}"#);
        assert_eq!(serde_json::to_string(&Confirmed::NewPasswordSent).unwrap(), r#"{"status":"new_password_sent"}"#);
        assert_eq!(serde_json::to_string(&Confirmed::PasswordChanged).unwrap(), r#"{"status":"password_changed"}"#);
    }
}

use serde::{Deserialize, Deserializer, Serialize};

use crate::secret::Secret;

/// How the caller wants to stay logged in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "lowercase")]
pub enum SessionKind {
    /// A browser: an `HttpOnly` cookie keeps the session, the access token lives in the page's memory.
    Cookie,
    /// An app: tokens in the body.
    #[default]
    Token,
}

/// `POST /login`.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(
    feature = "openapi",
    derive(utoipa::ToSchema),
    schema(examples(json!({ "user": "ann", "password": "nine green bottles on a wall", "session": "token" })))
)]
pub struct LoginRequest {
    /// User name or email address.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(required = true))]
    pub user: String,
    /// The own password, or a mailed one.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(required = true))]
    pub password: Secret,
    /// How to stay logged in.
    #[serde(default, deserialize_with = "given_or_default")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<SessionKind>))]
    pub session: SessionKind,
}

/// `null` is how many languages write a field that was not given.
fn given_or_default<'de, D: Deserializer<'de>, T: Default + Deserialize<'de>>(json: D) -> Result<T, D::Error> {
    Ok(Option::deserialize(json)?.unwrap_or_default())
}

/// The only token type there is (RFC 6750).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum TokenType {
    /// Sent as `Authorization: Bearer …`.
    #[default]
    Bearer,
}

/// The answer of `POST /login`, `POST /session/refresh` and `POST /me/password`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(
    feature = "openapi",
    derive(utoipa::ToSchema),
    schema(examples(json!({
        "access_token": "eyJhbGciOiJFZERTQSJ9.eyJzdWIiOiIwMTk5MGY0ZSJ9.c2lnbmF0dXJl", "token_type": "Bearer",
        "expires_in": 900, "refresh_token": "Hk2wPz9f4VbXqYt7Rm1JcD5s", "password_change_required": false
    })))
)]
pub struct SessionTokens {
    /// A JWT, sent as `Authorization: Bearer …`.
    pub access_token: Secret,
    /// Always `Bearer`.
    pub token_type: TokenType,
    /// Seconds until the access token expires.
    pub expires_in: u64,
    /// Gets the next access token; only for apps (`session: "token"`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(nullable = false))]
    pub refresh_token: Option<Secret>,
    /// The person logged in with a mailed password: the token opens only `POST /me/password` and `POST /logout`.
    pub password_change_required: bool,
}

/// The body of `POST /session/refresh` and `POST /logout`; browsers send a cookie instead.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(
    feature = "openapi",
    derive(utoipa::ToSchema),
    schema(examples(json!({ "refresh_token": "Hk2wPz9f4VbXqYt7Rm1JcD5s" })))
)]
pub struct RefreshRequest {
    /// What an app got at login.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refresh_token: Option<Secret>,
}

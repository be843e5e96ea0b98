use serde::{Deserialize, Serialize};

use crate::locale::Locale;
use crate::login::SessionKind;
use crate::secret::Secret;

/// Characters (code points) that the name of a person has at most.
pub const NAME_MAX_CHARACTERS: usize = 100;

/// What an account may do.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// Logs in.
    #[default]
    Member,
    /// Also administers accounts.
    Admin,
}

impl Role {
    /// The name in the database, in JSON and on the command line.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Member => "member",
            Self::Admin => "admin",
        }
    }
}

/// `GET /me`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(
    feature = "openapi",
    derive(utoipa::ToSchema),
    schema(examples(json!({
        "id": "01990f4e-8c1a-7c3e-9d52-3f6b8a1e4c70", "user_name": "ann", "email": "ann.smith@example.com",
        "name": "Ann Smith", "role": "member", "locale": "en"
    })))
)]
pub struct Me {
    /// The account's id, which never changes.
    #[cfg_attr(feature = "openapi", schema(format = "uuid"))]
    pub id: String,
    /// What the person types in "User".
    pub user_name: String,
    /// The address that letters go to.
    pub email: String,
    /// How to greet the person, if they told.
    #[cfg_attr(feature = "openapi", schema(required = true))]
    pub name: Option<String>,
    /// What the account may do.
    pub role: Role,
    /// The person's language.
    pub locale: Locale,
}

/// `POST /me/password`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(
    feature = "openapi",
    derive(utoipa::ToSchema),
    schema(examples(json!({
        "current_password": "nine green bottles on a wall", "new_password": "ten of them, and one fell down"
    })))
)]
pub struct ChangePassword {
    /// The password that logged in, own or mailed.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(required = true))]
    pub current_password: Secret,
    /// The person's own new one.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(required = true))]
    pub new_password: Secret,
}

/// `PATCH /me`: what is not named stays as it is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(
    feature = "openapi",
    derive(utoipa::ToSchema),
    schema(examples(json!({ "name": "Ann Smith", "locale": "it" })))
)]
pub struct ChangeProfile {
    /// How to greet the person; an empty name takes the name away.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The person's language, as a tag such as `it`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub locale: Option<String>,
}

/// `POST /me/email`: a link is mailed to the new address, which counts only when that is confirmed.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(
    feature = "openapi",
    derive(utoipa::ToSchema),
    schema(examples(json!({ "email": "ann@example.org", "current_password": "nine green bottles on a wall" })))
)]
pub struct ChangeEmail {
    /// The new address.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(required = true, format = "idn-email"))]
    pub email: String,
    /// The person's own password.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(required = true))]
    pub current_password: Secret,
}

/// The answer of `POST /me/email`, whether or not another account has the address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(examples(json!({ "status": "email_sent" }))))]
#[serde(tag = "status", rename_all = "snake_case")]
pub enum EmailChangeAsked {
    /// A letter is on its way to the new address.
    EmailSent,
}

/// `POST /me/email/confirm`. The token is enough: the letter may be read on another device.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(
    feature = "openapi",
    derive(utoipa::ToSchema),
    schema(examples(json!({ "token": "Zb3vQm0c8yXkTn5rWd2HsA7L" })))
)]
pub struct ConfirmEmail {
    /// What stands behind the "#" of the link.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(required = true))]
    pub token: Secret,
}

/// The answer of `POST /me/email/confirm`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(examples(json!({ "status": "email_changed" }))))]
#[serde(tag = "status", rename_all = "snake_case")]
pub enum EmailConfirmed {
    /// Letters go to the new address from now on.
    EmailChanged,
}

/// A session of the person's own (`GET /me/sessions`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(
    feature = "openapi",
    derive(utoipa::ToSchema),
    schema(examples(json!({
        "id": "01990f50-11d2-7a60-8f3a-5c0e9b7d2a14", "kind": "cookie",
        "user_agent": "Mozilla/5.0 (X11; Linux x86_64)", "address": "192.0.2.7",
        "created_at": "2026-11-24T09:30:00.000Z", "used_at": "2026-11-24T10:15:00.000Z", "current": true
    })))
)]
pub struct SessionInfo {
    /// Names the session when it is ended.
    #[cfg_attr(feature = "openapi", schema(format = "uuid"))]
    pub id: String,
    /// A browser or an app.
    pub kind: SessionKind,
    /// What the browser or app says of itself.
    pub user_agent: String,
    /// The network address from which it logged in.
    pub address: String,
    /// When it logged in (RFC 3339, UTC).
    #[cfg_attr(feature = "openapi", schema(format = DateTime))]
    pub created_at: String,
    /// When it was last used (RFC 3339, UTC), give or take an access token's life.
    #[cfg_attr(feature = "openapi", schema(format = DateTime))]
    pub used_at: String,
    /// Whether it is the one that asks.
    pub current: bool,
}

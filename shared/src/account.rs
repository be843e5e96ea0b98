use serde::{Deserialize, Serialize};

use crate::locale::Locale;
use crate::login::SessionKind;
use crate::secret::Secret;

/// Characters (code points) that the name of a person has at most.
pub const NAME_MAX_CHARACTERS: usize = 100;

/// What an account may do.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
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
pub struct Me {
    /// The account's id, which never changes.
    pub id: String,
    /// What the person types in "User".
    pub user_name: String,
    /// The address that letters go to.
    pub email: String,
    /// How to greet the person, if they told.
    pub name: Option<String>,
    /// What the account may do.
    pub role: Role,
    /// The person's language.
    pub locale: Locale,
}

/// `POST /me/password`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ChangePassword {
    /// The password that logged in, own or mailed.
    #[serde(default)]
    pub current_password: Secret,
    /// The person's own new one.
    #[serde(default)]
    pub new_password: Secret,
}

/// `PATCH /me`: what is not named stays as it is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
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
pub struct ChangeEmail {
    /// The new address.
    #[serde(default)]
    pub email: String,
    /// The person's own password.
    #[serde(default)]
    pub current_password: Secret,
}

/// The answer of `POST /me/email`, whether or not another account has the address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "status", rename_all = "snake_case")]
pub enum EmailChangeAsked {
    /// A letter is on its way to the new address.
    EmailSent,
}

/// `POST /me/email/confirm`. The token is enough: the letter may be read on another device.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ConfirmEmail {
    /// What stands behind the "#" of the link.
    #[serde(default)]
    pub token: Secret,
}

/// The answer of `POST /me/email/confirm`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "status", rename_all = "snake_case")]
pub enum EmailConfirmed {
    /// Letters go to the new address from now on.
    EmailChanged,
}

/// A session of the person's own (`GET /me/sessions`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SessionInfo {
    /// Names the session when it is ended.
    pub id: String,
    /// A browser or an app.
    pub kind: SessionKind,
    /// What the browser or app says of itself.
    pub user_agent: String,
    /// The network address from which it logged in.
    pub address: String,
    /// When it logged in (RFC 3339, UTC).
    pub created_at: String,
    /// When it was last used (RFC 3339, UTC), give or take an access token's life.
    pub used_at: String,
    /// Whether it is the one that asks.
    pub current: bool,
}

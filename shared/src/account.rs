use serde::{Deserialize, Serialize};

use crate::locale::Locale;
use crate::secret::Secret;

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

use serde::{Deserialize, Serialize};

use crate::locale::Locale;
use crate::password_reset::ResetStyle;

/// `GET /config.json`: what the page may know of this installation. Nothing in it is secret.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(
    feature = "openapi",
    derive(utoipa::ToSchema),
    schema(examples(json!({
        "name": "Rekey", "reset_style": "mailed", "languages": ["en", "it", "de", "fr", "es"],
        "limits": { "reset_mails_per_hour": 5, "reset_link_life_seconds": 3600, "temporary_password_life_seconds": 86400, "password_min_characters": 15, "password_max_bytes": 1024 },
        "support_contact": "support@example.com"
    })))
)]
pub struct ClientConfig {
    /// The name that pages and letters carry.
    pub name: String,
    /// Where the operator's logo is, which the page shows in place of the name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(nullable = false))]
    pub logo: Option<String>,
    /// What a reset link leads to.
    pub reset_style: ResetStyle,
    /// The languages that pages and letters speak.
    pub languages: Vec<Locale>,
    /// Numbers that the page tells the person or checks.
    pub limits: ClientLimits,
    /// Where to go after login; without one, the page `/home`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(nullable = false))]
    pub home_url: Option<String>,
    /// Tools that people are led back to after login (`/?return_to=`) are on the hosts of this domain; without one only on
    /// Rekey's own host.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(nullable = false))]
    pub cookie_domain: Option<String>,
    /// Whom to ask when nothing helps: an address or a sentence.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(nullable = false))]
    pub support_contact: Option<String>,
}

/// The part of the limits that a person meets.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ClientLimits {
    /// Letters an hour to one address; 0: no limit.
    pub reset_mails_per_hour: u32,
    /// How long a reset link is good.
    pub reset_link_life_seconds: u64,
    /// How long a mailed password is good.
    pub temporary_password_life_seconds: u64,
    /// Characters (code points) that an own password needs at least.
    pub password_min_characters: usize,
    /// Bytes (UTF-8) that a password has at most.
    pub password_max_bytes: usize,
}

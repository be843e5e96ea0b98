use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// A language that pages and letters speak, by its two-letter code (ISO 639-1).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "lowercase")]
pub enum Locale {
    /// English, which everybody gets for whom nothing else is known.
    #[default]
    En,
    /// Italian.
    It,
}

impl Locale {
    /// All of them, in the order in which the page offers them.
    pub const ALL: [Self; 2] = [Self::En, Self::It];

    /// The two-letter code.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::It => "it",
        }
    }

    /// The language that fits a language tag (RFC 5646) such as `it-CH`, if Rekey speaks it.
    #[must_use]
    pub fn from_tag(tag: &str) -> Option<Self> {
        let language = tag.split(['-', '_']).next()?.to_ascii_lowercase();
        Self::ALL.into_iter().find(|locale| locale.code() == language)
    }
}

/// A language that Rekey does not speak.
#[derive(Debug, PartialEq, Eq)]
pub struct UnknownLocale;

impl std::fmt::Display for UnknownLocale {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let known: Vec<_> = Locale::ALL.into_iter().map(Locale::code).collect();
        write!(formatter, "not a language that Rekey speaks; it speaks: {}", known.join(", "))
    }
}

impl std::error::Error for UnknownLocale {}

impl FromStr for Locale {
    type Err = UnknownLocale;

    fn from_str(code: &str) -> Result<Self, UnknownLocale> {
        Self::ALL.into_iter().find(|locale| locale.code() == code).ok_or(UnknownLocale)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_browsers_tag_finds_its_language() {
        assert_eq!(Locale::from_tag("it-CH"), Some(Locale::It));
        assert_eq!(Locale::from_tag("EN_us"), Some(Locale::En));
        assert_eq!(Locale::from_tag("tlh"), None);
        assert_eq!(Locale::from_tag(""), None);
    }
}

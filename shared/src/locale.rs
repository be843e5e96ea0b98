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
    /// German.
    De,
    /// French.
    Fr,
    /// Spanish.
    Es,
}

impl Locale {
    /// All of them, in the order in which the page offers them.
    pub const ALL: [Self; 5] = [Self::En, Self::It, Self::De, Self::Fr, Self::Es];

    /// The two-letter code.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::It => "it",
            Self::De => "de",
            Self::Fr => "fr",
            Self::Es => "es",
        }
    }

    /// The language that fits a language tag (RFC 5646) such as `it-CH`, if Rekey speaks it.
    #[must_use]
    pub fn from_tag(tag: &str) -> Option<Self> {
        let language = tag.split(['-', '_']).next()?.to_ascii_lowercase();
        Self::ALL.into_iter().find(|locale| locale.code() == language)
    }

    /// All codes, as a sentence lists them.
    #[must_use]
    pub fn codes() -> String {
        Self::ALL.map(Self::code).join(", ")
    }
}

/// A language that Rekey does not speak.
#[derive(Debug, PartialEq, Eq)]
pub struct UnknownLocale;

impl std::fmt::Display for UnknownLocale {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "not a language that Rekey speaks; it speaks: {}", Locale::codes())
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
    fn every_code_is_a_languages_own_and_finds_it() {
        for locale in Locale::ALL {
            assert_eq!(locale.code().parse(), Ok(locale));
            assert_eq!(serde_json::to_value(locale).unwrap(), locale.code());
        }
    }

    #[test]
    fn a_browsers_tag_finds_its_language() {
        assert_eq!(Locale::from_tag("it-CH"), Some(Locale::It));
        assert_eq!(Locale::from_tag("EN_us"), Some(Locale::En));
        assert_eq!(Locale::from_tag("de-AT"), Some(Locale::De));
        assert_eq!(Locale::from_tag("fr-CA"), Some(Locale::Fr));
        assert_eq!(Locale::from_tag("es-419"), Some(Locale::Es));
        assert_eq!(Locale::from_tag("tlh"), None);
        // North Frisian is neither French nor German.
        assert_eq!(Locale::from_tag("frr-DE"), None);
        assert_eq!(Locale::from_tag(""), None);
    }
}

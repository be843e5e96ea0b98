use rekey_shared::characters::disturbs;
use unicode_normalization::UnicodeNormalization;

/// Characters that a user name has at most.
const MAX_CHARACTERS: usize = 64;

/// Why a text is no user name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotAUserName {
    #[error("the user name is empty")]
    Empty,
    #[error("the user name is longer than {MAX_CHARACTERS} characters")]
    TooLong,
    #[error("the user name holds a control character")]
    ControlCharacter,
    #[error("a user name holds no \"@\"")]
    HoldsAt,
}

/// What a person types in "User". It holds no "@", so that it is never another person's email address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UserName {
    text: String,
    key: String,
}

impl UserName {
    /// Reads a user name; white space round it is dropped.
    ///
    /// # Errors
    /// [`NotAUserName`] in a sentence that says what is wrong.
    pub fn parse(text: &str) -> Result<Self, NotAUserName> {
        let text = text.trim();
        if text.is_empty() {
            return Err(NotAUserName::Empty);
        }
        if text.chars().count() > MAX_CHARACTERS {
            return Err(NotAUserName::TooLong);
        }
        if text.chars().any(disturbs) {
            return Err(NotAUserName::ControlCharacter);
        }
        let key = fold(text);
        // NFKC makes an "@" of its full-width and small forms.
        if key.contains('@') {
            return Err(NotAUserName::HoldsAt);
        }
        Ok(Self { text: text.to_owned(), key })
    }

    /// As written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The form by which user names are compared: NFKC, lower case.
    #[must_use]
    pub fn key(&self) -> &str {
        &self.key
    }
}

/// NFKC and lower case. Twice round: each can leave the other's form.
pub(crate) fn fold(text: &str) -> String {
    text.nfkc().collect::<String>().to_lowercase().nfkc().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn writings_of_one_name_have_one_key() {
        assert_eq!(UserName::parse(" Ann.Smith ").unwrap().key(), "ann.smith");
        assert_eq!(UserName::parse("ＡＮＮ").unwrap().key(), "ann");
    }

    #[test]
    fn a_user_name_is_never_an_address() {
        for name in ["", " ", "ann@example.com", "ann＠example.com", "a\nb", "a\0b", &"x".repeat(65)] {
            assert!(UserName::parse(name).is_err(), "{name:?}");
        }
    }
}

//! How a person is greeted: free text on one line.

use rekey_shared::account::NAME_MAX_CHARACTERS;
use rekey_shared::characters::disturbs;

/// Why a text is no name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotAName {
    #[error("the name holds a control character")]
    ControlCharacter,
    #[error("the name is longer than {NAME_MAX_CHARACTERS} characters")]
    TooLong,
}

/// Reads a name; white space round it is dropped, and an empty one is none.
///
/// # Errors
/// [`NotAName`] in a sentence that says what is wrong.
pub fn parse(text: &str) -> Result<Option<String>, NotAName> {
    let name = text.trim();
    if name.chars().any(disturbs) {
        return Err(NotAName::ControlCharacter);
    }
    if name.chars().count() > NAME_MAX_CHARACTERS {
        return Err(NotAName::TooLong);
    }
    Ok(Some(name.to_owned()).filter(|name| !name.is_empty()))
}

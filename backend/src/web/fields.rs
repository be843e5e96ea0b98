//! The fields of a request, each read into its type. All that is wrong is told at once.

use rekey_shared::characters::disturbs;
use rekey_shared::email_address::{EmailAddress, NotAnEmail};
use rekey_shared::locale::Locale;
use rekey_shared::problem::{FieldCode, FieldError};

use crate::account::person_name::{self, NotAName};
use crate::account::user_name::{NotAUserName, UserName};
use crate::error::Error;

/// What was wrong so far.
#[derive(Default)]
pub(crate) struct Fields(Vec<FieldError>);

impl Fields {
    /// Says that a field is wrong.
    pub(crate) fn refuse(&mut self, field: &str, code: FieldCode) {
        self.0.push(FieldError::new(field, code));
    }

    pub(crate) fn email(&mut self, field: &str, text: &str) -> Option<EmailAddress> {
        EmailAddress::parse(text).map_err(|problem| self.refuse(field, email_code(problem))).ok()
    }

    pub(crate) fn user_name(&mut self, field: &str, text: &str) -> Option<UserName> {
        UserName::parse(text).map_err(|problem| self.refuse(field, user_name_code(problem))).ok()
    }

    /// A person's name on one line; nothing when it is empty.
    pub(crate) fn name(&mut self, field: &str, text: &str) -> Option<String> {
        match person_name::parse(text) {
            Ok(name) => return name,
            Err(NotAName::ControlCharacter) => self.refuse(field, FieldCode::InvalidCharacter),
            Err(NotAName::TooLong) => self.refuse(field, FieldCode::TooLong),
        }
        None
    }

    /// A text of one or more lines; nothing when it is empty.
    pub(crate) fn lines(&mut self, field: &str, text: &str, max_characters: usize) -> Option<String> {
        let text = text.trim();
        if text.chars().any(|c| disturbs(c) && !matches!(c, '\n' | '\r' | '\t')) {
            self.refuse(field, FieldCode::InvalidCharacter);
        } else if text.chars().count() > max_characters {
            self.refuse(field, FieldCode::TooLong);
        } else if !text.is_empty() {
            return Some(text.to_owned());
        }
        None
    }

    /// A language by its tag; nothing when there is none, or an empty one.
    pub(crate) fn locale(&mut self, field: &str, tag: Option<&str>) -> Option<Locale> {
        let tag = tag.map(str::trim).filter(|tag| !tag.is_empty())?;
        let known = Locale::from_tag(tag);
        if known.is_none() {
            self.refuse(field, FieldCode::UnknownLanguage);
        }
        known
    }

    /// # Errors
    /// [`Error::InvalidInput`] names every field that was wrong.
    pub(crate) fn check(self) -> Result<(), Error> {
        if self.0.is_empty() { Ok(()) } else { Err(Error::InvalidInput(self.0)) }
    }

    /// A value that was read, or all that was wrong.
    ///
    /// # Errors
    /// [`Error::InvalidInput`] names every field that was wrong.
    pub(crate) fn checked<T>(self, value: Option<T>) -> Result<T, Error> {
        match value {
            Some(value) if self.0.is_empty() => Ok(value),
            _ => Err(Error::InvalidInput(self.0)),
        }
    }
}

fn email_code(problem: NotAnEmail) -> FieldCode {
    match problem {
        NotAnEmail::Empty => FieldCode::Required,
        NotAnEmail::TooLong => FieldCode::TooLong,
        NotAnEmail::InvalidCharacter => FieldCode::InvalidCharacter,
        NotAnEmail::Syntax => FieldCode::NotAnEmail,
    }
}

fn user_name_code(problem: NotAUserName) -> FieldCode {
    match problem {
        NotAUserName::Empty => FieldCode::Required,
        NotAUserName::TooLong => FieldCode::TooLong,
        NotAUserName::ControlCharacter | NotAUserName::HoldsAt => FieldCode::InvalidCharacter,
    }
}

//! Rules for a password that a person chooses: length and own names. No composition rules, no strength meter
//! (NIST SP 800-63B-4 3.1.1.2). The browser and the server call the same function; each normalises (NFKC) first, the
//! browser with its own `String.prototype.normalize`.

use crate::characters::NUL;
use crate::problem::FieldCode;

/// Code points that a chosen password has at least (NIST SP 800-63B-4: 15 where it is the only factor).
pub const MIN_CHARACTERS: usize = 15;

/// Bytes that any password has at most. Above it Argon2 would be work that a stranger orders for free.
pub const MAX_BYTES: usize = 1024;

/// An own name shorter than this is not looked for: "al" is in half of all sentences.
const SHORTEST_NAME: usize = 4;

/// What is wrong with a new password; empty when nothing is.
///
/// `names` are the person's and the application's own: user name, email address, name of the tool. A password
/// may hold one of them, as a sentence does, but not be made of nothing else.
#[must_use]
pub fn broken_rules(password: &str, names: &[&str]) -> Vec<FieldCode> {
    let mut broken = Vec::new();
    if password.is_empty() {
        return vec![FieldCode::Required];
    }
    if password.chars().count() < MIN_CHARACTERS {
        broken.push(FieldCode::TooShort);
    }
    if password.len() > MAX_BYTES {
        broken.push(FieldCode::TooLong);
    }
    if password.contains(NUL) {
        broken.push(FieldCode::InvalidCharacter);
    }
    if is_made_of_names(password, names) {
        broken.push(FieldCode::OwnName);
    }
    broken
}

/// Whether fewer than half of [`MIN_CHARACTERS`] are left when every own name is taken out.
fn is_made_of_names(password: &str, names: &[&str]) -> bool {
    let mut rest = password.to_lowercase();
    let mut names: Vec<String> = names.iter().flat_map(|name| parts(name)).collect();
    names.sort_unstable_by_key(|name| std::cmp::Reverse(name.len()));
    let whole = rest.chars().count();
    for name in &names {
        rest = rest.replace(name.as_str(), "");
    }
    let left = rest.chars().count();
    left < whole && left <= MIN_CHARACTERS / 2
}

/// A name as a whole and, of an address, its local part and its domain.
fn parts(name: &str) -> Vec<String> {
    let name = name.to_lowercase();
    let (local, domain) = name.rsplit_once('@').unwrap_or((&name, ""));
    [name.as_str(), local, domain]
        .into_iter()
        .filter(|part| part.chars().count() >= SHORTEST_NAME)
        .map(str::to_owned)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const NAMES: &[&str] = &["demo", "demo.person@example.com", "IMSISO Assistance Tool"];

    #[test]
    fn length_counts_characters_and_not_bytes() {
        assert_eq!(broken_rules("fourteen chars", NAMES), [FieldCode::TooShort]);
        assert!(broken_rules("fifteen letters", NAMES).is_empty());
        assert_eq!(broken_rules("ü".repeat(14).as_str(), NAMES), [FieldCode::TooShort]);
        assert!(broken_rules("ü".repeat(15).as_str(), NAMES).is_empty());
        assert!(broken_rules("🦀".repeat(256).as_str(), NAMES).is_empty());
        assert_eq!(broken_rules(&"x".repeat(1025), NAMES), [FieldCode::TooLong]);
        assert_eq!(broken_rules("", NAMES), [FieldCode::Required]);
    }

    #[test]
    fn nul_is_refused_as_in_every_text() {
        assert_eq!(broken_rules("nine green\0bottles", NAMES), [FieldCode::InvalidCharacter]);
    }

    #[test]
    fn spaces_and_any_unicode_are_welcome_and_nothing_must_be_in_it() {
        for password in
            ["correct horse battery staple", "               ", "пароль для рабочего места", "aaaaaaaaaaaaaaaa"]
        {
            assert!(broken_rules(password, NAMES).is_empty(), "{password}");
        }
    }

    #[test]
    fn own_names_alone_are_refused_and_within_a_sentence_are_fine() {
        for password in
            ["demo.person@example.com", "DEMO.person1234567", "IMSISO Assistance Tool 1", "demodemodemodemo"]
        {
            assert_eq!(broken_rules(password, NAMES), [FieldCode::OwnName], "{password}");
        }
        assert!(broken_rules("a demo of nine green bottles", NAMES).is_empty());
    }
}

//! Passwords that everybody tries first, which nobody may choose (NIST SP 800-63B-4 3.1.1.2). The list is searched where it
//! lies in the program: no start-up, no memory of its own.

use std::cmp::Ordering;

use rekey_shared::secret::Secret;

use super::user_name::fold;

/// Folded and sorted by bytes, one a line; `README.md` beside it tells where they come from.
static LIST: &str = include_str!("../../common_passwords/list.txt");

/// Whether a password is a common one, or nothing but one common one repeated, the last time perhaps cut off. How it is
/// written (case, full width, white space round it) makes no difference to whoever guesses, so not here.
#[must_use]
pub fn is_common(password: &Secret) -> bool {
    let folded = Secret::from(fold(password.expose()));
    let text = folded.expose().trim();
    let units = text.char_indices().map(|(at, _)| &text[..at]).skip(1);
    is_listed(text)
        || units
            // A blank between two of them is the last thing in the first unit, and missing after the second.
            .take_while(|unit| 2 * unit.len() <= text.len() + 1)
            .any(|unit| is_repeated(unit, text) && is_listed(unit.trim()))
}

/// Whether the text, which begins with the unit, goes on with it to its end.
fn is_repeated(unit: &str, text: &str) -> bool {
    let (bytes, after) = (text.as_bytes(), &text.as_bytes()[unit.len()..]);
    bytes.iter().zip(after).all(|(before, now)| before == now)
}

/// Binary search over the bytes, each probe widened to its line.
fn is_listed(text: &str) -> bool {
    let mut list = LIST.as_bytes();
    while !list.is_empty() {
        let middle = list.len() / 2;
        let start = list[..middle].iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
        let end = list[start..].iter().position(|byte| *byte == b'\n').map_or(list.len(), |length| start + length);
        match text.as_bytes().cmp(&list[start..end]) {
            Ordering::Equal => return true,
            Ordering::Less => list = &list[..start],
            Ordering::Greater => list = list.get(end + 1..).unwrap_or_default(),
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refuses(password: &str) -> bool {
        is_common(&Secret::from(password))
    }

    #[test]
    fn the_list_is_long_folded_and_sorted() {
        let lines: Vec<&str> = LIST.lines().collect();
        assert!(lines.len() >= 10_000, "{}", lines.len());
        assert!(lines.iter().filter(|line| line.chars().count() >= 15).count() >= 9_000);
        assert!(lines.is_sorted_by(|one, next| one < next));
        for line in &lines {
            assert_eq!(fold(line).trim(), *line);
        }
    }

    #[test]
    fn every_line_is_found_and_no_other() {
        assert!(LIST.lines().all(is_listed));
        assert!(!is_listed(""));
        for text in ["password\n", "correct horse battery staple", "\u{10ffff}", " ", "passwore"] {
            assert!(!is_listed(text), "{text:?}");
        }
    }

    #[test]
    fn a_common_one_is_refused_however_it_is_written() {
        for password in
            ["1q2w3e4r5t6y7u8i9o0p", " 1Q2W3E4R5T6Y7U8I9O0P\t", "ｍａｎｃｈｅｓｔｅｒｕｎｉｔｅｄ", "manchesterunited"]
        {
            assert!(refuses(password), "{password}");
        }
    }

    #[test]
    fn a_common_one_repeated_is_refused() {
        for password in [
            "passwordpassword",
            "PasswordPassword",
            "password password",
            "123123123123123",
            "aaaaaaaaaaaaaaaaa",
            "monkeymonkeymonk",
            "qwertyqwertyqwerty",
        ] {
            assert!(refuses(password), "{password}");
        }
    }

    #[test]
    fn a_common_one_within_a_sentence_is_fine() {
        for password in
            ["correct horse battery staple", "a password of my own", "password of nine monkeys", "monkeydragonletmein"]
        {
            assert!(!refuses(password), "{password}");
        }
    }
}

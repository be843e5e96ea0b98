//! Characters that nobody sees, and that change how the text round them is read.

/// Has a place in no text at all: PostgreSQL stores none with it, and C reads none beyond it.
pub const NUL: char = '\0';

/// Whether a character has no place in a text of one line: control characters, line and paragraph separators, and those
/// that turn the order of what follows (Unicode UAX #9: embeddings, overrides, isolates), by which a name could make the
/// text behind it look like another. Names in Arabic or Hebrew need none of them; the marks and joiners that some do need
/// are not among them.
#[must_use]
pub fn disturbs(c: char) -> bool {
    c.is_control() || matches!(c, '\u{2028}' | '\u{2029}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_all_scripts_are_undisturbed() {
        // Persian needs the zero-width non-joiner, Hindi the joiner, a mixed line the marks.
        for name in ["محمدرضا می\u{200c}خواهم", "क्\u{200d}ष", "\u{200f}שלום\u{200e} Ann", "Zoë 👩\u{200d}🚀"]
        {
            assert!(!name.chars().any(disturbs), "{name}");
        }
        for c in ['\0', '\n', '\r', '\u{1b}', '\u{85}', '\u{2028}', '\u{202e}', '\u{2066}'] {
            assert!(disturbs(c), "{c:?}");
        }
    }
}

//! The form in which a letter is signed: "relaxed" for both parts (RFC 6376 3.4), which outlives servers that fold lines anew.

const fn is_white(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\r' | b'\n')
}

/// Header and body, without the empty line between.
pub(super) fn parts(letter: &[u8]) -> (&[u8], &[u8]) {
    match letter.windows(4).position(|window| window == b"\r\n\r\n") {
        Some(at) => (&letter[..at + 2], &letter[at + 4..]),
        None => (letter, b""),
    }
}

/// One header with its continuation lines.
pub(super) struct Header<'a> {
    name: &'a [u8],
    value: &'a [u8],
}

impl<'a> Header<'a> {
    pub(super) fn of(text: &'a [u8]) -> Self {
        let colon = text.iter().position(|byte| *byte == b':').unwrap_or(text.len());
        Self { name: text[..colon].trim_ascii_end(), value: text.get(colon + 1..).unwrap_or_default() }
    }

    pub(super) fn is_named(&self, name: &str) -> bool {
        self.name.eq_ignore_ascii_case(name.as_bytes())
    }

    /// Without a line break at the end.
    pub(super) fn canonical(&self) -> Vec<u8> {
        let mut written = self.name.to_ascii_lowercase();
        written.push(b':');
        let words = self.value.split(|byte| is_white(*byte)).filter(|word| !word.is_empty());
        for (number, word) in words.enumerate() {
            if number > 0 {
                written.push(b' ');
            }
            written.extend_from_slice(word);
        }
        written
    }
}

/// In the order in which they stand.
pub(super) fn headers(head: &[u8]) -> Vec<Header<'_>> {
    let mut headers = Vec::new();
    let mut rest = head;
    while !rest.is_empty() {
        let is_end = |at: &usize| {
            let after = &rest[at + 1..];
            rest[*at] == b'\n' && !after.starts_with(b" ") && !after.starts_with(b"\t")
        };
        let end = (0..rest.len()).find(is_end).map_or(rest.len(), |at| at + 1);
        headers.push(Header::of(&rest[..end]));
        rest = &rest[end..];
    }
    headers
}

/// Runs of white space become one space, those at a line's end and empty lines at the end go.
pub(super) fn body(body: &[u8]) -> Vec<u8> {
    let mut written = Vec::with_capacity(body.len());
    let mut kept = 0;
    for line in body.split_inclusive(|byte| *byte == b'\n') {
        let end = line.iter().rposition(|byte| !is_white(*byte)).map_or(0, |at| at + 1);
        let line = &line[..end];
        let mut after_gap = false;
        for byte in line {
            let is_gap = is_white(*byte);
            match (is_gap, after_gap) {
                (false, _) => written.push(*byte),
                (true, false) => written.push(b' '),
                (true, true) => {}
            }
            after_gap = is_gap;
        }
        written.extend_from_slice(b"\r\n");
        if !line.is_empty() {
            kept = written.len();
        }
    }
    written.truncate(kept);
    written
}

#[cfg(test)]
mod tests {
    use super::*;

    fn relaxed(letter: &str) -> (String, String) {
        let (head, rest) = parts(letter.as_bytes());
        let head: Vec<_> = headers(head).iter().map(|header| String::from_utf8(header.canonical()).unwrap()).collect();
        (head.join("|"), String::from_utf8(body(rest)).unwrap())
    }

    /// RFC 6376 3.4.5.
    #[test]
    fn the_example_of_the_standard() {
        let letter = "A: X\r\nB : Y\t\r\n\tZ  \r\n\r\n C \r\nD \t E\r\n\r\n\r\n";
        assert_eq!(relaxed(letter), ("a:X|b:Y Z".to_owned(), " C\r\nD E\r\n".to_owned()));
    }

    #[test]
    fn a_body_of_nothing_is_nothing() {
        for body in ["", "\r\n", "\r\n\r\n", " \r\n\t\r\n"] {
            assert_eq!(relaxed(&format!("A: X\r\n\r\n{body}")).1, "");
        }
        assert_eq!(relaxed("A: X\r\n\r\nno line break at the end").1, "no line break at the end\r\n");
    }
}

//! Addresses that are looked for while they are typed.

use super::fold;

/// What the key of every address begins with that begins like this text: for a search while somebody types.
///
/// A domain's key is in A-labels. Labels that are typed to their end have theirs; the last one, if it is not ASCII, has
/// only its beginning: Punycode (RFC 3492) puts the label's ASCII characters first. Then a few addresses too many begin so.
#[must_use]
pub fn key_prefix(text: &str) -> String {
    let text = fold(text.trim());
    let Some((local, domain)) = text.rsplit_once('@') else { return text };
    // Another dot of IDNA's (UTS 46); NFKC has made it of the narrow one.
    let domain = domain.replace('\u{3002}', ".");
    let (whole, last) = match domain.rsplit_once('.') {
        Some((whole, last)) => (Some(whole), last),
        None => (None, domain.as_str()),
    };
    // What IDNA refuses is in no address; it may stand in the search as it is.
    let whole = whole.map(|labels| idna::domain_to_ascii(labels).unwrap_or_else(|_| labels.to_owned()) + ".");
    let last = without_ignored(last);
    let ascii: String = last.chars().filter(char::is_ascii).collect();
    let last = match idna::domain_to_ascii(&last) {
        _ if last.is_ascii() => ascii,
        // IDNA may have an ASCII writing of it.
        Ok(label) if !label.starts_with("xn--") => label,
        _ => format!("xn--{ascii}"),
    };
    format!("{local}@{}{last}", whole.unwrap_or_default())
}

/// As IDNA reads it: some characters are not there (UTS 46), and what they kept apart comes together.
fn without_ignored(label: &str) -> String {
    let is_ignored =
        |c: char| !c.is_ascii() && idna::domain_to_ascii(&format!("a{c}b")).is_ok_and(|label| label == "ab");
    fold(&label.chars().filter(|c| !is_ignored(*c)).collect::<String>())
}

#[cfg(test)]
mod tests {
    use super::super::EmailAddress;
    use super::*;

    #[test]
    fn however_far_an_address_is_typed_its_key_begins_so() {
        for address in ["Ann.Smith@Example.co.uk", "ann@Bücher.example", "юлия@пример.рф", "ａｎｎ@übü.straße.example"]
        {
            let key = EmailAddress::parse(address).unwrap().key().to_owned();
            for (end, typed) in address.char_indices().map(|(start, c)| (start + c.len_utf8(), c)) {
                // An ASCII beginning of a label that goes on otherwise is not found until it does.
                if typed.is_ascii_alphabetic() && address[..end].contains('@') && !address.is_ascii() {
                    continue;
                }
                let prefix = key_prefix(&address[..end]);
                assert!(key.starts_with(&prefix), "{prefix} {key}");
            }
            assert!(key.starts_with(&key_prefix(address)), "{address}");
        }
        assert_eq!(key_prefix("ann@bücher.ex"), "ann@xn--bcher-kva.ex");
        assert_eq!(key_prefix(" Ann@Bü"), "ann@xn--b");
        assert_eq!(key_prefix("ann@bu\u{34f}"), "ann@bu");
        assert_eq!(key_prefix("ann@xn--O-bche\u{34f}rrbecple"), "ann@xn--o-bcherrbecple");
        assert_eq!(key_prefix("ann@x\u{1e96}n--b"), "ann@xn--xn--b");
        assert_eq!(key_prefix("ann@bücher｡ex"), "ann@xn--bcher-kva.ex");
        assert_eq!(key_prefix("ann@ce\u{34f}\u{30f}"), "ann@xn--c");
    }
}

use std::fmt;

use crate::characters::disturbs;

#[cfg(feature = "canonical")]
mod search;
#[cfg(feature = "canonical")]
pub use search::key_prefix;

/// The longest address that SMTP carries (RFC 5321 4.5.3.1.3: a path of 256 octets less its angle brackets).
pub const MAX_BYTES: usize = 254;

/// The longest part before the "@" (RFC 5321 4.5.3.1.1).
const MAX_LOCAL_BYTES: usize = 64;

/// Why a text is not an email address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotAnEmail {
    /// Nothing but white space.
    Empty,
    /// More than [`MAX_BYTES`].
    TooLong,
    /// A control character or white space, which no address needs and mail headers suffer from.
    InvalidCharacter,
    /// Not `local-part@domain` by RFC 5321 and RFC 6531, or a domain that IDNA refuses.
    Syntax,
}

impl fmt::Display for NotAnEmail {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Empty => "the email address is empty",
            Self::TooLong => "the email address is longer than 254 bytes",
            Self::InvalidCharacter => "the email address holds a control character or white space",
            Self::Syntax => "this is not an email address",
        })
    }
}

impl std::error::Error for NotAnEmail {}

/// An email address as the person wrote it, without the white space round it.
///
/// Quoted local parts and address literals are refused: no account has them, and they are where the readers of
/// addresses disagree, which is how mail meant for one person reaches another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EmailAddress {
    text: String,
    #[cfg(feature = "canonical")]
    key: String,
}

impl EmailAddress {
    /// Reads an address. White space round it is dropped.
    ///
    /// The browser checks the syntax; with the feature `canonical` the domain must also be one by IDNA.
    ///
    /// # Errors
    /// [`NotAnEmail`] says which rule the text breaks.
    pub fn parse(text: &str) -> Result<Self, NotAnEmail> {
        let text = text.trim();
        if text.is_empty() {
            return Err(NotAnEmail::Empty);
        }
        if text.len() > MAX_BYTES {
            return Err(NotAnEmail::TooLong);
        }
        if text.chars().any(|c| disturbs(c) || c.is_whitespace()) {
            return Err(NotAnEmail::InvalidCharacter);
        }
        let (local, domain) = text.rsplit_once('@').ok_or(NotAnEmail::Syntax)?;
        if local.len() > MAX_LOCAL_BYTES || !is_dot_string(local) || !is_domain(domain) {
            return Err(NotAnEmail::Syntax);
        }
        Ok(Self {
            #[cfg(feature = "canonical")]
            key: canonical(local, domain)?,
            text: text.to_owned(),
        })
    }

    /// The address as written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The canonical form, by which addresses are compared: NFKC, lower case, the domain as A-labels.
    ///
    /// Two addresses with the same key are one address. Mail still goes to the address that the account stores,
    /// never to the one that somebody typed: with Unicode's look-alikes the two can be different mailboxes
    /// (CVE-2019-19844).
    #[cfg(feature = "canonical")]
    #[must_use]
    pub fn key(&self) -> &str {
        &self.key
    }

    /// The address for SMTP: the domain as A-labels (RFC 5890), the local part as written.
    #[cfg(feature = "canonical")]
    #[must_use]
    pub fn on_the_wire(&self) -> String {
        match (self.text.rsplit_once('@'), self.key.rsplit_once('@')) {
            (Some((local, _)), Some((_, domain))) => format!("{local}@{domain}"),
            _ => self.text.clone(),
        }
    }
}

impl fmt::Display for EmailAddress {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.text)
    }
}

/// A local part without quotes (RFC 5321 4.1.2 `Dot-string`, widened by RFC 6531 3.3 to everything outside ASCII).
///
/// The crate `email_address` would be the library for it; its 0.2.9 refuses combining marks, and with them valid
/// addresses in Hindi and every decomposed accent.
fn is_dot_string(local: &str) -> bool {
    const SPECIAL: &[u8] = b"!#$%&'*+-/=?^_`{|}~";
    let is_allowed = |byte: u8| byte.is_ascii_alphanumeric() || !byte.is_ascii() || SPECIAL.contains(&byte);
    local.split('.').all(|atom| !atom.is_empty() && atom.bytes().all(is_allowed))
}

/// A host name (RFC 1123 2.1), its labels in ASCII or not; what Unicode allows in them is IDNA's to say.
fn is_domain(domain: &str) -> bool {
    domain.len() <= 253
        && domain.split('.').all(|label| {
            !label.is_empty()
                && (label.len() <= 63 || !label.is_ascii())
                && !label.starts_with('-')
                && !label.ends_with('-')
                && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || !byte.is_ascii())
        })
}

/// NFKC and lower case. Each can leave the other's form; twice round is stable.
#[cfg(feature = "canonical")]
fn fold(text: &str) -> String {
    use unicode_normalization::UnicodeNormalization;

    if text.is_ascii() {
        return text.to_ascii_lowercase();
    }
    text.nfkc().collect::<String>().to_lowercase().nfkc().collect()
}

#[cfg(feature = "canonical")]
fn canonical(local: &str, domain: &str) -> Result<String, NotAnEmail> {
    let mut key = fold(local);
    let domain_key = idna::domain_to_ascii(&fold(domain)).map_err(|_| NotAnEmail::Syntax)?;
    // NFKC makes an "@", a space or a bracket of their wide and small forms: such a key would read as another address. Of
    // ASCII it makes nothing but ASCII in lower case, which was checked before.
    let was_checked = local.is_ascii() && domain.is_ascii();
    if !was_checked && (!is_dot_string(&key) || !is_domain(&domain_key)) {
        return Err(NotAnEmail::Syntax);
    }
    key.reserve_exact(1 + domain_key.len());
    key.push('@');
    key.push_str(&domain_key);
    Ok(key)
}

#[cfg(test)]
mod properties;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_valid_address_is_never_an_error() {
        let long = format!("{}@{}.{}.{}.example", "l".repeat(64), "a".repeat(60), "b".repeat(60), "c".repeat(59));
        assert_eq!(long.len(), 254);
        for address in [
            "ann@example.com",
            "ann+tool@example.com",
            "o'brien@example.com",
            "Ann.Smith@EXAMPLE.com",
            "ann@bücher.example",
            "юлия@пример.рф",
            "ann@оченьдлинноеимядоменадляпроверкиграниц.рф",
            "संपर्क@डाटामेल.भारत",
            "Jose\u{301}@example.com",
            "!#$%&'*+-/=?^_`{|}~@example.com",
            "ann@localhost",
            long.as_str(),
        ] {
            assert!(EmailAddress::parse(address).is_ok(), "{address}");
        }
        assert_eq!(EmailAddress::parse("  ann@example.com \n").unwrap().as_str(), "ann@example.com");
    }

    #[test]
    fn what_is_no_address_says_why() {
        for (text, why) in [
            ("", NotAnEmail::Empty),
            (" \t", NotAnEmail::Empty),
            ("ann", NotAnEmail::Syntax),
            ("ann@", NotAnEmail::Syntax),
            ("@example.com", NotAnEmail::Syntax),
            ("ann@@example.com", NotAnEmail::Syntax),
            ("ann..b@example.com", NotAnEmail::Syntax),
            ("ann@-example.com", NotAnEmail::Syntax),
            ("ann@exam_ple.com", NotAnEmail::Syntax),
            ("ann@example..com", NotAnEmail::Syntax),
            ("Ann <ann@example.com>", NotAnEmail::InvalidCharacter),
            ("ann@example.com\r\nBcc: eve@example.com", NotAnEmail::InvalidCharacter),
            ("ann\0@example.com", NotAnEmail::InvalidCharacter),
            ("\"ann\"@example.com", NotAnEmail::Syntax),
            ("ann@[127.0.0.1]", NotAnEmail::Syntax),
        ] {
            assert_eq!(EmailAddress::parse(text), Err(why), "{text:?}");
        }
        assert_eq!(EmailAddress::parse(&format!("ann@{}.example", "e".repeat(300))), Err(NotAnEmail::TooLong));
    }

    #[cfg(feature = "canonical")]
    #[test]
    fn writings_of_one_address_have_one_key() {
        let key = |text: &str| EmailAddress::parse(text).unwrap().key().to_owned();
        assert_eq!(key("Ann@Example.COM"), "ann@example.com");
        assert_eq!(key("ann@BÜCHER.example"), key("ann@xn--bcher-kva.example"));
        assert_eq!(key("ａｎｎ@example.com"), "ann@example.com");
        assert_ne!(key("ann+a@example.com"), key("ann@example.com"));
    }

    #[cfg(feature = "canonical")]
    #[test]
    fn a_key_is_the_key_of_itself() {
        for text in
            ["Ann@Example.COM", "Jose\u{301}@example.com", "ẞtraße@bücher.example", "İ@example.com", "ﬀ@example.com"]
        {
            let key = EmailAddress::parse(text).unwrap().key().to_owned();
            assert_eq!(EmailAddress::parse(&key).unwrap().key(), key, "{text}");
        }
    }

    #[cfg(feature = "canonical")]
    #[test]
    fn what_turns_into_another_address_is_none() {
        for text in
            ["ann＠example.org@example.com", "ann´@example.com", "…@example.com", "ͺ@example.com", "⑴@example.com"]
        {
            assert_eq!(EmailAddress::parse(text), Err(NotAnEmail::Syntax), "{text}");
        }
    }

    #[cfg(feature = "canonical")]
    #[test]
    fn on_the_wire_the_domain_is_ascii_and_the_local_part_untouched() {
        let wire = |text: &str| EmailAddress::parse(text).unwrap().on_the_wire();
        assert_eq!(wire("Ann@Bücher.example"), "Ann@xn--bcher-kva.example");
        assert_eq!(wire("юлия@example.com"), "юлия@example.com");
    }
}

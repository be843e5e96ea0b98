//! Signs letters (DKIM: RFC 6376, RFC 8463), so that the mail servers of those who get them see that nobody else wrote them.
//!
//! Written here, on the TLS library that sends the letters, because `mail-auth` signs with a DNS resolver beside it or, in
//! pure Rust, with `rsa`, the time of whose private key operations tells of the key (RUSTSEC-2023-0071). A verifier that
//! shares no line with it reads every letter in the tests.

mod canonical;
mod keys;

use std::path::{Path, PathBuf};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use rekey_shared::email_address::EmailAddress;
use sha2::{Digest as _, Sha256};

use crate::clock::Timestamp;
use crate::config::ConfigError;
use keys::Key;

/// What RFC 6376 5.4.1 recommends and Rekey's letters have or could be given on the way. Each is named once more than it is
/// there (5.4.2): a second From that somebody adds breaks the signature.
const SIGNED: [&str; 10] =
    ["From", "Reply-To", "To", "Cc", "Subject", "Date", "Message-ID", "MIME-Version", "Content-Type", "Auto-Submitted"];

const DOMAIN: &str = "REKEY_DKIM_DOMAIN";
const SELECTOR: &str = "REKEY_DKIM_SELECTOR";
const KEY_FILE: &str = "REKEY_DKIM_KEY_FILE";

/// The keys, and the domain that answers for letters.
#[derive(Clone, Debug)]
pub struct Dkim {
    file: PathBuf,
    domain: String,
    /// With the selector of each.
    keys: Vec<(String, Key)>,
}

/// What the operator publishes, so that a key's signatures can be verified.
pub struct TxtRecord {
    pub name: String,
    pub value: String,
}

impl TxtRecord {
    /// As zone files and most providers want it: a string of the DNS has 255 bytes at most, and verifiers join them.
    #[must_use]
    pub fn quoted(&self) -> String {
        let strings = self.value.as_bytes().chunks(255).map(|part| format!("\"{}\"", String::from_utf8_lossy(part)));
        strings.collect::<Vec<_>>().join(" ")
    }
}

impl Dkim {
    /// Reads the three settings, of which all or none are given.
    ///
    /// # Errors
    /// [`ConfigError`] names the setting and says what to do.
    pub(crate) fn from_settings(
        domain: Option<&str>,
        selectors: Option<&str>,
        key_file: Option<&Path>,
        sender: &EmailAddress,
    ) -> Result<Option<Self>, ConfigError> {
        let (domain, selectors, key_file) = match (domain, selectors, key_file) {
            (None, None, None) => return Ok(None),
            (Some(domain), Some(selectors), Some(key_file)) => (domain, selectors, key_file),
            (None, ..) => return Err(missing(DOMAIN)),
            (_, None, _) => return Err(missing(SELECTOR)),
            (.., None) => return Err(missing(KEY_FILE)),
        };
        let domain = aligned(domain, sender).map_err(|problem| ConfigError::new(DOMAIN, problem))?;
        let selectors: Vec<_> = selectors.split(',').map(str::trim).collect();
        if let Some(bad) = selectors.iter().find(|selector| !is_selector(selector)) {
            return Err(ConfigError::new(
                SELECTOR,
                format!("{bad:?} is no selector: letters, digits and hyphens, such as rekey2026"),
            ));
        }
        let keys = keys::read(key_file).map_err(|problem| ConfigError::new(KEY_FILE, problem))?;
        if keys.len() != selectors.len() {
            return Err(ConfigError::new(
                SELECTOR,
                format!(
                    "selectors: {}, keys in {}: {}; each key has a selector of its own, in the order of the file",
                    selectors.len(),
                    key_file.display(),
                    keys.len()
                ),
            ));
        }
        let keys = selectors.into_iter().map(str::to_owned).zip(keys).collect();
        Ok(Some(Self { file: key_file.to_owned(), domain, keys }))
    }

    /// The letter with a signature by each key before it.
    ///
    /// # Errors
    /// What the cryptography says, in one sentence.
    pub(crate) fn sign(&self, letter: &[u8], now: Timestamp) -> Result<Vec<u8>, String> {
        let (head, body) = canonical::parts(letter);
        let body_hash = STANDARD.encode(Sha256::digest(canonical::body(body)));
        let mut signed = Vec::with_capacity(letter.len() + 1024 * self.keys.len());
        for (selector, key) in &self.keys {
            let signature = self.signature(selector, key, head, &body_hash, now)?;
            signed.extend_from_slice(signature.as_bytes());
        }
        signed.extend_from_slice(letter);
        Ok(signed)
    }

    fn signature(
        &self,
        selector: &str,
        key: &Key,
        head: &[u8],
        body_hash: &str,
        now: Timestamp,
    ) -> Result<String, String> {
        let headers = canonical::headers(head);
        let named = SIGNED.map(|name| {
            let there = headers.iter().filter(|header| header.is_named(name)).count();
            (name, there)
        });
        let list: Vec<_> = named.iter().flat_map(|(name, there)| std::iter::repeat_n(*name, there + 1)).collect();
        let unsigned = format!(
            "DKIM-Signature: v=1; a={}; c=relaxed/relaxed;\r\n\td={}; s={selector};\r\n\tt={};\r\n\th={};\r\n\tbh={body_hash};\r\n\tb=",
            key.algorithm(),
            self.domain,
            now.and_utc().timestamp(),
            list.chunks(6).map(|names| names.join(":")).collect::<Vec<_>>().join(":\r\n\t "),
        );
        // From the last to the first of a name (5.4.2); the one too many adds nothing.
        let mut data = Vec::new();
        for (name, _) in named {
            for header in headers.iter().rev().filter(|header| header.is_named(name)) {
                data.extend_from_slice(&header.canonical());
                data.extend_from_slice(b"\r\n");
            }
        }
        data.extend_from_slice(&canonical::Header::of(unsigned.as_bytes()).canonical());
        let signature = STANDARD.encode(key.sign(&data)?);
        // Characters of base64 are one byte each.
        let lines: Vec<_> = signature.as_bytes().chunks(72).map(String::from_utf8_lossy).collect();
        Ok(format!("{unsigned}{}\r\n", lines.join("\r\n\t")))
    }

    /// Where the keys are.
    #[must_use]
    pub fn file(&self) -> &Path {
        &self.file
    }

    /// One for each key, as the DNS must have it.
    pub fn records(&self) -> impl Iterator<Item = TxtRecord> {
        self.keys.iter().map(|(selector, key)| TxtRecord {
            name: format!("{selector}._domainkey.{}", self.domain),
            value: key.record(),
        })
    }
}

fn missing(setting: &'static str) -> ConfigError {
    ConfigError::new(
        setting,
        format!("it is missing: {DOMAIN}, {SELECTOR} and {KEY_FILE} go together, or none of them"),
    )
}

/// The domain as the DNS knows it. A signature of a domain that is not the sender's says nothing to DMARC (RFC 7489 3.1.1);
/// one above or below it counts, unless the domain's owner wants it strict.
fn aligned(domain: &str, sender: &EmailAddress) -> Result<String, String> {
    let parsed = EmailAddress::parse(&format!("dkim@{domain}")).map_err(|_| format!("{domain:?} is no domain"))?;
    let (domain, sender) = (domain_of(&parsed), domain_of(sender));
    let lies_below = |lower: &str, upper: &str| lower.strip_suffix(upper).is_some_and(|rest| rest.ends_with('.'));
    if domain == sender || lies_below(&sender, &domain) || lies_below(&domain, &sender) {
        return Ok(domain);
    }
    Err(format!(
        "{domain} does not answer for letters from {sender}, the domain of REKEY_MAIL_FROM, so DMARC would not count the \
         signature: name {sender} or a domain above it"
    ))
}

fn domain_of(address: &EmailAddress) -> String {
    address.on_the_wire().rsplit_once('@').map(|(_, domain)| domain.to_ascii_lowercase()).unwrap_or_default()
}

/// RFC 6376 3.1: labels with dots between.
fn is_selector(text: &str) -> bool {
    text.len() <= 63
        && text.split('.').all(|label| {
            !label.is_empty()
                && !label.starts_with('-')
                && !label.ends_with('-')
                && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
        })
}

//! Random tokens that mean nothing by themselves, and the fingerprints under which the database knows them.

use std::fmt::Write as _;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use rand::CryptoRng;
use rekey_shared::secret::Secret;
use sha2::{Digest, Sha256};

/// Bytes of a token.
pub const BYTES: usize = 18;

/// 144 random bits as 24 characters of URL-safe Base64 without padding.
///
/// More than the 128 bits that ASVS 11.5.1 asks for; a multiple of three bytes, so that no "=" appears, which
/// quoted-printable would tear apart in a letter.
#[must_use]
pub fn generate(rng: &mut impl CryptoRng) -> Secret {
    let mut bytes = [0; BYTES];
    rng.fill_bytes(&mut bytes);
    Secret::from(URL_SAFE_NO_PAD.encode(bytes))
}

/// SHA-256 in hex. A plain hash is enough for a secret of 90 bits and more (ASVS 6.5.2): nobody can try them all.
#[must_use]
pub fn fingerprint(secret: &str) -> String {
    let digest = Sha256::digest(secret.as_bytes());
    digest.iter().fold(String::with_capacity(64), |mut hex, byte| {
        // Writing to a String cannot fail.
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_24_characters_that_no_mail_program_breaks() {
        let token = generate(&mut rand::rng());
        assert_eq!(token.expose().len(), 24);
        assert!(token.expose().chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_'));
        assert_ne!(token, generate(&mut rand::rng()));
    }

    #[test]
    fn a_fingerprint_is_the_sha256() {
        assert_eq!(fingerprint("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    }
}

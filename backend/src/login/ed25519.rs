//! The signatures of tokens: Ed25519 and nothing else. The providers that jsonwebtoken brings know RSA and three other curves
//! as well, code that would lie in the program, and in its memory, for nobody; and RSA's private key operations take a time
//! that tells of the key (RUSTSEC-2023-0071).

use ed25519_dalek::pkcs8::DecodePrivateKey as _;
use ed25519_dalek::{PUBLIC_KEY_LENGTH, Signature, SigningKey, VerifyingKey};
use jsonwebtoken::crypto::{CryptoProvider, JwtSigner, JwtVerifier, KeyUtils};
use jsonwebtoken::errors::{ErrorKind, Result};
use jsonwebtoken::signature::{Error, Signer, Verifier};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey};

static ONLY: CryptoProvider = CryptoProvider {
    signer_factory: |algorithm, key| signer(*algorithm, key),
    verifier_factory: |algorithm, key| verifier(*algorithm, key),
    // They make JWKs of private keys, which Rekey does by itself.
    key_utils: KeyUtils::new_unimplemented(),
};

/// Has all tokens of this process signed and verified so.
pub(super) fn install() {
    // An error: it is there already.
    let _ = ONLY.install_default();
}

struct Signs(SigningKey);

fn signer(algorithm: Algorithm, key: &EncodingKey) -> Result<Box<dyn JwtSigner>> {
    if algorithm != Algorithm::EdDSA {
        return Err(ErrorKind::InvalidAlgorithm.into());
    }
    let key = SigningKey::from_pkcs8_der(key.as_bytes()).map_err(|_| ErrorKind::InvalidEddsaKey)?;
    Ok(Box::new(Signs(key)))
}

impl Signer<Vec<u8>> for Signs {
    fn try_sign(&self, message: &[u8]) -> std::result::Result<Vec<u8>, Error> {
        Ok(self.0.try_sign(message)?.to_vec())
    }
}

impl JwtSigner for Signs {
    fn algorithm(&self) -> Algorithm {
        Algorithm::EdDSA
    }
}

struct Verifies(VerifyingKey);

fn verifier(algorithm: Algorithm, key: &DecodingKey) -> Result<Box<dyn JwtVerifier>> {
    if algorithm != Algorithm::EdDSA {
        return Err(ErrorKind::InvalidAlgorithm.into());
    }
    let bytes =
        <&[u8; PUBLIC_KEY_LENGTH]>::try_from(key.try_get_as_bytes()?).map_err(|_| ErrorKind::InvalidEddsaKey)?;
    let key = VerifyingKey::from_bytes(bytes).map_err(|_| ErrorKind::InvalidEddsaKey)?;
    Ok(Box::new(Verifies(key)))
}

impl Verifier<Vec<u8>> for Verifies {
    fn verify(&self, message: &[u8], signature: &Vec<u8>) -> std::result::Result<(), Error> {
        self.0.verify(message, &Signature::from_slice(signature)?)
    }
}

impl JwtVerifier for Verifies {
    fn algorithm(&self) -> Algorithm {
        Algorithm::EdDSA
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bytes(hex: &str) -> Vec<u8> {
        (0..hex.len()).step_by(2).map(|at| u8::from_str_radix(&hex[at..at + 2], 16).unwrap()).collect()
    }

    #[test]
    fn signatures_are_those_of_rfc_8037() {
        install();
        // A.1: d, as PKCS#8 (RFC 8410 7); x; A.4: what is signed, and the signature.
        let private =
            bytes("302e020100300506032b6570042204209d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60");
        let message = "eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc";
        let signed = "hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg";
        let key = EncodingKey::from_ed_der(&private);
        assert_eq!(jsonwebtoken::crypto::sign(message.as_bytes(), &key, Algorithm::EdDSA).unwrap(), signed);
        let key = DecodingKey::from_ed_components("11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo").unwrap();
        let verified =
            |text: &str| jsonwebtoken::crypto::verify(signed, text.as_bytes(), &key, Algorithm::EdDSA).unwrap();
        assert!(verified(message));
        assert!(!verified(&message.replace('R', "S")));
    }

    #[test]
    fn there_is_no_other_algorithm() {
        install();
        let (secret, public) = (EncodingKey::from_secret(b"secret"), DecodingKey::from_secret(b"secret"));
        assert!(jsonwebtoken::crypto::sign(b"", &secret, Algorithm::HS256).is_err());
        assert!(jsonwebtoken::crypto::verify("", b"", &public, Algorithm::HS256).is_err());
        let short = DecodingKey::from_ed_der(&[0; 31]);
        assert!(jsonwebtoken::crypto::verify("", b"", &short, Algorithm::EdDSA).is_err());
    }
}

use std::fmt;
use std::path::Path;
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use rustls::pki_types::PrivateKeyDer;
use rustls::pki_types::pem::PemObject as _;
use rustls::{SignatureAlgorithm, SignatureScheme, crypto::ring::sign::any_supported_type, sign::SigningKey};
use sha2::{Digest as _, Sha256};

/// The public part of an Ed25519 key, at the end of its DER form.
const ED25519_BYTES: usize = 32;

/// A key that signs letters.
#[derive(Clone)]
pub(super) struct Key {
    signing: Arc<dyn SigningKey>,
    kind: Kind,
}

#[derive(Clone, Copy)]
enum Kind {
    Rsa,
    Ed25519,
}

impl fmt::Debug for Key {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.algorithm())
    }
}

/// The keys of a PEM file, RSA of 2048 bits or more (RFC 8301 3.2) and Ed25519, in their order.
pub(super) fn read(file: &Path) -> Result<Vec<Key>, String> {
    let shown = file.display();
    let pem = std::fs::read(file).map_err(|error| format!("cannot read {shown}: {error}"))?;
    let keys = PrivateKeyDer::pem_slice_iter(&pem)
        .map(|der| {
            let der = der.map_err(|error| format!("{shown} is no PEM: {error}"))?;
            Key::new(&der).ok_or_else(|| format!("a key in {shown} is neither RSA of 2048 to 4096 bits nor Ed25519"))
        })
        .collect::<Result<Vec<_>, _>>()?;
    if keys.is_empty() {
        return Err(format!("{shown} holds no private key in PEM without a password, RSA or Ed25519"));
    }
    Ok(keys)
}

impl Key {
    fn new(der: &PrivateKeyDer<'_>) -> Option<Self> {
        let signing = any_supported_type(der).ok()?;
        let kind = match signing.algorithm() {
            SignatureAlgorithm::RSA => Kind::Rsa,
            SignatureAlgorithm::ED25519 => Kind::Ed25519,
            _ => return None,
        };
        Some(Self { signing, kind })
    }

    /// As the tag `a=` names it.
    pub(super) fn algorithm(&self) -> &'static str {
        match self.kind {
            Kind::Rsa => "rsa-sha256",
            Kind::Ed25519 => "ed25519-sha256",
        }
    }

    pub(super) fn sign(&self, data: &[u8]) -> Result<Vec<u8>, String> {
        let (scheme, data) = match self.kind {
            Kind::Rsa => (SignatureScheme::RSA_PKCS1_SHA256, data.to_vec()),
            // RFC 8463 3: what is signed is the hash.
            Kind::Ed25519 => (SignatureScheme::ED25519, Sha256::digest(data).to_vec()),
        };
        let signer = self.signing.choose_scheme(&[scheme]).ok_or("the key cannot sign so")?;
        signer.sign(&data).map_err(|error| error.to_string())
    }

    /// The public key for the DNS (RFC 6376 3.6.1, RFC 8463 4).
    pub(super) fn record(&self) -> String {
        let der = self.signing.public_key();
        let der = der.as_ref().map(AsRef::as_ref).unwrap_or_default();
        match self.kind {
            Kind::Rsa => format!("v=DKIM1; k=rsa; p={}", STANDARD.encode(der)),
            Kind::Ed25519 => {
                let raw = &der[der.len().saturating_sub(ED25519_BYTES)..];
                format!("v=DKIM1; k=ed25519; p={}", STANDARD.encode(raw))
            }
        }
    }
}

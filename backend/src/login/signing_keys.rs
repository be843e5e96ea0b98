//! The Ed25519 keys under the access tokens: the first signs, all verify.

use std::fmt::Write as _;
use std::io::{self, Write as _};
use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ed25519_dalek::SigningKey;
use ed25519_dalek::pkcs8::spki::der::pem::LineEnding;
use ed25519_dalek::pkcs8::{DecodePrivateKey, EncodePrivateKey};
use jsonwebtoken::{DecodingKey, EncodingKey};
use rand::Rng;
use sha2::{Digest, Sha256};

use crate::private_folder;

/// Why there are no keys.
#[derive(Debug, thiserror::Error)]
pub enum KeysError {
    #[error("cannot use the signing keys in {0}: {1}")]
    File(String, io::Error),
    #[error("{0} holds no Ed25519 key in PKCS#8 PEM")]
    Empty(String),
    #[error("a key in {0} is not Ed25519 in PKCS#8 PEM")]
    Unreadable(String),
}

/// The keys, read from their file.
pub struct SigningKeys {
    keys: Vec<Key>,
}

struct Key {
    id: String,
    signs: EncodingKey,
    verifies: DecodingKey,
}

impl SigningKeys {
    /// Reads the keys; at the first start makes one.
    ///
    /// # Errors
    /// [`KeysError`] names the file and what is wrong with it.
    pub fn load_or_create(file: &Path) -> Result<Self, KeysError> {
        let name = file.display().to_string();
        let fault = |error| KeysError::File(name.clone(), error);
        let pem = match std::fs::read_to_string(file) {
            Ok(pem) => pem,
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                create(file).map_err(fault)?;
                std::fs::read_to_string(file).map_err(fault)?
            }
            Err(error) => return Err(fault(error)),
        };
        let keys = blocks(&pem)
            .map(|block| Key::read(block).ok_or_else(|| KeysError::Unreadable(name.clone())))
            .collect::<Result<Vec<_>, _>>()?;
        if keys.is_empty() {
            return Err(KeysError::Empty(name));
        }
        Ok(Self { keys })
    }

    /// The key that signs, and its id.
    pub(crate) fn signing(&self) -> Option<(&str, &EncodingKey)> {
        self.keys.first().map(|key| (key.id.as_str(), &key.signs))
    }

    /// The key with this id.
    pub(crate) fn verifying(&self, id: &str) -> Option<&DecodingKey> {
        self.keys.iter().find(|key| key.id == id).map(|key| &key.verifies)
    }
}

impl Key {
    fn read(pem: &str) -> Option<Self> {
        let key = SigningKey::from_pkcs8_pem(pem).ok()?;
        let public = URL_SAFE_NO_PAD.encode(key.verifying_key().as_bytes());
        Some(Self {
            id: thumbprint(&public),
            signs: EncodingKey::from_ed_pem(pem.as_bytes()).ok()?,
            verifies: DecodingKey::from_ed_components(&public).ok()?,
        })
    }
}

/// The JWK thumbprint (RFC 7638; for Ed25519 RFC 8037 A.3): members in lexical order, no white space.
fn thumbprint(public: &str) -> String {
    let jwk = format!(r#"{{"crv":"Ed25519","kty":"OKP","x":"{public}"}}"#);
    URL_SAFE_NO_PAD.encode(Sha256::digest(jwk))
}

fn blocks(pem: &str) -> impl Iterator<Item = &str> {
    const END: &str = "-----END PRIVATE KEY-----";
    pem.split_inclusive(END)
        .filter_map(|block| block.find("-----BEGIN").map(|start| &block[start..]))
}

/// Makes the file by link(2) of a finished one: of several processes that start together the first wins, and none reads
/// half a key.
fn create(file: &Path) -> io::Result<()> {
    use std::os::unix::fs::OpenOptionsExt;

    let folder = file
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty())
        .unwrap_or(Path::new("."));
    private_folder::create(folder)?;
    let mut seed = [0; 32];
    rand::rng().fill_bytes(&mut seed);
    let pem = SigningKey::from_bytes(&seed)
        .to_pkcs8_pem(LineEnding::LF)
        .map_err(io::Error::other)?;

    let mut unique = String::from(".signing-keys-");
    // Writing to a String cannot fail.
    let _ = write!(unique, "{}", uuid::Uuid::now_v7());
    let temporary = folder.join(unique);
    let mut options = std::fs::OpenOptions::new();
    let mut handle = options.write(true).create_new(true).mode(0o600).open(&temporary)?;
    handle.write_all(pem.as_bytes())?;
    handle.sync_all()?;
    let linked = std::fs::hard_link(&temporary, file);
    std::fs::remove_file(&temporary)?;
    match linked {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    #[test]
    fn the_thumbprint_is_that_of_rfc_8037() {
        assert_eq!(
            thumbprint("11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"),
            "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k"
        );
    }

    #[test]
    fn of_several_starts_the_first_makes_the_key_for_all() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("data/keys.pem");
        let ids: Vec<String> = std::thread::scope(|scope| {
            let starts: Vec<_> = (0..8)
                .map(|_| {
                    scope.spawn(|| {
                        SigningKeys::load_or_create(&file)
                            .unwrap()
                            .signing()
                            .unwrap()
                            .0
                            .to_owned()
                    })
                })
                .collect();
            starts.into_iter().map(|start| start.join().unwrap()).collect()
        });
        assert!(ids.iter().all(|id| *id == ids[0]));
        assert_eq!(std::fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
        assert_eq!(std::fs::read_dir(file.parent().unwrap()).unwrap().count(), 1);
    }

    #[test]
    fn a_file_without_a_key_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("keys.pem");
        std::fs::write(&file, "nothing").unwrap();
        let error = SigningKeys::load_or_create(&file).err().unwrap().to_string();
        assert!(error.contains("keys.pem"), "{error}");
    }
}

//! The Ed25519 keys under the access tokens: the first signs, all verify.

use std::io::{self, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::time::{Duration, Instant};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ed25519_dalek::SigningKey;
use ed25519_dalek::pkcs8::spki::der::pem::LineEnding;
use ed25519_dalek::pkcs8::{DecodePrivateKey, EncodePrivateKey};
use hmac::{Hmac, KeyInit, Mac};
use jsonwebtoken::{DecodingKey, EncodingKey};
use rand::Rng;
use rekey_shared::secret::Secret;
use serde::Serialize;
use sha2::{Digest, Sha256};

use super::ed25519;
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

/// Keys that the file holds at most: the one that signs, and those whose tokens may still be about.
const KEPT: usize = 5;
/// A key that nobody knows is looked for in the file this often at most.
const LOOK: Duration = Duration::from_secs(1);

/// The keys, as the file had them when it was last read.
pub struct SigningKeys {
    file: PathBuf,
    keys: RwLock<Arc<Vec<Key>>>,
    looked: Mutex<Instant>,
}

/// One key.
pub(crate) struct Key {
    pub(crate) id: String,
    pub(crate) signs: EncodingKey,
    pub(crate) verifies: DecodingKey,
    /// Of the HMAC that makes refresh tokens: another use, another key.
    pub(crate) refresh: Secret,
    /// Of the MAC in the tools' cookie.
    pub(crate) tools: Secret,
    public: String,
}

impl SigningKeys {
    /// Reads the keys; at the first start makes one.
    ///
    /// # Errors
    /// [`KeysError`] names the file and what is wrong with it.
    pub fn load_or_create(file: &Path) -> Result<Self, KeysError> {
        ed25519::install();
        if !file.exists() {
            create(file).map_err(|error| KeysError::File(file.display().to_string(), error))?;
        }
        Ok(Self { keys: RwLock::new(Arc::new(read(file)?)), file: file.to_owned(), looked: Mutex::new(Instant::now()) })
    }

    /// All keys; the first one signs.
    pub(crate) fn all(&self) -> Arc<Vec<Key>> {
        Arc::clone(&self.keys.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Reads the file again. What cannot be read leaves the keys as they are.
    pub(crate) fn reload(&self) {
        match read(&self.file) {
            Ok(keys) => *self.keys.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(keys),
            Err(error) => tracing::error!(error.cause = %error, "signing_keys.unreadable"),
        }
    }

    /// Reads the file again for the sake of a key that is not known: another instance may have signed with a newer one.
    pub(crate) fn reload_for_unknown(&self) {
        {
            let mut looked = self.looked.lock().unwrap_or_else(PoisonError::into_inner);
            if looked.elapsed() < LOOK {
                return;
            }
            *looked = Instant::now();
        }
        self.reload();
    }

    /// The public keys (RFC 7517, RFC 8037).
    pub(crate) fn jwks(&self) -> KeySet {
        let keys = self.all();
        let public = |key: &Key| PublicKey {
            kty: "OKP",
            crv: "Ed25519",
            x: key.public.clone(),
            kid: key.id.clone(),
            purpose: "sig",
            alg: "EdDSA",
        };
        KeySet { keys: keys.iter().map(public).collect() }
    }
}

/// `GET /.well-known/jwks.json` (RFC 7517).
#[derive(Serialize, utoipa::ToSchema)]
#[schema(examples(json!({ "keys": [{
    "kty": "OKP", "crv": "Ed25519", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo",
    "kid": "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k", "use": "sig", "alg": "EdDSA"
}] })))]
pub(crate) struct KeySet {
    /// All keys that verify.
    keys: Vec<PublicKey>,
}

/// A key that verifies access tokens (RFC 8037).
#[derive(Serialize, utoipa::ToSchema)]
struct PublicKey {
    /// `OKP`.
    kty: &'static str,
    /// `Ed25519`.
    crv: &'static str,
    /// The key.
    x: String,
    /// Its thumbprint (RFC 7638), by which tokens name it.
    kid: String,
    /// `sig`.
    #[serde(rename = "use")]
    purpose: &'static str,
    /// `EdDSA`.
    alg: &'static str,
}

fn read(file: &Path) -> Result<Vec<Key>, KeysError> {
    let name = file.display().to_string();
    let pem = std::fs::read_to_string(file).map_err(|error| KeysError::File(name.clone(), error))?;
    let keys = blocks(&pem)
        .map(|block| Key::read(block).ok_or_else(|| KeysError::Unreadable(name.clone())))
        .collect::<Result<Vec<_>, _>>()?;
    if keys.is_empty() { Err(KeysError::Empty(name)) } else { Ok(keys) }
}

/// How many keys the file holds. Makes none.
///
/// # Errors
/// [`KeysError`] names the file and what is wrong with it.
pub fn count(file: &Path) -> Result<usize, KeysError> {
    Ok(read(file)?.len())
}

/// Puts a new key first, and tells its id. The older ones go on verifying.
///
/// # Errors
/// [`KeysError`] names the file and what is wrong with it.
pub fn rotate(file: &Path) -> Result<String, KeysError> {
    SigningKeys::load_or_create(file)?;
    let fault = |error| KeysError::File(file.display().to_string(), error);
    let pem = std::fs::read_to_string(file).map_err(fault)?;
    let new = new_pem().map_err(fault)?;
    let kept: Vec<&str> = std::iter::once(new.trim_end()).chain(blocks(&pem)).take(KEPT).collect();
    let finished = written_beside(file, &(kept.join("\n") + "\n")).map_err(fault)?;
    // Whoever reads meanwhile has the old file or the new one, never half of one.
    std::fs::rename(finished, file).map_err(fault)?;
    Ok(read(file)?.swap_remove(0).id)
}

impl Key {
    fn read(pem: &str) -> Option<Self> {
        let key = SigningKey::from_pkcs8_pem(pem).ok()?;
        let public = URL_SAFE_NO_PAD.encode(key.verifying_key().as_bytes());
        let derived = |purpose: &[u8]| {
            let mut derived = Hmac::<Sha256>::new_from_slice(key.as_bytes()).ok()?;
            derived.update(purpose);
            Some(Secret::from(URL_SAFE_NO_PAD.encode(derived.finalize().into_bytes())))
        };
        Some(Self {
            refresh: derived(b"rekey refresh tokens")?,
            tools: derived(b"rekey tools cookie")?,
            id: thumbprint(&public),
            signs: EncodingKey::from_ed_der(key.to_pkcs8_der().ok()?.as_bytes()),
            verifies: DecodingKey::from_ed_components(&public).ok()?,
            public,
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
    pem.split_inclusive(END).filter_map(|block| block.find("-----BEGIN").map(|start| &block[start..]))
}

/// Makes the file by link(2) of a finished one: of several processes that start together the first wins, and none reads
/// half a key.
fn create(file: &Path) -> io::Result<()> {
    private_folder::create(folder_of(file))?;
    let finished = written_beside(file, &new_pem()?)?;
    let linked = std::fs::hard_link(&finished, file);
    std::fs::remove_file(&finished)?;
    match linked {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
        other => other,
    }
}

fn new_pem() -> io::Result<String> {
    let mut seed = [0; 32];
    rand::rng().fill_bytes(&mut seed);
    let pem = SigningKey::from_bytes(&seed).to_pkcs8_pem(LineEnding::LF).map_err(io::Error::other)?;
    Ok(pem.to_string())
}

/// Writes a file of a name of its own in the same folder, for its owner's eyes only.
fn written_beside(file: &Path, text: &str) -> io::Result<PathBuf> {
    let temporary = folder_of(file).join(format!(".signing-keys-{}", uuid::Uuid::now_v7()));
    let mut options = std::fs::OpenOptions::new();
    let mut handle = options.write(true).create_new(true).mode(0o600).open(&temporary)?;
    handle.write_all(text.as_bytes())?;
    handle.sync_all()?;
    Ok(temporary)
}

fn folder_of(file: &Path) -> &Path {
    file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
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
                .map(|_| scope.spawn(|| SigningKeys::load_or_create(&file).unwrap().all()[0].id.clone()))
                .collect();
            starts.into_iter().map(|start| start.join().unwrap()).collect()
        });
        assert!(ids.iter().all(|id| *id == ids[0]));
        assert_eq!(std::fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
        assert_eq!(std::fs::read_dir(file.parent().unwrap()).unwrap().count(), 1);
    }

    #[test]
    fn a_new_key_comes_first_and_the_older_ones_stay_for_a_while() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("keys.pem");
        let keys = SigningKeys::load_or_create(&file).unwrap();
        let first = keys.all()[0].id.clone();
        let second = rotate(&file).unwrap();
        assert_ne!(first, second);
        keys.reload();
        let ids: Vec<_> = keys.all().iter().map(|key| key.id.clone()).collect();
        assert_eq!(ids, [second, first]);
        for _ in 0..KEPT {
            rotate(&file).unwrap();
        }
        keys.reload();
        assert_eq!(keys.all().len(), KEPT);
        assert_eq!(std::fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
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

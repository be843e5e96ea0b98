//! Tokens whose signature was found good. To check an Ed25519 signature takes longer than all the rest of a call, and the
//! same token comes with each of them. That a key was taken away, that a token is over and that its session has ended is
//! seen all the same: those are looked at every time.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use sha2::{Digest, Sha256};

use super::access_token::Claims;

/// As many as are kept, about a mebibyte. When there are more, it begins anew: whoever is forgotten is checked again.
const MOST: usize = 4096;

/// By the token's SHA-256, so that no token lies about in memory: the id of the key that signed it, and what it says.
#[derive(Default)]
pub(super) struct VerifiedTokens(Mutex<HashMap<[u8; 32], (String, Claims)>>);

impl VerifiedTokens {
    /// What a token says, if it was found good under a key that still counts.
    pub(super) fn find(&self, token: &str, counts: impl FnOnce(&str) -> bool) -> Option<Claims> {
        let tokens = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (key_id, claims) = tokens.get(&fingerprint(token))?;
        counts(key_id).then(|| claims.clone())
    }

    /// Remembers one that was found good.
    pub(super) fn insert(&self, token: &str, key_id: &str, claims: &Claims) {
        let mut tokens = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if tokens.len() >= MOST {
            tokens.clear();
        }
        tokens.insert(fingerprint(token), (key_id.to_owned(), claims.clone()));
    }
}

fn fingerprint(token: &str) -> [u8; 32] {
    Sha256::digest(token).into()
}

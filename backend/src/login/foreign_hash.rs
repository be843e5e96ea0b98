//! Hashes that other systems made of their people's passwords, so that these people come along with an import. The first
//! right login puts Rekey's own hash in such a one's place.
//!
//! What a hash costs is written in it, and whoever writes it would say how long this server works for each login. So an
//! import takes only what is within bounds, and so does a login, whatever lies in the database.

mod derived;
#[cfg(test)]
mod known_answers;

use std::str::FromStr as _;

use argon2::password_hash::PasswordVerifier as _;
use argon2::password_hash::phc::PasswordHash;
use argon2::{Algorithm, Argon2, Params};

use crate::opaque_token::fingerprint;
use derived::Derived;

const ARGON2_KIB: u32 = 256 * 1024;
const ARGON2_PASSES: u32 = 10;
const ARGON2_LANES: u32 = 16;
const BCRYPT_COST: std::ops::RangeInclusive<u32> = 4..=14;

/// Bytes of a hash; of a shorter one, or of none at all, too many passwords would be the right one.
const SHORTEST: usize = 16;

/// Why a hash is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotTaken {
    #[error(
        "not a hash that Rekey knows; it knows Argon2, bcrypt, scrypt and PBKDF2, as PHC strings and as Django has them"
    )]
    Unknown,
    #[error("this {0} hash is damaged, or shorter than 16 bytes")]
    Damaged(&'static str),
    #[error("this hash would cost too much at each login; the most is {0}")]
    TooCostly(&'static str),
}

/// A hash that another system made.
pub struct ForeignHash(Function);

enum Function {
    Argon2(PasswordHash),
    /// As a crypt string.
    Bcrypt(String),
    /// Django's `bcrypt_sha256`: of the SHA-256 in hex, so that more than 72 bytes count.
    BcryptOfSha256(String),
    Derived(Derived),
}

impl ForeignHash {
    /// Reads a hash.
    ///
    /// # Errors
    /// [`NotTaken`] says why not.
    pub fn parse(text: &str) -> Result<Self, NotTaken> {
        // Django writes its own name of the function before the hash.
        let function = if let Some(crypt) = text.strip_prefix("bcrypt_sha256$") {
            Function::BcryptOfSha256(bcrypt(crypt)?)
        } else if let Some(phc) = text.strip_prefix("argon2").filter(|phc| phc.starts_with("$argon2")) {
            Function::Argon2(argon2(phc)?)
        } else if text.starts_with("$argon2") {
            Function::Argon2(argon2(text)?)
        } else if let Some(crypt) = Some(text.strip_prefix("bcrypt$").unwrap_or(text)).filter(|crypt| is_bcrypt(crypt))
        {
            Function::Bcrypt(bcrypt(crypt)?)
        } else {
            Function::Derived(Derived::parse(text)?)
        };
        Ok(Self(function))
    }

    /// The form in which it is stored. An Argon2 hash gets Django's name before it: with today's parameters it would pass
    /// for one of Rekey's own, which are of the normalised password.
    #[must_use]
    pub fn stored(text: &str) -> String {
        if text.starts_with("$argon2") { format!("argon2{text}") } else { text.to_owned() }
    }

    /// Whether it is the hash of this password.
    #[must_use]
    pub fn fits(&self, password: &str) -> bool {
        match &self.0 {
            Function::Argon2(hash) => Argon2::default().verify_password(password.as_bytes(), hash).is_ok(),
            Function::Bcrypt(hash) => bcrypt::verify(password, hash).is_ok_and(|fits| fits),
            Function::BcryptOfSha256(hash) => bcrypt::verify(fingerprint(password), hash).is_ok_and(|fits| fits),
            Function::Derived(derived) => derived.fits(password.as_bytes()),
        }
    }
}

fn argon2(text: &str) -> Result<PasswordHash, NotTaken> {
    const DAMAGED: NotTaken = NotTaken::Damaged("Argon2");
    let mut hash = PasswordHash::new(text).map_err(|_| DAMAGED)?;
    let params = Params::try_from(&hash).map_err(|_| DAMAGED)?;
    let is_whole = hash.salt.is_some() && hash.hash.as_ref().is_some_and(|output| output.len() >= SHORTEST);
    if Algorithm::new(hash.algorithm).is_err() || !is_whole {
        return Err(DAMAGED);
    }
    // Written before there was a second version.
    hash.version.get_or_insert(16);
    if params.m_cost() > ARGON2_KIB || params.t_cost() > ARGON2_PASSES || params.p_cost() > ARGON2_LANES {
        return Err(NotTaken::TooCostly("256 MiB, 10 passes and 16 lanes for Argon2"));
    }
    Ok(hash)
}

/// `$2x$` is not among them: it marks the hashes of an old fault.
fn is_bcrypt(text: &str) -> bool {
    ["$2a$", "$2b$", "$2y$"].iter().any(|prefix| text.starts_with(prefix))
}

fn bcrypt(text: &str) -> Result<String, NotTaken> {
    let parts =
        bcrypt::HashParts::from_str(text).ok().filter(|_| is_bcrypt(text)).ok_or(NotTaken::Damaged("bcrypt"))?;
    match parts.get_cost() {
        cost if BCRYPT_COST.contains(&cost) => Ok(text.to_owned()),
        cost if cost < *BCRYPT_COST.start() => Err(NotTaken::Damaged("bcrypt")),
        _ => Err(NotTaken::TooCostly("14 for the cost of bcrypt")),
    }
}

//! The access token: a JWT (RFC 9068) that names a session. It proves who asks; whether the session still lives is read
//! from the database at every call.

use chrono::DateTime;
use jsonwebtoken::{Algorithm, Header, Validation};
use rekey_shared::secret::Secret;
use serde::{Deserialize, Serialize};

use super::signing_keys::SigningKeys;
use super::verified_tokens::VerifiedTokens;
use crate::clock::Timestamp;
use crate::error::Error;

/// Seconds for which an access token is good.
pub const LIFE_SECONDS: u32 = 15 * 60;

/// RFC 9068 2.1: the media type that keeps other JWTs of the same issuer from passing as access tokens.
const TYPE: &str = "at+jwt";

/// What a session may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Scope {
    /// Everything that the account may.
    Full,
    /// A mailed password logged in: only choosing an own one, and logging out.
    PasswordChange,
}

/// What the token says.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Claims {
    iss: String,
    aud: String,
    /// The account.
    pub sub: String,
    /// The session.
    pub sid: String,
    pub epoch: i64,
    pub scope: Scope,
    iat: i64,
    exp: i64,
}

/// Issues and checks access tokens.
pub struct AccessTokens {
    keys: SigningKeys,
    origin: String,
    validation: Validation,
    verified: VerifiedTokens,
}

impl AccessTokens {
    /// Issuer and audience are the public origin.
    #[must_use]
    pub fn new(keys: SigningKeys, origin: String) -> Self {
        let mut validation = Validation::new(Algorithm::EdDSA);
        validation.set_issuer(&[&origin]);
        validation.set_audience(&[&origin]);
        validation.set_required_spec_claims(&["exp", "aud", "iss", "sub"]);
        // By our own clock, below: the library asks the system.
        validation.validate_exp = false;
        Self { keys, origin, validation, verified: VerifiedTokens::default() }
    }

    /// A token for a session, good for [`LIFE_SECONDS`] from now.
    ///
    /// # Errors
    /// [`Error::Internal`] when signing fails.
    pub fn issue(
        &self,
        account_id: &str,
        session_id: &str,
        epoch: i64,
        scope: Scope,
        now: Timestamp,
    ) -> Result<Secret, Error> {
        let iat = now.and_utc().timestamp();
        let claims = Claims {
            iss: self.origin.clone(),
            aud: self.origin.clone(),
            sub: account_id.to_owned(),
            sid: session_id.to_owned(),
            epoch,
            scope,
            iat,
            exp: iat + i64::from(LIFE_SECONDS),
        };
        self.sign(TYPE, &claims)
    }

    /// A JWT of this type, by the key that signs now.
    pub(super) fn sign(&self, kind: &str, claims: &impl Serialize) -> Result<Secret, Error> {
        let keys = self.keys.all();
        let key = keys.first().ok_or_else(|| Error::Internal("no signing key".to_owned()))?;
        let mut header = Header::new(Algorithm::EdDSA);
        header.typ = Some(kind.to_owned());
        header.kid = Some(key.id.clone());
        jsonwebtoken::encode(&header, claims, &key.signs)
            .map(Secret::from)
            .map_err(|error| Error::Internal(format!("signing a token: {error}")))
    }

    /// The issuer.
    pub(super) fn origin(&self) -> &str {
        &self.origin
    }

    fn decode(&self, token: &str, key_id: &str) -> Option<Claims> {
        let keys = self.keys.all();
        let key = keys.iter().find(|key| key.id == key_id)?;
        Some(jsonwebtoken::decode::<Claims>(token, &key.verifies, &self.validation).ok()?.claims)
    }

    /// The keys behind the tokens.
    #[must_use]
    pub fn keys(&self) -> &SigningKeys {
        &self.keys
    }

    /// What a token says, if it is ours and has not expired.
    ///
    /// # Errors
    /// [`Error::Unauthenticated`] for every other token.
    pub fn verify(&self, token: &str, now: Timestamp) -> Result<Claims, Error> {
        let counts = |key_id: &str| self.keys.all().iter().any(|key| key.id == key_id);
        let claims = match self.verified.find(token, counts) {
            Some(claims) => claims,
            None => self.verify_anew(token)?,
        };
        match DateTime::from_timestamp(claims.exp, 0) {
            Some(expiry) if expiry.naive_utc() > now => Ok(claims),
            _ => Err(Error::Unauthenticated),
        }
    }

    fn verify_anew(&self, token: &str) -> Result<Claims, Error> {
        let header = jsonwebtoken::decode_header(token).map_err(|_| Error::Unauthenticated)?;
        if header.typ.as_deref() != Some(TYPE) {
            return Err(Error::Unauthenticated);
        }
        let id = header.kid.ok_or(Error::Unauthenticated)?;
        let claims = if let Some(claims) = self.decode(token, &id) {
            claims
        } else {
            self.keys.reload_for_unknown();
            self.decode(token, &id).ok_or(Error::Unauthenticated)?
        };
        self.verified.insert(token, &id, &claims);
        Ok(claims)
    }
}

#[cfg(test)]
mod tests {
    use base64::Engine as _;
    use base64::engine::general_purpose::URL_SAFE_NO_PAD;

    use super::*;
    use crate::clock::Clock;

    fn tokens(origin: &str) -> AccessTokens {
        let folder = tempfile::tempdir().unwrap();
        let keys = SigningKeys::load_or_create(&folder.path().join("keys.pem")).unwrap();
        AccessTokens::new(keys, origin.to_owned())
    }

    #[test]
    fn a_token_is_good_for_a_quarter_of_an_hour() {
        let (tokens, now) = (tokens("http://localhost"), Clock::system().now());
        let token = tokens.issue("account", "session", 3, Scope::Full, now).unwrap();
        let claims = tokens.verify(token.expose(), now).unwrap();
        assert_eq!((claims.sub.as_str(), claims.sid.as_str(), claims.epoch), ("account", "session", 3));
        assert!(tokens.verify(token.expose(), now + chrono::Duration::minutes(15)).is_err());
    }

    #[test]
    fn a_token_that_was_found_good_ends_with_its_key() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("keys.pem");
        let tokens = AccessTokens::new(SigningKeys::load_or_create(&file).unwrap(), "http://localhost".to_owned());
        let now = Clock::system().now();
        let token = tokens.issue("account", "session", 3, Scope::Full, now).unwrap();
        let is_good = || tokens.verify(token.expose(), now).is_ok_and(|claims| claims.sid == "session");
        assert!(is_good() && is_good());
        crate::login::signing_keys::rotate(&file).unwrap();
        tokens.keys().reload();
        assert!(is_good(), "the older key still counts");
        std::fs::remove_file(&file).unwrap();
        SigningKeys::load_or_create(&file).unwrap();
        tokens.keys().reload();
        assert!(!is_good(), "the key was taken away");
    }

    #[test]
    fn tokens_of_others_are_refused() {
        let now = Clock::system().now();
        let ours = tokens("http://localhost");
        let theirs = tokens("http://localhost").issue("account", "session", 3, Scope::Full, now).unwrap();
        assert!(ours.verify(theirs.expose(), now).is_err(), "another key");
        for token in ["", "a.b.c", "...", "\u{fe0f}"] {
            assert!(ours.verify(token, now).is_err(), "{token}");
        }
    }

    #[test]
    fn nobody_chooses_the_algorithm_or_the_claims() {
        let (tokens, now) = (tokens("http://localhost"), Clock::system().now());
        let good = tokens.issue("account", "session", 3, Scope::PasswordChange, now).unwrap();
        let parts: Vec<&str> = good.expose().split('.').collect();
        let header = String::from_utf8(URL_SAFE_NO_PAD.decode(parts[0]).unwrap()).unwrap();
        let none = URL_SAFE_NO_PAD.encode(header.replace("EdDSA", "none"));
        assert!(tokens.verify(&format!("{none}.{}.", parts[1]), now).is_err(), "algorithm none");
        let claims = String::from_utf8(URL_SAFE_NO_PAD.decode(parts[1]).unwrap()).unwrap();
        let wider = URL_SAFE_NO_PAD.encode(claims.replace("password_change", "full"));
        assert!(tokens.verify(&format!("{}.{wider}.{}", parts[0], parts[2]), now).is_err(), "a wider scope");
    }
}

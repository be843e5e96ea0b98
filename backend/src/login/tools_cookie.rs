//! The cookie that tools on other hosts get (`REKEY_COOKIE_DOMAIN`): the id of a browser's session, and a MAC over it.
//!
//! The session's own cookie stays `__Host-`, with Rekey alone. One cookie for all hosts would have been less to write,
//! but whoever answers on any of them could then take over the session, or plant one of their own in Rekey's pages. This
//! one opens nothing but `/forward-auth`.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit, Mac};
use rekey_shared::secret::Secret;
use sha2::Sha256;

use super::signing_keys::Key;
use crate::error::Error;

/// What a session's cookie says: made by the first key.
pub(super) fn of_session(keys: &[Key], session_id: &str) -> Result<Secret, Error> {
    let mac = keys.first().and_then(|key| mac(key, session_id));
    let mac = mac.ok_or_else(|| Error::Internal("no key for the tools' cookie".to_owned()))?;
    Ok(Secret::from(format!("{session_id}.{}", URL_SAFE_NO_PAD.encode(mac.finalize().into_bytes()))))
}

/// The session that a cookie names, if one of the keys made it. Whether the session lives is another question.
pub(super) fn session_of(keys: &[Key], cookie: &Secret) -> Option<String> {
    let (session_id, tag) = cookie.expose().split_once('.')?;
    let tag = URL_SAFE_NO_PAD.decode(tag).ok()?;
    let is_ours = |key: &Key| mac(key, session_id).is_some_and(|mac| mac.verify_slice(&tag).is_ok());
    keys.iter().any(is_ours).then(|| session_id.to_owned())
}

fn mac(key: &Key, session_id: &str) -> Option<Hmac<Sha256>> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key.tools.expose().as_bytes()).ok()?;
    mac.update(session_id.as_bytes());
    Some(mac)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::login::signing_keys::{SigningKeys, rotate};

    #[test]
    fn only_a_key_of_ours_makes_one_also_after_it_was_rotated() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("keys.pem");
        let ours = SigningKeys::load_or_create(&file).unwrap();
        let cookie = of_session(&ours.all(), "session").unwrap();
        assert_eq!(session_of(&ours.all(), &cookie).as_deref(), Some("session"));
        rotate(&file).unwrap();
        ours.reload();
        assert_eq!(session_of(&ours.all(), &cookie).as_deref(), Some("session"));
        let theirs = SigningKeys::load_or_create(&folder.path().join("theirs.pem")).unwrap();
        assert_eq!(session_of(&theirs.all(), &cookie), None);
    }

    #[test]
    fn a_cookie_that_was_changed_names_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let keys = SigningKeys::load_or_create(&folder.path().join("keys.pem")).unwrap().all();
        let cookie = of_session(&keys, "session").unwrap();
        let tag = cookie.expose().split_once('.').unwrap().1.to_owned();
        for changed in [
            "",
            ".",
            "session",
            "session.",
            &format!("sessioN.{tag}"),
            &format!(".{tag}"),
            &format!("session.{}", &tag[1..]),
        ] {
            assert_eq!(session_of(&keys, &Secret::from(changed.to_owned())), None, "{changed}");
        }
    }
}

use diesel::prelude::*;
use rand::{CryptoRng, RngExt};
use rekey_shared::admin::AuditEvent;
use rekey_shared::secret::Secret;

use crate::admin::audit::Event;
use crate::app::Rekey;
use crate::clock::{Timestamp, span};
use crate::db::schema::temporary_passwords;
use crate::db::{Db, DbError};
use crate::login::temporary_fingerprint;
use crate::mail::letters::{Letter, NewPassword};
use crate::mail::mint::{Minted, Together};
use crate::mail::queue::{Kind, Promise};

/// Letters and digits that nobody mistakes for each other: no 0 O o, 1 l I i, 2 Z z, 5 S s, 8 B, u v.
const ALPHABET: &[u8] = b"ACDEFGHJKLMNPQRTUVWXY34679abcdefghjkmnpqrtwxy";
const GROUPS: usize = 4;
const GROUP: usize = 6;

/// A password of 24 letters and digits in groups: 45 to the power of 24, 131 bits. ASVS 6.5.2 asks for 112 where a plain hash is
/// kept of it, and 11.5.1 for 128.
#[must_use]
pub fn generate(rng: &mut impl CryptoRng) -> Secret {
    let groups: Vec<String> = (0..GROUPS)
        .map(|_| (0..GROUP).map(|_| char::from(ALPHABET[rng.random_range(0..ALPHABET.len())])).collect())
        .collect();
    Secret::from(groups.join("-"))
}

/// Turns the promise of a password into a letter: makes the password and writes its fingerprint down. Earlier ones that
/// may have been delivered stay good until an own password is chosen.
pub fn mint(db: &mut Db, rekey: &Rekey, promise: &Promise, together: &mut Together) -> Result<Minted, DbError> {
    let Some((account_id, epoch)) = &promise.account else {
        return Ok(Minted::Dropped("the promise names no account"));
    };
    let Some(account) = together.account(account_id, *epoch) else {
        return Ok(Minted::Dropped("the account's credentials changed after the password was promised"));
    };
    let password = generate(&mut rand::rng());
    let life = rekey.config.temporary_password_life;
    let now = rekey.clock.now();
    insert(db, &password, account_id, (now, now + span(life)))?;
    // A letter that is tried again is still one letter.
    if promise.attempts == 0 {
        together.event(Event::new(AuditEvent::PasswordMailed).to(&account));
    }
    let locale = promise.locale.unwrap_or_else(|| account.locale());
    let letter = NewPassword { password, life, since: promise.created_at };
    let written = if promise.kind == Kind::Welcome {
        Letter::welcome(&rekey.config, &account, locale, &letter)
    } else {
        Letter::new_password(&rekey.config, &account, locale, &letter)
    };
    Ok(written.into())
}

/// Writes down the fingerprint of a mailed password.
pub fn insert(
    db: &mut Db,
    password: &Secret,
    account_id: &str,
    (now, expires_at): (Timestamp, Timestamp),
) -> Result<(), DbError> {
    diesel::insert_into(temporary_passwords::table)
        .values((
            temporary_passwords::fingerprint.eq(temporary_fingerprint(password)),
            temporary_passwords::account_id.eq(account_id),
            temporary_passwords::created_at.eq(now),
            temporary_passwords::expires_at.eq(expires_at),
        ))
        .execute(db)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_generated_password_is_long_enough_and_has_no_look_alikes() {
        let bits = f64::from(u32::try_from(ALPHABET.len()).unwrap()).log2() * 24.0;
        assert!(bits >= 128.0, "{bits}");
        for _ in 0..200 {
            let password = generate(&mut rand::rng());
            let text = password.expose();
            let symbols: String = text.chars().filter(|c| *c != '-').collect();
            assert_eq!(symbols.len(), 24, "{text}");
            assert!(text.chars().all(|c| c == '-' || c.is_ascii_alphanumeric()), "{text}");
            assert!(!symbols.contains(['0', 'O', 'o', '1', 'l', 'I', 'i', '5', 'S', 's']), "{text}");
        }
    }

    #[test]
    fn the_alphabet_has_each_symbol_once() {
        let mut symbols = ALPHABET.to_vec();
        symbols.sort_unstable();
        symbols.dedup();
        assert_eq!(symbols.len(), ALPHABET.len());
    }
}

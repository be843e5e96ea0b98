use rekey_shared::admin::AuditEvent;
use rekey_shared::locale::Locale;

use super::reset_link::{self, NewLink};
use crate::admin::audit::Event;
use crate::app::Rekey;
use crate::clock::span;
use crate::db::clock_check::MOST_APART;
use crate::db::{Db, DbError};
use crate::mail::letters::Letter;
use crate::mail::mint::{Minted, Together};
use crate::mail::queue::{self, Promise};
use crate::opaque_token;

/// Turns a promise into a letter, if the address has an account: makes the link and writes its fingerprint down. Runs in a
/// transaction; the letter goes out after the commit, so that a link that somebody holds is always known.
pub fn mint(db: &mut Db, rekey: &Rekey, promise: &Promise, together: &mut Together) -> Result<Minted, DbError> {
    let account = match together.account_at(&promise.address) {
        Ok(account) => account,
        Err(why) => return Ok(Minted::Nobody(why)),
    };
    let now = rekey.clock.now();
    // What changed later than now, beyond what clocks may be apart, was written before the clock was put back.
    let is_ahead = |time| time > now + span(MOST_APART);
    // An administrator's promise names the epoch, and goes out however many letters strangers have caused in this hour.
    let is_outdated = match &promise.account {
        Some((id, epoch)) => *id != account.id || *epoch != account.epoch,
        None => promise.created_at < account.credentials_changed_at && !is_ahead(account.credentials_changed_at),
    };
    if is_outdated {
        return Ok(Minted::Dropped("the account's credentials changed after the link was asked for"));
    }
    if promise.account.is_none() && !queue::take_one_of_the_hour(db, promise, rekey.config.reset_mails_per_hour, now)? {
        return Ok(Minted::OverLimit);
    }
    let token = opaque_token::generate(&mut rand::rng());
    let life = rekey.config.reset_link_life;
    together.link(NewLink::new(&token, &account.id, promise.locale, (now, now + span(life))));
    // A letter that is tried again is still one letter.
    if promise.attempts == 0 {
        together.event(Event::new(AuditEvent::ResetLinkSent).to(&account));
    }
    let locale: Locale = promise.locale.unwrap_or_else(|| account.locale());
    let url = reset_link::url(&rekey.config.public_url, &token);
    Ok(Letter::reset_link(&rekey.config, &account, locale, (&url, life)).into())
}

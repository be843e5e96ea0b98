//! The doors of `backend/benches/pieces`: what an answer or a letter is made of. Only with the feature `drill`.

use std::time::Duration;

use clap::{Args as _, FromArgMatches as _};
use rekey_shared::locale::Locale;
use rekey_shared::secret::Secret;

use crate::account::own_password;
use crate::account::record::Account;
use crate::clock::{Clock, Timestamp};
use crate::config::{Config, Settings};
use crate::mail::letters::{Letter, NewPassword};
pub use crate::opaque_token::fingerprint;

/// A token of a link.
#[must_use]
pub fn token() -> Secret {
    crate::opaque_token::generate(&mut rand::rng())
}

/// How many rules a new password breaks, those included that the page does not know.
#[must_use]
pub fn broken_rules(password: &Secret, names: &[&str]) -> usize {
    own_password::broken_rules(password, names).len()
}

/// Letters to one person, as the worker writes them.
pub struct Letters {
    config: Config,
    account: Account,
    now: Timestamp,
}

impl Letters {
    /// With these settings.
    ///
    /// # Panics
    /// When they cannot be used.
    #[must_use]
    #[expect(clippy::expect_used, reason = "without settings there is nothing to measure")]
    pub fn new(flags: &[&str]) -> Self {
        let command = Settings::augment_args(clap::Command::new("rekey"));
        let given = command.get_matches_from([&["rekey"], flags].concat());
        let settings = Settings::from_arg_matches(&given).expect("settings");
        let now = Clock::system().now();
        let config = Config::from_settings(settings).expect("settings that can be used");
        Self { config, account: Account::sample("ann", "ann@example.com", now), now }
    }

    /// The letter with a link.
    ///
    /// # Errors
    /// When the template cannot be filled.
    pub fn reset_link(&self, url: &str) -> askama::Result<Letter> {
        let life = self.config.reset_link_life;
        Letter::reset_link(&self.config, &self.account, Locale::En, (url, life))
    }

    /// The letter with a password.
    ///
    /// # Errors
    /// When the template cannot be filled.
    pub fn new_password(&self, password: &Secret) -> askama::Result<Letter> {
        let new = NewPassword { password: password.clone(), life: Duration::from_hours(24), since: self.now };
        Letter::new_password(&self.config, &self.account, Locale::En, &new)
    }

    /// A letter as it leaves, signed if there are keys for it.
    ///
    /// # Errors
    /// What the cryptography says, in one sentence.
    pub fn mime(&self, letter: &Letter) -> Result<Vec<u8>, String> {
        let mime = letter.mime(&self.config, self.now);
        match &self.config.dkim {
            Some(dkim) => dkim.sign(&mime, self.now),
            None => Ok(mime),
        }
    }
}

//! `Remote-Token`: a JWT that tells one tool who is there, for tools that do not take a header's word for it. They verify
//! it by the published keys, without asking, and so learn of a reset up to [`LIFE_SECONDS`] late.

use rekey_shared::secret::Secret;
use serde::Serialize;

use super::access_token::AccessTokens;
use crate::account::record::Account;
use crate::clock::Timestamp;
use crate::error::Error;

/// Seconds for which it is good. There is a new one with every request.
const LIFE_SECONDS: i64 = 5 * 60;

/// Not an access token's (RFC 8725 3.11): Rekey's own API refuses it by this too, for a tool on another path of Rekey's
/// own host has the same audience.
const TYPE: &str = "rekey-tool+jwt";

/// The names are those of OIDC (Core 5.1); there is no session's id and no epoch in it, which only Rekey could use.
#[derive(Serialize)]
struct Claims<'a> {
    iss: &'a str,
    aud: &'a str,
    sub: &'a str,
    preferred_username: &'a str,
    name: &'a str,
    email: &'a str,
    groups: [&'a str; 1],
    iat: i64,
    exp: i64,
}

/// A token for the tool of this origin.
pub(super) fn issue(tokens: &AccessTokens, account: &Account, tool: &str, now: Timestamp) -> Result<Secret, Error> {
    let iat = now.and_utc().timestamp();
    let claims = Claims {
        iss: tokens.origin(),
        aud: tool,
        sub: &account.id,
        preferred_username: &account.user_name,
        name: account.shown_name(),
        email: &account.email,
        groups: [account.role().name()],
        iat,
        exp: iat + LIFE_SECONDS,
    };
    tokens.sign(TYPE, &claims)
}

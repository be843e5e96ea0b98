//! The list of accounts, and the search in it: by the beginning of user name or email address.
//!
//! Names come first, then the addresses of accounts whose name does not match. Each part is a range of a unique index, and
//! a page reads from where the last one ended, so that no page costs more among 100,000 accounts than among ten.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use diesel::prelude::*;
use rekey_shared::admin::AdminAccount;
use rekey_shared::characters::NUL;
use rekey_shared::email_address::key_prefix;
use rekey_shared::list::List;
use rekey_shared::problem::FieldCode;

use super::row;
use crate::account::record::Account;
use crate::account::user_name;
use crate::db::schema::accounts;
use crate::db::{Db, DbError};
use crate::error::Error;
use crate::web::query::one_more_than;

/// How often one page reads on among addresses whose accounts were shown by name already. After that the page stays short.
const ROUNDS: usize = 8;

/// The keys that begin with a text.
struct Range {
    from: String,
    to: String,
}

impl Range {
    fn of(prefix: String) -> Self {
        Self { to: after_all_with(&prefix), from: prefix }
    }

    fn has(&self, key: &str) -> bool {
        *self.from <= *key && *key < *self.to
    }
}

/// What comes after every text that begins so. UTF-8 sorts by bytes as its characters do.
fn after_all_with(prefix: &str) -> String {
    let mut characters: Vec<char> = prefix.chars().collect();
    while let Some(last) = characters.pop() {
        if let Some(next) = (u32::from(last) + 1..=u32::from(char::MAX)).find_map(char::from_u32) {
            characters.push(next);
            return characters.into_iter().collect();
        }
    }
    // No key of a user name or an address has this noncharacter twice.
    String::from("\u{10ffff}\u{10ffff}")
}

/// The last key that a page has seen, and in which part.
enum Cursor {
    Name(String),
    Email(String),
}

impl Cursor {
    fn text(&self) -> String {
        let (part, key) = match self {
            Self::Name(key) => ("n", key),
            Self::Email(key) => ("e", key),
        };
        URL_SAFE_NO_PAD.encode(format!("{part}{key}"))
    }

    fn parse(text: &str) -> Result<Self, Error> {
        let read = || {
            let text = String::from_utf8(URL_SAFE_NO_PAD.decode(text).ok()?).ok().filter(|text| !text.contains(NUL))?;
            let (part, key) = text.split_at_checked(1)?;
            match part {
                "n" => Some(Self::Name(key.to_owned())),
                "e" => Some(Self::Email(key.to_owned())),
                _ => None,
            }
        };
        read().ok_or_else(|| Error::field("cursor", FieldCode::WrongType))
    }
}

/// Some accounts of a range of an index, in its order: from its beginning, or after a key in it.
macro_rules! load_range {
    ($db:expr, $key:ident, $range:expr, $after:expr, $limit:expr) => {{
        let rows = accounts::table
            .filter(accounts::$key.lt(&$range.to))
            .order(accounts::$key)
            .limit($limit)
            .select(Account::as_select());
        // One lower bound, never two: a database may begin to read at the wrong one.
        let rows: Vec<Account> = match $after {
            Some(after) if $range.from <= *after => rows.filter(accounts::$key.gt(after)).load($db),
            _ => rows.filter(accounts::$key.ge(&$range.from)).load($db),
        }
        .map_err(DbError::Query)?;
        rows
    }};
}

/// A page of the accounts that match. It can be short and still have a next one.
///
/// # Errors
/// [`Error::InvalidInput`] for a cursor that none of these pages has given.
pub(crate) fn page(db: &mut Db, search: &str, cursor: Option<&str>, size: usize) -> Result<List<AdminAccount>, Error> {
    let names = Range::of(user_name::fold(search.trim()));
    let cursor = cursor.map(Cursor::parse).transpose()?;
    let (name_after, email_after) = match cursor {
        Some(Cursor::Email(after)) => (None, Some(after)),
        Some(Cursor::Name(after)) => (Some(after), None),
        None => (None, None),
    };
    let mut accounts = Vec::new();
    if email_after.is_none() {
        accounts = load_range!(db, user_name_key, names, &name_after, one_more_than(size));
    }
    if accounts.len() > size {
        accounts.truncate(size);
        let next = accounts.last().map(|account| Cursor::Name(account.user_name_key.clone()));
        return Ok(list_of(accounts, next));
    }
    // Every account has a name.
    if names.from.is_empty() {
        return Ok(list_of(accounts, None));
    }
    let next = add_by_email(db, &names, &Range::of(key_prefix(search)), (&mut accounts, size), email_after)?;
    Ok(list_of(accounts, next))
}

/// Fills the page with accounts that match by address only, and tells after which address the next page goes on.
fn add_by_email(
    db: &mut Db,
    names: &Range,
    emails: &Range,
    (page, size): (&mut Vec<Account>, usize),
    mut after: Option<String>,
) -> Result<Option<Cursor>, Error> {
    for _ in 0..ROUNDS {
        let rows = load_range!(db, email_key, emails, &after, one_more_than(size));
        let is_end = rows.len() <= size;
        for account in rows {
            if !names.has(&account.user_name_key) {
                if page.len() == size {
                    return Ok(Some(Cursor::Email(after.unwrap_or_default())));
                }
                page.push(account.clone());
            }
            after = Some(account.email_key);
        }
        if is_end {
            return Ok(None);
        }
    }
    Ok(after.map(Cursor::Email))
}

fn list_of(accounts: Vec<Account>, next: Option<Cursor>) -> List<AdminAccount> {
    List { items: accounts.into_iter().map(row::shown).collect(), next_cursor: next.map(|cursor| cursor.text()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_range_has_what_begins_so_and_nothing_else() {
        for prefix in ["ann", "an\u{7f}", "\u{d7ff}", "я", "a\u{10ffff}", "\u{10ffff}"] {
            let range = Range::of(prefix.to_owned());
            for (end, is_in) in [("", true), ("a", true), ("\u{10fffe}", true)] {
                assert_eq!(range.has(&format!("{prefix}{end}")), is_in, "{prefix:?} {end:?}");
            }
            assert!(!range.has(&range.to));
        }
        assert!(Range::of(String::new()).has("я"));
        assert!(!Range::of("ann".to_owned()).has("anm") && !Range::of("ann".to_owned()).has("ano"));
    }

    #[test]
    fn a_cursor_is_read_as_it_was_written_and_nothing_else_is() {
        assert!(
            matches!(Cursor::parse(&Cursor::Name("ann я".to_owned()).text()), Ok(Cursor::Name(key)) if key == "ann я")
        );
        assert!(
            matches!(Cursor::parse(&Cursor::Email(String::new()).text()), Ok(Cursor::Email(key)) if key.is_empty())
        );
        for wrong in ["", "x", "ann", "%", &URL_SAFE_NO_PAD.encode("n\0"), &URL_SAFE_NO_PAD.encode("яя")] {
            assert!(Cursor::parse(wrong).is_err(), "{wrong}");
        }
    }
}

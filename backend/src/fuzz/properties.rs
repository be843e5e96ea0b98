use std::sync::LazyLock;

use proptest::prelude::*;

use super::*;
use crate::account::user_name::{UserName, fold};
use crate::login::foreign_hash::ForeignHash;
use crate::mail::smtp::SmtpServer;

static TOKENS: LazyLock<Tokens> = LazyLock::new(Tokens::new);
static GOOD: LazyLock<String> = LazyLock::new(|| TOKENS.issue());

/// JSON that is about right: the fields of a login, with values of any kind.
fn about_json() -> impl Strategy<Value = String> {
    let value = prop_oneof![
        Just("null".to_owned()),
        Just("[[[]]]".to_owned()),
        Just("-1e999".to_owned()),
        any::<String>().prop_map(|text| serde_json::Value::from(text).to_string()),
        any::<String>(),
    ];
    ("(user|password|session|name|disabled|\u{0}|)", value).prop_map(|(name, value)| format!("{{\"{name}\": {value}}}"))
}

proptest! {
    #[test]
    fn no_body_is_too_strange_to_be_answered(bytes in any::<Vec<u8>>(), text in about_json()) {
        prop_assert!(matches!(body(&bytes), 400 | 422));
        prop_assert!(matches!(body(text.as_bytes()), 200 | 400 | 422));
    }

    #[test]
    fn no_query_is_too_strange_to_be_answered(text in any::<String>(), limit in "(limit|cursor)=[0-9%a-z&=;-]{0,8}") {
        prop_assert!(matches!(query(&text), 200 | 422));
        prop_assert!(matches!(query(&limit), 200 | 422));
    }

    #[test]
    fn a_cookie_comes_out_as_it_was_set(value in "[A-Za-z0-9_-]{1,40}", before in "([a-z]{1,5}=[!-:<-~]{0,9}; ?){0,3}") {
        let header = format!("{before}__Host-rekey_session={value}");
        prop_assert_eq!(session_cookie(header.as_bytes()), Some(value));
    }

    #[test]
    fn no_cookie_is_too_strange_to_be_read(header in any::<Vec<u8>>(), value in "\\PC{0,40}") {
        let _ = session_cookie(&header);
        let _ = session_cookie(format!("__Host-rekey_session={value}").as_bytes());
    }

    #[test]
    fn a_token_that_was_changed_is_refused(at in any::<prop::sample::Index>(), byte in "[A-Za-z0-9_.-]", any in any::<String>()) {
        let good = GOOD.as_str();
        prop_assert!(TOKENS.accept(good));
        prop_assert!(!TOKENS.accept(&any));
        let at = at.index(good.len());
        let changed = [&good[..at], &byte, &good[at + 1..]].concat();
        prop_assert!(changed == good || !TOKENS.accept(&changed), "{}", changed);
    }

    #[test]
    fn a_user_name_is_no_address_and_has_one_key(text in "\\PC{0,70}") {
        let Ok(name) = UserName::parse(&text) else { return Ok(()) };
        prop_assert!(!name.key().contains('@'));
        prop_assert_eq!(fold(name.key()), name.key());
    }

    #[test]
    fn no_imported_hash_is_too_strange_to_be_refused(text in "\\PC{0,120}", form in "(\\$argon2id\\$v=19\\$m=|\\$2b\\$|\\$scrypt\\$ln=|pbkdf2_sha256\\$)[0-9$,=a-zA-Z./+]{0,90}") {
        let _ = ForeignHash::parse(&text);
        let _ = ForeignHash::parse(&form);
    }

    #[test]
    fn a_mail_servers_url_is_never_repeated(password in "[a-z0-9]{12,20}", rest in "\\PC{0,30}") {
        let url = format!("smtp://user:{password}@{rest}");
        if let Err(problem) = SmtpServer::parse(&url, std::time::Duration::from_secs(1), "localhost") {
            prop_assert!(!problem.contains(&password), "{}", problem);
        }
    }
}

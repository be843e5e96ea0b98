//! What a link in a mail opens. Its token comes in the fragment, which no server log, proxy or Referer sees, and moves from
//! there to the history's state, so that the address bar shows it to nobody and a reload still has it.

mod end;

pub(crate) use end::{End, end_of};
use rekey_shared::secret::Secret;
use yew::prelude::*;

use crate::browser;

const KEPT_AS: &str = "linkToken";

/// The token of the link that opened this page.
#[hook]
pub(crate) fn use_token(page: &'static str) -> Option<Secret> {
    let token = use_state(|| take(page));
    // Another link pasted into this tab does not load the page again.
    use_effect_with((), {
        let token = token.clone();
        move |()| {
            let listener = browser::when_fragment_changes(move || token.set(take(page)));
            move || drop(listener)
        }
    });
    (*token).clone()
}

/// The token of the link that was opened, or of the one that this entry of the history was opened with.
fn take(page: &str) -> Option<Secret> {
    if let Some(token) = token_in(&browser::fragment()) {
        browser::keep_in_history(KEPT_AS, token, page);
        return Some(token.into());
    }
    browser::kept_in_history(KEPT_AS).map(Secret::from)
}

/// Whether it is a token is the server's to say: a link that is cut off shall be called unknown, not ignored.
fn token_in(fragment: &str) -> Option<&str> {
    let token = fragment.strip_prefix('#').unwrap_or(fragment);
    // White space that came along when the line was copied.
    let token = token.trim().trim_end_matches("%20");
    (!token.is_empty()).then_some(token)
}

#[cfg(test)]
mod tests {
    use super::token_in;

    #[test]
    fn the_token_is_all_of_the_fragment() {
        assert_eq!(token_in("#Zm9vYmFyYmF6cXV4Zm9vYmFy"), Some("Zm9vYmFyYmF6cXV4Zm9vYmFy"));
        assert_eq!(token_in("#a-b_c=d"), Some("a-b_c=d"));
        assert_eq!(token_in("#short%20%20"), Some("short"));
    }

    #[test]
    fn a_link_without_token_has_none() {
        for fragment in ["", "#", "# ", "#%20"] {
            assert_eq!(token_in(fragment), None, "{fragment:?}");
        }
    }
}

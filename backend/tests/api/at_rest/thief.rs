//! Somebody who has the whole database, and tries what is in it.

use std::collections::BTreeSet;
use std::sync::Arc;

use reqwest::{Method, RequestBuilder, StatusCode};
use serde_json::json;

use super::person::Left;
use crate::support::database::{execute, texts};
use crate::support::process::Site;

/// Texts of each column, of rows that are good and rows that are not: all rows of a column are of a kind.
const OF_EACH_COLUMN: usize = 100;
/// Guesses that cost no delay.
const FREE: usize = 5;
const AT_ONCE: usize = 8;

/// What a text can be tried as, without an account.
#[derive(Clone, Copy, Debug)]
enum Key {
    ResetLink,
    EmailLink,
    RefreshToken,
    Cookie,
    AccessToken,
}

const KEYS: [Key; 5] = [Key::ResetLink, Key::EmailLink, Key::RefreshToken, Key::Cookie, Key::AccessToken];

impl Key {
    /// None: it cannot even be sent as that.
    fn request(self, site: &Site, text: &str) -> Option<RequestBuilder> {
        let post = |path: &str| site.request(Method::POST, path);
        let header = |text: String| reqwest::header::HeaderValue::from_str(&text).ok();
        Some(match self {
            Self::ResetLink => post("/password-reset/confirm").json(&json!({ "token": text })),
            Self::EmailLink => post("/me/email/confirm").json(&json!({ "token": text })),
            Self::RefreshToken => post("/session/refresh").json(&json!({ "refresh_token": text })),
            Self::Cookie => post("/session/refresh")
                .header("cookie", header(format!("rekey_session={text}"))?)
                .header("sec-fetch-site", "same-origin"),
            Self::AccessToken => {
                site.request(Method::GET, "/me").header("authorization", header(format!("Bearer {text}"))?)
            }
        })
    }

    async fn opens(self, site: &Site, text: &str) -> bool {
        let Some(request) = self.request(site, text) else { return false };
        let status = request.send().await.unwrap().status();
        assert!(!status.is_server_error(), "{self:?} {text}: {status}");
        // No cookie that could be read: nothing is told.
        status.is_success() && status != StatusCode::NO_CONTENT
    }
}

pub async fn tries_everything(site: &Arc<Site>, left: &[Left]) {
    let all: Vec<String> = texts(&site.database_url, OF_EACH_COLUMN, None).into_iter().collect();
    assert!(all.len() > 1000, "{} texts", all.len());
    println!("{} texts of the database are tried", all.len());
    let thieves: Vec<_> = all
        .chunks(all.len().div_ceil(AT_ONCE))
        .map(|texts| {
            let (site, texts) = (site.clone(), texts.to_vec());
            tokio::spawn(async move {
                for text in &texts {
                    for key in KEYS {
                        assert!(!key.opens(&site, text).await, "{text} is good as {key:?}");
                    }
                }
            })
        })
        .collect();
    for thief in thieves {
        thief.await.unwrap();
    }
    // Each try is a hash: one account with an own password, and one whose mailed one is good.
    for who in [|left: &&Left| left.own.is_some(), |left: &&Left| left.mailed.is_some()] {
        tries_passwords(site, left.iter().find(who).unwrap()).await;
    }
    what_is_good_opens(site, left).await;
}

/// Everything that stands in the rows that name the account, as its password: to log in, and to choose another one.
async fn tries_passwords(site: &Site, left: &Left) {
    let good = left.own.as_ref().or(left.mailed.as_ref()).unwrap();
    let (status, session) = login(site, left, good).await;
    assert_eq!(status, StatusCode::OK, "what is really the password");
    let token = session["access_token"].as_str().unwrap().to_owned();
    let account: Vec<String> = texts(&site.database_url, usize::MAX >> 1, Some(&left.user)).into_iter().collect();
    let id = account
        .iter()
        .find(|text| site.count(&format!("SELECT COUNT(*) AS count FROM accounts WHERE id = '{text}'")) == 1);
    let mut passwords: BTreeSet<String> = texts(&site.database_url, usize::MAX >> 1, Some(id.unwrap()));
    passwords.extend(account);
    passwords.remove("");
    assert!(passwords.len() > 15, "{passwords:?}");
    for some in passwords.into_iter().collect::<Vec<_>>().chunks(FREE) {
        for password in some {
            assert_ne!(login(site, left, password).await.0, StatusCode::OK, "{password} is {}'s password", left.user);
            let body = json!({ "current_password": password, "new_password": "what the thief would have chosen" });
            assert_eq!(site.posts_as(&token, "/me/password", &body).await, StatusCode::UNAUTHORIZED, "{password}");
        }
        execute(&site.database_url, "DELETE FROM login_throttle");
    }
}

async fn login(site: &Site, left: &Left, password: &str) -> (StatusCode, serde_json::Value) {
    let answer = site.posts("/login", &json!({ "user": left.user, "password": password })).await.unwrap();
    assert_ne!(answer.status(), StatusCode::TOO_MANY_REQUESTS);
    (answer.status(), answer.json().await.unwrap())
}

/// The thief tries in ways that would have worked.
async fn what_is_good_opens(site: &Site, left: &[Left]) {
    let some = |secret: fn(&Left) -> Option<&String>| left.iter().rev().find_map(secret).unwrap();
    assert!(Key::EmailLink.opens(site, some(|left| left.email_link.as_ref())).await);
    assert!(Key::RefreshToken.opens(site, some(|left| left.refresh_token.as_ref())).await);
    assert!(Key::Cookie.opens(site, some(|left| left.cookie.as_ref())).await);
    let owner = left.iter().rev().find(|left| left.own.is_some()).unwrap();
    let (_, session) = login(site, owner, owner.own.as_ref().unwrap()).await;
    assert!(Key::AccessToken.opens(site, session["access_token"].as_str().unwrap()).await);
    assert!(Key::ResetLink.opens(site, some(|left| left.link.as_ref())).await);
}

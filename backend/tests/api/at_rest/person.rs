//! Somebody who comes to a password and leaves something that is still good.

use std::sync::Arc;
use std::time::Instant;

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use super::{ADMIN_PASSWORD, Secrets};
use crate::support::PATIENCE;
use crate::support::mailbox::Letter;
use crate::support::process::Site;

/// What is still good when all is over.
pub struct Left {
    pub user: String,
    pub email: String,
    pub own: Option<String>,
    pub mailed: Option<String>,
    pub link: Option<String>,
    pub email_link: Option<String>,
    pub refresh_token: Option<String>,
    pub cookie: Option<String>,
}

pub struct Person {
    number: usize,
    user: String,
    email: String,
    site: Arc<Site>,
    secrets: Secrets,
    letters_seen: usize,
}

/// Every fourth asks for a credential; the others are there already.
fn is_new(number: usize) -> bool {
    number % 4 == 3
}

pub fn are_imported(site: &Site, people: usize) {
    let there = (0..people).filter(|number| !is_new(*number));
    site.imports(there.map(|number| format!("person{number}")));
}

impl Person {
    pub fn new(number: usize, site: Arc<Site>, secrets: Secrets) -> Self {
        let user = format!("person{number}");
        let email = format!("{user}@example.com");
        Self { number, user, email, site, secrets, letters_seen: 0 }
    }

    pub async fn lives(mut self) -> Left {
        let mailed = if is_new(self.number) { self.is_approved().await } else { self.resets().await };
        let own = format!("an own password of {} and nobody else", self.user);
        let refresh_token = self.chooses(&mailed, &own).await;
        let cookie = self.logs_in_with_a_browser(&own).await;
        self.types_into_the_wrong_fields().await;
        let mut left = Left {
            user: self.user.clone(),
            email: self.email.clone(),
            own: Some(own),
            mailed: None,
            link: None,
            email_link: None,
            refresh_token: Some(refresh_token),
            cookie: Some(cookie),
        };
        match self.number % 5 {
            0 => left.link = Some(self.asks_for_a_link().await),
            1 => {
                left.mailed = Some(self.resets().await);
                (left.own, left.refresh_token, left.cookie) = (None, None, None);
            }
            2 => left.email_link = Some(self.asks_for_an_email(left.own.as_ref().unwrap()).await),
            3 => {
                let token = self.asks_for_an_email(left.own.as_ref().unwrap()).await;
                let (status, _) = self.posts("/me/email/confirm", &json!({ "token": token })).await;
                assert_eq!(status, StatusCode::OK);
            }
            _ => {}
        }
        left
    }

    async fn posts(&self, path: &str, body: &Value) -> (StatusCode, Value) {
        self.secrets.of(self.site.request(Method::POST, path).json(body).send().await.unwrap()).await
    }

    /// The first letter that came from now on in which this is found.
    async fn letter(&mut self, address: &str, find: impl Fn(&Letter) -> Option<String>) -> String {
        let asked = Instant::now();
        loop {
            let (letters, seen) = self.site.mail.received_since(self.letters_seen, address);
            self.letters_seen = seen;
            if let Some(found) = letters.iter().map(Letter::read).find_map(|letter| find(&letter)) {
                self.secrets.add(&found);
                return found;
            }
            assert!(asked.elapsed() < PATIENCE, "waited in vain for a letter to {address}");
            self.site.mail.arrival().await;
        }
    }

    async fn asks_for_a_link(&mut self) -> String {
        let (status, _) = self.posts("/password-reset/request", &json!({ "email": self.email })).await;
        assert_eq!(status, StatusCode::ACCEPTED);
        let email = self.email.clone();
        self.letter(&email, |letter| letter.link().filter(|link| link.contains("/reset#")).map(|_| letter.token()))
            .await
    }

    async fn resets(&mut self) -> String {
        let token = self.asks_for_a_link().await;
        self.letters_seen = self.site.mail.received_since(0, "").1;
        let (status, _) = self.posts("/password-reset/confirm", &json!({ "token": token })).await;
        assert_eq!(status, StatusCode::OK);
        let email = self.email.clone();
        self.letter(&email, Letter::find_password).await
    }

    async fn is_approved(&mut self) -> String {
        let request = json!({ "name": format!("Person {}", self.number), "email": self.email, "note": "please" });
        assert_eq!(self.posts("/credential-requests", &request).await.0, StatusCode::ACCEPTED);
        let (_, admin) = self.posts("/login", &json!({ "user": "zoe", "password": ADMIN_PASSWORD })).await;
        let token = admin["access_token"].as_str().unwrap();
        let list = self.site.request(Method::GET, "/admin/credential-requests?limit=200").bearer_auth(token);
        let list: Value = list.send().await.unwrap().json().await.unwrap();
        let mine = list["items"].as_array().unwrap().iter().find(|request| request["email"] == self.email).unwrap();
        let path = format!("/admin/credential-requests/{}/approve", mine["id"].as_str().unwrap());
        assert!(self.site.posts_as(token, &path, &json!({ "user_name": self.user })).await.is_success());
        let email = self.email.clone();
        self.letter(&email, Letter::find_password).await
    }

    /// Chooses an own password with the mailed one, and uses the refresh token that comes with it once.
    async fn chooses(&self, mailed: &str, own: &str) -> String {
        self.secrets.add(own);
        let (status, begun) = self.posts("/login", &json!({ "user": self.user, "password": mailed })).await;
        assert_eq!(status, StatusCode::OK);
        let body = json!({ "current_password": mailed, "new_password": own });
        let token = begun["access_token"].as_str().unwrap();
        let chosen = self.site.request(Method::POST, "/me/password").bearer_auth(token).json(&body);
        let (status, session) = self.secrets.of(chosen.send().await.unwrap()).await;
        assert_eq!(status, StatusCode::OK);
        let body = json!({ "refresh_token": session["refresh_token"] });
        let (status, successor) = self.posts("/session/refresh", &body).await;
        assert_eq!(status, StatusCode::OK);
        successor["refresh_token"].as_str().unwrap().to_owned()
    }

    async fn logs_in_with_a_browser(&self, own: &str) -> String {
        let body = json!({ "user": self.user, "password": own, "session": "cookie" });
        let answer = self.site.posts("/login", &body).await.unwrap();
        let (cookie, _) = crate::support::app::cookie(&answer, "rekey_session").unwrap();
        let (status, _) = self.secrets.of(answer).await;
        assert_eq!(status, StatusCode::OK);
        cookie.split_once('=').unwrap().1.to_owned()
    }

    async fn asks_for_an_email(&mut self, own: &str) -> String {
        let (_, session) = self.posts("/login", &json!({ "user": self.user, "password": own })).await;
        let new = format!("new.{}", self.email);
        let body = json!({ "email": new, "current_password": own });
        let token = session["access_token"].as_str().unwrap();
        assert_eq!(self.site.posts_as(token, "/me/email", &body).await, StatusCode::ACCEPTED);
        self.letter(&new, |letter| {
            letter.link().filter(|link| link.contains("/confirm-email#")).map(|_| letter.token())
        })
        .await
    }

    /// People type their password into "User", and programs send what is half a request: errors quote what they cannot
    /// read.
    async fn types_into_the_wrong_fields(&self) {
        if self.number.is_multiple_of(4) {
            let typed = format!("a secret in the wrong field {}", self.number);
            let wrong = format!("a wrong password {}", self.number);
            self.posts("/login", &json!({ "user": typed, "password": wrong })).await;
            self.secrets.add(&typed);
            self.secrets.add(&wrong);
        }
        let array = format!("typed into the wrong type {}", self.number);
        self.posts("/login", &json!({ "user": [array], "password": null })).await;
        self.posts("/password-reset/confirm", &json!({ "token": format!("an invented token {}", self.number) })).await;
        self.secrets.add(&array);
        let half = format!("{{\"user\": \"ann\", \"password\": \"half a request {}", self.number);
        let half = self.site.request(Method::POST, "/login").header("content-type", "application/json").body(half);
        assert_eq!(half.send().await.unwrap().status(), StatusCode::BAD_REQUEST);
        self.secrets.add(&format!("half a request {}", self.number));
    }
}

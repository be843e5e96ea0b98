//! People who forget their passwords again and again, and try again when there is no answer, as people do.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::{Duration, Instant};

use rand::RngExt;
use rand::rngs::StdRng;
use reqwest::{Response, StatusCode};
use serde_json::{Value, json};

use super::site::Site;
use super::tally::Tally;
use crate::support::mailbox::Letter;

/// Between two tries of somebody who got no answer, or "not now".
const AGAIN: Duration = Duration::from_millis(150);
/// Whoever has waited so long has lost what they waited for.
const PATIENCE: Duration = Duration::from_secs(90);

/// Something never came.
#[derive(Debug)]
struct Lost(&'static str);

pub struct Person {
    user: String,
    email: String,
    site: Arc<Site>,
    tally: Arc<Tally>,
    random: StdRng,
    letters_seen: usize,
    inbox: VecDeque<Letter>,
}

impl Person {
    pub fn new(number: u64, site: Arc<Site>, tally: Arc<Tally>, random: StdRng) -> Self {
        let user = format!("person{number}");
        let email = format!("{user}@example.com");
        Self { user, email, site, tally, random, letters_seen: 0, inbox: VecDeque::new() }
    }

    pub async fn lives_until(mut self, ends: Instant) {
        let mut number = 0;
        while Instant::now() < ends {
            number += 1;
            self.tally.begun();
            match self.journey(number).await {
                Ok(()) => self.tally.finished(),
                Err(Lost(what)) => self.tally.lost(format!("{} in journey {number}: {what}", self.user)),
            }
        }
    }

    async fn journey(&mut self, number: u32) -> Result<(), Lost> {
        self.letters().await;
        self.inbox.clear();
        self.confirmed().await?;
        let (mailed, mut access) = self.logs_in_with_the_mailed_password().await?;
        let own = format!("the {number}. own password of {}", self.user);
        loop {
            let body = json!({ "current_password": mailed, "new_password": own });
            let changed = self.posts("/me/password", Some(&access), &body).await?;
            if changed.status() == StatusCode::OK || self.logs_in(&own).await?.is_some() {
                break;
            }
            // The answer was lost before the change happened, or a newer reset won: the mailed one still works, or nothing.
            access =
                self.logs_in(&mailed).await?.ok_or(Lost("the mailed password died, and no own one took its place"))?;
        }
        self.logs_in(&own).await?.ok_or(Lost("the own password does not work"))?;
        self.tally.logged_in();
        Ok(())
    }

    /// Asks for links, and confirms them, until one has worked.
    async fn confirmed(&mut self) -> Result<(), Lost> {
        loop {
            let asked = self.posts("/password-reset/request", None, &json!({ "email": self.email })).await?;
            if asked.status() != StatusCode::ACCEPTED {
                return Err(Lost("a request was refused"));
            }
            // An answer that was lost may have left a promise: then two links come, and both are good.
            let mut expired = false;
            while !expired {
                let link = self.letter(|letter| letter.link().is_some()).await.ok_or(Lost("no link came"))?;
                match self.confirms(&link.token()).await? {
                    StatusCode::OK => return Ok(()),
                    StatusCode::GONE => expired = true,
                    _ => return Err(Lost("a link that was mailed is unknown")),
                }
            }
        }
    }

    /// Two tabs at once, on any server; and again, as long as neither has had an answer.
    async fn confirms(&mut self, token: &str) -> Result<StatusCode, Lost> {
        let body = json!({ "token": token });
        let began = Instant::now();
        let mut may_have_worked = false;
        while began.elapsed() < PATIENCE {
            let (one, other) = (self.random.random_range(0..2), self.random.random_range(0..2));
            let answers = tokio::join!(
                self.site.posts(one, "/password-reset/confirm", None, &body),
                self.site.posts(other, "/password-reset/confirm", None, &body)
            );
            let statuses = [answers.0, answers.1].map(|answer| answer.map(|answer| answer.status()));
            for _ in statuses.iter().filter(|status| **status == Some(StatusCode::OK)) {
                self.tally.confirmed(token);
            }
            if statuses.contains(&Some(StatusCode::OK)) {
                return Ok(StatusCode::OK);
            }
            let unclear = |status: &Option<StatusCode>| status.is_none_or(|status| status.is_server_error());
            if let Some(status) = statuses.iter().flatten().find(|status| !status.is_server_error()) {
                let worked = *status == StatusCode::GONE && (may_have_worked || statuses.iter().any(unclear));
                return Ok(if worked { StatusCode::OK } else { *status });
            }
            may_have_worked = true;
            tokio::time::sleep(AGAIN).await;
        }
        Err(Lost("no answer to a confirmation"))
    }

    async fn logs_in_with_the_mailed_password(&mut self) -> Result<(String, String), Lost> {
        loop {
            let is_password = |letter: &Letter| letter.subject.contains("new password");
            let password = self.letter(is_password).await.ok_or(Lost("no password came"))?.password();
            // One of an earlier journey may have been on its way for long.
            if let Some(access) = self.logs_in(&password).await? {
                return Ok((password, access));
            }
        }
    }

    async fn logs_in(&mut self, password: &str) -> Result<Option<String>, Lost> {
        let answer = self.posts("/login", None, &json!({ "user": self.user, "password": password })).await?;
        if answer.status() != StatusCode::OK {
            return Ok(None);
        }
        let body: Value = answer.json().await.map_err(|_| Lost("a login was answered by half"))?;
        Ok(body["access_token"].as_str().map(str::to_owned))
    }

    /// Asks until there is an answer that is more than "not now".
    async fn posts(&mut self, path: &str, token: Option<&str>, body: &Value) -> Result<Response, Lost> {
        let began = Instant::now();
        while began.elapsed() < PATIENCE {
            let which = self.random.random_range(0..2);
            if let Some(answer) = self.site.posts(which, path, token, body).await
                && !answer.status().is_server_error()
                && answer.status() != StatusCode::TOO_MANY_REQUESTS
            {
                return Ok(answer);
            }
            tokio::time::sleep(AGAIN).await;
        }
        Err(Lost("no answer"))
    }

    async fn letter(&mut self, wanted: impl Fn(&Letter) -> bool) -> Option<Letter> {
        let began = Instant::now();
        while began.elapsed() < PATIENCE {
            self.letters().await;
            if let Some(at) = self.inbox.iter().position(&wanted) {
                return self.inbox.remove(at);
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        None
    }

    async fn letters(&mut self) {
        let (new, all) = self.site.mail.lock().await.received_since(self.letters_seen, &self.email);
        self.letters_seen = all;
        self.inbox.extend(new.iter().map(Letter::read));
    }
}

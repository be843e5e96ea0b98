//! An attack on one account from a thousand addresses keeps its owner out at no moment.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use reqwest::{Method, StatusCode};
use serde_json::json;
use tokio::task::JoinHandle;

use crate::support::app::{App, OWN_PASSWORD, assert_problem, browser_logs_in, cookie, json_of};
use crate::support::{Setup, eventually, on_both_databases, on_postgres};

const ANN: &str = "ann@example.com";
const ADDRESSES: u64 = 1000;
const AT_ONCE: u64 = 8;

/// Guesses all the time, each by the next one of the addresses.
struct Attack {
    is_over: Arc<AtomicBool>,
    guesses: Arc<AtomicU64>,
    guessers: Vec<JoinHandle<()>>,
}

impl Attack {
    fn on(app: &App, users: &'static [&'static str]) -> Self {
        let (is_over, guesses): (Arc<AtomicBool>, Arc<AtomicU64>) = Default::default();
        let begin = |_| {
            let (is_over, guesses) = (is_over.clone(), guesses.clone());
            let request = app.request(Method::POST, "/login");
            tokio::spawn(async move {
                while !is_over.load(Ordering::SeqCst) {
                    let number = guesses.fetch_add(1, Ordering::SeqCst);
                    let user = users[usize::try_from(number).unwrap() % users.len()];
                    let address = format!("198.18.{}.{}", number % ADDRESSES / 250, number % 250 + 1);
                    let body = json!({ "user": user, "password": format!("guess {number}") });
                    let guess = request.try_clone().unwrap().header("x-forwarded-for", address).json(&body);
                    let status = guess.send().await.unwrap().status().as_u16();
                    assert!(matches!(status, 401 | 429), "{status}");
                }
            })
        };
        Self { guessers: (0..AT_ONCE).map(begin).collect(), is_over, guesses }
    }

    /// Waits until each address has guessed once more.
    async fn goes_round(&self) {
        let before = self.guesses.load(Ordering::SeqCst);
        eventually("a guess by each of the addresses", async || {
            (self.guesses.load(Ordering::SeqCst) >= before + ADDRESSES).then_some(())
        })
        .await;
    }

    async fn ends(self) -> u64 {
        self.is_over.store(true, Ordering::SeqCst);
        for guesser in self.guessers {
            guesser.await.unwrap();
        }
        self.guesses.load(Ordering::SeqCst)
    }
}

on_both_databases! {
    async fn the_owner_logs_in_at_any_time_while_a_thousand_addresses_guess(database) {
        let flags = ["--trusted-proxies=127.0.0.1,::1", "--client-requests-per-minute=30"];
        let app = App::start_with(database, Setup::with(&flags)).await;
        app.has_account("ann", ANN);
        let (known, _) = cookie(&browser_logs_in(&app, "ann", OWN_PASSWORD, "").await, "rekey_device").unwrap();
        let attack = Attack::on(&app, &["ann", ANN]);
        attack.goes_round().await;
        // A browser that is not known waits with the attackers.
        assert_problem(app.logs_in("ann", OWN_PASSWORD).await, 429, "too_many_attempts").await;
        assert_problem(app.logs_in(ANN, OWN_PASSWORD).await, 429, "too_many_attempts").await;
        for user in ["ann", ANN] {
            assert_eq!(browser_logs_in(&app, user, OWN_PASSWORD, &known).await.status(), StatusCode::OK, "{user}");
        }
        attack.goes_round().await;

        // From a new browser: the mailed password, which the attack cannot throttle, and then an own one.
        let mailed = app.mailed_password(ANN).await;
        attack.goes_round().await;
        let answer = json_of(app.logs_in("ann", &mailed).await, StatusCode::OK).await;
        let token = answer["access_token"].as_str().unwrap();
        let own = "what only the owner knows";
        let body = json!({ "current_password": mailed, "new_password": own });
        let changed = app.calls(token, Method::POST, "/me/password", Some(body)).await;
        let session = json_of(changed, StatusCode::OK).await["access_token"].as_str().unwrap().to_owned();
        attack.goes_round().await;
        assert_eq!(app.who_am_i(&session).await.status(), StatusCode::OK);
        let guesses = attack.ends().await;
        assert!(guesses >= 4 * ADDRESSES, "{guesses}");
        app.letter_to(ANN, 3).await;
    }
}

on_postgres! {
    async fn a_second_instance_and_a_restart_give_no_further_letters(site) {
        site.has_account("ann", ANN);
        let (one, two) = (site.instance(&[]).await, site.instance(&[]).await);
        let worker = site.mail_worker(&[]);
        for door in [&one.door, &two.door] {
            for _ in 0..4 {
                for email in [ANN, "nobody@example.com"] {
                    assert_eq!(door.asks_for_reset(email).await, StatusCode::ACCEPTED);
                }
            }
        }
        site.all_letters_are_settled().await;
        assert_eq!(site.letters_to(ANN).len(), 5);
        drop((one, two, worker));
        let (again, _worker) = (site.instance(&[]).await, site.mail_worker(&[]));
        for _ in 0..3 {
            assert_eq!(again.door.asks_for_reset(ANN).await, StatusCode::ACCEPTED);
        }
        site.all_letters_are_settled().await;
        assert_eq!(site.letters_to(ANN).len(), 5);
    }

    async fn a_known_browser_is_known_on_every_instance(site) {
        let printed = site.has_account("ann", ANN);
        let (one, two) = (site.instance(&[]).await, site.instance(&[]).await);
        let _worker = site.mail_worker(&[]);
        let begun = json_of(one.door.logs_in("ann", &printed).await, StatusCode::OK).await;
        let choice = json!({ "current_password": printed, "new_password": OWN_PASSWORD });
        let chosen = two.door.post("/me/password", &choice).bearer_auth(begun["access_token"].as_str().unwrap());
        assert_eq!(chosen.send().await.unwrap().status(), StatusCode::OK);
        let body = json!({ "user": "ann", "password": OWN_PASSWORD, "session": "cookie" });
        let (known, _) = cookie(&one.door.post("/login", &body).send().await.unwrap(), "rekey_device").unwrap();
        // Until the wait is so long that none of these is let through while the test looks.
        let mut refused = 0;
        eventually("a throttled account", async || {
            refused += u32::from(one.door.logs_in("ann", "wrong").await.status() == StatusCode::TOO_MANY_REQUESTS);
            (refused >= 3).then_some(())
        })
        .await;
        let login = two.door.post("/login", &body).header("cookie", known);
        assert_eq!(login.send().await.unwrap().status(), StatusCode::OK);
    }
}

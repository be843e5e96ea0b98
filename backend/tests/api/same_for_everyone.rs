//! Nobody learns who has an account: the same answer to the last byte, after the same questions to the database and the
//! same number of password hashes. `make timing` measures what is left.

use std::time::Duration;

use reqwest::{Method, RequestBuilder};
use serde_json::{Value, json};

use crate::support::app::{App, OWN_PASSWORD, browser_logs_in, cookie};
use crate::support::database::{Kind, execute};
use crate::support::mail_server::{Fault, Step};
use crate::support::{Setup, eventually, on_both_databases};

/// What a stranger can tell of an answer, but the time.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Answer {
    status: u16,
    headers: Vec<String>,
    body: Value,
    bytes: usize,
}

/// What answering it took.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Work {
    statements: Vec<String>,
    hashes: u64,
}

async fn answer(request: RequestBuilder) -> Answer {
    let response = request.send().await.unwrap();
    let status = response.status().as_u16();
    let headers = response.headers().iter().filter(|(name, _)| *name != "date");
    let mut headers: Vec<_> = headers.map(|(name, value)| format!("{name}: {}", value.to_str().unwrap())).collect();
    headers.sort();
    let bytes = response.bytes().await.unwrap();
    let mut body: Value = serde_json::from_slice(&bytes).unwrap();
    if let Some(body) = body.as_object_mut() {
        body.remove("request_id");
    }
    Answer { status, headers, body, bytes: bytes.len() }
}

/// The answer, and what it took, when nothing else goes on.
async fn observed(app: &App, request: RequestBuilder) -> (Answer, Work) {
    app.statements.take();
    let hashes = app.hashes();
    let answer = answer(request).await;
    let mut statements = app.statements.take();
    // Whether a connection is asked if it is still there depends only on when it was used last.
    statements.retain(|statement| statement != "SELECT 1");
    (answer, Work { statements, hashes: app.hashes() - hashes })
}

/// A server without a mail worker, whose database is asked nothing but what the test's requests ask.
async fn quiet(database: Kind, flags: &[&str]) -> App {
    let setup = Setup { no_mail_worker: true, listens_to_the_database: true, ..Setup::with(flags) };
    let mut app = App::start_with(database, setup).await;
    app.may_leave_letters = true;
    let mut asked = Vec::new();
    eventually("the end of the purge at the start, which looks for old events last", async || {
        asked.extend(app.statements.take());
        let last = asked.iter().rposition(|statement| statement.contains("happened_at"))?;
        asked[last..].iter().any(|statement| statement == "COMMIT").then_some(())
    })
    .await;
    people(&app);
    app.time_stands_still();
    app
}

/// `ann` with an own password, `bea` who was disabled, `cleo` whose password a reset has cleared.
fn people(app: &App) {
    for user in ["ann", "bea", "cleo"] {
        app.has_account(user, &format!("{user}@example.com"));
    }
    execute(&app.database_url, "UPDATE accounts SET disabled_at = created_at WHERE user_name = 'bea'");
    execute(&app.database_url, "UPDATE accounts SET password_hash = NULL WHERE user_name = 'cleo'");
}

fn login(app: &App, user: &str, cookies: &str) -> RequestBuilder {
    let body = json!({ "user": user, "password": "wrong", "session": "cookie" });
    app.request(Method::POST, "/login").header("cookie", cookies).json(&body)
}

fn reset(app: &App, email: &str) -> RequestBuilder {
    app.request(Method::POST, "/password-reset/request").json(&json!({ "email": email }))
}

fn credential(app: &App, email: &str) -> RequestBuilder {
    app.request(Method::POST, "/credential-requests").json(&json!({ "name": "Somebody", "email": email }))
}

fn email_change(app: &App, token: &str, email: &str, password: &str) -> RequestBuilder {
    let body = json!({ "email": email, "current_password": password });
    app.request(Method::POST, "/me/email").bearer_auth(token).json(&body)
}

/// Asks the same for each of these in turn, so often, and sees that all get the same each time: what the first one got.
async fn all_see_the_same<const CLASSES: usize>(
    app: &App,
    times: usize,
    ask: impl AsyncFn(usize, usize) -> RequestBuilder,
) -> Vec<(Answer, Work)> {
    let mut seen = Vec::new();
    for time in 0..times {
        let mut of_all = Vec::new();
        for class in 0..CLASSES {
            of_all.push(observed(app, ask(class, time).await).await);
        }
        for (class, one) in of_all.iter().enumerate() {
            assert_eq!(*one, of_all[0], "class {class} for the {}. time", time + 1);
        }
        assert!(!of_all[0].1.statements.is_empty() || of_all[0].0.status == 429, "the database is listened to");
        seen.push(of_all.swap_remove(0));
    }
    seen
}

fn statuses(seen: &[(Answer, Work)]) -> Vec<u16> {
    seen.iter().map(|(answer, _)| answer.status).collect()
}

on_both_databases! {
    async fn a_wrong_login_is_the_same_for_everyone(database) {
        let app = quiet(database, &[]).await;
        app.has_account("dan", "dan@example.com");
        let other = browser_logs_in(&app, "dan", OWN_PASSWORD, "").await;
        let (of_dan, _) = cookie(&other, "rekey_device").unwrap();
        app.statements.take();
        for cookies in ["", "rekey_device=AAAAAAAAAAAAAAAAAAAAAAAA", &of_dan] {
            let users = ["ann", "bea", "cleo", "nobody"];
            let seen = all_see_the_same::<4>(&app, 9, async |class, _| login(&app, users[class], cookies)).await;
            assert_eq!(statuses(&seen), [[401; 6].as_slice(), &[429; 3]].concat(), "{cookies}");
            assert!(seen.iter().all(|(answer, work)| work.hashes == u64::from(answer.status == 401)));
            // By address, and when the wait is over: it counts as another user until then.
            let users = ["ann@example.com", "Bea@Example.com", "cleo@example.com", "nobody@example.com"];
            let seen = all_see_the_same::<4>(&app, 8, async |class, time| {
                app.wait(if class == 0 && time > 5 { Duration::from_secs(1 << (time - 6)) } else { Duration::ZERO });
                login(&app, users[class], cookies)
            })
            .await;
            assert_eq!(statuses(&seen), [401; 8], "{cookies}");
            execute(&app.database_url, "DELETE FROM login_throttle");
        }
    }

    async fn a_request_for_a_reset_is_the_same_for_everyone(database) {
        let app = quiet(database, &[]).await;
        let emails = ["ann@example.com", "bea@example.com", "cleo@example.com", "nobody@example.com"];
        let seen = all_see_the_same::<4>(&app, 7, async |class, _| reset(&app, emails[class])).await;
        assert_eq!(statuses(&seen), [202; 7]);
    }

    async fn a_request_for_a_credential_is_the_same_for_everyone(database) {
        let app = quiet(database, &[]).await;
        let emails = ["ann@example.com", "bea@example.com", "cleo@example.com", "nobody@example.com"];
        let seen = all_see_the_same::<4>(&app, 7, async |class, _| credential(&app, emails[class])).await;
        assert_eq!(statuses(&seen), [202; 7]);
    }

    async fn another_email_address_is_asked_for_the_same_way_whoever_has_it(database) {
        let app = quiet(database, &[]).await;
        let mut tokens = Vec::new();
        for user in ["eve", "fay", "guy"] {
            app.has_account(user, &format!("{user}@example.com"));
            tokens.push(app.access_token(user, OWN_PASSWORD).await);
        }
        let emails = ["ann@example.com", "bea@example.com", "free@example.com"];
        // The tenth within an hour was the last.
        let seen = all_see_the_same::<3>(&app, 12, async |class, _| {
            email_change(&app, &tokens[class], emails[class], OWN_PASSWORD)
        })
        .await;
        assert_eq!(statuses(&seen), [[202; 10].as_slice(), &[429; 2]].concat());
        assert!(seen.iter().all(|(_, work)| work.hashes == 1));
        let seen = all_see_the_same::<3>(&app, 8, async |class, _| {
            email_change(&app, &tokens[class], emails[class], "wrong")
        })
        .await;
        assert_eq!(statuses(&seen), [401, 401, 401, 401, 401, 401, 429, 429]);
    }

    async fn whoever_asks_too_often_is_told_so_the_same_way_whomever_they_ask_for(database) {
        let app = quiet(database, &["--client-requests-per-minute=2", "--trusted-proxies=127.0.0.1,::1"]).await;
        let from = |request: RequestBuilder, class: usize| request.header("x-forwarded-for", format!("203.0.113.{class}"));
        let emails = ["ann@example.com", "bea@example.com", "nobody@example.com"];
        for (number, ask) in [reset, credential, |app: &App, email: &str| login(app, email, "")].into_iter().enumerate() {
            let mut of_all = Vec::new();
            for (class, email) in emails.into_iter().enumerate() {
                let mut seen = Vec::new();
                for _ in 0..4 {
                    let (mut answer, work) = observed(&app, from(ask(&app, email), 10 * number + class)).await;
                    // Real seconds go by: what is told of them depends on when it is asked, and on nothing else.
                    answer.headers.retain(|header| !(header.starts_with("retry-after") && answer.status == 429));
                    seen.push((answer, work));
                }
                assert_eq!(statuses(&seen)[2..], [429, 429], "{email}");
                of_all.push(seen);
            }
            assert!(of_all.iter().all(|seen| *seen == of_all[0]), "{of_all:?}");
        }
    }

    /// What the worker does shows in the time of whatever is asked meanwhile.
    async fn a_letter_that_nobody_gets_costs_the_worker_as_many_transactions_as_one_that_is_sent(database) {
        let setup = Setup { listens_to_the_database: true, ..Setup::default() };
        let app = App::start_with(database, setup).await;
        people(&app);
        let mut of_all = Vec::new();
        for email in ["cleo@example.com", "ann@example.com", "bea@example.com", "nobody@example.com"] {
            for ask in [reset, credential] {
                let _ = app.statements.take();
                assert_eq!(answer(ask(&app, email)).await.status, 202);
                app.all_letters_are_settled().await;
                // The worker's next look, which finds nothing.
                let mut asked = Vec::new();
                eventually("a look at the queue", async || {
                    asked.extend(app.statements.take());
                    let last = asked.iter().rposition(|statement| statement == "COMMIT")?;
                    (last + 1 < asked.len()).then_some(())
                })
                .await;
                of_all.push(asked.iter().filter(|statement| *statement == "COMMIT").count());
            }
        }
        // The request, the lease, the letter, the outcome. PostgreSQL commits the row of a reset by itself.
        let alike = if database == Kind::Postgres { [3, 4] } else { [4, 4] };
        assert!(of_all.chunks(2).all(|commits| commits == alike), "{of_all:?}");
    }

    async fn the_state_of_the_mail_server_shows_nowhere(database) {
        let mut app = App::start_with(database, Setup::with(&["--smtp-timeout=300ms", "--reset-mails-per-hour=2"])).await;
        app.may_leave_letters = true;
        people(&app);
        let token = {
            app.has_account("eve", "eve@example.com");
            app.access_token("eve", OWN_PASSWORD).await
        };
        let mut seen: Vec<(&str, Answer)> = Vec::new();
        for state in ["up", "slow", "away"] {
            match state {
                "slow" => app.mail.set_fault(Some((Step::Data, Fault::Hang))),
                "away" => app.mail.stop(),
                _ => {}
            }
            // The third letter to an address is one too many in this hour.
            for _ in 0..3 {
                for email in ["ann@example.com", "bea@example.com", "cleo@example.com", "nobody@example.com"] {
                    seen.push(("reset", answer(reset(&app, email)).await));
                    seen.push(("credential", answer(credential(&app, email)).await));
                    seen.push(("email", answer(email_change(&app, &token, email, OWN_PASSWORD)).await));
                    // Ten an hour.
                    execute(&app.database_url, "DELETE FROM mail_queue WHERE kind = 'confirm_email'");
                    seen.push(("login", answer(login(&app, email, "")).await));
                    execute(&app.database_url, "DELETE FROM login_throttle");
                }
            }
        }
        for (what, one) in &seen {
            let (_, first) = seen.iter().find(|(other, _)| other == what).unwrap();
            assert_eq!(one, first, "{what}");
            assert_eq!(one.status, if *what == "login" { 401 } else { 202 }, "{what}");
        }
    }
}

//! The typed client, against a server of Rekey and against what stands before one.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use rekey_shared::account::ChangePassword;
use rekey_shared::client::{Client, Failure, Session, api};
use rekey_shared::problem::ProblemCode::{SessionEnded, TooManyAttempts, Unauthenticated};
use rekey_shared::secret::Secret;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

use crate::support::app::{App, OWN_PASSWORD, assert_refused};
use crate::support::{on_both_databases, spoken};

const ANN: &str = "ann@example.com";

/// Where an app keeps its refresh token.
#[derive(Clone, Default)]
struct Keychain(Arc<Mutex<Vec<Secret>>>);

impl Keychain {
    fn keeps(&self, session: Session) -> Session {
        let kept = self.0.clone();
        session.kept_by(move |token| kept.lock().unwrap().push(token.clone()))
    }

    fn newest(&self) -> Secret {
        self.0.lock().unwrap().last().unwrap().clone()
    }

    fn tokens(&self) -> usize {
        self.0.lock().unwrap().len()
    }
}

/// Answers one request with these bytes, and tells what it was asked.
async fn answers_once(answer: &'static str) -> (Client, tokio::task::JoinHandle<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let client = Client::new(&format!("http://{}/", listener.local_addr().unwrap()));
    let asked = tokio::spawn(async move {
        let (mut socket, _) = listener.accept().await.unwrap();
        let mut request = vec![0; 4096];
        let length = socket.read(&mut request).await.unwrap();
        socket.write_all(answer.as_bytes()).await.unwrap();
        String::from_utf8_lossy(&request[..length]).into_owned()
    });
    (client, asked)
}

on_both_databases! {
    async fn an_app_goes_on_when_its_access_token_has_run_out_and_keeps_the_newest_refresh_token(database) {
        let app = App::start(database).await;
        app.has_account("ann", ANN);
        let keychain = Keychain::default();
        let session = keychain.keeps(app.session("ann", OWN_PASSWORD).await);
        session.ask(&api::me()).await.unwrap();
        assert_eq!(keychain.tokens(), 1);
        app.wait(Duration::from_mins(16));
        assert_eq!(session.ask(&api::me()).await.unwrap().email, ANN);
        assert_eq!(keychain.tokens(), 2);
        let next_run = keychain.keeps(Session::resumed(app.api(), keychain.newest()));
        assert_eq!(next_run.ask(&api::me()).await.unwrap().email, ANN);
        assert_eq!(keychain.tokens(), 4, "the one that it began with, and the next");
    }

    async fn many_tasks_of_an_app_renew_its_session_together(database) {
        let app = App::start(database).await;
        app.has_account("ann", ANN);
        let session = Arc::new(app.session("ann", OWN_PASSWORD).await);
        for _ in 0..3 {
            app.wait(Duration::from_mins(16));
            let tasks: Vec<_> = (0..8)
                .map(|_| {
                    let session = session.clone();
                    tokio::spawn(async move { session.ask(&api::me()).await })
                })
                .collect();
            for task in tasks {
                assert_eq!(task.await.unwrap().unwrap().email, ANN);
            }
        }
    }

    async fn a_session_that_is_over_says_so_and_asks_for_no_new_token(database) {
        let app = App::start(database).await;
        app.has_account("ann", ANN);
        let keychain = Keychain::default();
        let session = keychain.keeps(app.session("ann", OWN_PASSWORD).await);
        app.mailed_password(ANN).await;
        assert_refused(session.ask(&api::me()).await, SessionEnded);
        assert_refused(Session::resumed(app.api(), keychain.newest()).ask(&api::me()).await, SessionEnded);
        assert_eq!(keychain.tokens(), 1);
    }

    async fn a_mailed_password_leads_to_an_own_one_and_that_to_a_session_which_is_logged_out(database) {
        let app = App::start(database).await;
        app.has_account("ann", ANN);
        let mailed = app.mailed_password(ANN).await;
        let keychain = Keychain::default();
        let session = keychain.keeps(app.session("ann", &mailed).await);
        assert_eq!(keychain.tokens(), 0, "none before there is an own password");
        let own = "a password of my own";
        session.change_password(&ChangePassword { current_password: mailed.into(), new_password: own.into() }).await.unwrap();
        session.ask(&api::me()).await.unwrap();
        assert_eq!(keychain.tokens(), 1);
        session.log_out().await.unwrap();
        assert_refused(Session::resumed(app.api(), keychain.newest()).ask(&api::me()).await, SessionEnded);
    }

    async fn a_refusal_says_when_to_come_again(database) {
        let app = App::start(database).await;
        app.has_account("ann", ANN);
        app.time_stands_still();
        for _ in 0..6 {
            app.logs_in("ann", "wrong").await;
        }
        let refused = app.api().send(&spoken::logs_in("ann", OWN_PASSWORD)).await.unwrap_err();
        let Failure::Refused { problem, retry_after } = refused else { panic!("{refused:?}") };
        assert_eq!((problem.code, retry_after), (TooManyAttempts, Some(Duration::from_secs(1))));
        assert_refused(app.api().send(&api::me()).await, Unauthenticated);
    }
}

#[tokio::test]
async fn what_a_proxy_says_instead_of_the_server_is_unreadable() {
    for (answer, status) in [
        ("HTTP/1.1 502 Bad Gateway\r\ncontent-length: 6\r\n\r\n<html>", 502),
        ("HTTP/1.1 200 OK\r\ncontent-length: 6\r\n\r\n<html>", 200),
        ("HTTP/1.1 200 OK\r\ncontent-length: 17\r\n\r\n{\"name\":\"Rekey!\"}", 200),
    ] {
        let (client, asked) = answers_once(answer).await;
        assert_eq!(client.send(&api::config()).await, Err(Failure::Unreadable { status }));
        assert!(asked.await.unwrap().starts_with("GET /config.json HTTP/1.1\r\n"));
    }
}

#[tokio::test]
async fn no_answer_has_a_cause_that_a_log_can_show() {
    let (client, asked) = answers_once("").await;
    assert!(matches!(client.send(&api::me()).await, Err(Failure::NoAnswer { .. })));
    asked.await.unwrap();
    // The listener is gone.
    let refused = client.send(&api::me()).await.unwrap_err();
    assert!(refused.to_string().contains("Connection refused"), "{refused}");
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let nobody = Client::new(&format!("http://{}", listener.local_addr().unwrap()));
    let impatient = api::me().within(Duration::from_millis(50));
    assert!(nobody.send(&impatient).await.unwrap_err().to_string().contains("timed out"));
    let nowhere = Client::new("rekey.example.com").send(&api::me()).await.unwrap_err();
    assert!(matches!(nowhere, Failure::NoAnswer { .. }), "{nowhere}");
}

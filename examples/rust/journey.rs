//! From a forgotten password to a session and out of it again, with Rekey's own client.
//!
//! `cargo run -p rekey-example http://127.0.0.1:8080 demo@example.com`

use std::env::args;
use std::error::Error;
use std::io::stdin;

use rekey_shared::account::ChangePassword;
use rekey_shared::client::{Client, Failure, Session, api};
use rekey_shared::login::LoginRequest;
use rekey_shared::password_reset::{ConfirmRequest, ResetRequest};
use tokio::time::sleep;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let (url, email) = args().nth(1).zip(args().nth(2)).ok_or("journey URL EMAIL")?;
    let client = Client::new(&url);

    let request = api::request_reset(&ResetRequest { email: email.clone(), locale: None });
    patiently(async || client.send(&request).await).await?;
    let token =
        ask(&format!("If {email} has an account, a mail is on its way. What stands behind the # of its link?"))?;
    let confirm = api::confirm_reset(&ConfirmRequest { token: token.into(), new_password: None });
    patiently(async || client.send(&confirm).await).await?;
    let mailed = ask("A second mail is on its way. The password in it?")?;

    let credentials = LoginRequest { user: email, password: mailed.as_str().into(), ..LoginRequest::default() };
    let log_in = api::log_in(&credentials);
    let tokens = patiently(async || client.send(&log_in).await).await?;
    let mut must_choose = tokens.password_change_required;
    let session = Session::new(client.clone(), tokens);
    // A mailed password opens one thing only: choosing one's own.
    while must_choose {
        let own = ask("A new password of your own?")?;
        let change = ChangePassword { current_password: mailed.as_str().into(), new_password: own.into() };
        match session.change_password(&change).await {
            Ok(()) => must_choose = false,
            Err(failure) if failure.field_errors().is_empty() => return Err(failure.into()),
            Err(failure) => {
                for error in failure.field_errors() {
                    println!("{}: {}", error.field, error.code.text());
                }
            }
        }
    }
    let me = api::me();
    println!("Logged in as {}.", session.ask(&me).await?.user_name);

    // As the app does when it is started again: all that it has stored, where the system keeps secrets.
    let stored = session.refresh_token().ok_or("no refresh token")?;
    let session = Session::resumed(client.clone(), stored);
    let who = patiently(async || session.ask(&me).await).await?;
    println!("Still logged in as {}, with a new access token.", who.user_name);

    let stored = session.refresh_token().ok_or("no refresh token")?;
    session.log_out().await?;
    let ended = Session::resumed(client, stored);
    let Err(failure) = patiently(async || ended.ask(&me).await).await else {
        return Err("not logged out".into());
    };
    println!("Logged out: {}.", failure.code().ok_or("no problem")?.text());
    Ok(())
}

/// Asks once more when the server says when.
async fn patiently<A>(asks: impl AsyncFn() -> Result<A, Failure>) -> Result<A, Failure> {
    loop {
        match asks().await {
            Err(Failure::Refused { retry_after: Some(time), .. }) => {
                println!("Too many requests: once more in {} s.", time.as_secs());
                sleep(time).await;
            }
            answer => return answer,
        }
    }
}

fn ask(question: &str) -> Result<String, std::io::Error> {
    println!("{question}");
    let mut answer = String::new();
    stdin().read_line(&mut answer)?;
    Ok(answer.trim_end().to_owned())
}

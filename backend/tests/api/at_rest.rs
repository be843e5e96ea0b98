//! No usable secret at rest: what lies in the database, in files and in the log opens nothing.

use reqwest::StatusCode;
use serde_json::{Value, json};

use crate::support::app::json_of;
use crate::support::mail_server::{Fault, Step};
use crate::support::on_both_databases;
use crate::support::process::Site;

on_both_databases! {
    async fn a_dump_and_all_logs_hold_no_token_no_password_and_no_typed_user(database) {
        let site = Site::new(database).await;
        let mut secrets = Vec::new();
        {
            let mut server = site.serves_and_logs_everything().await;
            for number in 0..5 {
                let (user, email) = (format!("person{number}"), format!("person{number}@example.com"));
                secrets.push(site.has_account(&user, &email));
                // A letter that is refused was made all the same.
                let fault = Some((Step::RcptTo, Fault::Say("450 4.2.1 <person@example.com> later")));
                site.mail.set_fault(fault.filter(|_| number % 2 == 0));
                site.asks_for_reset(&email).await;
                site.mail.set_fault(None);
                let link = site.letter_to(&email, 1).await;
                secrets.push(link.token());
                assert_eq!(site.confirms(&link.token()).await, Some(StatusCode::OK));
                let password = site.letter_to(&email, 2).await.password();
                secrets.push(password.clone());

                let own = format!("an own password {number} of mine");
                let answer = site.posts("/login", &json!({ "user": user, "password": password })).await.unwrap();
                let token = json_of(answer, StatusCode::OK).await["access_token"].as_str().unwrap().to_owned();
                let body = json!({ "current_password": password, "new_password": own });
                assert_eq!(site.posts_as(&token, "/me/password", &body).await, StatusCode::OK);
                secrets.extend([token, own.clone()]);
                let body = json!({ "user": user, "password": own, "session": "cookie" });
                let answer = site.posts("/login", &body).await.unwrap();
                for cookie in answer.headers().get_all("set-cookie") {
                    let pair = cookie.to_str().unwrap().split(';').next().unwrap();
                    secrets.push(pair.split_once('=').unwrap().1.to_owned());
                }
                // People type their password into "User".
                let typed = format!("my secret in the wrong field {number}");
                site.logs_in(&typed, "and a wrong one here").await;
                secrets.extend([typed, "and a wrong one here".to_owned()]);
            }
            // Half of a body, and one that is no JSON: errors quote what they cannot read.
            let broken: Option<Value> = None;
            site.posts("/login", &json!({ "user": ["typed into the wrong type"], "password": broken })).await;
            secrets.push("typed into the wrong type".to_owned());
            assert_eq!(server.is_told_to_stop().await, Some(0));
        }
        let everything = site.everything_at_rest();
        assert!(everything.iter().any(|(name, bytes)| name.ends_with("everything.log") && bytes.len() > 10_000), "the log is there");
        let known = "person0";
        assert!(everything.iter().any(|(_, bytes)| contains(bytes, known)), "the search finds what is there");
        for secret in &secrets {
            assert!(secret.len() >= 16, "{secret}");
            for (name, bytes) in &everything {
                assert!(!contains(bytes, secret), "{name} holds {secret}");
            }
        }
    }
}

fn contains(bytes: &[u8], text: &str) -> bool {
    bytes.windows(text.len()).any(|window| window == text.as_bytes())
}

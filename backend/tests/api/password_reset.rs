//! The forgotten password.

use std::time::Duration;

use reqwest::{Method, StatusCode};
use serde_json::json;

use crate::support::app::{App, OWN_PASSWORD, assert_problem, json_of};
use crate::support::mailbox::letters_to;
use crate::support::{Setup, on_both_databases};

const ANN: &str = "ann@example.com";

on_both_databases! {
    async fn a_person_gets_back_in(database) {
        let app = App::start(database).await;
        app.has_account("ann", ANN);

        let asked = app.asks_for_reset(ANN).await;
        assert_eq!(json_of(asked, StatusCode::ACCEPTED).await, json!({ "status": "email_sent" }));
        let link = app.letter_to(ANN, 1).await;
        assert!(link.text.contains("ann"), "the letter names the user name");

        let confirmed = app.confirms(&link.token()).await;
        assert_eq!(json_of(confirmed, StatusCode::OK).await, json!({ "status": "new_password_sent" }));
        let password = app.letter_to(ANN, 2).await.password();

        let answer = json_of(app.logs_in("ann", &password).await, StatusCode::OK).await;
        assert_eq!(answer["password_change_required"], true);
        let token = answer["access_token"].as_str().unwrap();
        let own = "my very own new password";
        let changed = json_of(app.changes_password(token, &password, own).await, StatusCode::OK).await;
        assert_eq!(changed["password_change_required"], false);
        let me = json_of(app.who_am_i(changed["access_token"].as_str().unwrap()).await, StatusCode::OK).await;
        assert_eq!(me["user_name"], "ann");

        assert_problem(app.logs_in("ann", OWN_PASSWORD).await, 401, "invalid_credentials").await;
        assert_problem(app.logs_in("ann", &password).await, 401, "invalid_credentials").await;
        assert_eq!(app.logs_in(ANN, own).await.status(), StatusCode::OK);
    }

    async fn an_unknown_address_gets_the_same_answer_and_no_letter(database) {
        let app = App::start(database).await;
        app.has_account("ann", ANN);
        let (known, unknown) = (app.asks_for_reset(ANN).await, app.asks_for_reset("nobody@example.com").await);
        assert_eq!(known.status(), unknown.status());
        let names = |response: &reqwest::Response| {
            let mut names: Vec<_> = response.headers().iter().map(|(name, value)| (name.clone(), value.clone())).collect();
            names.retain(|(name, _)| name != "date");
            names.sort_by(|one, other| one.0.as_str().cmp(other.0.as_str()));
            names
        };
        assert_eq!(names(&known), names(&unknown));
        assert_eq!(known.bytes().await.unwrap(), unknown.bytes().await.unwrap());
        app.letter_to(ANN, 1).await;
        app.all_letters_are_settled().await;
        assert!(letters_to(&app.mail, "nobody@example.com").is_empty());
        assert_eq!(app.mail.received().len(), 1);
    }

    async fn a_request_does_not_even_look_at_the_accounts(database) {
        let app = App::start_with(database, Setup::without_mail_worker()).await;
        app.has_account("ann", ANN);
        let execute = |sql| crate::support::database::execute(&app.database_url, sql);
        execute("ALTER TABLE accounts RENAME TO accounts_away");
        for email in [ANN, "nobody@example.com"] {
            assert_eq!(app.asks_for_reset(email).await.status(), StatusCode::ACCEPTED, "{email}");
        }
        execute("ALTER TABLE accounts_away RENAME TO accounts");
        assert_eq!(app.waiting_letters(), 2);
        let app = app.restarts().await;
        app.letter_to(ANN, 1).await;
    }

    async fn asking_changes_nothing_about_the_account(database) {
        let app = App::start(database).await;
        app.has_account("ann", ANN);
        let token = app.access_token("ann", OWN_PASSWORD).await;
        app.asks_for_reset(ANN).await;
        app.letter_to(ANN, 1).await;
        assert_eq!(app.who_am_i(&token).await.status(), StatusCode::OK);
        assert_eq!(app.logs_in("ann", OWN_PASSWORD).await.status(), StatusCode::OK);
    }

    async fn of_a_hundred_confirmations_at_once_exactly_one_succeeds(database) {
        let app = App::start(database).await;
        app.has_account("ann", ANN);
        app.asks_for_reset(ANN).await;
        let token = app.letter_to(ANN, 1).await.token();
        let all = (0..100).map(|_| {
            let confirm = app.request(Method::POST, "/password-reset/confirm").json(&json!({ "token": token }));
            tokio::spawn(async move { confirm.send().await.unwrap().status().as_u16() })
        });
        let mut statuses = Vec::new();
        for one in all.collect::<Vec<_>>() {
            statuses.push(one.await.unwrap());
        }
        assert_eq!(statuses.iter().filter(|status| **status == 200).count(), 1, "{statuses:?}");
        assert_eq!(statuses.iter().filter(|status| **status == 410).count(), 99, "{statuses:?}");
        app.letter_to(ANN, 2).await;
        app.all_letters_are_settled().await;
        assert_eq!(letters_to(&app.mail, ANN).len(), 2, "one link, one password");
    }

    async fn only_a_post_uses_a_link_up(database) {
        let app = App::start(database).await;
        app.has_account("ann", ANN);
        app.asks_for_reset(ANN).await;
        let link = app.letter_to(ANN, 1).await;
        let token = link.token();
        for method in [Method::GET, Method::HEAD, Method::OPTIONS, Method::TRACE] {
            for path in [
                "/reset".to_owned(),
                format!("/reset?token={token}"),
                format!("/reset/{token}"),
                "/password-reset/confirm".to_owned(),
                format!("/password-reset/confirm?token={token}"),
                format!("/password-reset/confirm/{token}"),
            ] {
                let answer = app
                    .request(method.clone(), &path)
                    .header("accept", "text/html")
                    .header("content-type", "application/json")
                    .body(json!({ "token": token }).to_string())
                    .send()
                    .await
                    .unwrap();
                assert!(!answer.status().is_server_error(), "{method} {path}");
            }
        }
        assert_eq!(app.confirms(&token).await.status(), StatusCode::OK);
    }

    async fn two_links_both_work_until_one_is_used(database) {
        let app = App::start(database).await;
        app.has_account("ann", ANN);
        app.asks_for_reset(ANN).await;
        let first = app.letter_to(ANN, 1).await.token();
        app.asks_for_reset(ANN).await;
        let second = app.letter_to(ANN, 2).await.token();
        assert_ne!(first, second);
        assert_eq!(app.confirms(&first).await.status(), StatusCode::OK);
        assert_problem(app.confirms(&second).await, 410, "reset_link_used").await;
        assert_problem(app.confirms(&first).await, 410, "reset_link_used").await;
    }

    async fn a_link_expires_and_says_so(database) {
        let app = App::start(database).await;
        app.has_account("ann", ANN);
        app.asks_for_reset(ANN).await;
        let letter = app.letter_to(ANN, 1).await;
        assert!(letter.text.contains("60 minutes"), "{}", letter.text);
        app.wait(Duration::from_mins(59));
        app.asks_for_reset(ANN).await;
        let later = app.letter_to(ANN, 2).await.token();
        app.wait(Duration::from_mins(1));
        assert_problem(app.confirms(&letter.token()).await, 410, "reset_link_expired").await;
        assert_eq!(app.confirms(&later).await.status(), StatusCode::OK);
        assert_problem(app.confirms(&letter.token()).await, 410, "reset_link_expired").await;
    }

    async fn an_invented_token_is_unknown(database) {
        let app = App::start(database).await;
        for token in ["AAAAAAAAAAAAAAAAAAAAAAAA", "x", "\u{1f511}", "a\0b", &"y".repeat(9000)] {
            assert_problem(app.confirms(token).await, 404, "reset_link_unknown").await;
        }
    }

    async fn a_confirmation_ends_every_session_at_once(database) {
        let app = App::start(database).await;
        app.has_account("ann", ANN);
        let old = app.access_token("ann", OWN_PASSWORD).await;
        app.mailed_password(ANN).await;
        assert_problem(app.who_am_i(&old).await, 401, "session_ended").await;
        assert_problem(app.logs_in("ann", OWN_PASSWORD).await, 401, "invalid_credentials").await;
    }

    async fn a_mailed_password_opens_only_the_choice_of_an_own_one(database) {
        let app = App::start(database).await;
        app.has_account("ann", ANN);
        let password = app.mailed_password(ANN).await;
        let token = app.access_token("ann", &format!(" {password} ")).await;
        assert_problem(app.who_am_i(&token).await, 403, "forbidden").await;
        let out = app.request(Method::POST, "/logout").bearer_auth(&token).send().await.unwrap();
        assert_eq!(out.status(), StatusCode::NO_CONTENT);
        assert_problem(app.changes_password(&token, &password, "my very own password").await, 401, "session_ended").await;
    }

    async fn a_mailed_password_expires(database) {
        let app = App::start(database).await;
        app.has_account("ann", ANN);
        let password = app.mailed_password(ANN).await;
        app.wait(Duration::from_hours(24));
        assert_problem(app.logs_in("ann", &password).await, 401, "invalid_credentials").await;
    }

    async fn with_the_setting_the_mailed_password_becomes_the_own_one(database) {
        let app = App::start_with(database, Setup::with(&["--temporary-password-must-change=false"])).await;
        app.has_account("ann", ANN);
        let password = app.mailed_password(ANN).await;
        let answer = json_of(app.logs_in("ann", &password).await, StatusCode::OK).await;
        assert_eq!(answer["password_change_required"], false);
        assert_eq!(app.who_am_i(answer["access_token"].as_str().unwrap()).await.status(), StatusCode::OK);
        app.wait(Duration::from_hours(48));
        assert_eq!(app.logs_in("ann", &password).await.status(), StatusCode::OK);
        assert_eq!(app.count("SELECT COUNT(*) AS count FROM temporary_passwords WHERE ended_at IS NULL"), 0);
    }

    async fn an_address_gets_five_letters_an_hour(database) {
        let app = App::start(database).await;
        app.has_account("ann", ANN);
        for _ in 0..7 {
            assert_eq!(app.asks_for_reset(ANN).await.status(), StatusCode::ACCEPTED);
        }
        app.letter_to(ANN, 5).await;
        app.all_letters_are_settled().await;
        assert_eq!(letters_to(&app.mail, ANN).len(), 5);
        app.wait(Duration::from_mins(61));
        app.asks_for_reset(ANN).await;
        app.letter_to(ANN, 6).await;
    }

    async fn letters_go_to_the_stored_address_only(database) {
        let app = App::start(database).await;
        app.has_account("mike", "mike@example.org");
        // CVE-2019-19844: look-alikes that fold to the stored address must not receive its link.
        app.asks_for_reset("ｍike@example.org").await;
        assert!(app.letter_to("mike@example.org", 1).await.link().is_some());
        app.asks_for_reset("MIKE@EXAMPLE.ORG").await;
        app.letter_to("mike@example.org", 2).await;
        // A Turkish dotless i is another letter.
        app.asks_for_reset("mıke@example.org").await;
        app.all_letters_are_settled().await;
        assert_eq!(app.mail.received().len(), 2);
    }

    async fn addresses_of_every_valid_kind_get_their_letter(database) {
        let app = App::start(database).await;
        for (number, (address, on_the_wire)) in [
            ("ann+tool@example.com", "ann+tool@example.com"),
            ("o'brien@example.com", "o'brien@example.com"),
            ("Ann.Upper@Example.COM", "Ann.Upper@example.com"),
            ("ann@bücher.example", "ann@xn--bcher-kva.example"),
            ("юлия@example.com", "юлия@example.com"),
        ]
        .into_iter()
        .enumerate()
        {
            app.has_account(&format!("user{number}"), address);
            assert_eq!(app.asks_for_reset(address).await.status(), StatusCode::ACCEPTED, "{address}");
            let letter = app.letter_to(on_the_wire, 1).await;
            assert_eq!(app.confirms(&letter.token()).await.status(), StatusCode::OK, "{address}");
            app.letter_to(on_the_wire, 2).await.password();
        }
    }

    async fn the_link_is_the_same_in_text_and_html_and_no_mail_program_breaks_it(database) {
        let app = App::start(database).await;
        app.has_account("ann", ANN);
        app.asks_for_reset(ANN).await;
        let letter = app.letter_to(ANN, 1).await;
        let link = letter.link().unwrap();
        assert!(link.len() < 76 && !link.contains(['=', '&']), "{link}");
        assert!(link.starts_with(&format!("{}/reset#", app.base)), "{link}");
        assert_eq!(letter.token().len(), 24);
        assert_eq!(letter.html.matches(&format!("href=\"{link}\"")).count(), 2, "the button and the line to copy");
        assert!(letter.html.contains(">Here</a>"));
        assert!(letter.raw.contains(&format!("\r\n{link}\r\n")), "alone on its line, also in the raw message");
        assert!(letter.text.contains("You can use a reset link only once."));
        for header in ["Date: ", "Message-ID: <", "Auto-Submitted: auto-generated", "From: \"Rekey\" <rekey@example.org>"] {
            assert!(letter.raw.contains(header), "{header}");
        }
        assert_eq!(app.mail.received()[0].from, "rekey@example.org");
    }

    async fn the_host_header_does_not_reach_the_link(database) {
        let app = App::start(database).await;
        app.has_account("ann", ANN);
        app.request(Method::POST, "/password-reset/request")
            .header("host", "evil.example")
            .header("x-forwarded-host", "evil.example")
            .json(&json!({ "email": ANN }))
            .send()
            .await
            .unwrap();
        assert!(!app.letter_to(ANN, 1).await.raw.contains("evil.example"));
    }
}

//! Another email address for an account.

use std::time::Duration;

use reqwest::{Method, Response, StatusCode};
use serde_json::json;

use crate::support::app::{App, OWN_PASSWORD, assert_problem, json_of};
use crate::support::mail_server::{Fault, Step};
use crate::support::mailbox::letters_to;
use crate::support::{Setup, on_both_databases};

const ANN: &str = "ann@example.com";
const NEW: &str = "Ann.New@example.com";

async fn asks_for_email(app: &App, token: &str, email: &str, password: &str) -> Response {
    app.calls(token, Method::POST, "/me/email", Some(json!({ "email": email, "current_password": password }))).await
}

async fn confirms_email(app: &App, token: &str) -> Response {
    app.posts("/me/email/confirm", &json!({ "token": token })).await
}

/// Ann, who has asked for the new address: her access token, and the token of the link.
async fn ann_asked(app: &App) -> (String, String) {
    app.has_account("ann", ANN);
    let access = app.access_token("ann", OWN_PASSWORD).await;
    let answer = json_of(asks_for_email(app, &access, NEW, OWN_PASSWORD).await, StatusCode::ACCEPTED).await;
    assert_eq!(answer, json!({ "status": "email_sent" }));
    let link = app.letter_to(NEW, 1).await;
    assert!(link.link().unwrap().contains("/confirm-email#"), "{}", link.text);
    (access, link.token())
}

on_both_databases! {
    async fn the_address_changes_when_the_link_to_it_is_confirmed_and_not_before(database) {
        let app = App::start(database).await;
        let (access, link) = ann_asked(&app).await;
        assert_eq!(json_of(app.who_am_i(&access).await, StatusCode::OK).await["email"], ANN);
        app.request(Method::GET, "/confirm-email").header("accept", "text/html").send().await.unwrap();
        assert_eq!(app.logs_in(ANN, OWN_PASSWORD).await.status(), StatusCode::OK);
        let answer = json_of(confirms_email(&app, &format!(" {link}\n")).await, StatusCode::OK).await;
        assert_eq!(answer, json!({ "status": "email_changed" }));
        assert_problem(app.logs_in(ANN, OWN_PASSWORD).await, 401, "invalid_credentials").await;
        assert_eq!(app.logs_in(&NEW.to_uppercase(), OWN_PASSWORD).await.status(), StatusCode::OK);
        let notice = app.letter_to(ANN, 1).await;
        assert!(notice.subject.contains("your email address was changed"), "{}", notice.subject);
        assert!(notice.text.contains("127.0.0.1") && !notice.text.contains(NEW), "{}", notice.text);
        assert_problem(confirms_email(&app, &link).await, 410, "reset_link_used").await;
    }

    async fn sessions_go_on_under_the_new_address(database) {
        let app = App::start(database).await;
        app.has_account("ann", ANN);
        let phone = json_of(app.logs_in("ann", OWN_PASSWORD).await, StatusCode::OK).await["refresh_token"].as_str().unwrap().to_owned();
        let access = app.access_token("ann", OWN_PASSWORD).await;
        asks_for_email(&app, &access, NEW, OWN_PASSWORD).await;
        assert_eq!(confirms_email(&app, &app.letter_to(NEW, 1).await.token()).await.status(), StatusCode::OK);
        let answer = json_of(app.posts("/session/refresh", &json!({ "refresh_token": phone })).await, StatusCode::OK).await;
        let me = json_of(app.who_am_i(answer["access_token"].as_str().unwrap()).await, StatusCode::OK).await;
        assert_eq!(me["email"], NEW);
        // An access token carries the epoch of before: it has to be asked for anew.
        assert_problem(app.who_am_i(&access).await, 401, "session_ended").await;
        app.letter_to(ANN, 1).await;
    }

    async fn links_and_mailed_passwords_of_the_old_address_die_with_it(database) {
        let app = App::start(database).await;
        let (_, link) = ann_asked(&app).await;
        app.asks_for_reset(ANN).await;
        let reset = app.letter_to(ANN, 1).await.token();
        assert_eq!(confirms_email(&app, &link).await.status(), StatusCode::OK);
        assert_problem(app.confirms(&reset).await, 410, "reset_link_used").await;
        app.letter_to(ANN, 2).await;
        app.asks_for_reset(ANN).await;
        app.asks_for_reset(NEW).await;
        let reset = app.letter_to(NEW, 2).await.token();
        assert_eq!(app.confirms(&reset).await.status(), StatusCode::OK);
        assert_eq!(app.logs_in("ann", &app.letter_to(NEW, 3).await.password()).await.status(), StatusCode::OK);
        app.all_letters_are_settled().await;
        assert_eq!(letters_to(&app.mail, ANN).len(), 2, "nothing more for the old address");
    }

    async fn a_reset_or_a_new_password_ends_the_link(database) {
        let app = App::start(database).await;
        let (access, first) = ann_asked(&app).await;
        let other = json_of(app.changes_password(&access, OWN_PASSWORD, "another password of mine").await, StatusCode::OK).await;
        assert_problem(confirms_email(&app, &first).await, 410, "reset_link_used").await;
        let access = other["access_token"].as_str().unwrap();
        asks_for_email(&app, access, NEW, "another password of mine").await;
        let second = app.letter_to(NEW, 2).await.token();
        app.letter_to(ANN, 1).await;
        app.mailed_password(ANN).await;
        assert_problem(confirms_email(&app, &second).await, 410, "reset_link_used").await;
        assert_eq!(app.count("SELECT COUNT(*) AS count FROM accounts WHERE email = 'ann@example.com'"), 1);
    }

    async fn a_link_that_is_too_old_unknown_or_missing_is_told_apart(database) {
        let app = App::start_with(database, Setup::with(&["--reset-link-life=10m"])).await;
        let (_, link) = ann_asked(&app).await;
        app.wait(Duration::from_mins(10));
        assert_problem(confirms_email(&app, &link).await, 410, "reset_link_expired").await;
        assert_problem(confirms_email(&app, "AAAAAAAAAAAAAAAAAAAAAAAA").await, 404, "reset_link_unknown").await;
        for body in [json!({}), json!({ "token": " " })] {
            let problem = assert_problem(app.posts("/me/email/confirm", &body).await, 422, "invalid_input").await;
            assert_eq!(problem["errors"], json!([{ "field": "token", "code": "required" }]));
        }
    }

    async fn a_link_confirmed_a_hundred_times_at_once_works_once(database) {
        let app = App::start(database).await;
        let (_, link) = ann_asked(&app).await;
        let calls: Vec<_> = (0..100)
            .map(|_| {
                let call = app.request(Method::POST, "/me/email/confirm").json(&json!({ "token": link }));
                tokio::spawn(async move { call.send().await.unwrap().status().as_u16() })
            })
            .collect();
        let mut statuses = Vec::new();
        for call in calls {
            statuses.push(call.await.unwrap());
        }
        assert_eq!(statuses.iter().filter(|status| **status == 200).count(), 1, "{statuses:?}");
        assert_eq!(statuses.iter().filter(|status| **status == 410).count(), 99, "{statuses:?}");
        app.letter_to(ANN, 1).await;
    }

    async fn the_current_password_is_asked_for_and_cannot_be_guessed(database) {
        let app = App::start(database).await;
        app.has_account("ann", ANN);
        app.time_stands_still();
        let access = app.access_token("ann", OWN_PASSWORD).await;
        for _ in 0..6 {
            assert_problem(asks_for_email(&app, &access, NEW, "wrong").await, 401, "invalid_credentials").await;
        }
        let refused = asks_for_email(&app, &access, NEW, OWN_PASSWORD).await;
        assert!(refused.headers().contains_key("retry-after"));
        assert_problem(refused, 429, "too_many_attempts").await;
        app.wait(Duration::from_secs(2));
        assert_eq!(asks_for_email(&app, &access, NEW, OWN_PASSWORD).await.status(), StatusCode::ACCEPTED);
        app.letter_to(NEW, 1).await;
    }

    async fn what_cannot_be_an_address_is_named(database) {
        let app = App::start(database).await;
        app.has_account("ann", ANN);
        let access = app.access_token("ann", OWN_PASSWORD).await;
        for (email, password, errors) in [
            ("", "", json!([{ "field": "email", "code": "required" }, { "field": "current_password", "code": "required" }])),
            ("ann", OWN_PASSWORD, json!([{ "field": "email", "code": "not_an_email" }])),
            (ANN, OWN_PASSWORD, json!([{ "field": "email", "code": "unchanged" }])),
            (NEW, &"x".repeat(1025), json!([{ "field": "current_password", "code": "too_long" }])),
        ] {
            let problem = assert_problem(asks_for_email(&app, &access, email, password).await, 422, "invalid_input").await;
            assert_eq!(problem["errors"], errors);
        }
        // Another writing of the same address is a change, and no conflict with oneself.
        assert_eq!(asks_for_email(&app, &access, "Ann@Example.com", OWN_PASSWORD).await.status(), StatusCode::ACCEPTED);
        let link = app.letter_to("Ann@example.com", 1).await.token();
        assert_eq!(confirms_email(&app, &link).await.status(), StatusCode::OK);
        app.letter_to(ANN, 1).await;
    }

    async fn an_address_of_another_account_gets_the_same_answer_and_only_its_owner_is_told(database) {
        let app = App::start(database).await;
        app.has_account("ann", ANN);
        app.has_account("bea", "bea@example.com");
        let access = app.access_token("ann", OWN_PASSWORD).await;
        let answer = json_of(asks_for_email(&app, &access, "BEA@example.com", OWN_PASSWORD).await, StatusCode::ACCEPTED).await;
        assert_eq!(answer, json!({ "status": "email_sent" }));
        let told = app.letter_to("bea@example.com", 1).await;
        assert!(told.subject.contains("you have an account already"), "{}", told.subject);
        assert!(told.link().is_none() && !told.text.contains("ann"), "{}", told.text);
    }

    async fn an_address_that_was_taken_meanwhile_is_refused_and_nothing_changes(database) {
        let app = App::start(database).await;
        let (access, link) = ann_asked(&app).await;
        app.has_account("bea", "ann.new@EXAMPLE.com");
        let problem = assert_problem(confirms_email(&app, &link).await, 422, "invalid_input").await;
        assert_eq!(problem["errors"], json!([{ "field": "email", "code": "taken" }]));
        assert_eq!(json_of(app.who_am_i(&access).await, StatusCode::OK).await["email"], ANN);
    }

    async fn letters_to_a_new_address_are_counted_by_the_hour(database) {
        let app = App::start_with(database, Setup::with(&["--reset-mails-per-hour=2"])).await;
        app.has_account("ann", ANN);
        let access = app.access_token("ann", OWN_PASSWORD).await;
        for _ in 0..4 {
            assert_eq!(asks_for_email(&app, &access, NEW, OWN_PASSWORD).await.status(), StatusCode::ACCEPTED);
        }
        app.all_letters_are_settled().await;
        assert_eq!(letters_to(&app.mail, NEW).len(), 2);
    }

    async fn a_corrected_address_gets_the_welcome_that_the_wrong_one_did_not_take(database) {
        let app = App::start(database).await;
        app.mail.set_fault(Some((Step::RcptTo, Fault::Say("550 5.1.1 nobody here"))));
        let added = app.rekey(&["account", "add", "--user-name", "bob", "--email", "bbo@example.com", "--mail-password"]);
        assert!({ added }.output().unwrap().status.success());
        app.all_letters_are_settled().await;
        app.mail.set_fault(None);
        assert!(app.rekey(&["account", "set", "bob", "--email", "bob@example.com"]).output().unwrap().status.success());
        let welcome = app.letter_to("bob@example.com", 1).await;
        assert_eq!(app.logs_in("bob", &welcome.password()).await.status(), StatusCode::OK);
        app.letter_to("bbo@example.com", 1).await;
    }

    async fn one_account_cannot_make_us_write_to_everybody(database) {
        let app = App::start(database).await;
        app.has_account("ann", ANN);
        let access = app.access_token("ann", OWN_PASSWORD).await;
        for number in 0..10 {
            let asked = asks_for_email(&app, &access, &format!("stranger{number}@example.com"), OWN_PASSWORD).await;
            assert_eq!(asked.status(), StatusCode::ACCEPTED);
        }
        let refused = asks_for_email(&app, &access, "stranger10@example.com", OWN_PASSWORD).await;
        assert!(refused.headers().contains_key("retry-after"));
        assert_problem(refused, 429, "too_many_requests").await;
        app.wait(Duration::from_hours(1));
        let access = app.access_token("ann", OWN_PASSWORD).await;
        assert_eq!(asks_for_email(&app, &access, NEW, OWN_PASSWORD).await.status(), StatusCode::ACCEPTED);
        app.letter_to(NEW, 1).await;
    }

    async fn a_notice_that_is_late_goes_to_the_address_of_then(database) {
        let app = App::start(database).await;
        let (access, _) = ann_asked(&app).await;
        app.time_stands_still();
        app.mail.set_fault(Some((Step::RcptTo, Fault::Say("451 4.7.1 come back later"))));
        let answer = app.changes_password(&access, OWN_PASSWORD, "the intruder's own password").await;
        let access = json_of(answer, StatusCode::OK).await["access_token"].as_str().unwrap().to_owned();
        let refused = "SELECT COUNT(*) AS count FROM mail_queue WHERE kind = 'password_changed' AND attempts > 0";
        crate::support::eventually("a refused notice", async || (app.count(refused) == 1).then_some(())).await;
        app.mail.set_fault(None);
        asks_for_email(&app, &access, "intruder@example.com", "the intruder's own password").await;
        let link = app.letter_to("intruder@example.com", 1).await.token();
        assert_eq!(confirms_email(&app, &link).await.status(), StatusCode::OK);
        app.wait(Duration::from_mins(1));
        app.letter_to(ANN, 2).await;
        let subjects: Vec<_> = letters_to(&app.mail, ANN).into_iter().map(|letter| letter.subject).collect();
        assert!(subjects.iter().any(|subject| subject.contains("your password was changed")), "{subjects:?}");
    }
}

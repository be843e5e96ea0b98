//! Style `chosen`: the link's page asks for the new password itself.

use reqwest::{Method, Response, StatusCode};
use serde_json::json;

use crate::support::app::{App, OWN_PASSWORD, assert_problem, json_of};
use crate::support::mailbox::letters_to;
use crate::support::{Setup, on_both_databases};

const ANN: &str = "ann@example.com";
const NEW: &str = "a password of my own";

async fn confirms(app: &App, token: &str, new_password: &str) -> Response {
    app.posts("/password-reset/confirm", &json!({ "token": token, "new_password": new_password })).await
}

async fn app_with_link(database: crate::support::database::Kind) -> (App, String) {
    let app = App::start_with(database, Setup::with(&["--reset-style=chosen"])).await;
    app.has_account("annemarie", ANN);
    app.asks_for_reset(ANN).await;
    let letter = app.letter_to(ANN, 1).await;
    assert!(letter.text.contains("choose a new password"), "{}", letter.text);
    let token = letter.token();
    (app, token)
}

on_both_databases! {
    async fn a_person_chooses_the_password_and_gets_a_notice_without_it(database) {
        let (app, token) = app_with_link(database).await;
        let session = app.access_token("annemarie", OWN_PASSWORD).await;
        let confirmed = confirms(&app, &token, NEW).await;
        assert_eq!(json_of(confirmed, StatusCode::OK).await, json!({ "status": "password_changed" }));
        assert_problem(app.who_am_i(&session).await, 401, "session_ended").await;
        assert_problem(app.logs_in("annemarie", OWN_PASSWORD).await, 401, "invalid_credentials").await;
        let answer = json_of(app.logs_in("annemarie", NEW).await, StatusCode::OK).await;
        assert_eq!(answer["password_change_required"], false);
        let notice = app.letter_to(ANN, 2).await;
        assert!(notice.subject.contains("password was changed"), "{}", notice.subject);
        assert!(notice.text.contains("UTC, from 127.0.0.1") || notice.text.contains("UTC, from ::1"), "{}", notice.text);
        assert!(notice.text.contains("/forgotten-password"), "{}", notice.text);
        assert!(!notice.raw.contains(NEW));
        assert_problem(confirms(&app, &token, "another one of my own").await, 410, "reset_link_used").await;
    }

    async fn a_typo_burns_nothing(database) {
        let (app, token) = app_with_link(database).await;
        for (new, status, code, field) in [
            ("", 422, "invalid_input", "required"),
            ("short", 422, "password_rejected", "too_short"),
            ("fifteen\0letters", 422, "password_rejected", "invalid_character"),
            ("annemarieannemarie", 422, "password_rejected", "own_name"),
            ("PasswordPassword", 422, "password_rejected", "too_common"),
            (&"x".repeat(1025), 422, "password_rejected", "too_long"),
        ] {
            let problem = assert_problem(confirms(&app, &token, new).await, status, code).await;
            assert_eq!(problem["errors"], json!([{ "field": "new_password", "code": field }]));
        }
        let missing = app.confirms(&token).await;
        assert_problem(missing, 422, "invalid_input").await;
        assert_eq!(confirms(&app, &token, NEW).await.status(), StatusCode::OK);
        app.letter_to(ANN, 2).await;
    }

    async fn the_state_of_the_link_comes_before_the_rules(database) {
        let (app, token) = app_with_link(database).await;
        assert_problem(confirms(&app, "AAAAAAAAAAAAAAAAAAAAAAAA", "short").await, 404, "reset_link_unknown").await;
        app.wait(std::time::Duration::from_hours(1));
        assert_problem(confirms(&app, &token, "short").await, 410, "reset_link_expired").await;
    }

    async fn of_many_choices_at_once_exactly_one_wins(database) {
        let (app, token) = app_with_link(database).await;
        let all: Vec<_> = (0..20)
            .map(|number| {
                let new = format!("a password of my own {number}");
                let body = json!({ "token": token, "new_password": new });
                let confirm = app.request(Method::POST, "/password-reset/confirm").json(&body);
                tokio::spawn(async move { (confirm.send().await.unwrap().status().as_u16(), new) })
            })
            .collect();
        let mut won = Vec::new();
        for one in all {
            match one.await.unwrap() {
                (200, new) => won.push(new),
                (status, _) => assert_eq!(status, 410),
            }
        }
        assert_eq!(won.len(), 1);
        assert_eq!(app.logs_in("annemarie", &won[0]).await.status(), StatusCode::OK);
        app.letter_to(ANN, 2).await;
        app.all_letters_are_settled().await;
        assert_eq!(letters_to(&app.mail, ANN).len(), 2, "one link, one notice");
    }
}

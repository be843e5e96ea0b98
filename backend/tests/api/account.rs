//! The person's own account, and the operator's commands for it.

use std::io::Write;
use std::process::{Output, Stdio};

use reqwest::StatusCode;
use serde_json::Value;

use crate::support::app::{App, OWN_PASSWORD, assert_problem, json_of};
use crate::support::on_both_databases;

const ANN: &str = "ann@example.com";

fn codes(problem: &Value) -> Vec<&str> {
    problem["errors"].as_array().unwrap().iter().map(|error| error["code"].as_str().unwrap()).collect()
}

fn text(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr)
}

on_both_databases! {
    async fn an_own_password_keeps_the_rules_and_a_typo_burns_nothing(database) {
        let app = App::start(database).await;
        app.has_account("annemarie", ANN);
        let password = app.mailed_password(ANN).await;
        let token = app.access_token("annemarie", &password).await;
        for (new, code) in [
            ("fourteen chars", "too_short"),
            ("fifteen\0letters", "invalid_character"),
            ("annemarieannemarie", "own_name"),
            ("1q2w3e4r5t6y7u8i9o0p", "too_common"),
            ("PasswordPassword", "too_common"),
            (&"x".repeat(1025), "too_long"),
            (&password, "unchanged"),
        ] {
            let problem = assert_problem(app.changes_password(&token, &password, new).await, 422, "password_rejected").await;
            assert_eq!(codes(&problem), [code], "{new}");
            assert_eq!(problem["errors"][0]["field"], "new_password");
        }
        assert_problem(app.changes_password(&token, "wrong", "my very own password").await, 401, "invalid_credentials").await;
        assert_eq!(app.changes_password(&token, &password, "my very own password").await.status(), StatusCode::OK);
    }

    async fn a_new_password_ends_all_other_sessions_links_and_mailed_passwords(database) {
        let app = App::start(database).await;
        app.has_account("ann", ANN);
        app.asks_for_reset(ANN).await;
        let link = app.letter_to(ANN, 1).await.token();
        let (here, elsewhere) = (app.access_token("ann", OWN_PASSWORD).await, app.access_token("ann", OWN_PASSWORD).await);
        let answer = json_of(app.changes_password(&here, OWN_PASSWORD, "another password of mine").await, StatusCode::OK).await;
        assert_problem(app.who_am_i(&elsewhere).await, 401, "session_ended").await;
        assert_problem(app.who_am_i(&here).await, 401, "session_ended").await;
        assert_eq!(app.who_am_i(answer["access_token"].as_str().unwrap()).await.status(), StatusCode::OK);
        assert_problem(app.confirms(&link).await, 410, "reset_link_used").await;
    }

    async fn the_current_password_cannot_be_guessed_through_a_stolen_session(database) {
        let app = App::start(database).await;
        app.has_account("ann", ANN);
        app.time_stands_still();
        let token = app.access_token("ann", OWN_PASSWORD).await;
        for _ in 0..6 {
            assert_problem(app.changes_password(&token, "wrong", "another password of mine").await, 401, "invalid_credentials").await;
        }
        let refused = app.changes_password(&token, OWN_PASSWORD, "another password of mine").await;
        assert!(refused.headers().contains_key("retry-after"));
        assert_problem(refused, 429, "too_many_attempts").await;
    }

    async fn a_stranger_at_the_login_does_not_keep_the_owner_from_a_new_password(database) {
        let app = App::start(database).await;
        app.has_account("ann", ANN);
        app.time_stands_still();
        let token = app.access_token("ann", OWN_PASSWORD).await;
        for _ in 0..6 {
            app.logs_in("ann", "wrong").await;
        }
        assert_problem(app.logs_in("ann", "wrong").await, 429, "too_many_attempts").await;
        assert_eq!(app.changes_password(&token, OWN_PASSWORD, "another password of mine").await.status(), StatusCode::OK);
    }

    async fn a_password_is_any_unicode_and_its_writing_does_not_matter(database) {
        let app = App::start(database).await;
        app.has_account("ann", ANN);
        let token = app.access_token("ann", OWN_PASSWORD).await;
        let composed = "caf\u{e9} \u{1f980} пароль \u{fb01}sh";
        assert_eq!(app.changes_password(&token, OWN_PASSWORD, composed).await.status(), StatusCode::OK);
        assert_eq!(app.logs_in("ann", "cafe\u{301} \u{1f980} пароль fish").await.status(), StatusCode::OK);
        assert_problem(app.logs_in("ann", "cafe \u{1f980} пароль fish").await, 401, "invalid_credentials").await;
    }

    async fn the_operator_adds_and_lists_accounts(database) {
        let app = App::start(database).await;
        let added = app.rekey(&["account", "add", "--user-name", "bea", "--email", "bea@example.com", "--name", "Bea B.", "--role", "admin", "--locale", "it"]).output().unwrap();
        assert_eq!(added.status.code(), Some(0), "{}", text(&added));
        let printed = text(&added);
        let password = printed.lines().last().unwrap();
        let answer = json_of(app.logs_in("bea", password).await, StatusCode::OK).await;
        assert_eq!(answer["password_change_required"], true);
        let listed = app.rekey(&["account", "list", "--json"]).output().unwrap();
        let accounts: Value = serde_json::from_slice(&listed.stdout).unwrap();
        assert_eq!(accounts[0]["user_name"], "bea");
        assert_eq!(accounts[0]["role"], "admin");
        assert_eq!(accounts[0]["name"], "Bea B.");
        assert!(text(&app.rekey(&["account", "list"]).output().unwrap()).contains("bea@example.com"));
    }

    async fn the_operator_mails_a_first_password(database) {
        let app = App::start(database).await;
        let added = app.rekey(&["account", "add", "--user-name", "bea", "--email", "bea@example.com", "--mail-password"]).output().unwrap();
        assert!(added.status.success(), "{}", text(&added));
        let letter = app.letter_to("bea@example.com", 1).await;
        assert!(letter.text.contains("Your user name is bea"), "{}", letter.text);
        assert_eq!(app.logs_in("bea", &letter.password()).await.status(), StatusCode::OK);
    }

    async fn what_cannot_be_added_is_said_in_one_sentence(database) {
        let app = App::start(database).await;
        app.has_account("ann", ANN);
        for (arguments, exit, said) in [
            (&["--user-name", "ANN", "--email", "other@example.com"][..], 1, "belongs to an account already"),
            (&["--user-name", "other", "--email", "ANN@example.com"], 1, "belongs to an account already"),
            (&["--user-name", "a@b", "--email", "other@example.com"], 2, "no \"@\""),
            (&["--user-name", "other", "--email", "other"], 2, "not an email address"),
            (&["--user-name", "other", "--email", "other@example.com", "--locale", "xx"], 2, "not a language"),
            (&["--user-name", "other"], 2, "--email"),
        ] {
            let output = app.rekey(&[&["account", "add"], arguments].concat()).output().unwrap();
            assert_eq!(output.status.code(), Some(exit), "{}", text(&output));
            assert!(String::from_utf8_lossy(&output.stderr).contains(said), "{}", text(&output));
        }
        for (typed, said) in [("short\n", "fewer than 15 characters"), ("\n", "is empty"), ("", "is empty"), (" ManchesterUnited\n", "many people use")] {
            let mut child = app
                .rekey(&["account", "add", "--user-name", "bea", "--email", "bea@example.com", "--password-stdin"])
                .stdin(Stdio::piped())
                .stderr(Stdio::piped())
                .spawn()
                .unwrap();
            child.stdin.take().unwrap().write_all(typed.as_bytes()).unwrap();
            let output = child.wait_with_output().unwrap();
            assert_eq!(output.status.code(), Some(1));
            assert!(String::from_utf8_lossy(&output.stderr).contains(said), "{}", text(&output));
        }
        assert_eq!(app.count("SELECT COUNT(*) AS count FROM accounts"), 1);
    }
}

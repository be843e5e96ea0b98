//! What people are told when something happened to their account. Never a secret.

use reqwest::StatusCode;

use crate::support::app::{App, OWN_PASSWORD, browser_logs_in, cookie, json_of};
use crate::support::mailbox::letters_to;
use crate::support::{Setup, on_both_databases};

const ANN: &str = "ann@example.com";

on_both_databases! {
    async fn a_changed_password_is_told_with_time_and_address_and_what_to_do(database) {
        let app = App::start(database).await;
        app.has_account("ann", ANN);
        let token = app.access_token("ann", OWN_PASSWORD).await;
        app.changes_password(&token, OWN_PASSWORD, "another password of mine").await;
        let notice = app.letter_to(ANN, 1).await;
        assert!(notice.subject.contains("your password was changed"), "{}", notice.subject);
        for part in [&notice.text, &notice.html] {
            assert!(part.contains("127.0.0.1") && part.contains(" UTC"), "{part}");
            assert!(part.contains("/forgotten-password"), "{part}");
            assert!(!part.contains(OWN_PASSWORD) && !part.contains("another password of mine"), "{part}");
        }
    }

    async fn choosing_a_password_after_a_reset_is_told_too(database) {
        let app = App::start(database).await;
        app.has_account("ann", ANN);
        let mailed = app.mailed_password(ANN).await;
        let token = app.access_token("ann", &mailed).await;
        app.changes_password(&token, &mailed, "a password of my own").await;
        let notice = app.letter_to(ANN, 3).await;
        assert!(notice.subject.contains("your password was changed") && !notice.text.contains(&mailed), "{}", notice.text);
    }

    async fn a_new_browser_is_told_where_the_operator_wants_it(database) {
        let app = App::start_with(database, Setup::with(&["--sign-in-notice=true"])).await;
        app.has_account("ann", ANN);
        let first = browser_logs_in(&app, "ann", OWN_PASSWORD, "").await;
        let (known, _) = cookie(&first, "rekey_device").unwrap();
        let notice = app.letter_to(ANN, 1).await;
        assert!(notice.subject.contains("a new sign-in") && notice.text.contains("127.0.0.1"), "{}", notice.text);
        browser_logs_in(&app, "ann", OWN_PASSWORD, &known).await;
        browser_logs_in(&app, "ann", "wrong", "").await;
        app.all_letters_are_settled().await;
        assert_eq!(letters_to(&app.mail, ANN).len(), 1, "a known browser, and a failed login, are not told of");
        browser_logs_in(&app, "ann", OWN_PASSWORD, "").await;
        app.letter_to(ANN, 2).await;
    }

    async fn a_new_browser_is_not_told_unless_the_operator_wants_it(database) {
        let app = App::start(database).await;
        app.has_account("ann", ANN);
        assert_eq!(browser_logs_in(&app, "ann", OWN_PASSWORD, "").await.status(), StatusCode::OK);
        assert_eq!(app.count("SELECT COUNT(*) AS count FROM mail_queue"), 0);
    }

    async fn the_notice_outlives_a_day_without_a_mail_server(database) {
        let mut app = App::start(database).await;
        app.has_account("ann", ANN);
        app.mail.stop();
        let token = app.access_token("ann", OWN_PASSWORD).await;
        let answer = app.changes_password(&token, OWN_PASSWORD, "another password of mine").await;
        let token = json_of(answer, StatusCode::OK).await["access_token"].as_str().unwrap().to_owned();
        // A second change raises the epoch; the first one is told of all the same.
        app.changes_password(&token, "another password of mine", OWN_PASSWORD).await;
        app.wait(std::time::Duration::from_hours(24));
        app.mail.come_back().await;
        app.wait(std::time::Duration::from_mins(1));
        app.letter_to(ANN, 2).await;
    }
}

//! Administrators see what became of letters, try them again and drop them.

use std::time::Duration;

use reqwest::StatusCode;
use serde_json::json;

use crate::support::admin::{field_codes, nothing};
use crate::support::app::{App, assert_problem, json_of};
use crate::support::database::execute;
use crate::support::mail_server::{Fault, Step};
use crate::support::mailbox::letters_to;
use crate::support::{Setup, eventually, on_both_databases};

const ANN: &str = "ann@example.com";
const NOBODY: &str = "0190a2b4-0000-7000-8000-000000000000";

impl App {
    async fn has_letters(&self, condition: &str) {
        let sql = format!("SELECT COUNT(*) AS count FROM mail_queue WHERE {condition}");
        eventually(condition, async || (self.count(&sql) > 0).then_some(())).await;
    }
}

on_both_databases! {
    async fn letters_are_listed_the_newest_first(database) {
        let app = App::start_with(database, Setup::without_mail_worker()).await;
        let admin = app.has_admin("zoe").await;
        let addresses: Vec<_> = (0..8).map(|number| format!("a{number}@example.com")).collect();
        for address in &addresses {
            app.asks_for_reset(address).await;
        }
        let newest_first: Vec<_> = addresses.iter().rev().cloned().collect();
        assert_eq!(admin.all("/admin/mail-queue", "address").await, newest_first);
        for (state, number) in [("waiting", 0), ("stopped", 1), ("sent", 2), ("dropped", 3)] {
            let sql = format!("UPDATE mail_queue SET state = '{state}' WHERE address LIKE 'a{number}@%' OR address LIKE 'a{}@%'", number + 4);
            execute(&app.database_url, &sql);
        }
        for (state, number) in [("waiting", 0), ("stopped", 1), ("sent", 2), ("dropped", 3)] {
            let found = admin.all(&format!("/admin/mail-queue?state={state}"), "address").await;
            assert_eq!(found, [format!("a{}@example.com", number + 4), format!("a{number}@example.com")]);
        }
        let page = admin.page("/admin/mail-queue?state=waiting&limit=1").await;
        let letter = &page["items"][0];
        assert_eq!((&letter["kind"], &letter["state"], &letter["attempts"]), (&json!("reset_link"), &json!("waiting"), &json!(0)));
        assert!(letter["due_at"].is_string() && letter["created_at"].is_string() && letter["sent_at"].is_null());
        assert!(admin.page("/admin/mail-queue?state=sent").await["items"][0]["due_at"].is_null());
        let problem = assert_problem(admin.gets("/admin/mail-queue?state=lost").await, 422, "invalid_input").await;
        assert_eq!(field_codes(&problem), ["state wrong_type"]);
        execute(&app.database_url, "UPDATE mail_queue SET state = 'dropped'");
    }

    async fn a_letter_that_was_stopped_is_tried_again(database) {
        let app = App::start(database).await;
        let admin = app.has_admin("zoe").await;
        app.has_account("ann", ANN);
        app.mail.set_fault(Some((Step::RcptTo, Fault::Say("550 no such mailbox"))));
        app.asks_for_reset(ANN).await;
        app.has_letters("state = 'stopped'").await;
        let page = admin.page("/admin/mail-queue?state=stopped").await;
        let id = page["items"][0]["id"].as_str().unwrap();
        assert!(page["items"][0]["last_error"].as_str().unwrap().contains("no such mailbox"), "{page}");
        assert_eq!(page["items"][0]["attempts"], 1);
        app.mail.set_fault(None);
        let retried = json_of(admin.posts(&format!("/admin/mail-queue/{id}/retry"), nothing()).await, StatusCode::OK).await;
        assert_eq!((&retried["state"], &retried["attempts"]), (&json!("waiting"), &json!(0)));
        app.letter_to(ANN, 1).await.token();
        app.all_letters_are_settled().await;
        // What has been sent is neither sent again nor dropped.
        for id in [id, NOBODY, "x", "%00"] {
            let path = format!("/admin/mail-queue/{id}");
            assert_problem(admin.deletes(&path).await, 404, "not_found").await;
            assert_problem(admin.posts(&format!("{path}/retry"), nothing()).await, 404, "not_found").await;
        }
    }

    async fn a_letter_that_waits_is_tried_now_or_dropped(database) {
        let app = App::start(database).await;
        let admin = app.has_admin("zoe").await;
        app.has_account("ann", ANN);
        app.has_account("bea", "bea@example.com");
        app.mail.set_fault(Some((Step::RcptTo, Fault::Say("451 come back later"))));
        app.time_stands_still();
        app.asks_for_reset(ANN).await;
        app.asks_for_reset("bea@example.com").await;
        eventually("two letters put off", async || {
            (app.count("SELECT COUNT(*) AS count FROM mail_queue WHERE attempts = 1") == 2).then_some(())
        })
        .await;
        app.mail.set_fault(None);
        let page = admin.page("/admin/mail-queue").await;
        let id = |number: usize| page["items"][number]["id"].as_str().unwrap().to_owned();
        assert_eq!(admin.deletes(&format!("/admin/mail-queue/{}", id(0))).await.status(), StatusCode::NO_CONTENT);
        // No time passes, so only the retry makes it due.
        json_of(admin.posts(&format!("/admin/mail-queue/{}/retry", id(1)), nothing()).await, StatusCode::OK).await;
        app.letter_to(ANN, 1).await;
        app.wait(Duration::from_mins(10));
        app.all_letters_are_settled().await;
        assert!(letters_to(&app.mail, "bea@example.com").is_empty());
        let dropped = admin.page("/admin/mail-queue?state=dropped").await;
        assert_eq!(dropped["items"][0]["last_error"], "dropped by the operator");
    }

    async fn a_letter_that_is_dropped_in_a_workers_hand_stays_dropped(database) {
        let app = App::start_with(database, Setup::with(&["--smtp-timeout=1s"])).await;
        let admin = app.has_admin("zoe").await;
        app.has_account("ann", ANN);
        for step in [Step::Greeting, Step::RcptTo] {
            app.mail.set_fault(Some((step, Fault::Hang)));
            app.asks_for_reset(ANN).await;
            app.has_letters("leased_until IS NOT NULL").await;
            let page = admin.page("/admin/mail-queue?state=waiting").await;
            let id = page["items"][0]["id"].as_str().unwrap();
            assert_eq!(admin.deletes(&format!("/admin/mail-queue/{id}")).await.status(), StatusCode::NO_CONTENT);
            app.mail.set_fault(None);
            app.wait(Duration::from_mins(2));
        }
        // The worker goes on with the next letter, and has sent none of those.
        app.asks_for_reset(ANN).await;
        app.letter_to(ANN, 1).await;
        app.all_letters_are_settled().await;
        assert_eq!(letters_to(&app.mail, ANN).len(), 1);
        assert_eq!(app.count("SELECT COUNT(*) AS count FROM mail_queue WHERE last_error = 'dropped by the operator'"), 2);
    }
}

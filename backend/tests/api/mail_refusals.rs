//! What a mail server refuses for good: one person's letter, or every letter of who sends.

use std::time::Duration;

use crate::support::app::App;
use crate::support::mail_server::{Fault, Step};
use crate::support::mailbox::letters_to;
use crate::support::{eventually, on_both_databases};

const ANN: &str = "ann@example.com";

impl App {
    /// So many letters of the queue become such.
    async fn count_becomes(&self, such: &str, number: i64) {
        let sql = format!("SELECT COUNT(*) AS count FROM mail_queue WHERE {such}");
        eventually(&format!("{number} with {such}"), async || (self.count(&sql) == number).then_some(())).await;
    }
}

on_both_databases! {
    async fn a_letter_that_will_never_be_taken_is_stopped_and_no_other(database) {
        for (step, reply) in [
            (Step::RcptTo, "550 5.1.1 no such mailbox"),
            (Step::Data, "554 5.7.1 spam"),
            (Step::Taken, "552 5.3.4 too large"),
        ] {
            let app = App::start(database).await;
            app.has_account("ann", ANN);
            app.has_account("bea", "bea@example.com");
            app.mail.set_fault(Some((step, Fault::Say(reply))));
            app.asks_for_reset(ANN).await;
            let stopped = "SELECT COUNT(*) AS count FROM mail_queue WHERE state = 'stopped' AND last_error LIKE '%5__%'";
            eventually("a stopped letter", async || (app.count(stopped) == 1).then_some(())).await;
            app.mail.set_fault(None);
            app.asks_for_reset("bea@example.com").await;
            app.letter_to("bea@example.com", 1).await;
            assert_eq!(app.mail.connections(), 1, "{step:?}: the connection is kept");
            assert!(app.mail.commands().contains(&"RSET".to_owned()));
            assert!(letters_to(&app.mail, ANN).is_empty());
        }
    }

    /// Many servers look at who sends only when they have heard to whom, or have read the letter.
    async fn a_sender_that_is_refused_late_is_no_letters_fault(database) {
        for (step, reply) in [
            (Step::RcptTo, "553 5.7.1 <rekey@example.org>: Sender address rejected: not owned by user ann"),
            (Step::RcptTo, "554 5.7.1 <ann@example.com>: Relay access denied"),
            (Step::RcptTo, "550 relay not permitted"),
            (Step::Data, "550 5.7.60 SMTP; Client does not have permissions to send as this sender"),
            (Step::Taken, "550 5.4.5 Daily user sending limit exceeded"),
        ] {
            let app = App::start(database).await;
            let people = ["ann@example.com", "bea@example.com", "cleo@example.com"];
            for email in people {
                app.has_account(email.split('@').next().unwrap(), email);
            }
            app.mail.set_fault(Some((step, Fault::Say(reply))));
            // One has come to its end when the next one asks, as on a quiet day.
            app.asks_for_reset(people[0]).await;
            app.count_becomes("state = 'stopped'", 1).await;
            for email in &people[1..] {
                app.asks_for_reset(email).await;
            }
            app.metrics.becomes_such(r#"rekey_mail_server_faults_total{step="sender"}"#, |faults| faults >= 1).await;
            app.count_becomes("state = 'waiting'", 3).await;
            app.mail.set_fault(None);
            for email in people {
                eventually("the letter", async || {
                    app.wait(Duration::from_secs(40));
                    letters_to(&app.mail, email).first().map(|_| ())
                })
                .await;
            }
            assert_eq!(app.mail.received().len(), 3, "each once, {reply}");
        }
    }

    async fn people_who_are_refused_one_after_the_other_hold_up_no_other(database) {
        for reply in ["550 5.1.1 no such mailbox", "550 no such user", "554 5.7.1 <ann@example.com>: Recipient address rejected: Access denied"] {
            let app = App::start(database).await;
            app.mail.set_fault(Some((Step::RcptTo, Fault::Say(reply))));
            for (number, user) in ["ann", "bea", "cleo"].iter().enumerate() {
                let email = format!("{user}@example.com");
                app.has_account(user, &email);
                app.asks_for_reset(&email).await;
                app.count_becomes("state = 'stopped'", i64::try_from(number).unwrap() + 1).await;
            }
            assert_eq!(app.metrics.read().await.value(r#"rekey_mail_server_faults_total{step="sender"}"#), 0, "{reply}");
        }
    }
}

//! No lost mail, whatever the mail server does.

use std::time::Duration;

use reqwest::StatusCode;

use crate::support::app::{App, assert_problem};
use crate::support::mail_server::{Fault, Offers, Step};
use crate::support::mailbox::letters_to;
use crate::support::{Setup, eventually, on_both_databases};

const ANN: &str = "ann@example.com";

impl App {
    /// What the operator is told of the letter that waits or was stopped.
    fn last_error_is_told(&self) -> bool {
        self.count("SELECT COUNT(*) AS count FROM mail_queue WHERE last_error IS NOT NULL AND sent_at IS NULL") > 0
    }

    async fn an_error_is_told(&self) {
        eventually("an error in the mail queue", async || self.last_error_is_told().then_some(())).await;
    }

    fn attempts(&self) -> i64 {
        self.count("SELECT CAST(SUM(attempts) AS BIGINT) AS count FROM mail_queue")
    }

    /// The letters of the whole journey arrive, once the server behaves again.
    async fn gets_the_link_after(&self, what: &str) {
        for _ in 0..40 {
            self.wait(Duration::from_secs(20));
            if !letters_to(&self.mail, ANN).is_empty() {
                break;
            }
            self.mail.arrival().await;
        }
        let link = self.letter_to(ANN, 1).await;
        assert_eq!(self.confirms(&link.token()).await.status(), StatusCode::OK, "{what}");
        self.letter_to(ANN, 2).await.password();
    }
}

on_both_databases! {
    async fn a_server_that_hangs_or_hangs_up_at_any_step_loses_nothing(database) {
        for step in Step::ALL {
            for (fault, offers) in [
                (Fault::Hang, Offers::Pipelining),
                (Fault::Close, Offers::Pipelining),
                (Fault::Close, Offers::Nothing),
            ] {
                let app = App::start_with(database, Setup::with(&["--smtp-timeout=100ms"])).await;
                app.mail.set_offers(offers);
                app.has_account("ann", ANN);
                app.mail.set_fault(Some((step, fault)));
                assert_eq!(app.asks_for_reset(ANN).await.status(), StatusCode::ACCEPTED);
                app.an_error_is_told().await;
                app.mail.set_fault(None);
                app.gets_the_link_after(&format!("{fault:?} at {step:?}")).await;
            }
        }
    }

    async fn a_server_that_is_away_for_a_day_loses_nothing(database) {
        let mut app = App::start(database).await;
        app.has_account("ann", ANN);
        app.mail.stop();
        assert_eq!(app.asks_for_reset(ANN).await.status(), StatusCode::ACCEPTED);
        app.an_error_is_told().await;
        for _ in 0..24 {
            app.wait(Duration::from_hours(1));
        }
        assert_eq!(app.attempts(), 0, "an away server is no letter's fault");
        app.mail.come_back().await;
        app.gets_the_link_after("a day").await;
    }

    async fn a_fault_of_the_server_is_no_letters_fault(database) {
        for (step, reply) in [
            (Step::Greeting, "554 no"),
            (Step::Greeting, "what is this"),
            (Step::Ehlo, "502 no"),
            (Step::MailFrom, "550 5.7.1 sender refused"),
            (Step::MailFrom, "451 later"),
        ] {
            let app = App::start(database).await;
            app.has_account("ann", ANN);
            app.mail.set_fault(Some((step, Fault::Say(reply))));
            app.asks_for_reset(ANN).await;
            app.an_error_is_told().await;
            assert_eq!(app.attempts(), 0, "{step:?} {reply}");
            assert_eq!(app.waiting_letters(), 1, "{step:?} {reply}");
            app.mail.set_fault(None);
            app.gets_the_link_after(reply).await;
        }
    }

    async fn a_clock_that_is_put_back_holds_up_no_letter(database) {
        let app = App::start(database).await;
        app.has_account("ann", ANN);
        app.has_account("bea", "bea@example.com");
        app.mail.set_fault(Some((Step::Greeting, Fault::Say("554 no"))));
        app.asks_for_reset(ANN).await;
        app.an_error_is_told().await;
        app.clock.put_back(Duration::from_hours(2));
        app.mail.set_fault(None);
        app.asks_for_reset("bea@example.com").await;
        app.letter_to("bea@example.com", 1).await;
        // What was due by the old time is looked for at each start, and every ten minutes.
        let app = app.restarts().await;
        app.letter_to(ANN, 1).await;
    }

    async fn a_letter_that_is_not_taken_now_is_tried_again(database) {
        for (step, reply) in [
            (Step::RcptTo, "450 4.2.1 mailbox busy"),
            (Step::RcptTo, "421 4.3.2 closing"),
            (Step::Data, "451 4.3.0 later"),
            (Step::Taken, "452 4.3.1 full"),
        ] {
            let app = App::start(database).await;
            app.has_account("ann", ANN);
            app.mail.set_fault(Some((step, Fault::Say(reply))));
            app.asks_for_reset(ANN).await;
            app.an_error_is_told().await;
            assert!(app.attempts() >= 1, "{step:?} {reply}");
            app.mail.set_fault(None);
            app.gets_the_link_after(reply).await;
        }
    }

    async fn a_letter_that_breaks_every_connection_holds_up_no_other(database) {
        let app = App::start_with(database, Setup::with(&["--smtp-timeout=100ms"])).await;
        app.has_account("ann", ANN);
        app.has_account("bea", "bea@example.com");
        app.mail.set_fault_over(ANN, Some((Step::RcptTo, Fault::Close)));
        app.asks_for_reset(ANN).await;
        app.an_error_is_told().await;
        for number in 1..4 {
            app.wait(Duration::from_mins(20));
            eventually("another try", async || (app.attempts() > number).then_some(())).await;
        }
        app.asks_for_reset("bea@example.com").await;
        app.letter_to("bea@example.com", 1).await;
        app.mail.set_fault_over(ANN, None);
        app.gets_the_link_after("a broken connection").await;
    }

    async fn after_three_days_of_not_now_a_letter_is_given_up(database) {
        let app = App::start(database).await;
        app.has_account("ann", ANN);
        app.mail.set_fault(Some((Step::RcptTo, Fault::Say("450 4.2.1 mailbox busy"))));
        app.asks_for_reset(ANN).await;
        app.an_error_is_told().await;
        let stopped = "SELECT COUNT(*) AS count FROM mail_queue WHERE state = 'stopped'";
        assert_eq!(app.count(stopped), 0);
        app.wait(Duration::from_hours(73));
        // An outage of three days is no reason: only a letter that was refused many times is given up.
        eventually("a letter given up", async || {
            app.wait(Duration::from_mins(20));
            (app.count(stopped) == 1).then_some(())
        })
        .await;
        assert!(app.attempts() >= 10, "{}", app.attempts());
    }

    async fn links_of_a_retry_all_work(database) {
        let app = App::start_with(database, Setup::with(&["--smtp-timeout=100ms"])).await;
        app.has_account("ann", ANN);
        // The server has taken the letter, and its answer never comes: so it is sent again, with another link.
        app.mail.set_fault(Some((Step::Taken, Fault::Lose)));
        app.asks_for_reset(ANN).await;
        let first = app.letter_to(ANN, 1).await.token();
        app.an_error_is_told().await;
        app.mail.set_fault(None);
        app.wait(Duration::from_secs(20));
        let second = app.letter_to(ANN, 2).await.token();
        assert_ne!(first, second);
        assert_eq!(app.confirms(&first).await.status(), StatusCode::OK);
        assert_problem(app.confirms(&second).await, 410, "reset_link_used").await;
    }

    async fn one_connection_carries_many_letters(database) {
        let app = App::start(database).await;
        for number in 0..20 {
            app.has_account(&format!("user{number}"), &format!("user{number}@example.com"));
        }
        for number in 0..20 {
            app.asks_for_reset(&format!("user{number}@example.com")).await;
        }
        app.all_letters_are_settled().await;
        assert_eq!(app.mail.received().len(), 20);
        assert_eq!(app.mail.connections(), 1);
    }

    async fn a_flood_of_invented_addresses_does_not_bury_a_real_letter(database) {
        let mut app = App::start(database).await;
        app.has_account("ann", ANN);
        app.mail.stop();
        for number in 0..300 {
            app.asks_for_reset(&format!("invented{number}@example.com")).await;
        }
        app.asks_for_reset(ANN).await;
        // Sixteen are no flood: they wait for the mail server as the real one does.
        eventually("a queue without the flood", async || (app.waiting_letters() <= 17).then_some(())).await;
        app.mail.come_back().await;
        app.gets_the_link_after("a flood").await;
    }

    async fn two_workers_send_a_promise_once(database) {
        let app = App::start(database).await;
        let mut second = app.rekey(&["serve", "--listen", "127.0.0.1:0", "--mail-from", "rekey@example.org"]).spawn().unwrap();
        for number in 0..10 {
            app.has_account(&format!("user{number}"), &format!("user{number}@example.com"));
        }
        for _ in 0..3 {
            for number in 0..10 {
                app.asks_for_reset(&format!("user{number}@example.com")).await;
            }
        }
        app.all_letters_are_settled().await;
        assert_eq!(app.mail.received().len(), 30);
        second.kill().unwrap();
        second.wait().unwrap();
    }

    async fn without_a_worker_letters_wait_for_one(database) {
        let mut app = App::start_with(database, Setup::without_mail_worker()).await;
        app.has_account("ann", ANN);
        assert_eq!(app.asks_for_reset(ANN).await.status(), StatusCode::ACCEPTED);
        assert_eq!(app.waiting_letters(), 1);
        app.may_leave_letters = true;
        let app = app.restarts().await;
        app.letter_to(ANN, 1).await;
    }

    async fn the_operator_tries_the_mail_server(database) {
        let app = App::start(database).await;
        let sent = app.rekey(&["mail", "test", "op@example.com"]).output().unwrap();
        assert!(sent.status.success(), "{}", String::from_utf8_lossy(&sent.stderr));
        assert!(app.letter_to("op@example.com", 1).await.text.contains("can send mail"));
        app.mail.set_fault(Some((Step::RcptTo, Fault::Say("550 5.1.1 no such mailbox"))));
        let refused = app.rekey(&["mail", "test", "op@example.com"]).output().unwrap();
        assert_eq!(refused.status.code(), Some(1));
        assert!(String::from_utf8_lossy(&refused.stderr).contains("RCPT TO: the server said 550"));
        assert_eq!(app.rekey(&["mail", "test", "nobody"]).output().unwrap().status.code(), Some(2));
    }
}

//! Many letters that wait go out many at a time, and each of them as if it were alone.

use std::time::Duration;

use reqwest::StatusCode;

use crate::support::app::App;
use crate::support::database::Kind;
use crate::support::mail_server::{Fault, Offers, Step};
use crate::support::mailbox::letters_to;
use crate::support::{Setup, eventually, on_both_databases};

const PEOPLE: usize = 16;
const EACH: usize = 3;

fn address(number: usize) -> String {
    format!("user{number}@example.com")
}

/// Letters of several people that wait for the mail server to come back.
async fn with_a_backlog(kind: Kind, setup: Setup, offers: Offers) -> App {
    let mut app = App::start_with(kind, setup).await;
    app.mail.set_offers(offers);
    app.mail.stop();
    let file = app.folder.path().join("people.csv");
    let rows: Vec<_> = (0..PEOPLE).map(|number| format!("user{number},{}", address(number))).collect();
    std::fs::write(&file, format!("user_name,email\n{}\n", rows.join("\n"))).unwrap();
    assert!(app.rekey(&["account", "import", file.to_str().unwrap()]).output().unwrap().status.success());
    for _ in 0..EACH {
        for number in 0..PEOPLE {
            assert_eq!(app.asks_for_reset(&address(number)).await.status(), StatusCode::ACCEPTED);
        }
    }
    app
}

impl App {
    /// The mail server is there again, and the worker need not wait for its next try.
    async fn comes_to_its_mail_server(&mut self) {
        self.mail.come_back().await;
        self.wait(Duration::from_mins(1));
    }

    async fn brings_all_to(&self, numbers: impl Iterator<Item = usize>) {
        for number in numbers {
            eventually("the others' letters", async || {
                (letters_to(&self.mail, &address(number)).len() == EACH).then_some(())
            })
            .await;
        }
    }
}

on_both_databases! {
    async fn a_backlog_takes_fewer_commits_than_letters(database) {
        let setup = Setup { listens_to_the_database: true, ..Setup::with(&[]) };
        let mut app = with_a_backlog(database, setup, Offers::Pipelining).await;
        app.statements.take();
        // How many go at a time depends on how long they take.
        app.time_stands_still();
        app.comes_to_its_mail_server().await;
        app.all_letters_are_settled().await;
        let commits = app.statements.take().iter().filter(|statement| *statement == "COMMIT").count();
        assert!(commits < PEOPLE * EACH, "{commits} commits");
        app.brings_all_to(0..PEOPLE).await;
        assert_eq!(app.mail.received().len(), PEOPLE * EACH, "each once");
    }

    async fn a_letter_of_a_backlog_that_breaks_the_connection_holds_up_no_other(database) {
        for offers in Offers::ALL {
            let mut app = with_a_backlog(database, Setup::default(), offers).await;
            let poison = address(7);
            app.mail.set_fault_over(&poison, Some((Step::RcptTo, Fault::Close)));
            app.comes_to_its_mail_server().await;
            app.brings_all_to((0..PEOPLE).filter(|number| *number != 7)).await;
            assert!(letters_to(&app.mail, &poison).is_empty());
            app.mail.set_fault_over(&poison, None);
            eventually("the letters that had to wait", async || {
                app.wait(Duration::from_mins(20));
                (letters_to(&app.mail, &poison).len() == EACH).then_some(())
            })
            .await;
            app.all_letters_are_settled().await;
            assert_eq!(app.mail.received().len(), PEOPLE * EACH, "each once, {offers:?}");
        }
    }

    async fn a_letter_of_a_backlog_that_is_refused_stops_no_other(database) {
        const NO_MAILBOX: &str = "550 5.1.1 no such mailbox";
        for (offers, step, reply) in [
            (Offers::Nothing, Step::RcptTo, NO_MAILBOX),
            (Offers::Pipelining, Step::RcptTo, NO_MAILBOX),
            (Offers::PipeliningToNobody, Step::RcptTo, NO_MAILBOX),
            (Offers::Pipelining, Step::Data, "554 5.7.1 spam"),
            (Offers::Pipelining, Step::Taken, "552 5.3.4 too large"),
        ] {
            let what = format!("{offers:?}, {step:?}");
            let mut app = with_a_backlog(database, Setup::default(), offers).await;
            app.mail.set_fault_over(&address(7), Some((step, Fault::Say(reply))));
            app.comes_to_its_mail_server().await;
            app.all_letters_are_settled().await;
            let stopped = "SELECT COUNT(*) AS count FROM mail_queue WHERE state = 'stopped' AND last_error LIKE '%5__%'";
            assert_eq!(app.count(stopped), i64::try_from(EACH).unwrap(), "{what}");
            app.brings_all_to((0..PEOPLE).filter(|number| *number != 7)).await;
            assert_eq!(app.mail.received().len(), (PEOPLE - 1) * EACH, "each once, {what}");
            let to_nobody = app.mail.refused().into_iter().filter(|letter| letter.to.is_empty());
            assert!(to_nobody.into_iter().all(|letter| letter.raw.is_empty()), "{what}");
            assert_eq!(app.mail.connections(), 1, "the connection is kept, {what}");
        }
    }

    async fn a_server_that_takes_few_letters_on_a_line_gets_the_next_on_another(database) {
        for offers in Offers::ALL {
            let mut app = with_a_backlog(database, Setup::default(), offers).await;
            app.mail.set_letters_on_a_line(5);
            app.comes_to_its_mail_server().await;
            app.all_letters_are_settled().await;
            app.brings_all_to(0..PEOPLE).await;
            assert_eq!(app.mail.received().len(), PEOPLE * EACH, "each once, {offers:?}");
            assert_eq!(app.mail.connections(), (PEOPLE * EACH).div_ceil(5), "{offers:?}");
        }
    }

    async fn the_limit_of_an_address_is_exact_within_a_backlog(database) {
        let mut app = with_a_backlog(database, Setup::default(), Offers::Pipelining).await;
        for _ in 0..12 {
            assert_eq!(app.asks_for_reset(&address(7)).await.status(), StatusCode::ACCEPTED);
        }
        app.comes_to_its_mail_server().await;
        app.all_letters_are_settled().await;
        assert_eq!(letters_to(&app.mail, &address(7)).len(), 5);
        app.brings_all_to((0..PEOPLE).filter(|number| *number != 7)).await;
    }

    async fn commands_are_said_at_once_to_a_server_that_offers_it_and_to_no_other(database) {
        for (offers, said) in [(Offers::Pipelining, 4), (Offers::Nothing, 2)] {
            let app = App::start_with(database, Setup::with(&["--smtp-timeout=100ms"])).await;
            app.has_account("ann", "ann@example.com");
            app.mail.set_offers(offers);
            // It answers no MAIL FROM; what it reads all the same was said without waiting for that.
            app.mail.set_fault(Some((Step::MailFrom, Fault::Mute)));
            app.asks_for_reset("ann@example.com").await;
            let told = "SELECT COUNT(*) AS count FROM mail_queue WHERE last_error IS NOT NULL";
            eventually("an error in the mail queue", async || (app.count(told) > 0).then_some(())).await;
            let verbs: Vec<_> = app.mail.commands().iter().map(|line| line[..4].to_owned()).collect();
            assert_eq!(verbs[..said], ["EHLO", "MAIL", "RCPT", "DATA"][..said], "{offers:?}");
            assert_eq!(verbs.iter().filter(|verb| *verb == "RCPT").count(), said / 2 - 1, "{offers:?}");
            app.mail.set_fault(None);
            eventually("the letter", async || {
                app.wait(Duration::from_mins(1));
                (letters_to(&app.mail, "ann@example.com").len() == 1).then_some(())
            })
            .await;
        }
    }
}

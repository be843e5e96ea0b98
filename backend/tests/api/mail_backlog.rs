//! Many letters that wait go out many at a time, and each of them as if it were alone.

use std::time::Duration;

use reqwest::StatusCode;

use crate::support::app::App;
use crate::support::mailbox::letters_to;
use crate::support::{Setup, eventually, on_both_databases};

const PEOPLE: usize = 16;
const EACH: usize = 3;

fn address(number: usize) -> String {
    format!("user{number}@example.com")
}

/// Letters of several people that wait for the mail server to come back.
async fn with_a_backlog(database: crate::support::database::Kind, setup: Setup) -> App {
    let mut app = App::start_with(database, setup).await;
    for number in 0..PEOPLE {
        app.has_account(&format!("user{number}"), &address(number));
    }
    app.mail.stop();
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
}

on_both_databases! {
    async fn a_backlog_takes_fewer_commits_than_letters(database) {
        let setup = Setup { listens_to_the_database: true, ..Setup::with(&[]) };
        let mut app = with_a_backlog(database, setup).await;
        app.statements.take();
        app.comes_to_its_mail_server().await;
        app.all_letters_are_settled().await;
        let commits = app.statements.take().iter().filter(|statement| *statement == "COMMIT").count();
        assert!(commits < PEOPLE * EACH, "{commits} commits");
        for number in 0..PEOPLE {
            assert_eq!(letters_to(&app.mail, &address(number)).len(), EACH, "user{number}");
        }
    }

    async fn a_letter_of_a_backlog_that_breaks_the_connection_holds_up_no_other(database) {
        let setup = Setup::with(&["--smtp-timeout=100ms"]);
        let mut app = with_a_backlog(database, setup).await;
        let poison = address(7);
        app.mail.break_over(Some(&poison));
        app.comes_to_its_mail_server().await;
        for number in (0..PEOPLE).filter(|number| *number != 7) {
            eventually("the others' letters", async || {
                (letters_to(&app.mail, &address(number)).len() == EACH).then_some(())
            })
            .await;
        }
        assert!(letters_to(&app.mail, &poison).is_empty());
        app.mail.break_over(None);
        eventually("the letters that had to wait", async || {
            app.wait(Duration::from_mins(20));
            (letters_to(&app.mail, &poison).len() == EACH).then_some(())
        })
        .await;
        app.all_letters_are_settled().await;
        assert_eq!(app.mail.received().len(), PEOPLE * EACH, "each once");
    }
}

//! kill -9 between every two steps of the worker and of a confirmation: nothing is lost, nothing happens by half.

use std::time::Duration;

use reqwest::StatusCode;

use crate::support::database;
use crate::support::mail_server::{Fault, Offers, Step};
use crate::support::process::{AFTER_A_LEASE, Site};
use crate::support::{eventually, on_both_databases};

const ANN: &str = "ann@example.com";

const WORKER_POINTS: [&str; 5] = ["worker.leased", "worker.minting", "worker.minted", "worker.sent", "worker.settled"];
const CONFIRM_POINTS: [&str; 2] = ["confirm.epoch_raised", "confirm.promised"];

const SENT: &str = "SELECT COUNT(*) AS count FROM mail_queue WHERE state = 'sent'";

impl Site {
    /// As many accounts, and a link to each of them is owed, as if it had been asked for while no worker was there.
    fn owes_links(&self, number: usize) -> Vec<String> {
        let addresses = self.imports_accounts(number);
        let row = |address: &String| {
            let id = uuid::Uuid::now_v7();
            format!("('{id}', 'reset_link', '{address}', 0, '2026-01-01 00:00:00', 'waiting', '2099-01-01 00:00:00')")
        };
        let rows: Vec<_> = addresses.iter().map(row).collect();
        let columns = "id, kind, address, attempts, due_at, state, created_at";
        let sql = format!("INSERT INTO mail_queue ({columns}) VALUES {}", rows.join(", "));
        database::execute(&self.database_url, &sql);
        addresses
    }

    /// Whether the mail server has been told that a letter to this address comes.
    fn has_begun(&self, address: &str) -> bool {
        let commands = self.mail.commands();
        let told = commands.iter().position(|command| command.contains(&format!("<{address}>")));
        told.is_some_and(|told| commands[told..].contains(&"DATA".to_owned()))
    }
}

on_both_databases! {
    async fn a_worker_that_is_killed_anywhere_loses_no_link(database) {
        for point in WORKER_POINTS {
            let site = Site::new(database).await;
            site.has_account("ann", ANN);
            let mut first = site.serves(Some(point), 0).await;
            // The answer may be cut off by the death; the promise is then in the database or the person was told nothing.
            let answered = site.asks_for_reset(ANN).await;
            first.dies().await;
            assert!(answered.is_none_or(|status| status == StatusCode::ACCEPTED), "{point}");

            let _second = site.serves(None, AFTER_A_LEASE.as_secs()).await;
            if answered.is_none() && site.count("SELECT COUNT(*) AS count FROM mail_queue") == 0 {
                site.asks_for_reset(ANN).await;
            }
            let link = site.letter_to(ANN, 1).await;
            assert_eq!(site.confirms(&link.token()).await, Some(StatusCode::OK), "{point}");
            let delivered = site.letters_to(ANN).iter().filter(|letter| letter.link().is_some()).count();
            assert!(delivered <= 2, "{point}: at most one letter is doubled by a kill");
        }
    }

    async fn a_worker_that_is_killed_anywhere_loses_no_password(database) {
        for point in WORKER_POINTS {
            let site = Site::new(database).await;
            site.has_account("ann", ANN);
            let link = {
                let _healthy = site.serves(None, 0).await;
                site.asks_for_reset(ANN).await;
                site.letter_to(ANN, 1).await
            };
            let mut second = site.serves(Some(point), 0).await;
            let confirmed = site.confirms(&link.token()).await;
            second.dies().await;
            let _third = site.serves(None, AFTER_A_LEASE.as_secs()).await;
            // Either the confirmation was committed, and its password comes; or it was not, and the link still works.
            if confirmed.is_none() {
                let again = site.confirms(&link.token()).await;
                assert!(matches!(again, Some(StatusCode::OK | StatusCode::GONE)), "{point}: {again:?}");
            }
            let password = site.letter_to(ANN, 2).await.password();
            assert_eq!(site.logs_in("ann", &password).await, Some(StatusCode::OK), "{point}");
        }
    }

    async fn a_confirmation_that_is_killed_anywhere_did_not_happen(database) {
        for point in CONFIRM_POINTS {
            let site = Site::new(database).await;
            let printed = site.has_account("ann", ANN);
            let link = {
                let _healthy = site.serves(None, 0).await;
                site.asks_for_reset(ANN).await;
                site.letter_to(ANN, 1).await
            };
            let mut second = site.serves(Some(point), 0).await;
            assert_eq!(site.confirms(&link.token()).await, None, "{point}");
            second.dies().await;
            let _third = site.serves(None, 0).await;
            assert_eq!(site.logs_in("ann", &printed).await, Some(StatusCode::OK), "{point}: nothing was reset");
            assert_eq!(site.confirms(&link.token()).await, Some(StatusCode::OK), "{point}: the link still works");
            let password = site.letter_to(ANN, 2).await.password();
            assert_eq!(site.logs_in("ann", &password).await, Some(StatusCode::OK), "{point}");
        }
    }

    async fn a_server_that_is_told_to_stop_finishes_the_letter_in_hand(database) {
        let site = Site::new(database).await;
        site.has_account("ann", ANN);
        let mut server = site.serves(None, 0).await;
        // The letter is in hand until the mail server answers; by then the order to stop has come.
        site.mail.set_fault(Some((Step::Data, Fault::Hang)));
        site.asks_for_reset(ANN).await;
        eventually("a letter in hand", async || {
            site.mail.commands().contains(&"DATA".to_owned()).then_some(())
        })
        .await;
        assert_eq!(server.is_told_to_stop().await, Some(0));
        assert_eq!(site.count("SELECT COUNT(*) AS count FROM mail_queue WHERE leased_until IS NOT NULL"), 0);
        site.mail.set_fault(None);
        let _second = site.serves(None, AFTER_A_LEASE.as_secs()).await;
        site.letter_to(ANN, 1).await;
    }

    async fn a_worker_that_is_killed_in_the_middle_of_many_letters_sends_few_again_and_loses_none(database) {
        let site = Site::new(database).await;
        let addresses = site.owes_links(40);
        // By then it has sent fifteen, one at first and then more and more at a time, and goes on with the next ones.
        site.mail.set_fault_over(&addresses[20], Some((Step::Taken, Fault::Hang)));
        let mut first = site.mail_worker(&[]);
        eventually("a letter in hand", async || site.has_begun(&addresses[20]).then_some(())).await;
        // What was sent before is written down although the server has not answered.
        eventually("settled letters", async || (site.count(SENT) == 20).then_some(())).await;
        first.is_killed();
        site.mail.set_fault_over(&addresses[20], None);
        let _second = site.mail_worker(&[("REKEY_DRILL_CLOCK_SECONDS", &AFTER_A_LEASE.as_secs().to_string())]);
        site.all_letters_are_settled().await;
        let doubled = addresses.iter().filter(|address| site.letters_to(address).len() > 1).count();
        assert!(addresses.iter().all(|address| !site.letters_to(address).is_empty()));
        assert_eq!(doubled, 0, "what was settled is not sent again");
    }

    async fn a_worker_that_is_told_to_stop_in_the_middle_of_many_letters_leaves_the_others_to_the_next(database) {
        for offers in Offers::ALL {
            let site = Site::new(database).await;
            site.mail.set_offers(offers);
            let addresses = site.owes_links(40);
            site.mail.set_fault_over(&addresses[20], Some((Step::Taken, Fault::Late(Duration::from_secs(1)))));
            let mut first = site.mail_worker(&[]);
            eventually("a letter in hand", async || site.has_begun(&addresses[20]).then_some(())).await;
            assert_eq!(first.is_told_to_stop().await, Some(0));
            let sent = site.mail.received().len();
            // The one in hand, and the one that was announced with it.
            assert!((21..=22).contains(&sent), "{sent}, {offers:?}");
            assert_eq!(site.count(SENT), i64::try_from(sent).unwrap(), "{offers:?}");
            let untouched = "SELECT COUNT(*) AS count FROM mail_queue WHERE state = 'waiting' AND leased_until IS NULL \
                AND attempts = 0 AND last_error IS NULL";
            assert_eq!(site.count(untouched), i64::try_from(40 - sent).unwrap(), "{offers:?}");
            let _second = site.mail_worker(&[]);
            site.all_letters_are_settled().await;
            assert_eq!(site.mail.received().len(), 40, "each once, {offers:?}");
        }
    }
}

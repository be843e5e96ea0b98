//! kill -9 between every two steps of the worker and of a confirmation: nothing is lost, nothing happens by half.

use reqwest::StatusCode;

use crate::support::mail_server::{Fault, Step};
use crate::support::on_both_databases;
use crate::support::process::{AFTER_A_LEASE, Site};

const ANN: &str = "ann@example.com";

const WORKER_POINTS: [&str; 5] = ["worker.leased", "worker.minting", "worker.minted", "worker.sent", "worker.settled"];
const CONFIRM_POINTS: [&str; 3] = ["confirm.epoch_raised", "confirm.claimed", "confirm.promised"];

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
        crate::support::eventually("a letter in hand", async || {
            site.mail.commands().contains(&"DATA".to_owned()).then_some(())
        })
        .await;
        assert_eq!(server.is_told_to_stop().await, Some(0));
        assert_eq!(site.count("SELECT COUNT(*) AS count FROM mail_queue WHERE leased_until IS NOT NULL"), 0);
        site.mail.set_fault(None);
        let _second = site.serves(None, AFTER_A_LEASE.as_secs()).await;
        site.letter_to(ANN, 1).await;
    }
}

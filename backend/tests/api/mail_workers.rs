//! Mail workers as processes of their own: letters go out once, soon, and whoever dies.

use std::time::Instant;

use reqwest::StatusCode;

use crate::support::on_postgres;
use crate::support::process::AFTER_A_LEASE;

const ANN: &str = "ann@example.com";

on_postgres! {
    async fn two_mail_workers_keep_to_one_limit_of_letters(site) {
        site.has_account("ann", ANN);
        let instance = site.instance(&[]).await;
        for _ in 0..12 {
            assert_eq!(instance.door.asks_for_reset(ANN).await, StatusCode::ACCEPTED);
        }
        let _workers = [site.mail_worker(&[]), site.mail_worker(&[])];
        site.all_letters_are_settled().await;
        assert_eq!(site.letters_to(ANN).len(), 5);
    }

    async fn two_mail_workers_never_send_one_letter_twice(site) {
        let addresses = site.imports_accounts(60);
        let (one, two) = (site.instance(&[]).await, site.instance(&[]).await);
        let _workers = [site.mail_worker(&[]), site.mail_worker(&[])];
        for pair in addresses.chunks(2) {
            let asked = tokio::join!(one.door.asks_for_reset(&pair[0]), two.door.asks_for_reset(&pair[1]));
            assert_eq!(asked, (StatusCode::ACCEPTED, StatusCode::ACCEPTED));
        }
        site.all_letters_are_settled().await;
        let mut reached: Vec<_> = site.mail.received().into_iter().map(|letter| letter.to).collect();
        reached.sort();
        let mut expected = addresses;
        expected.sort();
        assert_eq!(reached, expected);
        assert_eq!(site.count("SELECT COUNT(*) AS count FROM reset_links"), 60);
    }

    async fn a_promise_is_kept_by_the_worker_of_another_process(site) {
        site.has_account("ann", ANN);
        let (instance, _worker) = (site.instance(&[]).await, site.mail_worker(&[]));
        for number in 1..=3 {
            let asked = Instant::now();
            assert_eq!(instance.door.asks_for_reset(ANN).await, StatusCode::ACCEPTED);
            site.letter_to(ANN, number).await;
            println!("a letter by another process after {:?}", asked.elapsed());
        }
    }

    async fn a_mail_worker_that_is_killed_with_a_promise_in_hand_is_taken_over(site) {
        site.has_account("ann", ANN);
        let instance = site.instance(&[]).await;
        let mut first = site.mail_worker(&[("REKEY_DRILL_DIE_AT", "worker.leased")]);
        assert_eq!(instance.door.asks_for_reset(ANN).await, StatusCode::ACCEPTED);
        first.dies().await;
        assert_eq!(site.count("SELECT COUNT(*) AS count FROM mail_queue WHERE leased_until IS NOT NULL"), 1);
        let later = AFTER_A_LEASE.as_secs().to_string();
        let _second = site.mail_worker(&[("REKEY_DRILL_CLOCK_SECONDS", &later)]);
        site.letter_to(ANN, 1).await;
        site.all_letters_are_settled().await;
        assert_eq!(site.letters_to(ANN).len(), 1);
    }

    async fn two_mail_workers_share_a_backlog_and_wait_for_each_other_in_no_circle(site) {
        // The same people again and again, in another order each time: each worker locks several of them at once.
        let addresses = site.imports_accounts(30);
        let instance = site.instance(&[]).await;
        for turn in 0..4 {
            for number in 0..30 {
                let address = &addresses[(number * 7 + turn * 13) % 30];
                assert_eq!(instance.door.asks_for_reset(address).await, StatusCode::ACCEPTED);
            }
        }
        let _workers = [site.mail_worker(&[]), site.mail_worker(&[])];
        site.all_letters_are_settled().await;
        assert_eq!(site.mail.received().len(), 120, "each once");
        for address in &addresses {
            assert_eq!(site.letters_to(address).len(), 4, "{address}");
        }
    }
}

//! The fault run: people reset their passwords at a steady pace while everything round them breaks.
//!
//! Processes are killed (-9) at random, PostgreSQL is restarted, and the mail server refuses, hangs, hangs up, loses its
//! answers and is away for a day. In the end nothing may be lost, nothing may have happened twice, and nobody may be locked
//! out. `make chaos` runs it for longer; `REKEY_CHAOS_SECONDS` and `REKEY_CHAOS_SEED` are for by hand.

mod people;
mod site;
mod tally;
mod trouble;

use std::sync::Arc;
use std::time::{Duration, Instant};

use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};

use crate::support::database::Kind;
use crate::support::on_both_databases;
use people::Person;
use site::Site;
use tally::Tally;
use trouble::Trouble;

const PEOPLE: u64 = 8;

fn number_of(variable: &str) -> Option<u64> {
    std::env::var(variable).ok().and_then(|text| text.parse().ok())
}

async fn chaos(kind: Kind) {
    let seed = number_of("REKEY_CHAOS_SEED").unwrap_or_else(|| rand::rng().random());
    let lasts = Duration::from_secs(number_of("REKEY_CHAOS_SECONDS").unwrap_or(8));
    println!("chaos on {kind:?} for {} s: REKEY_CHAOS_SEED={seed}", lasts.as_secs());

    let tally = Arc::new(Tally::default());
    let site = Arc::new(Site::start(kind, PEOPLE).await);
    let ends = Instant::now() + lasts;
    let people: Vec<_> = (0..PEOPLE)
        .map(|number| {
            let person = Person::new(number, site.clone(), tally.clone(), StdRng::seed_from_u64(seed ^ number));
            tokio::spawn(person.lives_until(ends))
        })
        .collect();
    let trouble = Trouble::new(StdRng::seed_from_u64(seed), site.clone(), tally.clone());
    trouble.lasts_until(ends).await;
    // Nobody begins another journey; those that are under way have to come to their end.
    let quiet = tokio::spawn(trouble::peace(site.clone()));
    for person in people {
        person.await.expect("a person who does not panic");
    }
    site.all_promises_are_settled().await;
    quiet.abort();

    tally.count_letters(&site);
    let table = tally.table(&format!("{kind:?}, {} s, seed {seed}", lasts.as_secs()));
    println!("{table}");
    tally.check(&table);
}

on_both_databases! {
    async fn whatever_breaks_nothing_is_lost_and_nothing_happens_twice(database) {
        chaos(database).await;
    }
}

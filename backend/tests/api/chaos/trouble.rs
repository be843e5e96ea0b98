//! What breaks, at random.

use std::sync::Arc;
use std::time::{Duration, Instant};

use rand::RngExt;
use rand::rngs::StdRng;

use super::site::Site;
use super::tally::Tally;
use crate::support::mail_server::{Fault, Step};
use crate::support::postgres::{Postgres, Stop};

const DAY: Duration = Duration::from_hours(24);

pub struct Trouble {
    random: StdRng,
    site: Arc<Site>,
    tally: Arc<Tally>,
}

impl Trouble {
    pub fn new(random: StdRng, site: Arc<Site>, tally: Arc<Tally>) -> Self {
        Self { random, site, tally }
    }

    pub async fn lasts_until(mut self, ends: Instant) {
        // Each of them once before any of them again: a short run has seen everything, too.
        let mut deck = Vec::new();
        while Instant::now() < ends {
            if deck.is_empty() {
                deck = (0..6).collect();
            }
            match deck.swap_remove(self.random.random_range(0..deck.len())) {
                0 | 1 => self.a_process_dies().await,
                2 => self.the_mail_server_misbehaves().await,
                3 => self.an_answer_is_lost().await,
                4 => self.the_mail_server_is_away_for_a_day().await,
                _ => self.the_database_restarts().await,
            }
            self.pause(50..500).await;
        }
    }

    async fn pause(&mut self, milliseconds: std::ops::Range<u64>) {
        tokio::time::sleep(Duration::from_millis(self.random.random_range(milliseconds))).await;
    }

    async fn a_process_dies(&mut self) {
        let number = self.random.random_range(0..self.site.processes.len());
        let has_worker = self.site.processes[number].port.is_none() || self.site.processes.len() == 1;
        self.tally.killed(has_worker);
        self.site.kill(number);
        self.pause(0..800).await;
        self.site.start_process(number).await;
    }

    async fn the_mail_server_misbehaves(&mut self) {
        let step = Step::ALL[self.random.random_range(0..Step::ALL.len())];
        let fault = match self.random.random_range(0..3) {
            0 => Fault::Hang,
            1 => Fault::Close,
            _ => Fault::Say("451 4.7.1 come back later"),
        };
        self.tally.misbehaved();
        self.site.mail.lock().await.set_fault(Some((step, fault)));
        self.pause(300..1500).await;
        self.site.mail.lock().await.set_fault(None);
    }

    /// The worker cannot know that the letter was taken, and sends another one: the one doubling that has to be.
    async fn an_answer_is_lost(&mut self) {
        let before = self.site.mail.lock().await.received().len();
        self.site.mail.lock().await.set_fault(Some((Step::Taken, Fault::Lose)));
        self.pause(200..600).await;
        let mail = self.site.mail.lock().await;
        mail.set_fault(None);
        self.tally.lost_answers(mail.received().len() - before);
    }

    async fn the_mail_server_is_away_for_a_day(&mut self) {
        self.tally.away_for_a_day();
        self.site.mail.lock().await.stop();
        self.pause(200..800).await;
        self.site.let_time_pass(DAY);
        self.pause(200..800).await;
        self.site.mail.lock().await.come_back().await;
    }

    async fn the_database_restarts(&mut self) {
        let how = if self.random.random_range(0..2) == 0 { Stop::Fast } else { Stop::Immediate };
        if self.site.postgres.is_some() {
            self.tally.database_restarted();
            self.postgres_does(move |postgres| postgres.stop(how)).await;
            self.pause(0..700).await;
            self.postgres_does(Postgres::start).await;
        }
    }

    /// Off the threads on which the people live: it takes a moment.
    async fn postgres_does(&self, what: impl FnOnce(&Postgres) + Send + 'static) {
        let site = self.site.clone();
        tokio::task::spawn_blocking(move || site.postgres.as_ref().map(what)).await.unwrap();
    }
}

/// Nothing breaks any more; letters that wait for their next try get the time for it.
pub async fn peace(site: Arc<Site>) {
    loop {
        tokio::time::sleep(Duration::from_millis(500)).await;
        site.let_time_pass(Duration::from_secs(30));
    }
}

//! What was counted, as a table and as what has to hold.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::sync::Mutex;

use super::site::Site;

#[derive(Default)]
pub struct Tally(Mutex<Counts>);

#[derive(Default)]
struct Counts {
    begun: usize,
    finished: usize,
    logins: usize,
    lost: Vec<String>,
    confirmations: HashMap<String, usize>,

    kills: usize,
    worker_kills: usize,
    restarts: usize,
    misbehaved: usize,
    lost_answers: usize,
    days: usize,

    links: usize,
    passwords: usize,
    notices: usize,
    letters: usize,
    promises_sent: usize,
    promises_left: usize,
    promises_stopped: usize,
    locked_out: usize,
    workers: usize,
}

impl Tally {
    fn with<T>(&self, change: impl FnOnce(&mut Counts) -> T) -> T {
        change(&mut self.0.lock().unwrap())
    }

    pub fn begun(&self) {
        self.with(|counts| counts.begun += 1);
    }

    pub fn finished(&self) {
        self.with(|counts| counts.finished += 1);
    }

    pub fn logged_in(&self) {
        self.with(|counts| counts.logins += 1);
    }

    pub fn lost(&self, what: String) {
        self.with(|counts| counts.lost.push(what));
    }

    pub fn confirmed(&self, token: &str) {
        self.with(|counts| *counts.confirmations.entry(token.to_owned()).or_default() += 1);
    }

    pub fn killed(&self, has_worker: bool) {
        self.with(|counts| {
            counts.kills += 1;
            counts.worker_kills += usize::from(has_worker);
        });
    }

    pub fn database_restarted(&self) {
        self.with(|counts| counts.restarts += 1);
    }

    pub fn misbehaved(&self) {
        self.with(|counts| counts.misbehaved += 1);
    }

    pub fn lost_answers(&self, letters: usize) {
        self.with(|counts| counts.lost_answers += letters);
    }

    pub fn away_for_a_day(&self) {
        self.with(|counts| counts.days += 1);
    }

    /// What the mail server and the database say in the end.
    pub fn count_letters(&self, site: &Site) {
        let letters = site.mail.try_lock().expect("nobody else any more").received();
        let about = |subject: &str| {
            letters.iter().filter(|letter| String::from_utf8_lossy(&letter.raw).contains(subject)).count()
        };
        let rows = |state: &str| {
            let sql = format!("SELECT COUNT(*) AS count FROM mail_queue WHERE state = '{state}'");
            usize::try_from(site.count(&sql)).unwrap()
        };
        // Without an own password and without a mailed one that lives: nobody's state after a journey.
        let locked_out = "SELECT COUNT(*) AS count FROM accounts WHERE password_hash IS NULL AND NOT EXISTS \
            (SELECT 1 FROM temporary_passwords WHERE account_id = accounts.id AND ended_at IS NULL)";
        self.with(|counts| {
            counts.letters = letters.len();
            counts.links = about("reset your password");
            counts.passwords = about("your new password");
            counts.notices = about("your password was changed");
            counts.promises_sent = rows("sent");
            counts.promises_left = rows("waiting");
            counts.promises_stopped = rows("stopped");
            counts.locked_out = usize::try_from(site.count(locked_out)).unwrap();
            counts.workers = if site.processes.len() == 1 { 1 } else { 2 };
        });
    }

    pub fn table(&self, title: &str) -> String {
        self.with(|counts| {
            let mut table = format!("\nchaos: {title}\n");
            for (name, number) in [
                ("journeys begun", counts.begun),
                ("journeys finished", counts.finished),
                ("links mailed", counts.links),
                ("confirmed", counts.confirmations.len()),
                ("passwords mailed", counts.passwords),
                ("notices mailed", counts.notices),
                ("logins", counts.logins),
                ("processes killed", counts.kills),
                ("database restarts", counts.restarts),
                ("mail server misbehaved", counts.misbehaved),
                ("mail server away for a day", counts.days),
                ("answers of the mail server lost", counts.lost_answers),
                ("journeys lost", counts.lost.len()),
                ("confirmations that worked twice", counts.twice()),
                ("accounts locked out", counts.locked_out),
                ("promises left", counts.promises_left),
                ("promises stopped", counts.promises_stopped),
                ("letters doubled", counts.doubled()),
                ("letters that may be doubled", counts.may_be_doubled()),
            ] {
                // Writing to a String cannot fail.
                let _ = writeln!(table, "  {name:<32} {number:>6}");
            }
            table
        })
    }

    pub fn check(&self, table: &str) {
        self.with(|counts| {
            assert!(counts.lost.is_empty(), "{:#?}{table}", counts.lost);
            assert!(counts.begun > 0 && counts.finished == counts.begun, "{table}");
            assert_eq!(counts.twice(), 0, "{table}");
            assert_eq!((counts.locked_out, counts.promises_left, counts.promises_stopped), (0, 0, 0), "{table}");
            assert!(counts.letters >= counts.promises_sent, "a letter counts as sent that never came: {table}");
            assert!(counts.doubled() <= counts.may_be_doubled(), "{table}");
        });
    }
}

/// So many letters are on their way at most: to each of eight people what they wait for, and a notice.
const UNSETTLED: usize = 16;

impl Counts {
    fn twice(&self) -> usize {
        self.confirmations.values().filter(|times| **times > 1).count()
    }

    fn doubled(&self) -> usize {
        self.letters.saturating_sub(self.promises_sent)
    }

    /// One for each answer that was lost, and what a worker had sent within a tenth of a second when it was killed, could not
    /// write it down, or a day went by over its lease.
    fn may_be_doubled(&self) -> usize {
        let hands = self.worker_kills + self.workers * (self.restarts + self.days + self.misbehaved);
        self.lost_answers + UNSETTLED * hands
    }
}

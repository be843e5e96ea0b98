//! Whether the time of an answer tells who has an account. `make timing` runs it on the release.
//!
//! Requests of all kinds of people come in a random order over one connection, back to back, and with pauses: back to back,
//! work that a request leaves behind is in the way of the next one, whoever that is for. So two things are looked at: how
//! long a request takes by whom it was for, and by whom the one before it was for, which is what an attacker measures who
//! asks for somebody first and for nobody then. Every person is asked for once in a run, and nobody's rows are there
//! already, so that known and unknown are equally new. The third pace is that attack itself: a request for somebody, and at
//! once a few for nobody, whose times are added up.

mod auc;
mod line;

use std::time::Duration;

use rand::rngs::StdRng;
use rand::seq::SliceRandom;
use rand::{RngExt, SeedableRng};
use serde_json::json;

use crate::support::database::{Kind, execute};
use crate::support::mail_server::{Fault, Step};
use crate::support::postgres::Postgres;
use crate::support::process::Site;
use auc::{auc, median};
use line::{Line, post};

/// What can be told is this far from 0.5 at most.
const BOUND: f64 = 0.05;
/// A line that is over the bound is measured again with so many times as many samples, and then with so many times more:
/// chance goes away then.
const AGAIN: usize = 4;
/// Back to back, requests without a hash are so many times as many: they are quick.
const QUICK: usize = 8;
const PAUSE: Duration = Duration::from_millis(30);

const PASSWORD: &str = "correct horse battery staple";

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Case {
    Login,
    Reset,
    Credential,
    Email,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Who {
    Known,
    Unknown,
    Disabled,
}

const EVERYBODY: [Who; 3] = [Who::Known, Who::Unknown, Who::Disabled];

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Pace {
    BackToBack,
    Pauses,
    /// Requests for nobody at once behind each one; they are what is measured.
    Probes,
}

impl Pace {
    fn name(self) -> &'static str {
        match self {
            Self::BackToBack => "back to back",
            Self::Pauses => "30 ms pauses",
            Self::Probes => "probes",
        }
    }
}

/// How many probes follow a request.
const PROBES: usize = 4;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Mail {
    Up,
    Slow,
    Down,
}

impl Who {
    fn email(self, number: usize) -> String {
        format!("{self:?}{number}@example.com").to_lowercase()
    }
}

struct Sample {
    who: Who,
    took: Duration,
}

struct Timing {
    site: Site,
    kind: Kind,
    people: usize,
    /// Who may ask for another address, and how often they have.
    askers: Vec<String>,
    random: StdRng,
    _postgres: Option<Postgres>,
}

impl Timing {
    async fn start(kind: Kind, people: usize) -> Self {
        // The tests' own PostgreSQL does not wait for the disk.
        let postgres = (kind == Kind::Postgres).then(Postgres::new);
        let site = match &postgres {
            Some(postgres) => {
                postgres.start();
                Site::on(postgres.url()).await
            }
            None => Site::new(kind).await,
        };
        let hash = hash_of(PASSWORD);
        let names = |who: Who| (0..people).map(move |number| who.email(number).split('@').next().unwrap().to_owned());
        site.imports_with(names(Who::Known).chain(names(Who::Disabled)), &hash);
        site.imports_with((0..=people / 2).map(|number| format!("asker{number}")), &hash);
        execute(&site.database_url, "UPDATE accounts SET disabled_at = created_at WHERE user_name LIKE 'disabled%'");
        // Rekey's own hashes: one that came with an import takes its own time until the first login (docs/security.md).
        execute(&site.database_url, &format!("UPDATE accounts SET password_hash = '{hash}'"));
        Self { site, kind, people, askers: Vec::new(), random: StdRng::seed_from_u64(1), _postgres: postgres }
    }

    fn request(&self, case: Case, who: Who, number: usize, position: usize) -> Vec<u8> {
        let email = who.email(number);
        match case {
            Case::Login => post("/login", None, &json!({ "user": email, "password": "wrong" })),
            Case::Reset => post("/password-reset/request", None, &json!({ "email": email })),
            Case::Credential => post("/credential-requests", None, &json!({ "name": "Somebody", "email": email })),
            Case::Email => {
                let asker = &self.askers[position % self.askers.len()];
                post("/me/email", Some(asker), &json!({ "email": email, "current_password": PASSWORD }))
            }
        }
    }

    /// Nothing is left of the run before.
    async fn clean(&mut self, case: Case, samples: usize) {
        for table in ["mail_queue", "login_throttle", "credential_requests", "reset_links", "audit_events"] {
            execute(&self.site.database_url, &format!("DELETE FROM {table}"));
        }
        self.askers.clear();
        if case == Case::Email {
            // Ten addresses an hour.
            for number in 0..=EVERYBODY.len() * samples / 8 {
                let body = json!({ "user": format!("asker{number}"), "password": PASSWORD });
                let answer = self.site.posts("/login", &body).await.unwrap();
                let answer: serde_json::Value = answer.json().await.unwrap();
                self.askers.push(answer["access_token"].as_str().unwrap().to_owned());
            }
            execute(&self.site.database_url, "DELETE FROM mail_queue");
        }
    }

    async fn run(&mut self, case: Case, pace: Pace, samples: usize) -> Vec<Sample> {
        self.clean(case, samples).await;
        let samples = samples.min(self.people);
        let mut order: Vec<_> = EVERYBODY.iter().flat_map(|who| (0..samples).map(|number| (*who, number))).collect();
        order.shuffle(&mut self.random);
        let requests: Vec<_> = order
            .iter()
            .enumerate()
            .map(|(position, (who, number))| (*who, self.request(case, *who, *number, position)))
            .collect();
        let port = self.site.port;
        let mut random = StdRng::seed_from_u64(self.random.random());
        let expected = if case == Case::Login { 401 } else { 202 };
        let measured = tokio::task::spawn_blocking(move || {
            let mut line = Line::to(port);
            let mut samples = Vec::new();
            for (number, (who, request)) in requests.into_iter().enumerate() {
                let (mut took, status) = line.asks(&request);
                assert_eq!(status, expected, "{}", String::from_utf8_lossy(&request));
                if pace == Pace::Probes {
                    let probe = |probe| json!({ "email": format!("probe{number}.{probe}@example.com") });
                    took = (0..PROBES).map(|n| line.asks(&post("/password-reset/request", None, &probe(n))).0).sum();
                }
                samples.push(Sample { who, took });
                if pace != Pace::BackToBack {
                    // Not in step with anything that comes round on its own.
                    #[expect(clippy::disallowed_methods, reason = "the pause is what is measured")]
                    std::thread::sleep(PAUSE.mul_f64(random.random_range(0.9..1.1)));
                }
            }
            samples
        });
        measured.await.unwrap()
    }

    /// Measures a case, prints its lines, and tells those that are over the bound.
    async fn measure(&mut self, mail: Mail, case: Case, pace: Pace, samples: usize) -> Vec<String> {
        let name = format!("{:?} {mail:?} {case:?} {}", self.kind, pace.name()).to_lowercase();
        if std::env::var("REKEY_TIMING_ONLY").is_ok_and(|only| !name.contains(&only.to_lowercase())) {
            return Vec::new();
        }
        let is_quick = pace == Pace::BackToBack && matches!(case, Case::Reset | Case::Credential);
        let mut samples = if is_quick { samples * QUICK } else { samples };
        loop {
            let is_last = samples * AGAIN > self.people;
            let measured = self.run(case, pace, samples).await;
            let (lines, over) = judge(&name, pace, &measured);
            if over.is_empty() || is_last {
                print!("{lines}");
                return over;
            }
            samples *= AGAIN;
        }
    }
}

fn judge(name: &str, pace: Pace, samples: &[Sample]) -> (String, Vec<String>) {
    let (mut lines, mut over) = (String::new(), Vec::new());
    for other in [Who::Unknown, Who::Disabled] {
        let own = |who: Who| -> Vec<_> {
            samples.iter().filter(|sample| sample.who == who).map(|sample| sample.took).collect()
        };
        let next = |who: Who| -> Vec<_> {
            samples.windows(2).filter(|pair| pair[0].who == who).map(|pair| pair[1].took).collect()
        };
        let looks = match pace {
            Pace::Probes => vec![("probes", own(Who::Known), own(other))],
            _ => vec![("itself", own(Who::Known), own(other)), ("next one", next(Who::Known), next(other))],
        };
        for (what, known, other_times) in looks {
            let auc = auc(&known, &other_times);
            let is_over = (auc - 0.5).abs() > BOUND;
            let line = format!(
                "{name:38} {:20} {what:8} {:6} {:>10.1?} {:>10.1?} {auc:.3}{}\n",
                format!("known/{other:?}").to_lowercase(),
                known.len() + other_times.len(),
                median(&known),
                median(&other_times),
                if is_over { "  OVER" } else { "" },
            );
            if is_over {
                over.push(line.clone());
            }
            lines.push_str(&line);
        }
    }
    (lines, over)
}

/// A hash with today's parameters, as Rekey makes it.
fn hash_of(password: &str) -> String {
    use argon2::password_hash::PasswordHasher;
    let parameters = argon2::Params::new(19 * 1024, 2, 1, None).unwrap();
    let argon2 = argon2::Argon2::new(argon2::Algorithm::Argon2id, argon2::Version::V0x13, parameters);
    argon2.hash_password(password.as_bytes()).unwrap().to_string()
}

async fn time_tells_nothing(kind: Kind) {
    let samples = std::env::var("REKEY_TIMING_SAMPLES").map_or(120, |text| text.parse().unwrap());
    let mut timing = Timing::start(kind, samples * QUICK * AGAIN).await;
    let settings = [("REKEY_CLIENT_REQUESTS_PER_MINUTE", "0"), ("REKEY_SMTP_TIMEOUT", "10s")];
    let server = timing.site.serves_with(&settings).await;
    println!(
        "\n{:38} {:20} {:8} {:>6} {:>10} {:>10} AUC",
        "database, mail server, case, pace", "of", "request", "n", "median", "median"
    );
    let mut over = Vec::new();
    for mail in [Mail::Up, Mail::Slow, Mail::Down] {
        match mail {
            Mail::Up => {}
            Mail::Slow => timing.site.mail.set_fault(Some((Step::Data, Fault::Late(Duration::from_millis(200))))),
            Mail::Down => timing.site.mail.stop(),
        }
        for case in [Case::Reset, Case::Credential, Case::Email, Case::Login] {
            for pace in [Pace::BackToBack, Pace::Pauses, Pace::Probes] {
                // A wrong login leaves no work for anybody, and promises no letter.
                if case != Case::Login || pace != Pace::Probes {
                    over.extend(timing.measure(mail, case, pace, samples).await);
                }
            }
        }
    }
    drop(server);
    assert!(over.is_empty(), "over the bound:\n{}", over.concat());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "takes minutes and says something only of a release: make timing"]
async fn time_tells_nothing_on_sqlite() {
    time_tells_nothing(Kind::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "takes minutes and says something only of a release: make timing"]
async fn time_tells_nothing_on_postgres() {
    time_tells_nothing(Kind::Postgres).await;
}

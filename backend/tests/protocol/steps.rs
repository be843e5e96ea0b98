//! What may happen next.

use crate::world::{Answer, CONFIRMERS, InHand, Lease, Person, Secret, Stage, State, WORKERS, World};

/// The protocol, within bounds that make it finite.
#[derive(Clone, Debug)]
pub struct Protocol {
    pub style: Style,
    /// How often a reset is asked for.
    pub requests: u8,
    /// How often something goes wrong: a death, a lease that runs out under a living worker, a fault of the mail server.
    pub faults: u8,
    /// How many promises a worker takes at a time: one, or up to two.
    pub at_once: usize,
    /// What is left out, to see that it is needed.
    pub without: Option<Guard>,
    pub asked: Question,
}

/// What the checker is to find out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Question {
    /// Whether everything holds.
    AllHolds,
    /// Whether this holds.
    Holds(&'static str),
    /// Whether everything that should be is possible.
    IsPossible,
}

/// `REKEY_RESET_STYLE`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    Mailed,
    Chosen,
}

/// A condition or an order in the code on which the invariants rest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Guard {
    /// `queue::claim`: nobody else's (`is_due!`).
    LeaseAtClaim,
    /// `queue::claim`: a lease ends (`leased_until.le(now)` in `is_due!`).
    LeaseEnds,
    /// `mint::mint`: `queue::hold`, in the same transaction.
    LeaseAtMint,
    /// `settle`: what is not sent is settled only by the lease's holder (`held!`).
    LeaseAtSettle,
    /// `worker::deliver`: nothing is settled before the mail server has answered.
    SendBeforeSettle,
    /// `worker::deal`: only a refusal stops a letter.
    OnlyNeverStops,
    /// `worker::keep`: the fingerprint is committed before the letter is sent.
    CommitBeforeSend,
    /// `send_link::mint` and `send_password::mint`: earlier ones stay good.
    EarlierStayGood,
    /// `send_link::mint`: `created_at < credentials_changed_at` is outdated.
    ChangeAtLinkMint,
    /// `send_password::mint`: `Together::account` with the promise's epoch.
    EpochAtPasswordMint,
    /// `end_links`: `used_at IS NULL`, and the link is among those that it ended.
    UnusedAtClaim,
    /// `end_links`: all that are good, not only the one that is confirmed.
    LinksEnd,
    /// `end_passwords`.
    PasswordsEnd,
    /// `confirm::reset`: `queue::insertion` in the same transaction.
    PromiseWithChange,
    /// `own_password::change`: `record::raise_epoch` with the epoch that was read.
    EpochAtChange,
}

/// One step, by the name of the function that it stands for. A function's transaction is one step, of all the promises that
/// it is about: a worker takes up to two here, which is enough for one that is sent, and one that is not, at any moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// `password_reset::request`: `queue::insert`.
    Request,
    /// `queue::claim`, with the lease. Which is due first is left open, so any, and perhaps another with it.
    Claim(usize, Option<usize>),
    /// The clock passes `leased_until`: the worker is dead, or too slow to renew.
    LeaseRunsOut(usize),
    /// `transport.connect` fails. That it succeeds is no step: nothing comes of it but what follows.
    ConnectFails(Worker),
    /// `mint::mint`: `queue::hold`, and `send_link::mint`, `send_password::mint` or `notice::mint` for each.
    Mint(Worker),
    /// `transport.send`, of one letter.
    Send(Worker, Answer),
    /// The mail server goes away in the middle, or the worker is told to stop: letters that were not sent are released.
    Release(Worker),
    /// `settle`, of all that was dealt with so far.
    Settle(Worker),
    /// kill -9; also a database that fails the worker's step, after which the lease runs out just so.
    WorkerDies(Worker),
    /// `confirm::confirm`: `reset_link::find_all`, and it is good.
    FindLink(usize),
    /// `confirm::reset`: `record::raise_epoch`, `end_links`, `end_passwords`, `queue::insertion`.
    Reset(usize),
    /// kill -9 before the commit.
    ConfirmDies(usize),
    /// `own_password::verify_current`.
    VerifyCurrent,
    /// `own_password::change`: `record::raise_epoch`, `end_links_and_passwords`, `queue::insert`.
    Change,
}

/// A worker, by the first promise that it has in hand: of those with the same one only one holds the lease.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Worker {
    HolderOf(usize),
    OvertakenOn(usize),
}

impl Worker {
    pub fn of(hands: &[InHand]) -> Self {
        let hand = &hands[0];
        if hand.is_holder { Self::HolderOf(hand.promise) } else { Self::OvertakenOn(hand.promise) }
    }
}

impl Protocol {
    pub fn has(&self, guard: Guard) -> bool {
        self.without != Some(guard)
    }

    /// What the workers and the clock do when nothing goes wrong.
    pub fn mail_steps(&self, world: &World, steps: &mut Vec<Step>) {
        let is_free = |index: usize| {
            let promise = &world.promises[index];
            promise.state == State::Waiting && (promise.lease != Lease::Leased || !self.has(Guard::LeaseAtClaim))
        };
        for (index, promise) in world.promises.iter().enumerate() {
            if is_free(index) && world.workers.len() < WORKERS {
                steps.push(Step::Claim(index, None));
                let others = if self.at_once > 1 { index + 1..world.promises.len() } else { 0..0 };
                let others = others.filter(|other| is_free(*other));
                steps.extend(others.map(|other| Step::Claim(index, Some(other))));
            }
            let is_dead = promise.lease == Lease::Leased && !world.has_holder(index);
            if is_dead && self.has(Guard::LeaseEnds) {
                steps.push(Step::LeaseRunsOut(index));
            }
        }
        for hands in &world.workers {
            let worker = Worker::of(hands);
            if hands.iter().any(|hand| hand.stage == Stage::Leased) {
                steps.push(Step::Mint(worker));
                continue;
            }
            if hands.iter().any(|hand| matches!(hand.stage, Stage::Minted(_))) {
                steps.push(Step::Send(worker, Answer::Taken));
            }
            if hands.iter().any(|hand| matches!(hand.stage, Stage::Answered(_))) {
                steps.push(Step::Settle(worker));
            }
        }
    }

    /// What may go wrong.
    pub fn faults(&self, world: &World, steps: &mut Vec<Step>) {
        for hands in &world.workers {
            let worker = Worker::of(hands);
            steps.push(Step::WorkerDies(worker));
            let held =
                hands.iter().filter(|hand| hand.is_holder && world.promises[hand.promise].lease == Lease::Leased);
            if self.has(Guard::LeaseEnds) {
                steps.extend(held.map(|hand| Step::LeaseRunsOut(hand.promise)));
            }
            if hands.iter().any(|hand| hand.stage == Stage::Leased) {
                steps.push(Step::ConnectFails(worker));
            }
            if hands.iter().any(|hand| matches!(hand.stage, Stage::Minted(_))) {
                steps.extend([Answer::Unheard, Answer::NotNow, Answer::Never].map(|it| Step::Send(worker, it)));
                steps.push(Step::Release(worker));
            }
        }
        let confirming = world.letters.iter().enumerate().filter(|(_, letter)| letter.confirming > 0);
        steps.extend(confirming.map(|(index, _)| Step::ConfirmDies(index)));
    }

    /// What people may do.
    pub fn people(world: &World, steps: &mut Vec<Step>) {
        if world.requests > 0 {
            steps.push(Step::Request);
        }
        for (index, letter) in world.letters.iter().enumerate() {
            if letter.secret == Secret::Link && letter.is_live() && world.confirming() < CONFIRMERS {
                steps.push(Step::FindLink(index));
            }
            if letter.confirming > 0 {
                steps.push(Step::Reset(index));
            }
        }
        let has_password = world.account.own_password.is_some()
            || world.letters.iter().any(|letter| letter.secret == Secret::Password && letter.is_live());
        match world.person {
            Person::Idle if has_password => steps.push(Step::VerifyCurrent),
            Person::Verified(_) => steps.push(Step::Change),
            Person::Idle | Person::HasChosen => {}
        }
    }
}

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
    /// `keep::mint_together`: `queue::renew`, in the same transaction.
    LeaseAtMint,
    /// `settle`: what is not sent is settled only by the lease's holder (`held!`).
    LeaseAtSettle,
    /// `keep::deal`: nothing is settled before the mail server has answered.
    SendBeforeSettle,
    /// `keep::deal`: only a refusal stops a letter.
    OnlyNeverStops,
    /// `keep::keep`: the fingerprint is committed before the letter is sent.
    CommitBeforeSend,
    /// `send_link::mint` and `send_password::mint`: earlier ones stay good.
    EarlierStayGood,
    /// `send_link::mint`: `created_at < credentials_changed_at` is outdated.
    ChangeAtLinkMint,
    /// `send_password::mint`: `record::lock` with the promise's epoch.
    EpochAtPasswordMint,
    /// `reset_link::claim`: `used_at IS NULL`.
    UnusedAtClaim,
    /// `end_links_and_passwords`: the links.
    LinksEnd,
    /// `end_links_and_passwords`: the passwords.
    PasswordsEnd,
    /// `confirm::reset`: `queue::insert` in the same transaction.
    PromiseWithChange,
    /// `own_password::change`: `record::raise_epoch` with the epoch that was read.
    EpochAtChange,
}

/// One step, by the name of the function that it stands for. A function's transaction is one step. A worker takes several
/// promises at a time, each of which is a hand here: what their common transaction does is one of the orders of their steps,
/// and its death is that of each hand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// `password_reset::request`: `queue::insert`.
    Request,
    /// `queue::claim`, with the lease. Which is due first is left open, so any.
    Claim(usize),
    /// The clock passes `leased_until`: the worker is dead, or too slow to renew.
    LeaseRunsOut(usize),
    /// `transport.connect` fails. That it succeeds is no step: nothing comes of it but what follows.
    ConnectFails(Worker),
    /// `keep::mint_together`: `send_link::mint`, `send_password::mint` or `notice::mint`, and `queue::renew`.
    Mint(Worker),
    /// `transport.send`.
    Send(Worker, Answer),
    /// `settle`.
    Settle(Worker),
    /// kill -9; also a database that fails the worker's step, after which the lease runs out just so.
    WorkerDies(Worker),
    /// `confirm::confirm`: `reset_link::find`, and it is good.
    FindLink(usize),
    /// `confirm::reset`: `record::raise_epoch`, `reset_link::claim`, `end_links_and_passwords`, `queue::insert`.
    Reset(usize),
    /// kill -9 before the commit.
    ConfirmDies(usize),
    /// `own_password::verify_current`.
    VerifyCurrent,
    /// `own_password::change`: `record::raise_epoch`, `end_links_and_passwords`, `queue::insert`.
    Change,
}

/// A worker, by what it has in hand: of those with the same promise only one holds the lease.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Worker {
    HolderOf(usize),
    OvertakenOn(usize),
}

impl Worker {
    pub fn of(hand: &InHand) -> Self {
        if hand.is_holder { Self::HolderOf(hand.promise) } else { Self::OvertakenOn(hand.promise) }
    }
}

impl Protocol {
    pub fn has(&self, guard: Guard) -> bool {
        self.without != Some(guard)
    }

    /// What the workers and the clock do when nothing goes wrong.
    pub fn mail_steps(&self, world: &World, steps: &mut Vec<Step>) {
        for (index, promise) in world.promises.iter().enumerate() {
            let is_free = promise.lease != Lease::Leased || !self.has(Guard::LeaseAtClaim);
            if promise.state == State::Waiting && is_free && world.hands.len() < WORKERS {
                steps.push(Step::Claim(index));
            }
            let is_dead = promise.lease == Lease::Leased && !world.has_holder(index);
            if is_dead && self.has(Guard::LeaseEnds) {
                steps.push(Step::LeaseRunsOut(index));
            }
        }
        for hand in &world.hands {
            let worker = Worker::of(hand);
            steps.push(match hand.stage {
                Stage::Leased => Step::Mint(worker),
                Stage::Minted(_) => Step::Send(worker, Answer::Taken),
                Stage::Answered(_) => Step::Settle(worker),
            });
        }
    }

    /// What may go wrong.
    pub fn faults(&self, world: &World, steps: &mut Vec<Step>) {
        for hand in &world.hands {
            let worker = Worker::of(hand);
            steps.push(Step::WorkerDies(worker));
            if hand.is_holder && world.promises[hand.promise].lease == Lease::Leased && self.has(Guard::LeaseEnds) {
                steps.push(Step::LeaseRunsOut(hand.promise));
            }
            match hand.stage {
                Stage::Leased => steps.push(Step::ConnectFails(worker)),
                Stage::Minted(_) => {
                    steps.extend([Answer::Unheard, Answer::NotNow, Answer::Never].map(|it| Step::Send(worker, it)));
                }
                Stage::Answered(_) => {}
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

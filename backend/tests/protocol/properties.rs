//! What always holds, and what can be reached at all.

use stateright::Property;

use crate::steps::Protocol;
use crate::world::{Answer, CONFIRMERS, InHand, Kind, Lease, Person, Secret, Stage, State, WORKERS, World};

pub const NO_PROMISE_IS_LOST: &str = "a promise is never lost";
pub const ONE_CLAIM: &str = "a link is claimed at most once, and one confirmation succeeds under an epoch";
pub const NO_NEEDLESS_DOUBLE: &str =
    "a letter is doubled only by a crash, an unheard answer or a lease that ran out over it";
pub const DELIVERED_IS_GOOD: &str = "what was delivered works until the credentials change";
pub const OLD_IS_DEAD: &str = "nothing of before a change of credentials works after it";
pub const OWN_MEANS_OWN: &str = "no mailed password works beside an own one";
pub const NOTHING_LATE: &str = "what was asked for before a change of credentials brings nothing after it";

/// What holds in every state that can be reached.
pub fn always() -> Vec<Property<Protocol>> {
    vec![
        Property::always(NO_PROMISE_IS_LOST, no_promise_is_lost),
        Property::always(ONE_CLAIM, |_, world: &World| {
            // In the order of the confirmations: each rests on a link of a later epoch than the one before it.
            let is_each_another = world.confirmed.is_sorted_by(|earlier, later| earlier < later);
            is_each_another && world.letters.iter().all(|letter| letter.claims <= 1)
        }),
        Property::always(NO_NEEDLESS_DOUBLE, |_, world: &World| {
            world.promises.iter().all(|promise| promise.delivered <= 1 + promise.forgiven)
        }),
        Property::always(DELIVERED_IS_GOOD, |_, world: &World| {
            world
                .letters
                .iter()
                .all(|letter| letter.is_known && (letter.is_live() || letter.epoch < world.account.epoch))
        }),
        Property::always(OLD_IS_DEAD, |_, world: &World| {
            let epoch = world.account.epoch;
            // An own password that was chosen by who was checked before the confirmation is of before.
            world.account.own_password.is_none_or(|since| since >= world.account.reset)
                && world.secrets().all(|letter| !letter.is_live() || letter.epoch == epoch)
        }),
        Property::always(OWN_MEANS_OWN, |_, world: &World| {
            let is_mailed_live = world.secrets().any(|letter| letter.secret == Secret::Password && letter.is_live());
            world.account.own_password.is_none() || !is_mailed_live
        }),
        Property::always(NOTHING_LATE, |_, world: &World| {
            world.secrets().all(|letter| letter.promised == letter.epoch)
        }),
    ]
}

/// What can be reached: a model in which nothing happens breaks no rule either.
pub fn sometimes() -> Vec<Property<Protocol>> {
    vec![
        Property::sometimes("a letter is doubled", |_, world: &World| world.promises.iter().any(|it| it.delivered > 1)),
        Property::sometimes("a promise is dropped", |_, world: &World| {
            world.promises.iter().any(|it| it.state == State::Dropped)
        }),
        Property::sometimes("two confirm the same link", |_, world: &World| {
            world.letters.iter().any(|letter| letter.confirming > 1)
        }),
        Property::sometimes("a worker is overtaken", |_, world: &World| world.hands().any(|hand| !hand.is_holder)),
        Property::sometimes("a worker that had several in hand has sent one", |_, world: &World| {
            let has = |hands: &[InHand], wanted: fn(&Stage) -> bool| hands.iter().any(|hand| wanted(&hand.stage));
            world.workers.iter().any(|hands| {
                has(hands, |stage| *stage == Stage::Answered(Answer::Taken))
                    && has(hands, |stage| matches!(stage, Stage::Minted(_)))
            })
        }),
        Property::sometimes("all workers are busy", |_, world: &World| world.workers.len() == WORKERS),
        Property::sometimes("an own password is chosen after a reset", |_, world: &World| {
            world.person == Person::HasChosen && world.account.reset > 0 && world.account.epoch > world.account.reset
        }),
    ]
}

/// In every state a promise waits, or is over for a reason that may be; and where the workers come to rest, none waits.
/// That they come to rest is what [`left`] shows: so "at rest" is "in the end".
///
/// A promise that is missing altogether is lost too: each change of credentials makes one. That this is so in every state,
/// not only in the end, stands for a crash right after the commit.
fn no_promise_is_lost(protocol: &Protocol, world: &World) -> bool {
    let is_at_rest = || {
        let mut steps = Vec::new();
        protocol.mail_steps(world, &mut steps);
        steps.is_empty()
    };
    let changes = world.promises.iter().filter(|promise| promise.kind != Kind::ResetLink).count();
    let is_kept = world.promises.iter().enumerate().all(|(index, promise)| match promise.state {
        State::Waiting => true,
        State::Sent => promise.delivered > 0 || world.hands().any(|hand| hand.promise == index),
        State::Dropped => promise.kind != Kind::PasswordChanged && promise.epoch < world.account.epoch,
        State::Stopped => promise.refused,
    });
    let is_any_waiting = world.promises.iter().any(|promise| promise.state == State::Waiting);
    changes == usize::from(world.account.epoch) && is_kept && !(is_any_waiting && is_at_rest())
}

/// How much may still happen, the weightiest first. Every step makes it less, which the model checks at each; so no run
/// goes on for ever, and no worker goes round in circles.
pub fn left(world: &World) -> [usize; 5] {
    let epoch = world.account.epoch;
    let waiting = world.promises.iter().enumerate().filter(|(_, promise)| promise.state == State::Waiting);
    let to_take = waiting.map(|(index, promise)| match promise.lease {
        Lease::Leased if world.has_holder(index) => 0,
        Lease::Free | Lease::RunOut => 10,
        Lease::Leased => 11,
    });
    let to_do = world.hands().map(|hand| match hand.stage {
        Stage::Leased => 5,
        Stage::Minted(_) => 4,
        // The promise will be free again.
        Stage::Answered(Answer::Unheard | Answer::NotNow | Answer::Away) => 20,
        Stage::Answered(Answer::Taken | Answer::Never | Answer::NotOwed) => 1,
    });
    let confirming: usize = world.letters.iter().map(|it| it.confirming * if it.is_live() { 1 } else { 3 }).sum();
    let idle = 2 * (CONFIRMERS - world.confirming());
    let person = match world.person {
        Person::Verified(checked) if checked != epoch => 2,
        Person::Idle => 1,
        Person::Verified(_) | Person::HasChosen => 0,
    };
    [
        usize::from(world.requests),
        usize::from(world.faults),
        usize::from(u8::MAX - epoch),
        to_take.chain(to_do).sum(),
        confirming + idle + person,
    ]
}

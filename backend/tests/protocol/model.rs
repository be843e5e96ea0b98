//! What comes of each step.

use stateright::{Model, Property};

use crate::properties;
use crate::steps::{Guard, Protocol, Question, Step, Style, Worker};
use crate::world::{Answer, InHand, Kind, Lease, Letter, Person, Secret, Stage, State, World};

impl Model for Protocol {
    type State = World;
    type Action = Step;

    fn init_states(&self) -> Vec<World> {
        vec![World::new(self.requests, self.faults)]
    }

    fn actions(&self, world: &World, steps: &mut Vec<Step>) {
        self.mail_steps(world, steps);
        Self::people(world, steps);
        if world.faults > 0 {
            self.faults(world, steps);
        }
    }

    fn next_state(&self, before: &World, step: Step) -> Option<World> {
        let mut world = before.clone();
        self.take(&mut world, step);
        world.tidy();
        if self.without.is_none() {
            assert!(
                properties::left(&world) < properties::left(before),
                "{step:?} leads no nearer to the end: {before:?}"
            );
        }
        Some(world)
    }

    fn properties(&self) -> Vec<Property<Self>> {
        match self.asked {
            Question::AllHolds => properties::always(),
            Question::Holds(name) => properties::always().into_iter().filter(|it| it.name == name).collect(),
            Question::IsPossible => properties::sometimes(),
        }
    }
}

impl Protocol {
    fn take(&self, world: &mut World, step: Step) {
        match step {
            Step::Request => {
                world.requests -= 1;
                world.promise(Kind::ResetLink);
            }
            Step::Claim(first, second) => {
                let hands =
                    [Some(first), second].into_iter().flatten().map(|index| Self::claim(world, index)).collect();
                world.workers.push(hands);
            }
            Step::LeaseRunsOut(promise) => {
                let is_alive = world.has_holder(promise);
                world.faults -= u8::from(is_alive);
                world.promises[promise].lease = if is_alive { Lease::RunOut } else { Lease::Free };
            }
            Step::ConnectFails(worker) | Step::Release(worker) => {
                world.faults -= 1;
                let mut hands = Self::out_of_hand(world, worker);
                for hand in hands.iter_mut().filter(|hand| !matches!(hand.stage, Stage::Answered(_))) {
                    hand.stage = Stage::Answered(Answer::Away);
                }
                world.workers.push(hands);
            }
            Step::Mint(worker) => {
                let hands = Self::out_of_hand(world, worker);
                let minted = hands.into_iter().filter_map(|hand| self.mint(world, hand)).collect();
                world.workers.push(minted);
            }
            Step::Send(worker, answer) => {
                world.faults -= u8::from(answer != Answer::Taken);
                let mut hands = Self::out_of_hand(world, worker);
                let next = hands.iter_mut().find(|hand| matches!(hand.stage, Stage::Minted(_)));
                Self::send(world, next.expect("a letter"), answer);
                world.workers.push(hands);
            }
            Step::Settle(worker) => {
                let hands = Self::out_of_hand(world, worker);
                let is_dealt = |hand: &InHand| matches!(hand.stage, Stage::Answered(_));
                let (dealt, rest): (Vec<_>, Vec<_>) = hands.into_iter().partition(is_dealt);
                for hand in &dealt {
                    self.settle(world, hand);
                }
                world.workers.push(rest);
            }
            Step::WorkerDies(worker) => {
                world.faults -= 1;
                for hand in Self::out_of_hand(world, worker) {
                    Self::die(world, &hand);
                }
            }
            Step::FindLink(letter) => world.letters[letter].confirming += 1,
            Step::Reset(letter) => self.reset(world, letter),
            Step::ConfirmDies(letter) => {
                world.faults -= 1;
                world.letters[letter].confirming -= 1;
            }
            Step::VerifyCurrent => world.person = Person::Verified(world.account.epoch),
            Step::Change => self.change(world),
        }
    }

    fn out_of_hand(world: &mut World, worker: Worker) -> Vec<InHand> {
        let index = world.workers.iter().position(|hands| Worker::of(hands) == worker).expect("a worker at work");
        world.workers.swap_remove(index)
    }

    fn die(world: &mut World, hand: &InHand) {
        let promise = &mut world.promises[hand.promise];
        if hand.is_holder && promise.lease == Lease::RunOut {
            promise.lease = Lease::Free;
        }
        promise.forgiven += u8::from(hand.stage == Stage::Answered(Answer::Taken));
    }

    fn claim(world: &mut World, index: usize) -> InHand {
        let was_run_out = world.promises[index].lease == Lease::RunOut;
        for hand in world.workers.iter_mut().flatten().filter(|hand| hand.is_holder && hand.promise == index) {
            hand.is_holder = false;
            // Its letter is on the way, or there already, and nobody else can know.
            if was_run_out && matches!(hand.stage, Stage::Minted(_) | Stage::Answered(Answer::Taken)) {
                world.promises[index].forgiven += 1;
            }
        }
        world.promises[index].lease = Lease::Leased;
        InHand { promise: index, is_holder: true, stage: Stage::Leased }
    }

    fn mint(&self, world: &mut World, mut hand: InHand) -> Option<InHand> {
        let is_held = world.holds(&hand);
        if !is_held && self.has(Guard::LeaseAtMint) {
            // Left out: another worker will send, or has.
            return None;
        }
        let epoch = world.account.epoch;
        let promise = &mut world.promises[hand.promise];
        if is_held {
            promise.lease = Lease::Leased;
        }
        let (secret, is_outdated) = match promise.kind {
            Kind::ResetLink => (Some(Secret::Link), promise.epoch < epoch && self.has(Guard::ChangeAtLinkMint)),
            Kind::NewPassword => {
                (Some(Secret::Password), promise.epoch != epoch && self.has(Guard::EpochAtPasswordMint))
            }
            Kind::PasswordChanged => (None, false),
        };
        let promised = promise.epoch;
        if !self.has(Guard::SendBeforeSettle) {
            promise.state = State::Sent;
        }
        if !self.has(Guard::EarlierStayGood) {
            self.end_links_and_passwords(world);
        }
        let is_known = self.has(Guard::CommitBeforeSend);
        hand.stage = if is_outdated {
            Stage::Answered(Answer::NotOwed)
        } else {
            Stage::Minted(secret.map(|secret| Letter {
                secret,
                epoch,
                promised,
                is_known,
                is_ended: false,
                confirming: 0,
                claims: 0,
            }))
        };
        Some(hand)
    }

    fn send(world: &mut World, hand: &mut InHand, answer: Answer) {
        let stage = std::mem::replace(&mut hand.stage, Stage::Answered(answer));
        let promise = &mut world.promises[hand.promise];
        if matches!(answer, Answer::Taken | Answer::Unheard) {
            promise.delivered += 1;
            promise.forgiven += u8::from(answer == Answer::Unheard);
            if let Stage::Minted(Some(letter)) = stage {
                world.letters.push(letter);
            }
        }
        promise.refused |= answer == Answer::Never;
    }

    fn settle(&self, world: &mut World, hand: &InHand) {
        let is_held = world.holds(hand) || !self.has(Guard::LeaseAtSettle);
        let Stage::Answered(answer) = hand.stage else { return };
        let settled = match answer {
            Answer::Taken => State::Sent,
            Answer::NotOwed => State::Dropped,
            Answer::Never => State::Stopped,
            Answer::Unheard | Answer::NotNow | Answer::Away if !self.has(Guard::OnlyNeverStops) => State::Stopped,
            Answer::Unheard | Answer::NotNow | Answer::Away => world.promises[hand.promise].state,
        };
        let promise = &mut world.promises[hand.promise];
        // Whoever has the lease by now: the letter is out.
        if is_held || settled == State::Sent {
            (promise.state, promise.lease) = (settled, Lease::Free);
        }
    }

    fn end_links_and_passwords(&self, world: &mut World) {
        let in_hand = world.workers.iter_mut().flatten().filter_map(|hand| match &mut hand.stage {
            Stage::Minted(letter) => letter.as_mut(),
            _ => None,
        });
        for letter in world.letters.iter_mut().chain(in_hand) {
            letter.is_ended |= match letter.secret {
                Secret::Link => self.has(Guard::LinksEnd),
                Secret::Password => self.has(Guard::PasswordsEnd),
            };
        }
    }

    fn reset(&self, world: &mut World, index: usize) {
        let letter = &mut world.letters[index];
        letter.confirming -= 1;
        if letter.is_ended && self.has(Guard::UnusedAtClaim) {
            // Another confirmation was faster; this one is undone.
            return;
        }
        letter.is_ended = true;
        letter.claims += 1;
        world.confirmed.push(letter.epoch);
        world.account.epoch += 1;
        world.account.reset = world.account.epoch;
        self.end_links_and_passwords(world);
        let (own_password, kind) = match self.style {
            Style::Mailed => (None, Kind::NewPassword),
            Style::Chosen => (Some(world.account.epoch), Kind::PasswordChanged),
        };
        world.account.own_password = own_password;
        if self.has(Guard::PromiseWithChange) {
            world.promise(kind);
        }
    }

    fn change(&self, world: &mut World) {
        let Person::Verified(epoch) = world.person else { return };
        if epoch != world.account.epoch && self.has(Guard::EpochAtChange) {
            world.person = Person::Idle;
            return;
        }
        world.person = Person::HasChosen;
        world.account.epoch += 1;
        world.account.own_password = Some(epoch);
        self.end_links_and_passwords(world);
        world.promise(Kind::PasswordChanged);
    }
}

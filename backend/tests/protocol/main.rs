//! The protocol of promise, lease, send, settle and claim as a small model, of which every run is looked at: two workers,
//! two confirmers, somebody who chooses an own password, a mail server that fails or is not heard, and a death anywhere.
//! The drills and races of the API tests show single runs of the real thing; this shows that the idea has no hole.
//!
//! [`world`] is what there is, [`steps`] what may happen, under the names of the functions that do it, [`model`] what comes
//! of it and [`properties`] what has to hold. Each condition in the code on which that rests is a [`Guard`]: without it the
//! checker has to find a run that breaks what the guard is for. Whoever changes one of these functions changes its step.
//!
//! Not in it: what expires, the hour's limit, giving up after three days, a disabled or changed account, sessions.

#![expect(clippy::expect_used, reason = "a test that cannot go on fails")]

mod model;
mod properties;
mod steps;
mod world;

use std::io::Write;
use std::time::Instant;

use stateright::{Checker, Model};

use properties::{
    DELIVERED_IS_GOOD, NO_NEEDLESS_DOUBLE, NO_PROMISE_IS_LOST, NOTHING_LATE, OLD_IS_DEAD, ONE_CLAIM, OWN_MEANS_OWN,
};
use steps::{Guard, Protocol, Question, Style};

const MAILED: Protocol =
    Protocol { style: Style::Mailed, requests: 2, faults: 2, at_once: 1, without: None, asked: Question::AllHolds };

/// Looks at every run.
fn holds(what: &str, protocol: Protocol) {
    let began = Instant::now();
    let checker = protocol.checker().threads(2).spawn_bfs().join();
    // Not by println!, which a test run swallows: how much was looked at is half of the result.
    let told = writeln!(
        std::io::stderr(),
        "protocol, {what}: {} states, {} steps between them, {:.1} s",
        checker.unique_state_count(),
        checker.state_count(),
        began.elapsed().as_secs_f32()
    );
    told.expect("standard error");
    checker.assert_properties();
}

#[test]
fn two_resets_and_two_faults_break_nothing() {
    holds("two resets, two faults", MAILED);
}

#[test]
fn one_reset_and_three_faults_break_nothing() {
    holds("one reset, three faults", Protocol { requests: 1, faults: 3, ..MAILED });
}

#[test]
fn two_promises_at_a_time_break_nothing() {
    holds("two promises at a time, two resets, one fault", Protocol { faults: 1, at_once: 2, ..MAILED });
    holds("two promises at a time, one reset, two faults", Protocol { requests: 1, at_once: 2, ..MAILED });
}

#[test]
fn a_chosen_password_breaks_nothing() {
    holds("style chosen, two resets, one fault", Protocol { style: Style::Chosen, faults: 1, ..MAILED });
}

#[test]
fn everything_that_can_happen_does_happen_in_the_model() {
    holds("what is possible", Protocol { at_once: 2, asked: Question::IsPossible, ..MAILED });
}

/// Looks for the shortest run that breaks a property without a guard. One thread: breadth first is strict then.
fn breaks(without: Guard, property: &'static str) {
    let broken = Protocol { without: Some(without), at_once: 2, asked: Question::Holds(property), ..MAILED };
    let steps = broken.checker().spawn_bfs().join().assert_any_discovery(property).into_actions();
    let run: Vec<String> = steps.iter().map(|step| format!("{step:?}")).collect();
    println!("without {without:?} it is not so that {property}: {}", run.join(", "));
}

#[test]
fn a_lease_that_never_ends_loses_what_a_dead_worker_had() {
    breaks(Guard::LeaseEnds, NO_PROMISE_IS_LOST);
}

#[test]
fn settling_before_sending_loses_a_letter() {
    breaks(Guard::SendBeforeSettle, NO_PROMISE_IS_LOST);
}

#[test]
fn stopping_after_any_failure_loses_a_letter() {
    breaks(Guard::OnlyNeverStops, NO_PROMISE_IS_LOST);
}

#[test]
fn a_promise_after_the_commit_may_never_be_made() {
    breaks(Guard::PromiseWithChange, NO_PROMISE_IS_LOST);
}

#[test]
fn without_a_look_at_used_at_two_confirm_the_same_link() {
    breaks(Guard::UnusedAtClaim, ONE_CLAIM);
}

#[test]
fn without_ending_links_two_links_are_confirmed() {
    breaks(Guard::LinksEnd, ONE_CLAIM);
}

#[test]
fn without_a_look_at_the_lease_two_workers_send_the_same() {
    breaks(Guard::LeaseAtClaim, NO_NEEDLESS_DOUBLE);
}

#[test]
fn without_the_lease_at_the_mint_a_slow_worker_sends_what_was_sent() {
    breaks(Guard::LeaseAtMint, NO_NEEDLESS_DOUBLE);
}

#[test]
fn without_the_lease_at_the_settling_a_slow_worker_gives_up_what_another_sends() {
    breaks(Guard::LeaseAtSettle, NO_NEEDLESS_DOUBLE);
}

#[test]
fn sending_before_the_commit_delivers_a_link_that_nobody_knows() {
    breaks(Guard::CommitBeforeSend, DELIVERED_IS_GOOD);
}

#[test]
fn a_mint_that_ends_earlier_links_kills_a_delivered_one() {
    breaks(Guard::EarlierStayGood, DELIVERED_IS_GOOD);
}

#[test]
fn without_ending_links_one_of_before_outlives_a_change_of_credentials() {
    breaks(Guard::LinksEnd, OLD_IS_DEAD);
}

#[test]
fn without_ending_passwords_one_of_before_outlives_a_change_of_credentials() {
    breaks(Guard::PasswordsEnd, OLD_IS_DEAD);
}

#[test]
fn without_the_epoch_at_the_change_who_knew_the_old_password_outlives_a_confirmation() {
    breaks(Guard::EpochAtChange, OLD_IS_DEAD);
}

#[test]
fn without_the_epoch_check_a_retry_outlives_an_own_password() {
    breaks(Guard::EpochAtPasswordMint, OWN_MEANS_OWN);
}

#[test]
fn without_ending_passwords_a_mailed_one_works_beside_an_own_one() {
    breaks(Guard::PasswordsEnd, OWN_MEANS_OWN);
}

#[test]
fn without_the_date_of_the_change_an_old_request_brings_a_new_link() {
    breaks(Guard::ChangeAtLinkMint, NOTHING_LATE);
}

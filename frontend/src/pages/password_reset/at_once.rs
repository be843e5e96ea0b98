use std::cell::Cell;
use std::rc::Rc;

use yew::prelude::*;

use crate::{browser, marker};

/// Confirms without a click in the browser that asked for the reset, as soon as the page is seen. Tells whether it does
/// so; if not, the person is asked for the click.
///
/// A page that is hidden or drawn ahead waits: its address may have been fetched by a program, not by a person.
#[hook]
pub(super) fn use_at_once(link_life_seconds: u64, confirm: &Callback<()>) -> bool {
    let at_once = use_state(|| marker::is_good(link_life_seconds));
    use_effect_with((), {
        let (confirm, at_once) = (confirm.clone(), at_once.clone());
        move |()| {
            let decided = Rc::new(Cell::new(!*at_once));
            let look = move || {
                if decided.get() || !browser::is_seen() {
                    return;
                }
                decided.set(true);
                // Another tab may have confirmed while this one was hidden.
                if marker::is_good(link_life_seconds) {
                    confirm.emit(());
                } else {
                    at_once.set(false);
                }
            };
            look();
            let listeners = browser::when_seen_changes(look);
            move || drop(listeners)
        }
    });
    *at_once
}

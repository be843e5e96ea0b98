use yew::prelude::*;

use super::icon::{Icon, icon};
use crate::app::use_ui;

/// What a password field hears, and what it then says.
pub(super) struct CapsLock {
    pub(super) key: Callback<KeyboardEvent>,
    pub(super) left: Callback<FocusEvent>,
    pub(super) hint: Html,
}

/// Behind dots nobody sees that every letter is a capital.
#[hook]
pub(super) fn use_caps_lock() -> CapsLock {
    let texts = use_ui().texts();
    let on = use_state_eq(|| false);
    let key = Callback::from({
        let on = on.clone();
        move |event: KeyboardEvent| {
            // While the key itself goes down, browsers do not agree whether it counts already.
            if event.type_() == "keyup" || event.key() != "CapsLock" {
                on.set(event.get_modifier_state("CapsLock"));
            }
        }
    });
    let left = Callback::from({
        let on = on.clone();
        move |_: FocusEvent| on.set(false)
    });
    // It stands where the space to the next thing is, so that nothing moves when it comes.
    let hint = html! {
        <p class="caps-lock" aria-live="polite">
            if *on {
                { icon(Icon::CapsLock) }<span>{ texts.caps_lock }</span>
            }
        </p>
    };
    CapsLock { key, left, hint }
}

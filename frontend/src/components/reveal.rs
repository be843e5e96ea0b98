use yew::prelude::*;

use super::icon::{Icon, icon};
use crate::app::use_ui;

#[derive(Properties, PartialEq)]
pub(super) struct RevealProps {
    /// The id of the field.
    pub(super) of: AttrValue,
    pub(super) shown: bool,
    pub(super) onchange: Callback<bool>,
}

/// The button in a field that shows what stands there instead of dots (ASVS 6.2.6).
#[component]
pub(super) fn Reveal(props: &RevealProps) -> Html {
    let texts = use_ui().texts();
    let shown = props.shown;
    let onclick = props.onchange.reform(move |_: MouseEvent| !shown);
    html! {
        <button type="button" class="reveal" aria-label={texts.choose.show} aria-controls={props.of.clone()}
            aria-pressed={if shown { "true" } else { "false" }} {onclick}>
            { icon(if shown { Icon::EyeCrossed } else { Icon::Eye }) }
        </button>
    }
}

use web_sys::HtmlDialogElement;
use yew::prelude::*;

use super::button::Action;
use super::status::{Status, StatusLine};
use crate::browser;
use crate::form::Phase;

#[derive(Properties, PartialEq)]
pub(crate) struct DialogProps {
    pub(crate) title: AttrValue,
    /// What cannot be taken back.
    pub(crate) warning: AttrValue,
    pub(crate) status: Status,
    pub(crate) confirm: AttrValue,
    pub(crate) cancel: AttrValue,
    pub(crate) phase: Phase,
    pub(crate) onconfirm: Callback<MouseEvent>,
    pub(crate) onclose: Callback<()>,
}

/// Asks again before something that cannot be taken back. The browser keeps the focus in it, and Escape is "no".
#[component]
pub(crate) fn Dialog(props: &DialogProps) -> Html {
    let node = use_node_ref();
    use_effect_with((), {
        let node = node.clone();
        move |()| {
            if let Some(dialog) = node.cast::<HtmlDialogElement>() {
                browser::open_dialog(&dialog);
            }
        }
    });
    let cancel = props.onclose.reform(|_: MouseEvent| ());
    html! {
        <dialog class="card" ref={node} aria-labelledby="dialog-title" onclose={props.onclose.reform(|_: Event| ())}>
            <h2 id="dialog-title">{ &props.title }</h2>
            <p>{ &props.warning }</p>
            <StatusLine status={props.status.clone()} />
            <div class="actions actions-row">
                <Action label={props.confirm.clone()} phase={props.phase.clone()} onclick={props.onconfirm.clone()}
                    danger=true />
                <button type="button" class="button" autofocus=true onclick={cancel}>{ &props.cancel }</button>
            </div>
        </dialog>
    }
}

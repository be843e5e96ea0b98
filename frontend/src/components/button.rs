use yew::prelude::*;

use crate::app::use_ui;
use crate::form::Phase;
use crate::navigation::use_navigation;
use crate::route::Route;

#[derive(Properties, PartialEq)]
pub(crate) struct ActionProps {
    pub(crate) label: AttrValue,
    pub(crate) phase: Phase,
    /// Without it the button submits its form.
    #[prop_or_default]
    pub(crate) onclick: Option<Callback<MouseEvent>>,
    #[prop_or_default]
    pub(crate) quiet: bool,
    /// Beside a thing of a list, where it should not shout.
    #[prop_or_default]
    pub(crate) small: bool,
    /// It cannot be taken back.
    #[prop_or_default]
    pub(crate) danger: bool,
    /// What it does to which thing, where its label alone stands there several times.
    #[prop_or_default]
    pub(crate) name: Option<AttrValue>,
}

/// The button that asks the server. Under way it is not `disabled`, which would take the focus from it; the form
/// itself ignores a second press.
#[component]
pub(crate) fn Action(props: &ActionProps) -> Html {
    let texts = use_ui().texts();
    let busy = matches!(props.phase, Phase::Sending | Phase::Slow).then_some("true");
    let slow = (props.phase == Phase::Slow).then_some("true");
    let label = match props.phase {
        Phase::Slow => AttrValue::from(texts.sending),
        _ => props.label.clone(),
    };
    let kind = if props.onclick.is_some() { "button" } else { "submit" };
    let class = classes!(
        "button",
        (!props.quiet && !props.small && !props.danger).then_some("button-main"),
        props.small.then_some("button-small"),
        props.danger.then_some("button-danger"),
    );
    html! {
        <button type={kind} {class} aria-busy={busy} aria-disabled={busy} data-slow={slow} aria-label={props.name.clone()}
            onclick={props.onclick.clone()}>
            { label }
        </button>
    }
}

#[derive(Properties, PartialEq)]
pub(crate) struct GoProps {
    pub(crate) to: Route,
    pub(crate) label: AttrValue,
    /// The one thing to do here, rather than a way out.
    #[prop_or_default]
    pub(crate) main: bool,
}

/// A button that opens another page.
#[component]
pub(crate) fn Go(props: &GoProps) -> Html {
    let navigation = use_navigation();
    let to = props.to.clone();
    let onclick = Callback::from(move |_: MouseEvent| navigation.push(&to, ""));
    let class = if props.main { "button button-main" } else { "button" };
    html! { <button type="button" {class} {onclick}>{ &props.label }</button> }
}

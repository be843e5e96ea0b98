use yew::prelude::*;

use super::button::Action;
use crate::api::{Call, Failure};
use crate::form::{Phase, use_form};
use crate::session::use_session;

#[derive(Properties, PartialEq)]
pub(crate) struct DeedProps {
    pub(crate) label: AttrValue,
    /// What it does to which thing, where its label alone stands there several times.
    #[prop_or_default]
    pub(crate) name: Option<AttrValue>,
    #[prop_or_default]
    pub(crate) small: bool,
    pub(crate) call: Callback<(), Call<()>>,
    pub(crate) done: Callback<()>,
    pub(crate) failed: Callback<Failure>,
}

/// A button that does one thing at once, for whoever is logged in.
#[component]
pub(crate) fn Deed(props: &DeedProps) -> Html {
    let session = use_session();
    let form = use_form();
    use_effect_with(form.phase().clone(), {
        let failed = props.failed.clone();
        move |phase| {
            if let Phase::Failed(failure) = phase {
                failed.emit(failure.clone());
            }
        }
    });
    let phase = form.phase().clone();
    let onclick = Callback::from({
        let (call, done) = (props.call.clone(), props.done.clone());
        move |_: MouseEvent| {
            let done = done.clone();
            form.send(session.ask(call.emit(())), move |()| done.emit(()));
        }
    });
    html! {
        <Action label={props.label.clone()} name={props.name.clone()} {phase} {onclick} quiet=true small={props.small} />
    }
}

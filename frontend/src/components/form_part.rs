use yew::prelude::*;

use super::button::Action;
use super::field::Scope;
use super::status::{Status, StatusLine};
use crate::form::Phase;

#[derive(Properties, PartialEq)]
pub(crate) struct FormPartProps {
    /// Tells the forms of a page apart.
    pub(crate) id: AttrValue,
    pub(crate) phase: Phase,
    pub(crate) status: Status,
    /// Says what sending does.
    pub(crate) submit: AttrValue,
    pub(crate) onsubmit: Callback<SubmitEvent>,
    /// It is about somebody else.
    #[prop_or_default]
    pub(crate) of_others: bool,
    /// Sending is not the main thing on this page.
    #[prop_or_default]
    pub(crate) quiet: bool,
    /// Other buttons beside the one that sends.
    #[prop_or_default]
    pub(crate) beside: Html,
    /// The fields.
    pub(crate) children: Html,
}

/// One of several forms on a page, with a status line of its own.
#[component]
pub(crate) fn FormPart(props: &FormPartProps) -> Html {
    let scope = Scope { form: props.id.clone(), of_others: props.of_others };
    html! {
        <ContextProvider<Scope> context={scope}>
            <form id={props.id.clone()} class="form-part" method="post" novalidate=true onsubmit={props.onsubmit.clone()}>
                { props.children.clone() }
                <StatusLine status={props.status.clone()} />
                <div class="actions actions-start">
                    <Action label={props.submit.clone()} phase={props.phase.clone()} quiet={props.quiet} />
                    { props.beside.clone() }
                </div>
            </form>
        </ContextProvider<Scope>>
    }
}

use rekey_shared::locale::Locale;
use rekey_shared::problem::FieldCode;
use yew::prelude::*;

use super::field::{use_first_text, use_tied};
use crate::form::Field;
use crate::texts;

/// A value as the API calls it, and in words.
pub(crate) type Choice = (&'static str, &'static str);

#[derive(Properties, PartialEq)]
pub(crate) struct SelectProps {
    pub(crate) field: Field,
    pub(crate) label: AttrValue,
    pub(crate) node: NodeRef,
    pub(crate) choices: Vec<Choice>,
    /// What is chosen before the person chooses.
    pub(crate) chosen: AttrValue,
    #[prop_or_default]
    pub(crate) error: Option<FieldCode>,
    #[prop_or_default]
    pub(crate) onchange: Option<Callback<Event>>,
}

/// A label and a choice among few.
#[component]
pub(crate) fn Select(props: &SelectProps) -> Html {
    let tied = use_tied(props.field, props.error, None, None);
    use_first_text(&props.node, &props.chosen);
    let control = html! {
        <select id={tied.id.clone()} name={props.field.name()} ref={props.node.clone()}
            aria-invalid={tied.invalid} aria-describedby={tied.described_by.clone()} onchange={props.onchange.clone()}>
            { for props.choices.iter().map(|(value, words)| html! { <option value={*value}>{ *words }</option> }) }
        </select>
    };
    tied.round(&props.label, control)
}

/// Languages to choose among, each by its own name.
pub(crate) fn languages(offered: &[Locale]) -> Vec<Choice> {
    offered.iter().map(|locale| (locale.code(), texts::own_name(*locale))).collect()
}

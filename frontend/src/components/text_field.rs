use rekey_shared::problem::FieldCode;
use yew::prelude::*;

use super::caps_lock::use_caps_lock;
use super::field::{use_first_text, use_tied};
use super::reveal::Reveal;
use crate::form::Field;

#[derive(Properties, PartialEq)]
pub(crate) struct TextFieldProps {
    pub(crate) field: Field,
    pub(crate) label: AttrValue,
    /// Where the page reads the text from.
    pub(crate) node: NodeRef,
    #[prop_or_default]
    pub(crate) error: Option<FieldCode>,
    #[prop_or_default]
    pub(crate) hint: Option<AttrValue>,
    /// The id of another text that says something about the field.
    #[prop_or_default]
    pub(crate) described_by: Option<&'static str>,
    /// What stands there before anything is typed.
    #[prop_or_default]
    pub(crate) text: AttrValue,
    /// It may stay empty.
    #[prop_or_default]
    pub(crate) optional: bool,
    #[prop_or_default]
    pub(crate) oninput: Option<Callback<InputEvent>>,
}

/// A label, its input, what to know beforehand, and what was wrong with it.
#[component]
pub(crate) fn TextField(props: &TextFieldProps) -> Html {
    let shown = use_state(|| false);
    let caps_lock = use_caps_lock();
    let tied = use_tied(props.field, props.error, props.hint.as_ref(), props.described_by);
    use_first_text(&props.node, &props.text);
    let secret = props.field.is_secret();
    let (autocomplete, inputmode) = match props.field {
        Field::User => ("username", None),
        // Not type="email": browsers rewrite IDN domains in it and refuse local parts that RFC 6531 allows.
        Field::Email => (if tied.of_others { "off" } else { "email" }, Some("email")),
        Field::Name if !tied.of_others => ("name", None),
        Field::Password | Field::CurrentPassword => ("current-password", None),
        Field::NewPassword => ("new-password", None),
        _ => ("off", None),
    };
    let kind = match props.field {
        Field::Search => "search",
        _ if secret && !*shown => "password",
        _ => "text",
    };
    let capitals = if props.field == Field::Name { "words" } else { "none" };
    let control = html! {
        <>
            <input id={tied.id.clone()} name={props.field.name()} type={kind} {autocomplete} {inputmode}
                ref={props.node.clone()} autocapitalize={capitals} autocorrect="off" spellcheck="false"
                aria-required={(!props.optional).then_some("true")} aria-invalid={tied.invalid}
                aria-describedby={tied.described_by.clone()} oninput={props.oninput.clone()}
                onkeydown={secret.then(|| caps_lock.key.clone())} onkeyup={secret.then(|| caps_lock.key.clone())}
                onblur={secret.then(|| caps_lock.left.clone())} />
            if secret {
                <Reveal of={tied.id.clone()} shown={*shown} onchange={move |now| shown.set(now)} />
                { caps_lock.hint }
            }
        </>
    };
    tied.round(&props.label, control)
}

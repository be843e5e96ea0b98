use rekey_shared::problem::FieldCode;
use yew::prelude::*;

use super::field::{use_first_text, use_tied};
use super::icon::{Icon, icon};
use crate::app::use_ui;
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
    let texts = use_ui().texts();
    let shown = use_state(|| false);
    let tied = use_tied(props.field, props.error, props.hint.as_ref(), props.described_by);
    use_first_text(&props.node, &props.text);
    let (kind, autocomplete, inputmode) = match props.field {
        Field::User => ("text", "username", None),
        // Not type="email": browsers rewrite IDN domains in it and refuse local parts that RFC 6531 allows.
        Field::Email => ("text", if tied.of_others { "off" } else { "email" }, Some("email")),
        Field::Name if !tied.of_others => ("text", "name", None),
        Field::Password | Field::CurrentPassword => ("password", "current-password", None),
        Field::NewPassword if *shown => ("text", "new-password", None),
        Field::NewPassword => ("password", "new-password", None),
        Field::Search => ("search", "off", None),
        _ => ("text", "off", None),
    };
    let capitals = if props.field == Field::Name { "words" } else { "none" };
    let toggle = Callback::from({
        let shown = shown.clone();
        move |_: MouseEvent| shown.set(!*shown)
    });
    let control = html! {
        <>
            <input id={tied.id.clone()} name={props.field.name()} type={kind} {autocomplete} {inputmode}
                ref={props.node.clone()} autocapitalize={capitals} autocorrect="off" spellcheck="false"
                aria-required={(!props.optional).then_some("true")} aria-invalid={tied.invalid}
                aria-describedby={tied.described_by.clone()} oninput={props.oninput.clone()} />
            if props.field == Field::NewPassword {
                <button type="button" class="reveal" onclick={toggle}
                    aria-label={texts.choose.show} aria-pressed={if *shown { "true" } else { "false" }}>
                    { icon(if *shown { Icon::EyeCrossed } else { Icon::Eye }) }
                </button>
            }
        </>
    };
    tied.round(&props.label, control)
}

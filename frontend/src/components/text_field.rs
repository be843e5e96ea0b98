use rekey_shared::problem::FieldCode;
use yew::prelude::*;

use super::icon::{Icon, icon};
use crate::app::use_ui;
use crate::form::Field;

#[derive(Properties, PartialEq)]
pub(crate) struct TextFieldProps {
    pub(crate) field: Field,
    pub(crate) label: AttrValue,
    /// Where the page reads the text from.
    pub(crate) node: NodeRef,
    pub(crate) error: Option<FieldCode>,
    #[prop_or_default]
    pub(crate) hint: Option<AttrValue>,
    /// The id of another text that says something about the field.
    #[prop_or_default]
    pub(crate) described_by: Option<&'static str>,
}

/// A label, its input, what to know beforehand, and what was wrong with it.
#[component]
pub(crate) fn TextField(props: &TextFieldProps) -> Html {
    let ui = use_ui();
    let shown = use_state(|| false);
    let name = props.field.name();
    let (kind, autocomplete, inputmode) = match props.field {
        Field::User => ("text", "username", None),
        // Not type="email": browsers rewrite IDN domains in it and refuse local parts that RFC 6531 allows.
        Field::Email => ("text", "email", Some("email")),
        Field::Password => ("password", "current-password", None),
        Field::NewPassword if *shown => ("text", "new-password", None),
        Field::NewPassword => ("password", "new-password", None),
    };
    let toggle = Callback::from({
        let shown = shown.clone();
        move |_: MouseEvent| shown.set(!*shown)
    });
    let hint_id = props.hint.as_ref().map(|_| format!("{name}-hint"));
    let error = props.error.map(|code| (ui.texts().field)(props.field, code, &ui.config.limits));
    let error_id = error.as_ref().map(|_| format!("{name}-error"));
    let described_by: Vec<_> =
        [error_id.as_deref(), hint_id.as_deref(), props.described_by].into_iter().flatten().collect();
    html! {
        <div class="field">
            <label for={name}>{ &props.label }</label>
            <div class="input">
                <input id={name} {name} type={kind} {autocomplete} {inputmode} ref={props.node.clone()}
                    autocapitalize="none" autocorrect="off" spellcheck="false" aria-required="true"
                    aria-invalid={error.as_ref().map(|_| "true")}
                    aria-describedby={(!described_by.is_empty()).then(|| described_by.join(" "))} />
                if props.field == Field::NewPassword {
                    <button type="button" class="reveal" onclick={toggle}
                        aria-label={ui.texts().choose.show} aria-pressed={if *shown { "true" } else { "false" }}>
                        { icon(if *shown { Icon::EyeCrossed } else { Icon::Eye }) }
                    </button>
                }
            </div>
            if let Some(error) = error {
                <p class="error" id={error_id}>{ icon(Icon::Alert) }<span>{ error }</span></p>
            }
            if let Some(hint) = &props.hint {
                <p class="hint" id={hint_id}>{ hint }</p>
            }
        </div>
    }
}

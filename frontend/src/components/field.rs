use rekey_shared::problem::FieldCode;
use yew::prelude::*;

use super::icon::{Icon, icon};
use crate::app::use_ui;
use crate::browser;
use crate::form::Field;

/// The form that a field stands in. On a page with one form there is none.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Scope {
    /// Goes before the ids of its fields, which several forms may have.
    pub(crate) form: AttrValue,
    /// It is about somebody else, whom the browser must not fill in.
    pub(crate) of_others: bool,
}

/// What ties a label, a control, its hint and its error together.
pub(super) struct Tied {
    pub(super) id: String,
    pub(super) of_others: bool,
    pub(super) described_by: Option<String>,
    pub(super) invalid: Option<&'static str>,
    after: Html,
}

#[hook]
pub(super) fn use_tied(
    field: Field,
    error: Option<FieldCode>,
    hint: Option<&AttrValue>,
    described_by: Option<&'static str>,
) -> Tied {
    let ui = use_ui();
    let Scope { form, of_others } = use_context().unwrap_or_default();
    let id = if form.is_empty() { field.name().to_owned() } else { format!("{form}-{}", field.name()) };
    let error = error.map(|code| (ui.texts().field)(field, code, &ui.config.limits));
    let (hint_id, error_id) = (hint.map(|_| format!("{id}-hint")), error.as_ref().map(|_| format!("{id}-error")));
    let described_by: Vec<_> = [error_id.as_deref(), hint_id.as_deref(), described_by].into_iter().flatten().collect();
    let described_by = (!described_by.is_empty()).then(|| described_by.join(" "));
    let invalid = error.as_ref().map(|_| "true");
    let after = html! {
        <>
            if let Some(error) = error {
                <p class="error" id={error_id}>{ icon(Icon::Alert) }<span>{ error }</span></p>
            }
            if let Some(hint) = hint {
                <p class="hint" id={hint_id}>{ hint }</p>
            }
        </>
    };
    Tied { id, of_others, described_by, invalid, after }
}

impl Tied {
    pub(super) fn round(self, label: &AttrValue, control: Html) -> Html {
        html! {
            <div class="field">
                <label for={self.id}>{ label }</label>
                <div class="input">{ control }</div>
                { self.after }
            </div>
        }
    }
}

/// Puts a text into a field once, and again when another is to stand there. As a prop Yew would put it back with every
/// drawing, over what was typed.
#[hook]
pub(super) fn use_first_text(node: &NodeRef, text: &AttrValue) {
    let node = node.clone();
    use_effect_with(text.clone(), move |text| {
        if let Some(field) = node.get() {
            browser::set_value_of(&field, text);
        }
    });
}

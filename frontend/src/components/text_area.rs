use rekey_shared::problem::FieldCode;
use yew::prelude::*;

use super::field::use_tied;
use crate::app::use_ui;
use crate::form::{Field, typed};

#[derive(Properties, PartialEq)]
pub(crate) struct TextAreaProps {
    pub(crate) field: Field,
    pub(crate) label: AttrValue,
    pub(crate) node: NodeRef,
    pub(crate) max_characters: usize,
    #[prop_or_default]
    pub(crate) error: Option<FieldCode>,
    #[prop_or_default]
    pub(crate) hint: Option<AttrValue>,
}

/// An optional text of several lines. How much room is left is said only when it gets scarce.
#[component]
pub(crate) fn TextArea(props: &TextAreaProps) -> Html {
    let texts = use_ui().texts();
    let left = use_state(|| None::<usize>);
    let tied = use_tied(props.field, props.error, props.hint.as_ref(), None);
    let oninput = Callback::from({
        let (left, node, max) = (left.clone(), props.node.clone(), props.max_characters);
        move |_: InputEvent| left.set(room(typed(&node).chars().count(), max))
    });
    let control = html! {
        <>
            <textarea id={tied.id.clone()} name={props.field.name()} ref={props.node.clone()} rows="4"
                aria-invalid={tied.invalid} aria-describedby={tied.described_by.clone()} {oninput} />
            <p class="hint count" aria-live="polite">
                if let Some(left) = *left {
                    { (texts.characters_left)(left) }
                }
            </p>
        </>
    };
    tied.round(&props.label, control)
}

/// The characters left, once less than a tenth is.
fn room(characters: usize, max: usize) -> Option<usize> {
    let left = max.saturating_sub(characters);
    (left < max / 10).then_some(left)
}

#[cfg(test)]
mod tests {
    use super::room;

    #[test]
    fn the_room_is_told_only_when_it_gets_scarce() {
        assert_eq!(room(0, 1000), None);
        assert_eq!(room(900, 1000), None);
        assert_eq!(room(901, 1000), Some(99));
        assert_eq!(room(1_200, 1000), Some(0));
    }
}

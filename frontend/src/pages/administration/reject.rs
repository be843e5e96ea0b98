use rekey_shared::admin::{REASON_MAX_CHARACTERS, RejectRequest};
use yew::prelude::*;

use super::decide::AnswerProps;
use crate::api;
use crate::app::use_ui;
use crate::components::form_part::FormPart;
use crate::components::status::Status;
use crate::components::text_area::TextArea;
use crate::form::{Field, on_submit, typed_or_none, use_form_in};
use crate::session::use_session;

/// "No", with a sentence that says why.
#[component]
pub(super) fn Reject(props: &AnswerProps) -> Html {
    let (texts, session) = (use_ui().signed_in_texts(), use_session());
    let words = &texts.administration.requests;
    let reason = use_node_ref();
    let id = format!("reject-{}", props.request.id);
    let form = use_form_in(&id);
    let onsubmit = on_submit({
        let (form, reason, decided) = (form.clone(), reason.clone(), props.decided.clone());
        let (id, name) = (props.request.id.clone(), props.request.name.clone());
        move || {
            let call = api::reject(&id, &RejectRequest { reason: typed_or_none(&reason) });
            let (decided, name) = (decided.clone(), name.clone());
            form.send(session.ask(call), move |()| decided.emit((words.rejected)(&name)));
        }
    });
    let status = Status::of(&form, texts, Status::plain(""), Status::plain(""));
    let beside = html! { <button type="button" class="button" onclick={props.turn.clone()}>{ words.cancel }</button> };
    html! {
        <FormPart {id} phase={form.phase().clone()} {status} submit={words.reject_really} {onsubmit} {beside}>
            <TextArea field={Field::Reason} label={words.reason} hint={words.reason_hint} node={reason}
                error={form.error(Field::Reason)} max_characters={REASON_MAX_CHARACTERS} />
        </FormPart>
    }
}

use rekey_shared::admin::ApproveRequest;
use yew::prelude::*;

use super::decide::AnswerProps;
use crate::api;
use crate::app::use_ui;
use crate::components::form_part::FormPart;
use crate::components::status::Status;
use crate::components::text_field::TextField;
use crate::form::{Field, on_submit, typed_text, use_form_in};
use crate::session::use_session;

/// "Yes", with the user name of the new account.
#[component]
pub(super) fn Approve(props: &AnswerProps) -> Html {
    let (texts, session) = (use_ui().signed_in_texts(), use_session());
    let words = &texts.administration.requests;
    let user_name = use_node_ref();
    let id = format!("approve-{}", props.request.id);
    let form = use_form_in(&id);
    let onsubmit = on_submit({
        let (form, user_name, decided) = (form.clone(), user_name.clone(), props.decided.clone());
        let (id, name) = (props.request.id.clone(), props.request.name.clone());
        move || match typed_text(Field::UserName, &user_name) {
            Ok(wanted) => {
                let call = api::approve(&id, &ApproveRequest { user_name: Some(wanted) });
                let (decided, name) = (decided.clone(), name.clone());
                form.send(session.ask(call), move |account| decided.emit((words.approved)(&name, &account.user_name)));
            }
            Err(error) => form.refuse(vec![error]),
        }
    });
    let status = Status::of(&form, texts, Status::plain(""), Status::plain(""));
    let beside = html! { <button type="button" class="button" onclick={props.turn.clone()}>{ words.reject }</button> };
    html! {
        <FormPart {id} phase={form.phase().clone()} {status} submit={words.approve} {onsubmit} {beside} of_others=true>
            <TextField field={Field::UserName} label={texts.administration.accounts.user_name} node={user_name}
                error={form.error(Field::UserName)} text={props.request.proposed_user_name.clone()} />
        </FormPart>
    }
}

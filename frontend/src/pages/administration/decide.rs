use rekey_shared::admin::{ApproveRequest, REASON_MAX_CHARACTERS, RejectRequest, WaitingRequest};
use yew::prelude::*;

use crate::app::use_ui;
use crate::components::form_part::FormPart;
use crate::components::moment::Moment;
use crate::components::status::Status;
use crate::components::text_area::TextArea;
use crate::components::text_field::TextField;
use crate::form::{Field, on_submit, typed_or_none, typed_text, use_form_in};
use crate::session::use_session;
use crate::texts::own_name;
use crate::{api, browser};

#[derive(Properties, PartialEq)]
pub(super) struct DecideProps {
    pub(super) request: WaitingRequest,
    /// Hears in words what was decided.
    pub(super) decided: Callback<String>,
}

/// One request: who asks, and "yes" or "no".
#[component]
pub(super) fn Decide(props: &DecideProps) -> Html {
    let texts = use_ui().texts();
    let rejecting = use_state(|| false);
    let WaitingRequest { id, name, email, note, locale, address, created_at, .. } = &props.request;
    let turn = Callback::from({
        let rejecting = rejecting.clone();
        move |_: MouseEvent| rejecting.set(!*rejecting)
    });
    use_effect_with(*rejecting, {
        let id = id.clone();
        move |rejecting| {
            if *rejecting {
                browser::focus(&format!("#reject-{id} textarea"));
            }
        }
    });
    let title = format!("request-{id}");
    html! {
        <section class="card part" aria-labelledby={title.clone()}>
            <div class="part-head">
                <h2 id={title}>{ name }</h2>
                <p><a href={format!("mailto:{email}")}>{ email }</a></p>
                <p class="thing-facts">
                    <span><Moment at={created_at.clone()} /></span>
                    <span>{ texts.account.from }{ " " }{ address }</span>
                    <span>{ own_name(*locale) }</span>
                </p>
            </div>
            <div class="part-body">
                if let Some(note) = note {
                    <blockquote class="note">{ note }</blockquote>
                }
                if *rejecting {
                    <Reject request={props.request.clone()} decided={props.decided.clone()} {turn} />
                } else {
                    <Approve request={props.request.clone()} decided={props.decided.clone()} {turn} />
                }
            </div>
        </section>
    }
}

#[derive(Properties, PartialEq)]
struct AnswerProps {
    request: WaitingRequest,
    decided: Callback<String>,
    /// Goes to the other answer.
    turn: Callback<MouseEvent>,
}

#[component]
fn Approve(props: &AnswerProps) -> Html {
    let (texts, session) = (use_ui().texts(), use_session());
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

#[component]
fn Reject(props: &AnswerProps) -> Html {
    let (texts, session) = (use_ui().texts(), use_session());
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

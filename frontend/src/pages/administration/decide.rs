use rekey_shared::admin::WaitingRequest;
use yew::prelude::*;

use super::approve::Approve;
use super::reject::Reject;
use crate::app::use_ui;
use crate::browser;
use crate::components::moment::Moment;
use crate::texts::own_name;

#[derive(Properties, PartialEq)]
pub(super) struct DecideProps {
    pub(super) request: WaitingRequest,
    /// Hears in words what was decided.
    pub(super) decided: Callback<String>,
}

/// One request: who asks, and "yes" or "no".
#[component]
pub(super) fn Decide(props: &DecideProps) -> Html {
    let texts = use_ui().signed_in_texts();
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
pub(super) struct AnswerProps {
    pub(super) request: WaitingRequest,
    pub(super) decided: Callback<String>,
    /// Goes to the other answer.
    pub(super) turn: Callback<MouseEvent>,
}

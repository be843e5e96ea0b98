use rekey_shared::admin::{AuditEntry, AuditEvent};
use yew::prelude::*;

use super::address_bar::use_address_bar;
use super::desk::Desk;
use crate::api;
use crate::app::use_ui;
use crate::components::form_part::FormPart;
use crate::components::link::Way;
use crate::components::list_end::listed;
use crate::components::moment::Moment;
use crate::components::select::Select;
use crate::components::status::Status;
use crate::components::table::{cell, row, table};
use crate::components::text_field::TextField;
use crate::form::{Field, Phase, on_submit, typed};
use crate::listing::use_listing;
use crate::route::Route;
use crate::texts::SignedInTexts;

/// What happened, newest first.
#[component]
pub(crate) fn AuditEvents() -> Html {
    let texts = use_ui().signed_in_texts();
    let words = &texts.administration.audit;
    let address_bar = use_address_bar();
    let [event, account, actor] = ["event", "account", "actor"].map(|name| address_bar.value(name));
    let filter = [("event", event.clone()), ("account", account.clone()), ("actor", actor.clone())];
    let listing = use_listing(&filter, api::audit_events);
    let nodes = [use_node_ref(), use_node_ref(), use_node_ref()];

    let look = {
        let nodes = nodes.clone();
        move || {
            let [event, account, actor] = nodes.each_ref().map(|node| typed(node).trim().to_owned());
            address_bar.push(&[("event", event), ("account", account), ("actor", actor)]);
        }
    };
    let onchange = Callback::from({
        let look = look.clone();
        move |_: Event| look()
    });
    let [event_node, account_node, actor_node] = nodes;
    let all = [("", words.all)].into_iter();
    let choices =
        all.chain(AuditEvent::ALL.iter().map(|event| (event.text(), (words.event)(*event)))).collect::<Vec<_>>();
    let hint = AttrValue::from(words.whom_hint);
    html! {
        <Desk title={words.title} here={Route::AuditEvents}>
            <div class="card">
                <FormPart id="filter" phase={Phase::Resting} status={Status::plain("")} submit={words.show} quiet=true
                    of_others=true onsubmit={on_submit(look)}>
                    <div class="fields fields-three">
                        <Select field={Field::Event} label={words.which} node={event_node} {choices} chosen={event}
                            onchange={Some(onchange)} />
                        <TextField field={Field::Account} label={words.account} node={account_node} text={account}
                            hint={hint.clone()} optional=true />
                        <TextField field={Field::Actor} label={words.actor} node={actor_node} text={actor} {hint}
                            optional=true />
                    </div>
                </FormPart>
                { listed(&listing, words.none, |entries| rows(texts, entries)) }
            </div>
        </Desk>
    }
}

fn rows(texts: &'static SignedInTexts, entries: &[AuditEntry]) -> Html {
    let words = &texts.administration.audit;
    let headings = [words.when, words.what, words.account, words.actor, words.from];
    table(
        words.title,
        &headings,
        entries.iter().map(|entry| {
            row(
                &entry.id,
                html! {
                    <>
                        { cell(headings[0], html! { <Moment at={entry.happened_at.clone()} /> }) }
                        { cell(headings[1], html! {
                            <>
                                <span class="strong">{ (words.event)(entry.event) }</span>
                                if let Some(detail) = &entry.detail {
                                    <span class="beside">{ detail }</span>
                                }
                            </>
                        }) }
                        { cell(headings[2], whom(texts, entry.account.as_ref(), entry.account_id.as_ref())) }
                        { cell(headings[3], whom(texts, entry.actor.as_ref(), entry.actor_id.as_ref())) }
                        { cell(headings[4], html! { entry.address.as_deref().unwrap_or(words.nobody) }) }
                    </>
                },
            )
        }),
    )
}

/// Somebody by the name they had then, with the way to their account.
fn whom(texts: &SignedInTexts, name: Option<&String>, id: Option<&String>) -> Html {
    let words = &texts.administration.audit;
    match (name, id) {
        (Some(name), Some(id)) => html! { <Way to={Route::OneAccount { id: id.clone() }}>{ name }</Way> },
        (Some(name), None) if name == "command line" => html! { <span class="whole">{ words.command_line }</span> },
        (Some(name), None) => html! { name },
        (None, _) => html! { words.nobody },
    }
}

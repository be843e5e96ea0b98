use rekey_shared::admin::MailState;
use yew::prelude::*;

use super::address_bar::use_address_bar;
use super::desk::Desk;
use super::queued_mail::one;
use crate::app::use_ui;
use crate::components::list_end::listed;
use crate::components::select::Select;
use crate::components::status::Status;
use crate::components::table::table;
use crate::form::{Field, on_submit, typed};
use crate::listing::use_listing;
use crate::route::Route;
use crate::{api, browser};

/// The letters: what waits, what went, what did not.
#[component]
pub(crate) fn MailQueue() -> Html {
    let texts = use_ui().signed_in_texts();
    let words = &texts.administration.mail;
    let address_bar = use_address_bar();
    let asked = address_bar.value("state");
    let state = MailState::ALL.into_iter().find(|state| state.name() == asked).unwrap_or(MailState::Waiting);
    let listing = use_listing(&[("state", state.name().to_owned())], api::mail_queue);
    let field = use_node_ref();
    let said = use_state(|| Status::plain(""));

    let onchange = Callback::from({
        let (field, said) = (field.clone(), said.clone());
        move |_: Event| {
            said.set(Status::plain(""));
            address_bar.push(&[("state", typed(&field))]);
        }
    });
    let say = Callback::from({
        let (said, reload) = (said.clone(), listing.reload.clone());
        move |status: Status| {
            said.set(status);
            // The button that had the focus may go with its letter.
            browser::focus("main h1");
            reload.emit(());
        }
    });
    let choices = MailState::ALL.map(|state| (state.name(), (words.state)(state)));
    let headings = [words.letter, words.to, words.when, words.act];
    html! {
        <Desk title={words.title} status={(*said).clone()} here={Route::MailQueue}>
            <div class="card">
                <form class="filter" onsubmit={on_submit(|| ())}>
                    <Select field={Field::State} label={texts.administration.accounts.state} node={field}
                        choices={choices.to_vec()} chosen={state.name()} onchange={Some(onchange)} />
                </form>
                { listed(&listing, (words.none)(state), |mails| {
                    table(words.title, &headings, mails.iter().map(|mail| one(texts, mail, &say)))
                }) }
            </div>
        </Desk>
    }
}

use gloo_timers::callback::Timeout;
use rekey_shared::admin::AdminAccount;
use yew::prelude::*;

use super::add_account::AddAccount;
use super::address_bar::use_address_bar;
use super::desk::Desk;
use crate::api;
use crate::app::use_ui;
use crate::components::link::Way;
use crate::components::list_end::listed;
use crate::components::moment::Moment;
use crate::components::status::Status;
use crate::components::table::{cell, row, table};
use crate::components::text_field::TextField;
use crate::form::{Field, on_submit, typed};
use crate::listing::use_listing;
use crate::navigation::{Notice, use_navigation};
use crate::route::Route;
use crate::texts::SignedInTexts;

/// Who types faster than this gets one answer and not one for every letter.
const PAUSE_MILLISECONDS: u32 = 250;

/// The accounts, and a new one.
#[component]
pub(crate) fn Accounts() -> Html {
    let texts = use_ui().signed_in_texts();
    let address_bar = use_address_bar();
    let search = address_bar.value("search");
    let listing = use_listing(&[("search", search.clone())], api::accounts);
    let field = use_node_ref();
    let pause = use_mut_ref(|| None::<Timeout>);
    let added = use_state(|| None::<AttrValue>);

    let look = Callback::from({
        let field = field.clone();
        move |()| address_bar.replace(&[("search", typed(&field))])
    });
    let oninput = Callback::from({
        let look = look.clone();
        move |_: InputEvent| {
            let look = look.clone();
            *pause.borrow_mut() = Some(Timeout::new(PAUSE_MILLISECONDS, move || look.emit(())));
        }
    });
    let onadded = Callback::from({
        let (added, reload) = (added.clone(), listing.reload.clone());
        move |user_name: String| {
            added.set(Some((texts.administration.accounts.added)(&user_name).into()));
            reload.emit(());
        }
    });

    let deleted = use_navigation().here.notice == Some(Notice::AccountDeleted);
    let status = match &*added {
        Some(said) => Status::good(said.clone()),
        None if deleted => Status::good(texts.administration.accounts.deleted),
        None => Status::plain(""),
    };
    let words = &texts.administration.accounts;
    html! {
        <Desk title={words.title} {status} here={Route::Accounts}>
            <AddAccount {onadded} />
            <div class="card">
                <form class="filter" role="search" onsubmit={on_submit(move || look.emit(()))}>
                    <TextField field={Field::Search} label={words.search} hint={words.search_hint} node={field}
                        text={search} optional=true oninput={Some(oninput)} />
                </form>
                { listed(&listing, words.none, |accounts| rows(texts, accounts)) }
            </div>
        </Desk>
    }
}

fn rows(texts: &'static SignedInTexts, accounts: &[AdminAccount]) -> Html {
    let words = &texts.administration.accounts;
    let headings = [words.account, words.email, words.role, words.state, words.since];
    table(
        words.title,
        &headings,
        accounts.iter().map(|account| {
            row(
                &account.id,
                html! {
                    <>
                        { cell(headings[0], html! {
                            <>
                                <Way to={Route::OneAccount { id: account.id.clone() }}>{ &account.user_name }</Way>
                                if let Some(name) = &account.name {
                                    <span class="beside">{ name }</span>
                                }
                            </>
                        }) }
                        { cell(headings[1], html! { &account.email }) }
                        { cell(headings[2], html! { <span class="whole">{ (texts.administration.role)(account.role) }</span> }) }
                        { cell(headings[3], state(texts, account)) }
                        { cell(headings[4], html! { <Moment at={account.created_at.clone()} /> }) }
                    </>
                },
            )
        }),
    )
}

/// Whether the account can be used.
pub(super) fn state(texts: &SignedInTexts, account: &AdminAccount) -> Html {
    let words = &texts.administration.accounts;
    match (account.disabled, account.has_password) {
        (true, _) => html! { <span class="badge badge-bad">{ words.disabled }</span> },
        (false, false) => html! { <span class="badge">{ words.no_password }</span> },
        (false, true) => html! { <span class="badge badge-good">{ words.active }</span> },
    }
}

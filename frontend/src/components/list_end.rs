use yew::prelude::*;

use super::button::Action;
use super::status::{Status, StatusLine};
use crate::app::use_ui;
use crate::form::Phase;
use crate::listing::Listing;

/// A list as far as it has come: its rows, or that there are none; below it the way to more.
pub(crate) fn listed<T>(listing: &Listing<T>, if_empty: &'static str, rows: impl FnOnce(&[T]) -> Html) -> Html {
    html! {
        <>
            if let Some(items) = &listing.items {
                if items.is_empty() {
                    <p class="none">{ if_empty }</p>
                } else {
                    { rows(items) }
                }
            }
            <ListEnd phase={listing.phase.clone()} more={listing.more.clone()}
                again={listing.reload.clone()} />
        </>
    }
}

#[derive(Properties, PartialEq)]
struct ListEndProps {
    phase: Phase,
    more: Option<Callback<()>>,
    again: Callback<()>,
}

#[component]
fn ListEnd(props: &ListEndProps) -> Html {
    let texts = use_ui().signed_in_texts();
    let (status, again) = match &props.phase {
        Phase::Slow => (Status::plain(texts.one_moment), false),
        Phase::Failed(failure) => (Status::failure(texts, failure), true),
        _ => (Status::plain(""), false),
    };
    // "Sending…" is not the word for it; the line above says that it takes a moment.
    let phase = if props.phase == Phase::Slow { Phase::Sending } else { props.phase.clone() };
    let press = |to: &Callback<()>| to.reform(|_: MouseEvent| ());
    html! {
        <div class="list-end">
            <StatusLine {status} />
            if again {
                <Action label={texts.try_again} phase={Phase::Resting} onclick={press(&props.again)} quiet=true />
            } else if let Some(more) = &props.more {
                <Action label={texts.administration.show_more} {phase} onclick={press(more)} quiet=true />
            }
        </div>
    }
}

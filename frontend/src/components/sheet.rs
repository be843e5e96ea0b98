use yew::prelude::*;

use super::card::use_title;
use super::status::{Status, StatusLine};
use crate::browser;

#[derive(Properties, PartialEq)]
pub(crate) struct SheetProps {
    pub(crate) title: AttrValue,
    pub(crate) status: Status,
    /// The ways to other pages, above the heading.
    pub(crate) ways: Html,
    /// Lists want more room than forms.
    #[prop_or_default]
    pub(crate) wide: bool,
    pub(crate) children: Html,
}

/// A page of several cards: the ways to other pages, its heading, the live region that is always there, the cards.
#[component]
pub(crate) fn Sheet(props: &SheetProps) -> Html {
    use_title(&props.title);
    use_effect_with((), |()| {
        browser::focus("main h1");
    });
    html! {
        <main class={if props.wide { "sheet sheet-wide" } else { "sheet" }}>
            { props.ways.clone() }
            <h1 tabindex="-1" aria-describedby="status">{ &props.title }</h1>
            <StatusLine id="status" status={props.status.clone()} />
            { props.children.clone() }
        </main>
    }
}

use yew::prelude::*;
use yew_router::Routable;
use yew_router::prelude::use_navigator;
use yew_router::query::Raw;

use crate::route::Route;

#[derive(Properties, PartialEq)]
pub(crate) struct WayProps {
    pub(crate) to: Route,
    /// The query, with its question mark.
    #[prop_or_default]
    pub(crate) query: AttrValue,
    /// This is the page that is open.
    #[prop_or_default]
    pub(crate) current: bool,
    pub(crate) children: Html,
}

/// A link to another of our pages, which opens without loading anew.
#[component]
pub(crate) fn Way(props: &WayProps) -> Html {
    let navigator = use_navigator();
    let href = props.to.to_path() + &props.query;
    let onclick = Callback::from({
        let (to, query) = (props.to.clone(), props.query.clone());
        move |event: MouseEvent| {
            // A click that opens another tab or window is the browser's own.
            if event.meta_key() || event.ctrl_key() || event.shift_key() || event.alt_key() {
                return;
            }
            if let Some(navigator) = &navigator {
                event.prevent_default();
                let _ = navigator.push_with_query(&to, Raw(query.trim_start_matches('?')));
            }
        }
    });
    html! {
        <a {href} {onclick} aria-current={props.current.then_some("page")}>{ props.children.clone() }</a>
    }
}

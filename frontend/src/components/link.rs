use yew::prelude::*;

use crate::navigation::use_navigation;
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

/// A link to another of our pages, which opens without loading anew if this program draws it.
#[component]
pub(crate) fn Way(props: &WayProps) -> Html {
    let navigation = use_navigation();
    let href = props.to.path() + &props.query;
    let onclick = Callback::from({
        let (to, query) = (props.to.clone(), props.query.clone());
        move |event: MouseEvent| {
            // A click that loads a page, or opens it in another tab or window, is the browser's own.
            if !navigation.is_near(&to) || event.meta_key() || event.ctrl_key() || event.shift_key() || event.alt_key()
            {
                return;
            }
            event.prevent_default();
            navigation.push(&to, &query);
        }
    });
    html! {
        <a {href} {onclick} aria-current={props.current.then_some("page")}>{ props.children.clone() }</a>
    }
}

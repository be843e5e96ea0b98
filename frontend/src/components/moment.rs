use yew::prelude::*;

use crate::app::use_ui;
use crate::browser;

#[derive(Properties, PartialEq)]
pub(crate) struct MomentProps {
    /// RFC 3339.
    pub(crate) at: AttrValue,
}

/// A time as people of the page's language write it, in the time zone of whoever looks.
#[component]
pub(crate) fn Moment(props: &MomentProps) -> Html {
    let words = browser::moment(&props.at, use_ui().locale);
    html! { <time datetime={props.at.clone()}>{ words }</time> }
}

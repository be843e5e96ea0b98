use yew::prelude::*;

pub(crate) use super::status::Status;
use super::status::StatusLine;
use crate::app::use_ui;
use crate::browser;

#[derive(Properties, PartialEq)]
pub(crate) struct CardProps {
    pub(crate) title: AttrValue,
    pub(crate) status: Status,
    /// Names what the page is at. When it changes, the controls do too, and the focus is put where the person goes on.
    #[prop_or_default]
    pub(crate) step: &'static str,
    pub(crate) children: Html,
}

/// The one card of a page: its heading, the live region that is always there, and what the page adds.
#[component]
pub(crate) fn Card(props: &CardProps) -> Html {
    use_title(&props.title);
    use_effect_with(props.step, |_| {
        if !browser::focus("main input:not([aria-hidden])") {
            browser::focus("main h1");
        }
    });
    html! {
        <main class="card">
            // The heading gets the focus where there is no field; the status is read with it.
            <h1 tabindex="-1" aria-describedby="status">{ &props.title }</h1>
            <StatusLine id="status" status={props.status.clone()} />
            { props.children.clone() }
        </main>
    }
}

/// Names the tab after the page.
#[hook]
pub(super) fn use_title(title: &AttrValue) {
    let name = use_ui().config.name.clone();
    use_effect_with((title.clone(), name), |(title, name)| {
        browser::set_title(&format!("{title} · {name}"));
    });
}

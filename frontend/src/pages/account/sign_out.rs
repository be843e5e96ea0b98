use yew::prelude::*;

use crate::components::button::Action;
use crate::components::status::{Status, StatusLine};
use crate::form::{Form, use_form};
use crate::session::{self, Session, use_session};
use crate::{api, app::use_ui};

/// The way out: how far it has come, and what a press does.
#[hook]
pub(super) fn use_sign_out() -> (Form, Callback<MouseEvent>) {
    let session = use_session();
    let form = use_form();
    let press = Callback::from({
        let (form, session) = (form.clone(), session.clone());
        move |_: MouseEvent| {
            let set = session.set.clone();
            form.send(api::log_out(session.access_token()), move |()| set.emit(Session::None));
        }
    });
    // Signed out already, by whatever ended the session.
    let over = form.failure().is_some_and(session::is_over);
    use_effect_with(over, move |over| {
        if *over {
            session.set.emit(Session::Over);
        }
    });
    (form, press)
}

#[derive(Properties, PartialEq)]
pub(crate) struct WaysProps {
    /// What the links have in common.
    pub(crate) name: AttrValue,
    /// The links.
    pub(crate) children: Html,
}

/// The ways to other pages, and the way out, which stands on every page of whoever is logged in (ASVS 7.4.4).
#[component]
pub(crate) fn Ways(props: &WaysProps) -> Html {
    let texts = use_ui().signed_in_texts();
    let (form, onclick) = use_sign_out();
    let status = form.failure().map_or_else(|| Status::plain(""), |failure| Status::failure(texts, failure));
    html! {
        <>
            <nav class="ways" aria-label={props.name.clone()}>
                { props.children.clone() }
                <Action label={texts.home.sign_out} phase={form.phase().clone()} {onclick} quiet=true small=true />
            </nav>
            <StatusLine {status} />
        </>
    }
}

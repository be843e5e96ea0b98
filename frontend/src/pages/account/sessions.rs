use rekey_shared::account::SessionInfo;
use yew::prelude::*;

use super::user_agent::Agent;
use crate::app::use_ui;
use crate::components::deed::Deed;
use crate::components::list_end::listed;
use crate::components::moment::Moment;
use crate::components::section::Section;
use crate::components::status::{Status, StatusLine};
use crate::listing::use_listing;
use crate::texts::SignedInTexts;
use crate::{api, browser};

/// Where the person is logged in.
#[component]
pub(super) fn Sessions() -> Html {
    let texts = use_ui().signed_in_texts();
    let listing = use_listing(&[], api::sessions);
    let said = use_state(|| Status::plain(""));

    let done = |text: String| {
        let (said, reload) = (said.clone(), listing.reload.clone());
        Callback::from(move |()| {
            said.set(Status::good(text.clone()));
            // The button that had the focus goes with its session.
            browser::focus("#sessions-title");
            reload.emit(());
        })
    };
    let failed = Callback::from({
        let said = said.clone();
        move |failure| said.set(Status::failure(texts, &failure))
    });
    let one = |session: &SessionInfo| {
        let (name, id) = (name_of(texts, &session.user_agent), session.id.clone());
        html! {
            <li class="thing" key={id.clone()}>
                { described(texts, session, &name) }
                if !session.current {
                    <Deed label={texts.account.sign_out} name={(texts.account.sign_out_which)(&name)} small=true
                        call={Callback::from(move |()| api::end_session(&id))} failed={failed.clone()}
                        done={done((texts.account.signed_out)(&name))} />
                }
            </li>
        }
    };

    let others = listing.items.as_ref().is_some_and(|sessions| sessions.len() > 1);
    html! {
        <Section id="sessions" title={texts.account.sessions} about={texts.account.sessions_about}>
            { listed(&listing, "", |sessions| html! { <ul class="things">{ for sessions.iter().map(one) }</ul> }) }
            <StatusLine status={(*said).clone()} />
            if others {
                <div class="actions actions-start">
                    <Deed label={texts.account.sign_out_others} call={Callback::from(|()| api::end_other_sessions())}
                        failed={failed.clone()} done={done(texts.account.others_signed_out.to_owned())} />
                </div>
            }
        </Section>
    }
}

fn described(texts: &SignedInTexts, session: &SessionInfo, name: &str) -> Html {
    html! {
        <div class="thing-text">
            <p class="thing-name">
                { name }
                if session.current {
                    <span class="badge badge-good">{ texts.account.this_one }</span>
                }
            </p>
            <p class="thing-facts">
                <span>{ texts.account.last_seen }{ " " }<Moment at={session.used_at.clone()} /></span>
                <span>{ texts.account.logged_in }{ " " }<Moment at={session.created_at.clone()} /></span>
                <span>{ texts.account.from }{ " " }{ &session.address }</span>
            </p>
        </div>
    }
}

fn name_of(texts: &SignedInTexts, user_agent: &str) -> String {
    match Agent::of(user_agent) {
        Agent::Browser(browser, Some(system)) => (texts.account.browser_on)(browser, system),
        Agent::Browser(browser, None) => browser.to_owned(),
        Agent::Other("") => texts.account.unnamed.to_owned(),
        Agent::Other(text) => text.to_owned(),
    }
}

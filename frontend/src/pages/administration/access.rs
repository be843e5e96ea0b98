use yew::prelude::*;

use super::change_account::OfAccountProps;
use super::desk::why_not;
use crate::api;
use crate::app::use_ui;
use crate::components::deed::Deed;
use crate::components::section::Section;
use crate::components::status::{Status, StatusLine};
use crate::texts::Text;

/// Letting the person in again, and keeping them out.
#[component]
pub(super) fn Access(props: &OfAccountProps) -> Html {
    let ui = use_ui();
    let (texts, words) = (ui.signed_in_texts(), &ui.signed_in_texts().administration.account);
    let said = use_state(|| Status::plain(""));
    let say = |text: Text| {
        let said = said.clone();
        Callback::from(move |()| said.set(Status::good(text)))
    };
    let failed = Callback::from({
        let (said, limits) = (said.clone(), ui.config.limits);
        move |failure| said.set(why_not(texts, &limits, &failure))
    });
    let account = &props.account;
    let id = || account.id.clone();

    let reset = Callback::from({
        let id = id();
        move |()| api::send_reset(&id)
    });
    let end_sessions = Callback::from({
        let id = id();
        move |()| api::end_sessions_of(&id)
    });
    let disable = !account.disabled;
    let switch = Callback::from({
        let id = id();
        move |()| api::disable_account(&id, disable)
    });
    let switched = Callback::from({
        let (say, changed, account) =
            (say(if disable { words.now_disabled } else { words.now_enabled }), props.changed.clone(), account.clone());
        move |()| {
            say.emit(());
            changed.emit(rekey_shared::admin::AdminAccount { disabled: disable, ..account.clone() });
        }
    });
    let switch_label = if disable { words.disable } else { words.enable };
    html! {
        <Section id="access" title={words.access} about={words.access_about}>
            <div class="actions actions-start">
                if disable {
                    <Deed label={words.send_reset} call={reset} done={say(words.reset_sent)} failed={failed.clone()} />
                }
                <Deed label={words.end_sessions} call={end_sessions} done={say(words.sessions_ended)} failed={failed.clone()} />
                <Deed label={switch_label} call={switch} done={switched} {failed} />
            </div>
            <StatusLine status={(*said).clone()} />
        </Section>
    }
}

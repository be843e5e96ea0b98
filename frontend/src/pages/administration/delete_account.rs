use rekey_shared::admin::AdminAccount;
use yew::prelude::*;

use super::desk::why_not;
use crate::app::use_ui;
use crate::components::dialog::Dialog;
use crate::components::status::Status;
use crate::form::use_form;
use crate::navigation::{Notice, use_navigation};
use crate::route::Route;
use crate::session::use_session;
use crate::{api, browser};

#[derive(Properties, PartialEq)]
pub(super) struct DeleteProps {
    pub(super) account: AdminAccount,
}

/// The end of an account, which is asked about again.
#[component]
pub(super) fn Delete(props: &DeleteProps) -> Html {
    let ui = use_ui();
    let (texts, words) = (ui.signed_in_texts(), &ui.signed_in_texts().administration.account);
    let session = use_session();
    let navigation = use_navigation();
    let asked = use_state(|| false);
    let form = use_form();

    let ask = Callback::from({
        let (asked, form) = (asked.clone(), form.clone());
        move |_: MouseEvent| {
            form.rest();
            asked.set(true);
        }
    });
    let onclose = Callback::from({
        let asked = asked.clone();
        move |()| {
            asked.set(false);
            browser::focus("#delete");
        }
    });
    let onconfirm = Callback::from({
        let (form, id) = (form.clone(), props.account.id.clone());
        move |_: MouseEvent| {
            let navigation = navigation.clone();
            form.send(session.ask(api::delete_account(&id)), move |()| {
                navigation.replace(&Route::Accounts, Some(Notice::AccountDeleted));
            });
        }
    });

    let status = form.failure().map_or(Status::plain(""), |failure| why_not(texts, &ui.config.limits, failure));
    html! {
        <div class="below">
            <button id="delete" type="button" class="button button-danger" onclick={ask}>{ words.delete }</button>
            if *asked {
                <Dialog title={(words.delete_which)(&props.account.user_name)} warning={words.delete_warning} {status}
                    confirm={words.delete} cancel={words.keep} phase={form.phase().clone()} {onconfirm} {onclose} />
            }
        </div>
    }
}

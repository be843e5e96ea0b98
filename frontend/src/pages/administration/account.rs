use rekey_shared::admin::AdminAccount;
use yew::prelude::*;

use super::access::Access;
use super::accounts::state;
use super::change_account::Change;
use super::delete_account::Delete;
use super::desk::Desk;
use crate::app::use_ui;
use crate::components::button::Action;
use crate::components::link::Way;
use crate::components::moment::Moment;
use crate::components::section::Section;
use crate::components::status::Status;
use crate::form::use_form;
use crate::route::Route;
use crate::session::use_session;
use crate::texts::SignedInTexts;
use crate::{api, browser};

#[derive(Properties, PartialEq)]
pub(crate) struct OneAccountProps {
    pub(crate) id: AttrValue,
}

/// One account: what it is, and what can be done with it.
#[component]
pub(crate) fn OneAccount(props: &OneAccountProps) -> Html {
    let texts = use_ui().signed_in_texts();
    let session = use_session();
    let account = use_state(|| None::<AdminAccount>);
    let loading = use_form();
    let load = Callback::from({
        let (loading, account, id) = (loading.clone(), account.clone(), props.id.clone());
        move |()| {
            let account = account.clone();
            loading.send(session.ask(api::account(&id)), move |found| account.set(Some(found)));
        }
    });
    use_effect_with(props.id.clone(), {
        let load = load.clone();
        move |_| load.emit(())
    });

    let Some(known) = &*account else {
        let status = match loading.failure() {
            Some(failure) => Status::failure(texts, failure),
            None => Status::plain(texts.one_moment),
        };
        return html! {
            <Desk title={texts.administration.accounts.account} {status} here={Route::Accounts}>
                if loading.failure().is_some() {
                    <div class="actions actions-start">
                        <Action label={texts.try_again} phase={loading.phase().clone()}
                            onclick={load.reform(|_: MouseEvent| ())} quiet=true />
                    </div>
                }
            </Desk>
        };
    };
    let changed = Callback::from({
        let account = account.clone();
        move |now| account.set(Some(now))
    });
    html! {
        <Desk title={known.user_name.clone()} status={Status::plain(known.name.clone().unwrap_or_default())}
            here={Route::Accounts}>
            { facts(texts, known) }
            <Change account={known.clone()} changed={changed.clone()} />
            <Access account={known.clone()} {changed} />
            <Delete account={known.clone()} />
        </Desk>
    }
}

fn facts(texts: &SignedInTexts, account: &AdminAccount) -> Html {
    let (words, one) = (&texts.administration.accounts, &texts.administration.account);
    let password = if account.has_password { one.own_password } else { words.no_password };
    html! {
        <Section id="facts" title={one.facts}>
            <dl class="facts">
                <div><dt>{ words.email }</dt><dd>{ &account.email }</dd></div>
                <div><dt>{ words.role }</dt><dd>{ (texts.administration.role)(account.role) }</dd></div>
                <div><dt>{ words.state }</dt><dd>{ state(texts, account) }</dd></div>
                <div><dt>{ one.password }</dt><dd>{ password }</dd></div>
                <div><dt>{ words.since }</dt><dd><Moment at={account.created_at.clone()} /></dd></div>
            </dl>
            <p>
                <Way to={Route::AuditEvents} query={browser::query_of(&[("account", account.id.clone())])}>
                    { one.what_happened }
                </Way>
            </p>
        </Section>
    }
}

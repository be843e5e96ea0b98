use rekey_shared::account::Me;
use yew::prelude::*;
use yew_router::prelude::use_navigator;

use crate::api;
use crate::app::use_ui;
use crate::components::button::Action;
use crate::components::card::{Card, Status};
use crate::form::use_form;
use crate::route::{Notice, Route};
use crate::session::{Session, use_session};

/// Who is logged in, for the pages that are theirs.
#[derive(Clone, PartialEq)]
pub(crate) struct Person {
    pub(crate) me: Me,
    /// Hears what has become of them.
    pub(crate) changed: Callback<Me>,
}

/// A page for whoever is logged in; everybody else is led to the login.
pub(crate) fn signed_in(page: impl Fn(Person) -> Html + 'static) -> Html {
    html! { <SignedIn page={Callback::from(page)} /> }
}

#[derive(Properties, PartialEq)]
struct SignedInProps {
    page: Callback<Person, Html>,
}

#[component]
fn SignedIn(props: &SignedInProps) -> Html {
    let texts = use_ui().texts();
    let session = use_session();
    let navigator = use_navigator();
    let me = use_state(|| None::<Me>);
    let loading = use_form();

    let load = Callback::from({
        let (loading, session, me) = (loading.clone(), session.clone(), me.clone());
        move |()| {
            let me = me.clone();
            loading.send(session.ask(api::me()), move |found| me.set(Some(found)));
        }
    });
    use_effect_with((), {
        // A mailed password opens one page only, and none of these.
        let (load, may) = (load.clone(), !matches!(session.now, Session::MustChoose(_)));
        move |()| {
            if may {
                load.emit(());
            }
        }
    });
    // Wherever on the page the session ends, by the person or by the server, this is where it leads.
    use_effect_with(session.now, move |now| match (now, navigator) {
        (Session::None, Some(navigator)) => navigator.replace(&Route::Login),
        (Session::Over, Some(navigator)) => navigator.replace_with_state(&Route::Login, Notice::SessionEnded),
        (Session::MustChoose(_), Some(navigator)) => navigator.replace(&Route::ChoosePassword),
        _ => (),
    });

    if let Some(known) = &*me {
        let changed = Callback::from({
            let me = me.clone();
            move |person| me.set(Some(person))
        });
        return props.page.emit(Person { me: known.clone(), changed });
    }
    let status = match loading.failure() {
        Some(failure) => Status::failure(texts, failure),
        None => Status::plain(texts.one_moment),
    };
    html! {
        <Card title={texts.home.title} {status} step="loading">
            if loading.failure().is_some() {
                <div class="actions">
                    <Action label={texts.try_again} phase={loading.phase().clone()}
                        onclick={load.reform(|_: MouseEvent| ())} />
                </div>
            }
        </Card>
    }
}

use rekey_shared::account::Me;
use yew::prelude::*;

use crate::api;
use crate::app::use_ui;
use crate::components::button::Action;
use crate::components::card::{Card, Status};
use crate::form::use_form;
use crate::navigation::{Notice, use_navigation};
use crate::route::Route;
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
    let texts = use_ui().signed_in_texts();
    let session = use_session();
    let navigation = use_navigation();
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
        let load = load.clone();
        move |()| load.emit(())
    });
    // Wherever on the page the session ends, by the person or by the server, this is where it leads.
    use_effect_with(session.now.clone(), move |now| match now {
        Session::None => navigation.replace(&Route::Login, None),
        Session::Over => navigation.replace(&Route::Login, Some(Notice::SessionEnded)),
        Session::Unknown | Session::Full(_) | Session::MustChoose(_) => (),
    });

    // Who has left is not shown while the login loads, nor to whoever comes back to what the browser remembers of this page.
    let is_here = !matches!(session.now, Session::None | Session::Over);
    if let (Some(known), true) = (&*me, is_here) {
        let changed = Callback::from({
            let me = me.clone();
            move |person| me.set(Some(person))
        });
        return props.page.emit(Person { me: known.clone(), changed });
    }
    // Until the page is there, or why it is not, what stands in signed_in.html goes on standing.
    let Some(failure) = loading.failure().filter(|_| is_here) else { return skeleton() };
    html! {
        <Card title={texts.home.title} status={Status::failure(texts, failure)} step="loading">
            <div class="actions">
                <Action label={texts.try_again} phase={loading.phase().clone()}
                    onclick={load.reform(|_: MouseEvent| ())} />
            </div>
        </Card>
    }
}

fn skeleton() -> Html {
    html! {
        <main class="card" aria-busy="true">
            <div class="skeleton" aria-hidden="true">
                { for ["title", "status", "line", "line", "button"].map(|bone| html! { <span class={format!("bone bone-{bone}")} /> }) }
            </div>
        </main>
    }
}

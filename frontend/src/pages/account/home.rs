use rekey_shared::account::Me;
use yew::prelude::*;
use yew_router::prelude::{use_location, use_navigator};

use crate::api;
use crate::app::use_ui;
use crate::components::button::Action;
use crate::components::card::{Card, Status};
use crate::form::{Form, use_form};
use crate::route::{Notice, Route};
use crate::session::{self, Session, use_session};

/// Who I am, and the way out.
#[component]
pub(crate) fn Home() -> Html {
    let ui = use_ui();
    let texts = ui.texts();
    let session = use_session();
    let navigator = use_navigator();
    let notice = use_location().and_then(|location| location.state::<Notice>());
    let me = use_state(|| None::<Me>);
    let (loading, signing_out) = (use_form(), use_form());

    let leave = Callback::from({
        let (set_session, navigator) = (session.set.clone(), navigator.clone());
        move |notice: Option<Notice>| {
            // Before the login page looks: with a session it would lead straight back.
            set_session.emit(Session::None);
            match (&navigator, notice) {
                (Some(navigator), Some(notice)) => navigator.replace_with_state(&Route::Login, notice),
                (Some(navigator), None) => navigator.replace(&Route::Login),
                (None, _) => (),
            }
        }
    });
    let load = Callback::from({
        let (loading, session, me, leave) = (loading.clone(), session.clone(), me.clone(), leave.clone());
        move |()| {
            let (set_session, me, leave) = (session.set.clone(), me.clone(), leave.clone());
            loading.send(session::who_am_i(session.access_token()), move |found| match found {
                Some((token, person)) => {
                    set_session.emit(Session::Full(token));
                    me.set(Some(person));
                }
                None => leave.emit(None),
            });
        }
    });
    let sign_out = Callback::from({
        let (signing_out, session, leave) = (signing_out.clone(), session.clone(), leave.clone());
        move |_: MouseEvent| {
            let leave = leave.clone();
            signing_out.send(api::log_out(session.access_token()), move |()| leave.emit(None));
        }
    });
    use_effect_with((), {
        let (now, load) = (session.now.clone(), load.clone());
        move |()| match (now, navigator) {
            (Session::MustChoose(_), Some(navigator)) => navigator.replace(&Route::ChoosePassword),
            _ => load.emit(()),
        }
    });
    let over = [&loading, &signing_out].into_iter().filter_map(Form::failure).any(session::is_over);
    use_effect_with(over, move |over| {
        if *over {
            leave.emit(Some(Notice::SessionEnded));
        }
    });

    let failure = signing_out.failure().or(loading.failure());
    let status = match (failure, notice.as_deref(), &*me) {
        (Some(failure), ..) => Status::failure(texts, failure),
        (None, _, None) => Status::plain(texts.one_moment),
        (None, Some(Notice::PasswordChosen), _) => Status::good(texts.home.password_chosen),
        (None, _, Some(_)) => Status::plain(texts.home.logged_in),
    };
    let Some(me) = &*me else {
        return html! {
            <Card title={texts.home.title} {status} step="loading">
                if loading.failure().is_some() {
                    <div class="actions">
                        <Action label={texts.try_again} phase={loading.phase().clone()}
                            onclick={load.reform(|_: MouseEvent| ())} />
                    </div>
                }
            </Card>
        };
    };
    html! {
        <Card title={(texts.home.hello)(me.name.as_deref().unwrap_or(&me.user_name))} {status} step="loaded">
            <dl class="facts">
                <div><dt>{ texts.home.user }</dt><dd>{ &me.user_name }</dd></div>
                <div><dt>{ texts.home.email }</dt><dd>{ &me.email }</dd></div>
            </dl>
            <div class="actions">
                <Action label={texts.home.sign_out} phase={signing_out.phase().clone()} onclick={sign_out} quiet=true />
            </div>
        </Card>
    }
}

use rekey_shared::account::Role;
use yew::prelude::*;
use yew_router::prelude::use_location;

use crate::api;
use crate::app::use_ui;
use crate::components::button::Action;
use crate::components::card::{Card, Status};
use crate::components::link::Way;
use crate::form::use_form;
use crate::pages::signed_in::Person;
use crate::route::{Notice, Route};
use crate::session::{self, Session, use_session};

#[derive(Properties, PartialEq)]
pub(crate) struct HomeProps {
    pub(crate) person: Person,
}

/// Who I am, where I can go, and the way out.
#[component]
pub(crate) fn Home(props: &HomeProps) -> Html {
    let texts = use_ui().texts();
    let session = use_session();
    let notice = use_location().and_then(|location| location.state::<Notice>());
    let signing_out = use_form();
    let me = &props.person.me;

    let sign_out = Callback::from({
        let (signing_out, session) = (signing_out.clone(), session.clone());
        move |_: MouseEvent| {
            let set = session.set.clone();
            signing_out.send(api::log_out(session.access_token()), move |()| set.emit(Session::None));
        }
    });
    // Signed out already, by whatever ended the session.
    let over = signing_out.failure().is_some_and(session::is_over);
    use_effect_with(over, move |over| {
        if *over {
            session.set.emit(Session::Over);
        }
    });

    let status = match (signing_out.failure(), notice.as_deref()) {
        (Some(failure), _) => Status::failure(texts, failure),
        (None, Some(Notice::PasswordChosen)) => Status::good(texts.home.password_chosen),
        (None, Some(Notice::NotLetIn)) => Status::bad(texts.home.not_let_in),
        (None, _) => Status::plain(texts.home.logged_in),
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
            <nav class="links" aria-label={texts.home.title}>
                <Way to={Route::Account}>{ texts.home.account }</Way>
                if me.role == Role::Admin {
                    <Way to={Route::Accounts}>{ texts.administration.title }</Way>
                }
            </nav>
        </Card>
    }
}

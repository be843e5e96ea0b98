use rekey_shared::account::Role;
use yew::prelude::*;

use super::sign_out::use_sign_out;
use crate::app::use_ui;
use crate::components::button::Action;
use crate::components::card::{Card, Status};
use crate::components::link::Way;
use crate::navigation::{Notice, use_navigation};
use crate::pages::signed_in::Person;
use crate::route::Route;

#[derive(Properties, PartialEq)]
pub(crate) struct HomeProps {
    pub(crate) person: Person,
}

/// Who I am, where I can go, and the way out.
#[component]
pub(crate) fn Home(props: &HomeProps) -> Html {
    let texts = use_ui().signed_in_texts();
    let notice = use_navigation().here.notice;
    let (signing_out, sign_out) = use_sign_out();
    let me = &props.person.me;

    let status = match (signing_out.failure(), notice) {
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

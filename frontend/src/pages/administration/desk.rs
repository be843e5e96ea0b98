use rekey_shared::account::Role;
use rekey_shared::client_config::ClientLimits;
use yew::prelude::*;

use crate::api::Failure;
use crate::app::use_ui;
use crate::components::button::Go;
use crate::components::card::{Card, Status};
use crate::components::link::Way;
use crate::components::sheet::Sheet;
use crate::form::Field;
use crate::pages::account::sign_out::Ways;
use crate::pages::signed_in::signed_in;
use crate::route::Route;
use crate::texts::SignedInTexts;

/// A page for administrators; everybody else is told so.
pub(crate) fn admin(page: impl Fn() -> Html + 'static) -> Html {
    signed_in(move |person| match person.me.role {
        Role::Admin => page(),
        Role::Member => html! { <NotAllowed /> },
    })
}

#[component]
fn NotAllowed() -> Html {
    let texts = use_ui().signed_in_texts();
    html! {
        <Card title={texts.administration.title} status={Status::bad(texts.administration.not_allowed)} step="not-allowed">
            <div class="actions"><Go to={Route::Home} label={texts.home.title} main=true /></div>
        </Card>
    }
}

#[derive(Properties, PartialEq)]
pub(super) struct DeskProps {
    pub(super) title: AttrValue,
    #[prop_or(Status::plain(""))]
    pub(super) status: Status,
    /// The list that this page is or belongs to.
    pub(super) here: Route,
    pub(super) children: Html,
}

/// What stands round every page of the administration: the ways between its lists, and home.
#[component]
pub(super) fn Desk(props: &DeskProps) -> Html {
    let texts = use_ui().signed_in_texts();
    let pages = &texts.administration;
    let ways = [
        (Route::Accounts, pages.accounts.title),
        (Route::CredentialRequests, pages.requests.title),
        (Route::MailQueue, pages.mail.title),
        (Route::AuditEvents, pages.audit.title),
    ];
    let ways = html! {
        <Ways name={pages.title}>
            { for ways.into_iter().map(|(to, title)| {
                let current = to == props.here;
                html! { <Way {to} {current}>{ title }</Way> }
            }) }
            <Way to={Route::Home}>{ texts.home.title }</Way>
        </Ways>
    };
    html! {
        <Sheet title={props.title.clone()} status={props.status.clone()} {ways} wide=true>
            { props.children.clone() }
        </Sheet>
    }
}

/// Why something could not be done, also where no field stands to say it.
pub(super) fn why_not(texts: &SignedInTexts, limits: &ClientLimits, failure: &Failure) -> Status {
    match failure.field_errors() {
        [error, ..] => Status::bad((texts.field)(Field::Role, error.code, limits)),
        [] => Status::failure(texts, failure),
    }
}

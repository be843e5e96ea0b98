use rekey_shared::account::EmailConfirmed;
use rekey_shared::paths::page;
use rekey_shared::problem::{FieldCode, ProblemCode};
use rekey_shared::secret::Secret;
use yew::prelude::*;

use crate::api;
use crate::app::use_ui;
use crate::components::button::{Action, Go};
use crate::components::card::{Card, Status};
use crate::form::{Field, use_form};
use crate::link::{End, end_of, use_token};
use crate::route::Route;
use crate::texts::Texts;

/// What the link in the mail to a new address opens. Loading it changes nothing on the server.
#[component]
pub(crate) fn ConfirmEmail() -> Html {
    let texts = use_ui().texts();
    match use_token(page::CONFIRM_EMAIL) {
        Some(token) => html! { <Confirmation key={token.expose()} token={token.clone()} /> },
        None => unusable(texts, texts.confirm.no_token),
    }
}

#[derive(Properties, PartialEq)]
struct ConfirmationProps {
    token: Secret,
}

#[component]
fn Confirmation(props: &ConfirmationProps) -> Html {
    let ui = use_ui();
    let texts = ui.texts();
    let form = use_form();
    let end = use_state(|| None::<End<EmailConfirmed>>);
    let confirm = Callback::from({
        let (form, end, token) = (form.clone(), end.clone(), props.token.clone());
        move |_: MouseEvent| {
            let (end, confirm) = (end.clone(), rekey_shared::account::ConfirmEmail { token: token.clone() });
            form.send(async { end_of(api::confirm_email(confirm).await) }, move |how| end.set(Some(how)));
        }
    });

    match *end {
        Some(End::Confirmed(EmailConfirmed::EmailChanged)) => return changed(texts),
        Some(End::Refused(code)) => return unusable(texts, why(texts, code)),
        None => (),
    }
    // Between the letter and the click somebody else may have got the address.
    let taken = form.failure().is_some_and(|failure| failure.field_errors().iter().any(|e| e.code == FieldCode::Taken));
    let ask = Status::plain(texts.confirm_email.ask);
    let status = if taken {
        Status::bad((texts.field)(Field::Email, FieldCode::Taken, &ui.config.limits))
    } else {
        Status::of(&form, texts, ask, Status::plain(texts.one_moment))
    };
    let label = if form.failure().is_some() { texts.try_again } else { texts.confirm_email.submit };
    html! {
        <Card title={texts.confirm_email.title} {status} step="ask">
            <div class="actions"><Action {label} phase={form.phase().clone()} onclick={confirm} /></div>
        </Card>
    }
}

fn changed(texts: &Texts) -> Html {
    html! {
        <Card title={texts.confirm_email.changed} status={Status::good(texts.confirm_email.what_now)} step="changed">
            // The login page leads on whoever is logged in here.
            <div class="actions"><Go to={Route::Login} label={texts.confirm_email.go_on} main=true /></div>
        </Card>
    }
}

fn unusable(texts: &Texts, why: &'static str) -> Html {
    html! {
        <Card title={texts.confirm.unusable} status={Status::bad(why)} step="unusable">
            <div class="actions"><Go to={Route::Account} label={texts.confirm_email.to_account} main=true /></div>
        </Card>
    }
}

fn why(texts: &Texts, code: ProblemCode) -> &'static str {
    match code {
        ProblemCode::ResetLinkUsed => texts.confirm_email.used,
        ProblemCode::ResetLinkExpired => texts.confirm_email.expired,
        _ => texts.confirm_email.unknown,
    }
}

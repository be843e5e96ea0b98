use rekey_shared::password_reset::{ConfirmRequest, Confirmed, ResetStyle};
use rekey_shared::paths::page;
use rekey_shared::problem::ProblemCode;
use rekey_shared::secret::Secret;
use yew::prelude::*;

use super::at_once::use_at_once;
use super::choose_new::ChooseNew;
use crate::api;
use crate::app::{Ui, use_ui};
use crate::components::button::{Action, Go};
use crate::components::card::{Card, Status};
use crate::form::{Phase, use_form};
use crate::link::{End, end_of, use_token};
use crate::marker;
use crate::route::Route;
use crate::session::{Session, use_session};
use crate::texts::{Span, Texts};

/// What the link in the mail opens. Loading it changes nothing on the server.
#[component]
pub(crate) fn Reset() -> Html {
    let ui = use_ui();
    let texts = ui.texts();
    match (use_token(page::RESET), ui.config.reset_style) {
        (None, _) => unusable(texts, texts.confirm.no_token),
        (Some(token), ResetStyle::Mailed) => html! { <Confirmation key={token.expose()} token={token.clone()} /> },
        (Some(token), ResetStyle::Chosen) => html! { <ChooseNew key={token.expose()} token={token.clone()} /> },
    }
}

#[derive(Properties, PartialEq)]
pub(super) struct ConfirmationProps {
    pub(super) token: Secret,
}

#[component]
fn Confirmation(props: &ConfirmationProps) -> Html {
    let ui = use_ui();
    let texts = ui.texts();
    let form = use_form();
    let (end, heard) = use_end();
    let confirm = Callback::from({
        let (form, token) = (form.clone(), props.token.clone());
        move |()| {
            let (heard, confirm) = (heard.clone(), ConfirmRequest { token: token.clone(), new_password: None });
            form.send(async { end_of(api::confirm_reset(confirm).await) }, move |how| heard.emit(how));
        }
    });
    let at_once = use_at_once(ui.config.limits.reset_link_life_seconds, &confirm);

    if let Some(end) = end {
        return ended(&ui, end);
    }
    let start = if at_once { texts.confirm.confirming } else { texts.confirm.ask };
    let status = match form.phase() {
        Phase::Resting | Phase::Sending | Phase::Done => Status::plain(start),
        Phase::Slow => Status::plain(texts.confirm.confirming),
        Phase::Failed(failure) => Status::failure(texts, failure),
    };
    let failed = form.failure().is_some();
    let label = if failed { texts.try_again } else { texts.confirm.submit };
    html! {
        <Card title={texts.confirm.title} {status} step="ask">
            if failed || !at_once {
                <div class="actions">
                    <Action {label} phase={form.phase().clone()} onclick={confirm.reform(|_: MouseEvent| ())} />
                </div>
            }
        </Card>
    }
}

/// How it ended, in either style, and who is to hear of it.
#[hook]
pub(super) fn use_end() -> (Option<End<Confirmed>>, Callback<End<Confirmed>>) {
    let set_session = use_session().set;
    let end = use_state(|| None);
    let heard = Callback::from({
        let end = end.clone();
        move |how| {
            marker::remove();
            // All sessions of this account have just ended: who is logged in here is somebody else, and is not led on
            // where the new password is to be typed.
            if matches!(how, End::Confirmed(_)) {
                set_session.emit(Session::None);
            }
            end.set(Some(how));
        }
    });
    (*end, heard)
}

/// What the page says then.
pub(super) fn ended(ui: &Ui, end: End<Confirmed>) -> Html {
    let texts = ui.texts();
    let confirmed = match end {
        End::Confirmed(confirmed) => confirmed,
        End::Refused(ProblemCode::ResetLinkUsed) if ui.config.reset_style == ResetStyle::Chosen => {
            return unusable(texts, texts.confirm.used_to_choose);
        }
        End::Refused(code) => return unusable(texts, (texts.problem)(code)),
    };
    let said = match confirmed {
        Confirmed::NewPasswordSent => texts.confirm.sent,
        Confirmed::PasswordChanged => texts.confirm.changed,
    };
    let life = Span::of(ui.config.limits.temporary_password_life_seconds);
    html! {
        <Card title={said} status={Status::good(said)} step="confirmed">
            if confirmed == Confirmed::NewPasswordSent {
                <p>{ (texts.confirm.what_now)(life) }</p>
            }
            <div class="actions"><Go to={Route::Login} label={texts.back_to_login} main=true /></div>
        </Card>
    }
}

fn unusable(texts: &Texts, why: &'static str) -> Html {
    html! {
        <Card title={texts.confirm.unusable} status={Status::bad(why)} step="unusable">
            <div class="actions">
                <Go to={Route::ForgottenPassword} label={texts.confirm.ask_for_new_link} main=true />
                <Go to={Route::Login} label={texts.back_to_login} />
            </div>
        </Card>
    }
}

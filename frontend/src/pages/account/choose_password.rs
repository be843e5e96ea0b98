use rekey_shared::account::ChangePassword;
use rekey_shared::password_rules::broken_rules;
use rekey_shared::secret::Secret;
use yew::prelude::*;

use crate::components::button::{Action, Go};
use crate::components::card::{Card, Status};
use crate::components::text_field::TextField;
use crate::form::{Field, on_submit, typed, use_form};
use crate::navigation::{Notice, use_navigation};
use crate::route::{Route, use_go_on};
use crate::session::{self, MailedPassword, Session, use_session};
use crate::{api, app::use_ui, browser};

/// The only page that a mailed password opens.
#[component]
pub(crate) fn ChoosePassword() -> Html {
    let session = use_session().now;
    let go_on = use_go_on();
    use_effect_with(session.clone(), move |session| {
        if matches!(session, Session::Full(_)) {
            go_on.emit(Some(Notice::PasswordChosen));
        }
    });
    match session {
        Session::MustChoose(mailed) => html! { <ChooseForm {mailed} /> },
        Session::Unknown | Session::None | Session::Over | Session::Full(_) => html! { <LogInFirst /> },
    }
}

#[derive(Properties, PartialEq)]
struct ChooseFormProps {
    mailed: MailedPassword,
}

#[component]
fn ChooseForm(props: &ChooseFormProps) -> Html {
    let ui = use_ui();
    let texts = ui.texts();
    let session = use_session();
    let navigation = use_navigation();
    let new_password = use_node_ref();
    let form = use_form();

    let onsubmit = on_submit({
        let (form, new_password, mailed) = (form.clone(), new_password.clone(), props.mailed.clone());
        let application = ui.config.name.clone();
        move || {
            let wanted = Secret::from(typed(&new_password));
            let broken = broken_rules(&browser::nfkc(wanted.expose()), &[&mailed.user, &application]);
            if !broken.is_empty() {
                return form.refuse(broken.into_iter().map(|code| Field::NewPassword.is(code)).collect());
            }
            let change = ChangePassword { current_password: mailed.password.clone(), new_password: wanted };
            let (set_session, navigation) = (session.set.clone(), navigation.clone());
            let token = mailed.access_token.clone();
            // Not `session.ask`: this token has no cookie behind it that could renew it.
            let call = async move {
                let tokens = api::send(api::change_password(&change), Some(&token)).await?;
                Ok((tokens, session::is_kept().await))
            };
            form.send(call, move |(tokens, kept)| {
                set_session.emit(if kept { Session::Full(tokens.access_token) } else { Session::None });
                if !kept {
                    navigation.replace(&Route::Login, Some(Notice::SessionNotKept));
                }
            });
        }
    });

    if form.failure().is_some_and(session::is_over) {
        return html! { <LogInFirst /> };
    }
    let status = Status::of(&form, texts, Status::plain(texts.choose.why), Status::plain(texts.one_moment));
    let rules = (texts.choose.rules)(ui.config.limits.password_min_characters);
    html! {
        <Card title={texts.choose.title} {status} step="choose">
            <form method="post" novalidate=true {onsubmit}>
                // For password managers, which otherwise save the new password without a name.
                <input class="unseen" type="text" name="username" autocomplete="username" value={props.mailed.user.clone()}
                    readonly=true tabindex="-1" aria-hidden="true" />
                <TextField field={Field::NewPassword} label={texts.choose.new_password} hint={rules} node={new_password}
                    error={form.error(Field::NewPassword)} />
                <div class="actions actions-row">
                    <Action label={texts.choose.submit} phase={form.phase().clone()} />
                    <Go to={Route::Login} label={texts.back_to_login} />
                </div>
            </form>
        </Card>
    }
}

#[component]
fn LogInFirst() -> Html {
    let texts = use_ui().texts();
    html! {
        <Card title={texts.choose.title} status={Status::plain(texts.choose.log_in_first)} step="log-in-first">
            <div class="actions"><Go to={Route::Login} label={texts.back_to_login} main=true /></div>
        </Card>
    }
}

use rekey_shared::password_reset::ConfirmRequest;
use rekey_shared::password_rules::broken_rules;
use rekey_shared::secret::Secret;
use yew::prelude::*;

use super::confirm::{ConfirmationProps, ended, use_end};
use crate::app::use_ui;
use crate::components::button::{Action, Go};
use crate::components::card::{Card, Status};
use crate::components::text_field::TextField;
use crate::form::{Field, on_submit, typed, use_form};
use crate::link::end_of;
use crate::route::Route;
use crate::{api, browser};

/// With the style `chosen` the link's page asks for the new password itself; nothing happens before it is sent.
#[component]
pub(super) fn ChooseNew(props: &ConfirmationProps) -> Html {
    let ui = use_ui();
    let texts = ui.texts();
    let new_password = use_node_ref();
    let form = use_form();
    let (end, heard) = use_end();

    let onsubmit = on_submit({
        let (form, new_password) = (form.clone(), new_password.clone());
        let (token, application) = (props.token.clone(), ui.config.name.clone());
        move || {
            let wanted = Secret::from(typed(&new_password));
            let broken = broken_rules(&browser::nfkc(wanted.expose()), &[&application]);
            if !broken.is_empty() {
                return form.refuse(broken.into_iter().map(|code| Field::NewPassword.is(code)).collect());
            }
            let confirm = ConfirmRequest { token: token.clone(), new_password: Some(wanted) };
            let heard = heard.clone();
            form.send(async { end_of(api::confirm_reset(confirm).await) }, move |how| heard.emit(how));
        }
    });

    if let Some(end) = end {
        return ended(&ui, end);
    }
    let start = Status::plain(texts.confirm.choose);
    let status = Status::of(&form, texts, start, Status::plain(texts.one_moment));
    let rules = (texts.choose.rules)(ui.config.limits.password_min_characters);
    html! {
        <Card title={texts.confirm.title} {status} step="choose">
            <form method="post" novalidate=true {onsubmit}>
                <TextField field={Field::NewPassword} label={texts.choose.new_password} hint={rules} node={new_password}
                    error={form.error(Field::NewPassword)} />
                <div class="actions actions-row">
                    <Action label={texts.confirm.save} phase={form.phase().clone()} />
                    <Go to={Route::Login} label={texts.back_to_login} />
                </div>
            </form>
        </Card>
    }
}

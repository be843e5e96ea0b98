use rekey_shared::account::ChangePassword;
use rekey_shared::password_rules::broken_rules;
use rekey_shared::problem::FieldCode;
use rekey_shared::secret::Secret;
use yew::prelude::*;

use super::own::{status_with_password, wrong_password};
use crate::app::use_ui;
use crate::components::form_part::FormPart;
use crate::components::section::Section;
use crate::components::text_field::TextField;
use crate::form::{Field, empty, on_submit, typed, use_form_in};
use crate::session::{Session, use_session};
use crate::{api, browser};

#[derive(Properties, PartialEq)]
pub(super) struct PasswordProps {
    pub(super) user_name: AttrValue,
    pub(super) email: AttrValue,
    pub(super) changed: Callback<()>,
}

/// Another password of the person's own. They stay logged in here and nowhere else.
#[component]
pub(super) fn Password(props: &PasswordProps) -> Html {
    let ui = use_ui();
    let texts = ui.signed_in_texts();
    let session = use_session();
    let (current, new) = (use_node_ref(), use_node_ref());
    let form = use_form_in("password-form");

    let onsubmit = on_submit({
        let (form, current, new, changed) = (form.clone(), current.clone(), new.clone(), props.changed.clone());
        let names = [props.user_name.clone(), props.email.clone(), ui.config.name.clone().into()];
        move || {
            let change = ChangePassword {
                current_password: Secret::from(typed(&current)),
                new_password: Secret::from(typed(&new)),
            };
            let names = names.each_ref().map(AttrValue::as_str);
            let broken = broken_rules(&browser::nfkc(change.new_password.expose()), &names);
            let missing = change.current_password.is_empty().then(|| Field::CurrentPassword.is(FieldCode::Required));
            let wrong: Vec<_> = broken.into_iter().map(|code| Field::NewPassword.is(code)).chain(missing).collect();
            if !wrong.is_empty() {
                return form.refuse(wrong);
            }
            let (set_session, changed) = (session.set.clone(), changed.clone());
            let typed = [current.clone(), new.clone()];
            form.send(session.ask(api::change_password(&change)), move |tokens| {
                empty(&typed);
                set_session.emit(Session::Full(tokens.access_token));
                changed.emit(());
            });
        }
    });
    use_effect_with(wrong_password(&form), |wrong| {
        if *wrong {
            browser::focus("#password-form-current_password");
        }
    });

    let status = status_with_password(&form, texts, texts.account.password_changed);
    let rules = (texts.choose.rules)(ui.config.limits.password_min_characters);
    html! {
        <Section id="password" title={texts.account.password} about={texts.account.password_about}>
            <FormPart id="password-form" phase={form.phase().clone()} {status} submit={texts.account.change_password}
                {onsubmit}>
                // For password managers, which otherwise save the new password without a name.
                <input class="unseen" type="text" name="username" autocomplete="username" value={props.user_name.clone()}
                    readonly=true tabindex="-1" aria-hidden="true" />
                <TextField field={Field::CurrentPassword} label={texts.account.current_password} node={current}
                    error={form.error(Field::CurrentPassword)} />
                <TextField field={Field::NewPassword} label={texts.choose.new_password} hint={rules} node={new}
                    error={form.error(Field::NewPassword)} />
            </FormPart>
        </Section>
    }
}

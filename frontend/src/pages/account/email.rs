use rekey_shared::account::ChangeEmail;
use rekey_shared::problem::FieldCode;
use rekey_shared::secret::Secret;
use yew::prelude::*;

use super::own::{status_with_password, wrong_password};
use crate::app::use_ui;
use crate::components::form_part::FormPart;
use crate::components::section::Section;
use crate::components::text_field::TextField;
use crate::form::{Field, empty, on_submit, typed, typed_email, use_form_in};
use crate::session::use_session;
use crate::{api, browser};

#[derive(Properties, PartialEq)]
pub(super) struct EmailProps {
    pub(super) email: AttrValue,
}

/// Where letters go. Another address counts once the link that is mailed to it is used.
#[component]
pub(super) fn Email(props: &EmailProps) -> Html {
    let texts = use_ui().signed_in_texts();
    let session = use_session();
    let (email, password) = (use_node_ref(), use_node_ref());
    let asked = use_state(String::new);
    let form = use_form_in("email-form");

    let onsubmit = on_submit({
        let (form, email, password, asked) = (form.clone(), email.clone(), password.clone(), asked.clone());
        move || {
            let current_password = Secret::from(typed(&password));
            let no_password = current_password.is_empty().then(|| Field::CurrentPassword.is(FieldCode::Required));
            let address = match (typed_email(&email), no_password) {
                (Ok(address), None) => address,
                (wrong, missing) => return form.refuse(wrong.err().into_iter().chain(missing).collect()),
            };
            let (asked, password) = (asked.clone(), password.clone());
            let change = ChangeEmail { email: address.clone(), current_password };
            form.send(session.ask(api::change_email(&change)), move |_| {
                empty(&[password]);
                asked.set(address);
            });
        }
    });
    use_effect_with(wrong_password(&form), |wrong| {
        if *wrong {
            browser::focus("#email-form-current_password");
        }
    });

    let status = status_with_password(&form, texts, (texts.account.link_sent)(&asked));
    let about = (texts.account.email_now)(&props.email);
    html! {
        <Section id="email" title={texts.account.email} {about}>
            <FormPart id="email-form" phase={form.phase().clone()} {status} submit={texts.account.send_link} {onsubmit}>
                <TextField field={Field::Email} label={texts.account.new_email} node={email}
                    error={form.error(Field::Email)} />
                <TextField field={Field::CurrentPassword} label={texts.account.current_password} node={password}
                    error={form.error(Field::CurrentPassword)} />
            </FormPart>
        </Section>
    }
}

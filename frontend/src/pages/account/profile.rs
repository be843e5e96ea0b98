use rekey_shared::account::ChangeProfile;
use yew::prelude::*;

use super::own::OwnProps;
use crate::api;
use crate::app::use_ui;
use crate::components::form_part::FormPart;
use crate::components::section::Section;
use crate::components::select::{Select, languages};
use crate::components::status::Status;
use crate::components::text_field::TextField;
use crate::form::{Field, on_submit, typed, use_form_in};
use crate::session::use_session;

/// Name and language.
#[component]
pub(super) fn Profile(props: &OwnProps) -> Html {
    let ui = use_ui();
    let texts = ui.signed_in_texts();
    let session = use_session();
    let (name, language) = (use_node_ref(), use_node_ref());
    let form = use_form_in("profile");
    let me = &props.person.me;

    let onsubmit = on_submit({
        let (form, name, language) = (form.clone(), name.clone(), language.clone());
        let (changed, choose_locale) = (props.person.changed.clone(), ui.choose_locale.clone());
        move || {
            let change = ChangeProfile { name: Some(typed(&name).trim().to_owned()), locale: Some(typed(&language)) };
            let (changed, choose_locale) = (changed.clone(), choose_locale.clone());
            form.send(session.ask(api::change_profile(&change)), move |me| {
                choose_locale.emit(me.locale);
                changed.emit(me);
            });
        }
    });

    let status = Status::of(&form, texts, Status::plain(""), Status::good(texts.account.saved));
    html! {
        <Section id="profile-part" title={texts.account.profile} about={texts.account.profile_about}>
            <FormPart id="profile" phase={form.phase().clone()} {status} submit={texts.account.save} {onsubmit}>
                <TextField field={Field::Name} label={texts.account.name} node={name} optional=true
                    error={form.error(Field::Name)} text={me.name.clone().unwrap_or_default()} />
                <Select field={Field::Locale} label={texts.language} node={language} choices={languages(&ui.config.languages)}
                    error={form.error(Field::Locale)} chosen={me.locale.code()} />
            </FormPart>
        </Section>
    }
}

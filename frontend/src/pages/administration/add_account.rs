use yew::prelude::*;

use super::change_account::{role_of, roles};
use crate::app::use_ui;
use crate::components::form_part::FormPart;
use crate::components::section::Section;
use crate::components::select::{Select, languages};
use crate::components::status::Status;
use crate::components::text_field::TextField;
use crate::form::{Field, on_submit, typed, typed_email, typed_or_none, typed_text, use_form_in};
use crate::session::use_session;
use crate::{api, browser};

#[derive(Properties, PartialEq)]
pub(super) struct AddAccountProps {
    /// Hears the user name.
    pub(super) onadded: Callback<String>,
}

/// A button that opens the form for a new account.
#[component]
pub(super) fn AddAccount(props: &AddAccountProps) -> Html {
    let texts = use_ui().signed_in_texts();
    let open = use_state(|| false);
    let toggle = Callback::from({
        let open = open.clone();
        move |_: MouseEvent| open.set(!*open)
    });
    use_effect_with(*open, |open| {
        if *open {
            browser::focus("#add-account input");
        }
    });
    let onadded = Callback::from({
        let (open, onadded) = (open.clone(), props.onadded.clone());
        move |user_name| {
            open.set(false);
            browser::focus("#add-account-button");
            onadded.emit(user_name);
        }
    });
    html! {
        <>
            <div class="above">
                <button id="add-account-button" type="button" class="button" onclick={toggle}
                    aria-expanded={if *open { "true" } else { "false" }}>
                    { texts.administration.accounts.add }
                </button>
            </div>
            if *open {
                <AddForm {onadded} />
            }
        </>
    }
}

#[component]
fn AddForm(props: &AddAccountProps) -> Html {
    let ui = use_ui();
    let (texts, words) = (ui.signed_in_texts(), &ui.signed_in_texts().administration.accounts);
    let session = use_session();
    let [user_name, email, name, role, language] =
        [use_node_ref(), use_node_ref(), use_node_ref(), use_node_ref(), use_node_ref()];
    let form = use_form_in("add-account");

    let onsubmit = on_submit({
        let (form, onadded) = (form.clone(), props.onadded.clone());
        let nodes = [&user_name, &email, &name, &role, &language].map(NodeRef::clone);
        move || {
            let [user_name, email, name, role, language] = &nodes;
            match (typed_text(Field::UserName, user_name), typed_email(email)) {
                (Ok(user_name), Ok(email)) => {
                    let account = rekey_shared::admin::AddAccount {
                        user_name,
                        email,
                        name: typed_or_none(name),
                        role: role_of(&typed(role)),
                        locale: Some(typed(language)),
                    };
                    let onadded = onadded.clone();
                    form.send(session.ask(api::add_account(&account)), move |account| onadded.emit(account.user_name));
                }
                (user_name, email) => form.refuse([user_name.err(), email.err()].into_iter().flatten().collect()),
            }
        }
    });

    let status = Status::of(&form, texts, Status::plain(""), Status::plain(""));
    html! {
        <Section id="add" title={words.add} about={words.add_about}>
            <FormPart id="add-account" phase={form.phase().clone()} {status} submit={words.add} {onsubmit} of_others=true>
                <div class="fields">
                    <TextField field={Field::UserName} label={words.user_name} node={user_name}
                        error={form.error(Field::UserName)} />
                    <TextField field={Field::Email} label={words.email} node={email} error={form.error(Field::Email)} />
                    <TextField field={Field::Name} label={words.name} node={name} error={form.error(Field::Name)}
                        optional=true />
                    <Select field={Field::Role} label={words.role} node={role} choices={roles(texts)} chosen="member"
                        error={form.error(Field::Role)} />
                    <Select field={Field::Locale} label={texts.language} node={language} chosen={ui.locale.code()}
                        choices={languages(&ui.config.languages)} error={form.error(Field::Locale)} />
                </div>
            </FormPart>
        </Section>
    }
}

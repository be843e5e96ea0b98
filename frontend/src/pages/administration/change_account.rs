use rekey_shared::account::Role;
use rekey_shared::admin::{AdminAccount, ChangeAccount};
use yew::prelude::*;

use super::desk::why_not;
use crate::api;
use crate::app::use_ui;
use crate::components::form_part::FormPart;
use crate::components::section::Section;
use crate::components::select::{Choice, Select, languages};
use crate::components::status::Status;
use crate::components::text_field::TextField;
use crate::form::{Field, on_submit, typed, typed_email, use_form_in};
use crate::session::use_session;
use crate::texts::SignedInTexts;

#[derive(Properties, PartialEq)]
pub(super) struct OfAccountProps {
    pub(super) account: AdminAccount,
    /// Hears what has become of it.
    pub(super) changed: Callback<AdminAccount>,
}

/// Name, email, role and language of somebody's account.
#[component]
pub(super) fn Change(props: &OfAccountProps) -> Html {
    let ui = use_ui();
    let (texts, words) = (ui.signed_in_texts(), &ui.signed_in_texts().administration);
    let session = use_session();
    let [name, email, role, language] = [use_node_ref(), use_node_ref(), use_node_ref(), use_node_ref()];
    let form = use_form_in("change");
    let account = &props.account;

    let onsubmit = on_submit({
        let (form, changed, id) = (form.clone(), props.changed.clone(), account.id.clone());
        let nodes = [&name, &email, &role, &language].map(NodeRef::clone);
        let before = account.clone();
        move || {
            let [name, email, role, language] = &nodes;
            match typed_email(email) {
                Ok(email) => {
                    // Only what is another: naming the same address again would end links that are on their way.
                    let change = ChangeAccount {
                        name: Some(typed(name).trim().to_owned()),
                        email: Some(email).filter(|email| *email != before.email),
                        role: Some(role_of(&typed(role))).filter(|role| *role != before.role),
                        locale: Some(typed(language)),
                        disabled: None,
                    };
                    let changed = changed.clone();
                    form.send(session.ask(api::change_account(&id, &change)), move |account| changed.emit(account));
                }
                Err(error) => form.refuse(vec![error]),
            }
        }
    });

    let status = match form.failure() {
        Some(failure) if form.error(Field::Email).is_none() => why_not(texts, &ui.config.limits, failure),
        _ => Status::of(&form, texts, Status::plain(""), Status::good(texts.account.saved)),
    };
    html! {
        <Section id="change-part" title={words.account.change} about={words.account.change_about}>
            <FormPart id="change" phase={form.phase().clone()} {status} submit={texts.account.save} {onsubmit} of_others=true>
                <div class="fields">
                    <TextField field={Field::Name} label={words.accounts.name} node={name} optional=true
                        error={form.error(Field::Name)} text={account.name.clone().unwrap_or_default()} />
                    <TextField field={Field::Email} label={words.accounts.email} node={email}
                        error={form.error(Field::Email)} text={account.email.clone()} />
                    <Select field={Field::Role} label={words.accounts.role} node={role} choices={roles(texts)}
                        error={form.error(Field::Role)} chosen={account.role.name()} />
                    <Select field={Field::Locale} label={texts.language} node={language} chosen={account.locale.code()}
                        choices={languages(&ui.config.languages)} error={form.error(Field::Locale)} />
                </div>
            </FormPart>
        </Section>
    }
}

/// The roles to choose among.
pub(super) fn roles(texts: &SignedInTexts) -> Vec<Choice> {
    [Role::Member, Role::Admin].map(|role| (role.name(), (texts.administration.role)(role))).into()
}

/// The chosen one.
pub(super) fn role_of(name: &str) -> Role {
    if name == Role::Admin.name() { Role::Admin } else { Role::Member }
}

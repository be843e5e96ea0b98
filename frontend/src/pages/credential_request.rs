use rekey_shared::credential_request::{CredentialRequest, NOTE_MAX_CHARACTERS};
use rekey_shared::problem::FieldCode;
use yew::prelude::*;

use crate::api;
use crate::app::use_ui;
use crate::components::button::{Action, Go};
use crate::components::card::{Card, Status};
use crate::components::text_area::TextArea;
use crate::components::text_field::TextField;
use crate::form::{Field, Phase, on_submit, typed_email, typed_or_none, typed_text, use_form};
use crate::route::Route;

/// "Request your credential"
#[component]
pub(crate) fn RequestCredential() -> Html {
    let ui = use_ui();
    let texts = ui.texts();
    let (name, email, note) = (use_node_ref(), use_node_ref(), use_node_ref());
    let form = use_form();

    let onsubmit = on_submit({
        let (form, name, email, note, locale) = (form.clone(), name.clone(), email.clone(), note.clone(), ui.locale);
        move || {
            let note = typed_or_none(&note);
            let too_long = note.as_ref().is_some_and(|note| note.chars().count() > NOTE_MAX_CHARACTERS);
            let too_long = too_long.then(|| Field::Note.is(FieldCode::TooLong));
            match (typed_text(Field::Name, &name), typed_email(&email), too_long) {
                (Ok(name), Ok(email), None) => {
                    let locale = Some(locale.code().to_owned());
                    form.send(api::request_credential(CredentialRequest { name, email, note, locale }), |_| ());
                }
                (name, email, note) => form.refuse([name.err(), email.err(), note].into_iter().flatten().collect()),
            }
        }
    });

    let greeting = Status::plain(texts.credential.greeting);
    let status = Status::of(&form, texts, greeting, Status::good(texts.credential.sent));
    html! {
        <Card title={texts.credential.title} {status}>
            <form method="post" novalidate=true {onsubmit}>
                <TextField field={Field::Name} label={texts.credential.name} node={name} error={form.error(Field::Name)} />
                <TextField field={Field::Email} label={texts.credential.email} node={email}
                    error={form.error(Field::Email)} />
                <TextArea field={Field::Note} label={texts.credential.note} hint={texts.credential.note_hint} node={note}
                    error={form.error(Field::Note)} max_characters={NOTE_MAX_CHARACTERS} />
                <div class="actions actions-row">
                    <Action label={texts.credential.submit} phase={form.phase().clone()} />
                    <Go to={Route::Login} label={texts.back_to_login} />
                </div>
            </form>
            // Always there and empty at first, so that screen readers notice when it is filled.
            <div class="what-now" aria-live="polite">
                if *form.phase() == Phase::Done {
                    <p>{ texts.credential.what_now }</p>
                }
            </div>
        </Card>
    }
}

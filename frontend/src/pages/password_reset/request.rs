use rekey_shared::password_reset::ResetRequest;
use yew::prelude::*;

use crate::app::use_ui;
use crate::components::button::{Action, Go};
use crate::components::card::{Card, Status};
use crate::components::text_field::TextField;
use crate::form::{Field, Phase, on_submit, typed_email, use_form};
use crate::route::Route;
use crate::{api, marker, return_to};

/// "Insert your email!"
#[component]
pub(crate) fn ForgottenPassword() -> Html {
    let ui = use_ui();
    let texts = ui.texts();
    let email = use_node_ref();
    let form = use_form();

    let onsubmit = on_submit({
        let (form, email, locale) = (form.clone(), email.clone(), ui.locale);
        move || match typed_email(&email) {
            Err(error) => form.refuse(vec![error]),
            Ok(email) => {
                let reset = ResetRequest { email, locale: Some(locale.code().to_owned()) };
                form.send(api::request_reset(reset), |_| {
                    marker::set();
                    return_to::keep_for_reset();
                });
            }
        }
    });

    let status = Status::of(&form, texts, Status::plain(texts.request.greeting), Status::good(texts.request.sent));
    let mails_an_hour = ui.config.limits.reset_mails_per_hour;
    html! {
        <Card title={texts.request.title} {status}>
            <form method="post" novalidate=true {onsubmit}>
                <TextField field={Field::Email} label={texts.request.email} node={email}
                    error={form.error(Field::Email)} described_by="must-be-linked" />
                <div class="actions actions-row">
                    <Action label={texts.request.submit} phase={form.phase().clone()} />
                    <Go to={Route::Login} label={texts.back_to_login} />
                </div>
                <p class="small" id="must-be-linked">{ texts.request.must_be_linked }</p>
            </form>
            // Always there and empty at first, so that screen readers notice when it is filled.
            <div class="what-now" aria-live="polite">
                if *form.phase() == Phase::Done {
                    <p>
                        { texts.request.what_now }
                        if mails_an_hour > 0 {
                            { " " }{ (texts.request.mails_an_hour)(mails_an_hour) }
                        }
                    </p>
                }
            </div>
        </Card>
    }
}

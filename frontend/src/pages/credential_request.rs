use yew::prelude::*;

use crate::app::use_ui;
use crate::components::button::Go;
use crate::components::card::{Card, Status};
use crate::components::frame::contact_link;
use crate::route::Route;

#[component]
pub(crate) fn RequestCredential() -> Html {
    let ui = use_ui();
    let texts = ui.texts();
    html! {
        <Card title={texts.credential.title} status={Status::plain(texts.credential.not_here)}>
            <p>
                if let Some(contact) = &ui.config.support_contact {
                    { texts.credential.write_to }{ " " }{ contact_link(contact) }{ "." }
                } else {
                    { texts.credential.ask_whoever_runs_it }
                }
            </p>
            <div class="actions"><Go to={Route::Login} label={texts.back_to_login} /></div>
        </Card>
    }
}

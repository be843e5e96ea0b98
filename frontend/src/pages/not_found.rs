use yew::prelude::*;

use crate::app::use_ui;
use crate::components::button::Go;
use crate::components::card::{Card, Status};
use crate::route::Route;

#[component]
pub(crate) fn NotFound() -> Html {
    let texts = use_ui().texts();
    html! {
        <Card title={texts.not_found.title} status={Status::plain(texts.not_found.check_the_address)}>
            <div class="actions"><Go to={Route::Login} label={texts.back_to_login} main=true /></div>
        </Card>
    }
}

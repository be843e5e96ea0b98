use yew::prelude::*;

use super::decide::Decide;
use super::desk::Desk;
use crate::api;
use crate::app::use_ui;
use crate::browser;
use crate::components::list_end::listed;
use crate::components::status::Status;
use crate::listing::use_listing;
use crate::route::Route;

/// Who asks for an account, and the answer to each.
#[component]
pub(crate) fn CredentialRequests() -> Html {
    let texts = use_ui().signed_in_texts();
    let words = &texts.administration.requests;
    let listing = use_listing(&[], api::credential_requests);
    let said = use_state(|| Status::plain(""));
    let decided = Callback::from({
        let (said, reload) = (said.clone(), listing.reload.clone());
        move |text: String| {
            said.set(Status::good(text));
            // The form that had the focus goes with its request.
            browser::focus("main h1");
            reload.emit(());
        }
    });
    html! {
        <Desk title={words.title} status={(*said).clone()} here={Route::CredentialRequests}>
            { listed(&listing, words.none, |requests| html! {
                <>
                    { for requests.iter().map(|request| html! {
                        <Decide key={request.id.clone()} request={request.clone()} decided={decided.clone()} />
                    }) }
                </>
            }) }
        </Desk>
    }
}

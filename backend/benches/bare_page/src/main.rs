//! A login form as a tutorial has it: two fields, a button, the answer.

use reqwest::Client;
use serde::{Deserialize, Serialize};
use web_sys::HtmlInputElement;
use yew::platform::spawn_local;
use yew::prelude::*;

#[derive(Serialize)]
struct Login {
    user: String,
    password: String,
}

#[derive(Deserialize)]
struct Tokens {
    access_token: String,
}

async fn log_in(login: Login) -> Result<Tokens, reqwest::Error> {
    let origin = web_sys::window().and_then(|window| window.location().origin().ok()).unwrap_or_default();
    let answer = Client::new().post(origin + "/login").json(&login).send().await?;
    answer.error_for_status()?.json().await
}

fn typed(field: &NodeRef) -> String {
    field.cast::<HtmlInputElement>().map(|field| field.value()).unwrap_or_default()
}

#[component]
fn App() -> Html {
    let (user, password) = (use_node_ref(), use_node_ref());
    let said = use_state(String::new);
    let onsubmit = Callback::from({
        let (user, password, said) = (user.clone(), password.clone(), said.clone());
        move |event: SubmitEvent| {
            event.prevent_default();
            let login = Login { user: typed(&user), password: typed(&password) };
            let said = said.clone();
            spawn_local(async move {
                said.set(match log_in(login).await {
                    Ok(tokens) => tokens.access_token,
                    Err(_) => "User or password is wrong.".to_owned(),
                });
            });
        }
    });
    html! {
        <form {onsubmit}>
            <label>{ "User" }<input ref={user} name="user" /></label>
            <label>{ "Password" }<input ref={password} name="password" type="password" /></label>
            <button>{ "Login" }</button>
            <p role="status">{ (*said).clone() }</p>
        </form>
    }
}

fn main() {
    yew::Renderer::<App>::new().render();
}

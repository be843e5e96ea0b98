//! HTTP, by the browser's own `fetch`. reqwest, which does it for other programs (`rekey_shared::client::Client`), reads every
//! address by the rules of the whole web: its tables of Unicode alone would be a quarter of what the login page loads.

use std::time::Duration;

use js_sys::Uint8Array;
use js_sys::futures::JsFuture;
use rekey_shared::client::{Answer, Failure, Request};
use rekey_shared::secret::Secret;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{AbortSignal, Headers, RequestInit, Response};

/// As long as a person waits.
const TIME_OUT: Duration = Duration::from_secs(15);

/// Asks the server that this page came from. Not generic, so that all this exists once in the WASM.
pub(crate) async fn exchange(request: &Request, access_token: Option<&Secret>) -> Result<Answer, Failure> {
    let sent = async {
        let response = respond(&request.address(), &prepare(request, access_token)?).await?;
        let retry_after = response.headers().get("retry-after")?;
        Ok((response.status(), retry_after, body_of(&response).await?))
    };
    // A browser tells no script why there is no answer.
    let answer = sent.await.map_err(|_: JsValue| Failure::NoAnswer { cause: String::new() });
    let (status, retry_after, body) = answer?;
    Answer::of(status, retry_after.as_deref(), body)
}

/// Loads a file into the browser's cache, if it can be had. Not by `<link rel="preload">`, about which consoles complain when
/// it is not used soon, nor by `rel="prefetch"`, which the policy's `default-src` stops in some browsers.
pub(crate) async fn load_ahead(address: &str) {
    if let Ok(response) = respond(address, &RequestInit::new()).await {
        // What is not read to its end is not kept.
        let _ = body_of(&response).await;
    }
}

fn prepare(request: &Request, access_token: Option<&Secret>) -> Result<RequestInit, JsValue> {
    let (init, headers) = (RequestInit::new(), Headers::new()?);
    init.set_method(request.method().as_str());
    if let Some(body) = request.body() {
        headers.set("content-type", "application/json")?;
        init.set_body(&Uint8Array::from(body));
    }
    if let Some(token) = access_token {
        headers.set("authorization", &["Bearer ", token.expose()].concat())?;
    }
    init.set_headers_headers(&headers);
    let time_out = request.time_out().unwrap_or(TIME_OUT).as_millis();
    init.set_signal(Some(&AbortSignal::timeout_with_u32(u32::try_from(time_out).unwrap_or(u32::MAX))));
    Ok(init)
}

async fn respond(address: &str, init: &RequestInit) -> Result<Response, JsValue> {
    let window = web_sys::window().ok_or(JsValue::NULL)?;
    JsFuture::from(window.fetch_with_str_and_init(address, init)).await.map(JsCast::unchecked_into)
}

async fn body_of(response: &Response) -> Result<Vec<u8>, JsValue> {
    JsFuture::from(response.array_buffer()?).await.map(|body| Uint8Array::new(&body).to_vec())
}

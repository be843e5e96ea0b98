//! The edge: what is asked of the browser itself. Everything else is plain Rust that tests run without one.

pub(crate) mod fetch;

use gloo_events::EventListener;
use js_sys::{Date, JsString, Object, Reflect};
use rekey_shared::locale::Locale;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Document, Element, HtmlDialogElement, HtmlElement, UrlSearchParams, VisibilityState, Window};

/// A browser without a window is none; every call below is harmless there.
fn window() -> Option<Window> {
    web_sys::window()
}

fn document() -> Option<Document> {
    window()?.document()
}

pub(crate) fn element(id: &str) -> Option<Element> {
    document()?.get_element_by_id(id)
}

pub(crate) fn now_in_milliseconds() -> u64 {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "whole milliseconds since 1970; a clock before that reads as 0"
    )]
    let now = Date::now() as u64;
    now
}

/// What localStorage holds; nothing where the person has forbidden it.
pub(crate) fn stored(key: &str) -> Option<String> {
    window()?.local_storage().ok()??.get_item(key).ok()?
}

pub(crate) fn store(key: &str, value: &str) {
    if let Some(Ok(Some(storage))) = window().map(|window| window.local_storage()) {
        // Full or forbidden storage costs a convenience, no function.
        let _ = storage.set_item(key, value);
    }
}

pub(crate) fn forget(key: &str) {
    if let Some(Ok(Some(storage))) = window().map(|window| window.local_storage()) {
        let _ = storage.remove_item(key);
    }
}

/// What this tab holds, and no other.
pub(crate) fn kept_in_tab(key: &str) -> Option<String> {
    window()?.session_storage().ok()??.get_item(key).ok()?
}

pub(crate) fn keep_in_tab(key: &str, value: &str) {
    if let Some(Ok(Some(storage))) = window().map(|window| window.session_storage()) {
        let _ = storage.set_item(key, value);
    }
}

pub(crate) fn forget_in_tab(key: &str) {
    if let Some(Ok(Some(storage))) = window().map(|window| window.session_storage()) {
        let _ = storage.remove_item(key);
    }
}

/// The person's languages, best first, as language tags.
pub(crate) fn languages() -> Vec<String> {
    window()
        .map(|window| window.navigator().languages())
        .map(|tags| tags.iter().filter_map(|tag| tag.as_string()).collect())
        .unwrap_or_default()
}

pub(crate) fn set_language(code: &str) {
    if let Some(root) = document().and_then(|document| document.document_element()) {
        let _ = root.set_attribute("lang", code);
    }
}

pub(crate) fn set_title(title: &str) {
    if let Some(document) = document() {
        document.set_title(title);
    }
}

/// Moves the focus to the first element that a selector finds, and tells whether there was one.
pub(crate) fn focus(selector: &str) -> bool {
    document()
        .and_then(|document| document.query_selector(selector).ok().flatten())
        .and_then(|element| element.dyn_into::<HtmlElement>().ok())
        .is_some_and(|element| element.focus().is_ok())
}

/// What stands in a field: `<input>`, `<textarea>` or `<select>`.
pub(crate) fn value_of(field: &JsValue) -> String {
    Reflect::get(field, &"value".into()).ok().and_then(|value| value.as_string()).unwrap_or_default()
}

pub(crate) fn set_value_of(field: &JsValue, value: &str) {
    let _ = Reflect::set(field, &"value".into(), &value.into());
}

/// Opens a dialogue that nothing else can be done beside, with the focus in it; Escape closes it.
pub(crate) fn open_dialog(dialog: &HtmlDialogElement) {
    if !dialog.open() {
        let _ = dialog.show_modal();
    }
}

/// A moment (RFC 3339) as people of this language write it, to the minute; in their own country's way, where the browser
/// knows it: "24 Nov" and "Nov 24" are both English.
pub(crate) fn moment(rfc_3339: &str, locale: Locale) -> String {
    let date = Date::new(&rfc_3339.into());
    if date.get_time().is_nan() {
        return rfc_3339.to_owned();
    }
    let options = Object::new();
    for style in ["dateStyle", "timeStyle"] {
        let length = if style == "dateStyle" { "medium" } else { "short" };
        let _ = Reflect::set(&options, &style.into(), &length.into());
    }
    let tag = languages().into_iter().find(|tag| Locale::from_tag(tag) == Some(locale));
    date.to_locale_string(tag.as_deref().unwrap_or(locale.code()), &options).into()
}

/// One value of the query in an address, empty where there is none.
pub(crate) fn query_value(query: &str, name: &str) -> String {
    UrlSearchParams::new_with_str(query).ok().and_then(|values| values.get(name)).unwrap_or_default()
}

/// A query with its question mark; nothing when all values are empty.
pub(crate) fn query_of(values: &[(&'static str, String)]) -> String {
    let Ok(query) = UrlSearchParams::new() else { return String::new() };
    for (name, value) in values.iter().filter(|(_, value)| !value.is_empty()) {
        query.set(name, value);
    }
    let query = String::from(query.to_string());
    if query.is_empty() { query } else { format!("?{query}") }
}

/// Unicode's NFKC, by the browser's own tables.
pub(crate) fn nfkc(text: &str) -> String {
    JsString::from(text).normalize("NFKC").into()
}

pub(crate) fn origin() -> String {
    window().and_then(|window| window.location().origin().ok()).unwrap_or_default()
}

pub(crate) fn path() -> String {
    window().and_then(|window| window.location().pathname().ok()).unwrap_or_default()
}

pub(crate) fn query() -> String {
    window().and_then(|window| window.location().search().ok()).unwrap_or_default()
}

pub(crate) fn fragment() -> String {
    window().and_then(|window| window.location().hash().ok()).unwrap_or_default()
}

/// Opens another page, as a link does.
pub(crate) fn go_to(url: &str) {
    if let Some(window) = window() {
        let _ = window.location().assign(url);
    }
}

/// Leaves for another page of the web; this one does not stay in the history, since going back would only lead there
/// again.
pub(crate) fn leave_for(url: &str) {
    if let Some(window) = window() {
        let _ = window.location().replace(url);
    }
}

/// Shows another address, in an entry of its own in the tab's history. Nothing is loaded.
pub(crate) fn push_address(address: &str) {
    if let Some(Ok(history)) = window().map(|window| window.history()) {
        let _ = history.push_state_with_url(&JsValue::NULL, "", Some(address));
    }
}

/// Shows another address in the place of this one. Nothing is loaded.
pub(crate) fn replace_address(address: &str) {
    if let Some(Ok(history)) = window().map(|window| window.history()) {
        let _ = history.replace_state_with_url(&JsValue::NULL, "", Some(address));
    }
}

/// Calls back when "Back" or "Forward" has led to another entry of the tab's history that is of this page.
pub(crate) fn when_history_moves(called: impl Fn() + 'static) -> Option<EventListener> {
    let window = window()?;
    Some(EventListener::new(&window, "popstate", move |_| called()))
}

/// What the page names for later as `<link data-ahead>`, each once.
pub(crate) fn next_ahead() -> Option<String> {
    let link = document()?.query_selector("link[data-ahead]").ok()??;
    link.remove();
    link.get_attribute("href")
}

/// Browsers remember a page that was left, with all that it showed, and "Back" brings it out again. This one begins anew
/// then: meanwhile the person may have signed out.
pub(crate) fn reload_when_remembered() {
    let Some(window) = window() else { return };
    let listener = EventListener::new(&window, "pageshow", |event| {
        let persisted = Reflect::get(event, &"persisted".into()).unwrap_or(JsValue::FALSE);
        if let (true, Some(window)) = (persisted.is_truthy(), self::window()) {
            let _ = window.location().reload();
        }
    });
    listener.forget();
}

/// The text kept under a name with this entry of the tab's history.
pub(crate) fn kept_in_history(name: &str) -> Option<String> {
    let state = window()?.history().ok()?.state().ok()?;
    Reflect::get(&state, &name.into()).ok()?.as_string()
}

/// Keeps a text with this entry of the tab's history and shows the address without its fragment.
pub(crate) fn keep_in_history(name: &str, text: &str, address: &str) {
    let state = Object::new();
    let kept = Reflect::set(&state, &name.into(), &text.into()).is_ok();
    if let Some(Ok(history)) = window().filter(|_| kept).map(|window| window.history()) {
        let _ = history.replace_state_with_url(&state, "", Some(address));
    }
}

/// Whether a person can see the page: neither in a hidden tab nor drawn ahead in case they come.
pub(crate) fn is_seen() -> bool {
    document().is_some_and(|document| {
        let prerendering = Reflect::get(&document, &"prerendering".into()).unwrap_or(JsValue::FALSE);
        document.visibility_state() == VisibilityState::Visible && !prerendering.is_truthy()
    })
}

/// Calls back whenever what [`is_seen`] tells may have changed. The listeners go when they are dropped.
pub(crate) fn when_seen_changes(called: impl Fn() + Clone + 'static) -> Vec<EventListener> {
    let Some(document) = document() else { return Vec::new() };
    ["visibilitychange", "prerenderingchange"]
        .map(|event| {
            let called = called.clone();
            EventListener::new(&document, event, move |_| called())
        })
        .into()
}

/// Calls back when the fragment in the address bar changes.
pub(crate) fn when_fragment_changes(called: impl Fn() + 'static) -> Option<EventListener> {
    let window = window()?;
    Some(EventListener::new(&window, "hashchange", move |_| called()))
}

use yew::prelude::*;
use yew_router::prelude::{Navigator, use_location, use_navigator};
use yew_router::query::Raw;

use crate::api::Filter;
use crate::browser;
use crate::route::Route;

/// What a list is narrowed to stands in the address bar, and with it in a bookmark and on the way back.
#[derive(Clone)]
pub(super) struct AddressBar {
    query: String,
    navigator: Option<Navigator>,
}

#[hook]
pub(super) fn use_address_bar() -> AddressBar {
    let query = use_location().map(|at| at.query_str().to_owned()).unwrap_or_default();
    AddressBar { query, navigator: use_navigator() }
}

impl AddressBar {
    pub(super) fn value(&self, name: &str) -> String {
        browser::query_value(&self.query, name)
    }

    /// The button "Back" leads to what was shown before.
    pub(super) fn push(&self, page: &Route, filter: &Filter) {
        if let Some(navigator) = &self.navigator {
            let _ = navigator.push_with_query(page, Raw(browser::query_of(filter).trim_start_matches('?')));
        }
    }

    /// Nobody wants to go back letter by letter.
    pub(super) fn replace(&self, page: &Route, filter: &Filter) {
        if let Some(navigator) = &self.navigator {
            let _ = navigator.replace_with_query(page, Raw(browser::query_of(filter).trim_start_matches('?')));
        }
    }
}

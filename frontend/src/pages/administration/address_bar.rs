use yew::prelude::*;

use crate::api::Filter;
use crate::browser;
use crate::navigation::{Navigation, use_navigation};

/// What a list is narrowed to stands in the address bar, and with it in a bookmark and on the way back.
#[derive(Clone)]
pub(super) struct AddressBar(Navigation);

#[hook]
pub(super) fn use_address_bar() -> AddressBar {
    AddressBar(use_navigation())
}

impl AddressBar {
    pub(super) fn value(&self, name: &str) -> String {
        browser::query_value(&self.0.here.query, name)
    }

    /// The button "Back" leads to what was shown before.
    pub(super) fn push(&self, filter: &Filter) {
        self.0.push(&self.0.here.route, &browser::query_of(filter));
    }

    /// Nobody wants to go back letter by letter.
    pub(super) fn replace(&self, filter: &Filter) {
        self.0.replace_query(&browser::query_of(filter));
    }
}

//! What stands in the address bar, and the ways to other pages. One that the other program draws (`pages`) is loaded as any
//! page of the web is.

use yew::prelude::*;

use crate::browser;
use crate::route::Route;

const NOTICE_KEY: &str = "rekey.notice";

macro_rules! notices {
    ($($variant:ident = $name:literal,)+) => {
        /// What a page tells the next one, once: neither a reload nor the way back repeats it.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub(crate) enum Notice { $($variant,)+ }

        impl Notice {
            const fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)+ }
            }

            fn named(name: &str) -> Option<Self> {
                match name {
                    $($name => Some(Self::$variant),)+
                    _ => None,
                }
            }
        }
    };
}

notices! {
    SessionEnded = "session-ended",
    SessionNotKept = "session-not-kept",
    PasswordChosen = "password-chosen",
    AccountDeleted = "account-deleted",
    // A tool sent the person here although they are logged in.
    NotLetIn = "not-let-in",
}

/// Where the person is.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Place {
    pub(crate) route: Route,
    /// With its question mark, where there is one.
    pub(crate) query: String,
    pub(crate) notice: Option<Notice>,
}

impl Place {
    fn now() -> Self {
        let route = Route::of(&browser::path());
        // Only for the page that it was meant for, which may not have come.
        let kept = browser::kept_in_tab(NOTICE_KEY);
        browser::forget_in_tab(NOTICE_KEY);
        let notice = kept.and_then(|kept| notice_for(&route, &kept));
        Self { route, query: browser::query(), notice }
    }
}

/// Tells a page that this program has yet to draw, or the other one.
pub(crate) fn tell(route: &Route, notice: Notice) {
    browser::keep_in_tab(NOTICE_KEY, &kept_for(route, notice));
}

fn kept_for(route: &Route, notice: Notice) -> String {
    [notice.name(), " ", &route.path()].concat()
}

fn notice_for(route: &Route, kept: &str) -> Option<Notice> {
    let (name, path) = kept.split_once(' ')?;
    Notice::named(name).filter(|_| path == route.path())
}

#[derive(Clone, PartialEq)]
pub(crate) struct Navigation {
    pub(crate) here: Place,
    set: Callback<Place>,
}

impl Navigation {
    /// Whether a page is drawn by this program: the one that is open was.
    pub(crate) fn is_near(&self, to: &Route) -> bool {
        to.is_signed_in() == self.here.route.is_signed_in()
    }

    /// Opens a page, with a query or none. The button "Back" leads here.
    pub(crate) fn push(&self, to: &Route, query: &str) {
        let address = to.path() + query;
        if self.is_near(to) {
            browser::push_address(&address);
            self.show(to, query, None);
        } else {
            browser::go_to(&address);
        }
    }

    /// Opens a page in the place of this one.
    pub(crate) fn replace(&self, to: &Route, notice: Option<Notice>) {
        if self.is_near(to) {
            browser::replace_address(&to.path());
            return self.show(to, "", notice);
        }
        if let Some(notice) = notice {
            tell(to, notice);
        }
        browser::leave_for(&to.path());
    }

    /// The same page with another query.
    pub(crate) fn replace_query(&self, query: &str) {
        let route = &self.here.route;
        browser::replace_address(&(route.path() + query));
        self.show(route, query, None);
    }

    fn show(&self, route: &Route, query: &str, notice: Option<Notice>) {
        self.set.emit(Place { route: route.clone(), query: query.to_owned(), notice });
    }
}

/// Outside of [`Navigator`] there is nowhere to go.
#[hook]
pub(crate) fn use_navigation() -> Navigation {
    use_context().unwrap_or_else(|| Navigation {
        here: Place { route: Route::NotFound, query: String::new(), notice: None },
        set: Callback::noop(),
    })
}

#[derive(Properties, PartialEq)]
pub(crate) struct NavigatorProps {
    pub(crate) children: Html,
}

/// Tells everything in it where the person is, and follows the buttons "Back" and "Forward".
#[component]
pub(crate) fn Navigator(props: &NavigatorProps) -> Html {
    let here = use_state_eq(Place::now);
    use_effect_with((), {
        let here = here.setter();
        move |()| {
            let listener = browser::when_history_moves(move || here.set(Place::now()));
            move || drop(listener)
        }
    });
    let set = here.setter();
    let navigation = Navigation { here: (*here).clone(), set: Callback::from(move |place| set.set(place)) };
    html! { <ContextProvider<Navigation> context={navigation}>{ props.children.clone() }</ContextProvider<Navigation>> }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_notice_is_for_one_page() {
        let kept = kept_for(&Route::Home, Notice::PasswordChosen);
        assert_eq!(notice_for(&Route::Home, &kept), Some(Notice::PasswordChosen));
        assert_eq!(notice_for(&Route::Login, &kept), None);
        for nonsense in ["", "password-chosen", "somebody /home", " /home"] {
            assert_eq!(notice_for(&Route::Home, nonsense), None, "{nonsense}");
        }
    }
}

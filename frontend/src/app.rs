use std::rc::Rc;

use rekey_shared::client_config::{ClientConfig, ClientLimits};
use rekey_shared::locale::Locale;
use rekey_shared::password_reset::ResetStyle;
use rekey_shared::password_rules;
use yew::prelude::*;

use crate::components::frame::Frame;
use crate::navigation::{self, Navigator, Notice, use_navigation};
use crate::route::Route;
use crate::session::{self, Session, SessionHandle};
use crate::texts::{self, SignedInTexts, Texts};
use crate::{api, browser, return_to};

const LOCALE_KEY: &str = "rekey.locale";

/// What every component may read: the installation's configuration and the person's language.
#[derive(Clone, PartialEq)]
pub(crate) struct Ui {
    pub(crate) config: Rc<ClientConfig>,
    pub(crate) locale: Locale,
    pub(crate) choose_locale: Callback<Locale>,
}

impl Ui {
    pub(crate) fn texts(&self) -> &'static Texts {
        Texts::of(self.locale)
    }

    /// With those of the pages for whoever is logged in.
    pub(crate) fn signed_in_texts(&self) -> &'static SignedInTexts {
        SignedInTexts::of(self.locale)
    }
}

#[hook]
pub(crate) fn use_ui() -> Ui {
    use_context::<Ui>().unwrap_or_else(|| Ui {
        config: Rc::new(config_without_server()),
        locale: Locale::default(),
        choose_locale: Callback::noop(),
    })
}

/// Asks for what decides the first page, then draws it in the place of the skeleton.
pub(crate) async fn start(page: fn(&Route) -> Html) {
    let config = api::config().await.unwrap_or_else(|_| config_without_server());
    let session = match Route::of(&browser::path()) {
        // Here a live session leads elsewhere; on the other pages it does not matter.
        Route::Login => {
            return_to::arrive(&config);
            let session = session::resume().await;
            if session == Session::None && session::was_not_kept() {
                navigation::tell(&Route::Login, Notice::SessionNotKept);
            }
            session
        }
        _ => Session::Unknown,
    };
    if let Some(root) = browser::element("app") {
        let page = Callback::from(move |route| page(&route));
        let props = AppProps { config: Rc::new(config), session, page };
        yew::Renderer::<App>::with_root_and_props(root, props).render();
    }
}

/// The login works without the configuration, which only names and numbers come from.
fn config_without_server() -> ClientConfig {
    ClientConfig {
        name: "Rekey".to_owned(),
        logo: None,
        reset_style: ResetStyle::default(),
        languages: Locale::ALL.to_vec(),
        limits: ClientLimits {
            reset_mails_per_hour: 0,
            reset_link_life_seconds: 3600,
            temporary_password_life_seconds: 86_400,
            password_min_characters: password_rules::MIN_CHARACTERS,
            password_max_bytes: password_rules::MAX_BYTES,
        },
        home_url: None,
        cookie_domain: None,
        support_contact: None,
    }
}

#[derive(Properties, PartialEq)]
struct AppProps {
    config: Rc<ClientConfig>,
    session: Session,
    /// The pages of this program.
    page: Callback<Route, Html>,
}

#[component]
fn App(props: &AppProps) -> Html {
    let config = props.config.clone();
    let locale = use_state(|| {
        let chosen = browser::stored(LOCALE_KEY);
        texts::choose_locale(chosen.as_deref(), &browser::languages(), &config.languages)
    });
    use_effect_with(*locale, |locale| browser::set_language(locale.code()));
    let choose_locale = {
        let locale = locale.clone();
        Callback::from(move |chosen: Locale| {
            browser::store(LOCALE_KEY, chosen.code());
            locale.set(chosen);
        })
    };
    let session = use_state(|| props.session.clone());
    let handle = SessionHandle { now: (*session).clone(), set: Callback::from(move |now| session.set(now)) };
    let ui = Ui { config, locale: *locale, choose_locale };
    html! {
        <ContextProvider<Ui> context={ui}>
            <ContextProvider<SessionHandle> context={handle}>
                <Navigator>
                    <Frame><Page of={props.page.clone()} /></Frame>
                </Navigator>
            </ContextProvider<SessionHandle>>
        </ContextProvider<Ui>>
    }
}

#[derive(Properties, PartialEq)]
struct PageProps {
    of: Callback<Route, Html>,
}

/// The page that stands in the address bar.
#[component]
fn Page(props: &PageProps) -> Html {
    props.of.emit(use_navigation().here.route)
}

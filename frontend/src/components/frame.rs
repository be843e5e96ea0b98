use rekey_shared::email_address::EmailAddress;
use rekey_shared::locale::Locale;
use yew::prelude::*;

use super::icon::{Icon, icon};
use crate::app::use_ui;
use crate::texts;

#[derive(Properties, PartialEq)]
pub(crate) struct FrameProps {
    /// The page's card.
    pub(crate) children: Html,
}

/// What stands round every card: the name above it; below it help and the languages.
#[component]
pub(crate) fn Frame(props: &FrameProps) -> Html {
    let ui = use_ui();
    let texts = ui.texts();
    html! {
        <>
            <header class="wordmark">
                if let Some(logo) = &ui.config.logo {
                    <img class="logo" src={logo.clone()} alt={ui.config.name.clone()} />
                } else {
                    { icon(Icon::Key) }<span>{ &ui.config.name }</span>
                }
            </header>
            { props.children.clone() }
            <footer class="foot">
                if let Some(contact) = &ui.config.support_contact {
                    <p class="help">{ texts.help }{ " " }{ contact_link(contact) }</p>
                }
                if ui.config.languages.len() > 1 {
                    <div class="languages" role="group" aria-label={texts.language}>
                        { for ui.config.languages.iter().map(|locale| html! { <Language locale={*locale} /> }) }
                    </div>
                }
            </footer>
        </>
    }
}

/// An address as a link to write to; a sentence as it is.
pub(crate) fn contact_link(contact: &str) -> Html {
    match EmailAddress::parse(contact) {
        Ok(address) => html! { <a href={format!("mailto:{address}")}>{ address.as_str() }</a> },
        Err(_) => html! { <>{ contact }</> },
    }
}

#[derive(Properties, PartialEq)]
struct LanguageProps {
    locale: Locale,
}

#[component]
fn Language(props: &LanguageProps) -> Html {
    let ui = use_ui();
    let locale = props.locale;
    let pressed = if ui.locale == locale { "true" } else { "false" };
    let onclick = ui.choose_locale.reform(move |_: MouseEvent| locale);
    html! {
        <button type="button" lang={locale.code()} aria-pressed={pressed} {onclick}>{ texts::own_name(locale) }</button>
    }
}

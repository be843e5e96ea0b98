use yew::prelude::*;

use super::icon::{Icon, icon};
use crate::api::Failure;
use crate::app::use_ui;
use crate::browser;
use crate::form::{Form, Phase};
use crate::texts::Texts;

/// The line under the heading: greeting, progress, outcome.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Status {
    mood: Mood,
    text: AttrValue,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Mood {
    Plain,
    Good,
    Bad,
}

impl Status {
    pub(crate) fn plain(text: impl Into<AttrValue>) -> Self {
        Self { mood: Mood::Plain, text: text.into() }
    }

    pub(crate) fn good(text: impl Into<AttrValue>) -> Self {
        Self { mood: Mood::Good, text: text.into() }
    }

    pub(crate) fn bad(text: impl Into<AttrValue>) -> Self {
        Self { mood: Mood::Bad, text: text.into() }
    }

    pub(crate) fn failure(texts: &Texts, failure: &Failure) -> Self {
        Self::bad(texts.failure(failure))
    }

    /// What a form says; `greeting` before anything was sent. While a request is under way the old outcome goes, so
    /// that the same outcome again is still news to a screen reader.
    pub(crate) fn of(form: &Form, texts: &Texts, greeting: Self, done: Self) -> Self {
        match form.phase() {
            Phase::Resting | Phase::Sending => greeting,
            Phase::Slow => Self::plain(texts.sending),
            Phase::Failed(failure) => Self::failure(texts, failure),
            Phase::Done => done,
        }
    }
}

#[derive(Properties, PartialEq)]
pub(crate) struct CardProps {
    pub(crate) title: AttrValue,
    pub(crate) status: Status,
    /// Names what the page is at. When it changes, the controls do too, and the focus is put where the person goes on.
    #[prop_or_default]
    pub(crate) step: &'static str,
    pub(crate) children: Html,
}

/// The one card of a page: its heading, the live region that is always there, and what the page adds.
#[component]
pub(crate) fn Card(props: &CardProps) -> Html {
    let ui = use_ui();
    use_effect_with((props.title.clone(), ui.config.name.clone()), |(title, name)| {
        browser::set_title(&format!("{title} · {name}"));
    });
    use_effect_with(props.step, |_| {
        if !browser::focus("main input:not([aria-hidden])") {
            browser::focus("main h1");
        }
    });
    let Status { mood, text } = props.status.clone();
    let (class, sign) = match mood {
        Mood::Plain => ("status", Html::default()),
        Mood::Good => ("status status-good", icon(Icon::Check)),
        Mood::Bad => ("status status-bad", icon(Icon::Alert)),
    };
    html! {
        <main class="card">
            // The heading gets the focus where there is no field; the status is read with it.
            <h1 tabindex="-1" aria-describedby="status">{ &props.title }</h1>
            <p id="status" role="status" {class}>{ sign }<span>{ text }</span></p>
            { props.children.clone() }
        </main>
    }
}

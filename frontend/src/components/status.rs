use yew::prelude::*;

use super::icon::{Icon, icon};
use crate::api::Failure;
use crate::form::{Form, Phase};
use crate::texts::Texts;

/// What a card or a form says: greeting, progress, outcome.
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
pub(crate) struct StatusLineProps {
    pub(crate) status: Status,
    #[prop_or_default]
    pub(crate) id: Option<&'static str>,
}

/// A live region that is always there, and empty when there is nothing to say.
#[component]
pub(crate) fn StatusLine(props: &StatusLineProps) -> Html {
    let Status { mood, text } = props.status.clone();
    let (class, sign) = match mood {
        Mood::Plain => ("status", Html::default()),
        Mood::Good => ("status status-good", icon(Icon::Check)),
        Mood::Bad => ("status status-bad", icon(Icon::Alert)),
    };
    html! {
        <p id={props.id} role="status" {class}>
            if !text.is_empty() {
                { sign }<span>{ text }</span>
            }
        </p>
    }
}

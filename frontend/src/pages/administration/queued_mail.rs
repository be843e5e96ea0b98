use rekey_shared::admin::{MailState, QueuedMail};
use yew::prelude::*;

use crate::api;
use crate::components::deed::Deed;
use crate::components::moment::Moment;
use crate::components::status::Status;
use crate::components::table::{cell, row};
use crate::texts::{SignedInTexts, Text};

/// One letter as a row of the table. `say` hears what became of it.
pub(super) fn one(texts: &'static SignedInTexts, mail: &QueuedMail, say: &Callback<Status>) -> Html {
    let words = &texts.administration.mail;
    let kind = (words.kind)(&mail.kind).map_or_else(|| mail.kind.clone(), str::to_owned);
    row(
        &mail.id,
        html! {
            <>
                { cell(words.letter, html! {
                    <>
                        <span class="strong">{ kind }</span>
                        // A fault of the mail server's counts as no attempt, and yet it was tried.
                    if mail.attempts > 0 || mail.last_error.is_none() {
                        <span class="beside">{ (words.attempts)(mail.attempts) }</span>
                    }
                        if let Some(error) = &mail.last_error {
                            <span class="beside bad">{ words.last_error }{ " " }{ error }</span>
                        }
                    </>
                }) }
                { cell(words.to, html! { &mail.address }) }
                { cell(words.when, html! {
                    <>
                        { when(words.sent, mail.sent_at.as_ref()) }
                        { when(words.next_try, mail.due_at.as_ref()) }
                        { when(words.promised, Some(&mail.created_at)) }
                    </>
                }) }
                { cell(words.act, html! { <div class="deeds">{ deeds(texts, mail, say) }</div> }) }
            </>
        },
    )
}

fn when(what: Text, at: Option<&String>) -> Html {
    html! {
        if let Some(at) = at {
            <span class="line">{ what }{ " " }<Moment at={at.clone()} /></span>
        }
    }
}

/// What can be done with a letter that has neither gone nor been dropped.
fn deeds(texts: &'static SignedInTexts, mail: &QueuedMail, say: &Callback<Status>) -> Html {
    if !matches!(mail.state, MailState::Waiting | MailState::Stopped) {
        return Html::default();
    }
    let (words, to) = (&texts.administration.mail, &mail.address);
    let failed = say.reform(|failure| Status::failure(texts, &failure));
    let done = |text: String| say.reform(move |()| Status::good(text.clone()));
    let (retried, dropped) = (mail.id.clone(), mail.id.clone());
    html! {
        <>
            <Deed label={words.retry} name={(words.retry_which)(to)} small=true done={done((words.retried)(to))}
                call={Callback::from(move |()| api::retry_mail(&retried))} failed={failed.clone()} />
            <Deed label={words.drop} name={(words.drop_which)(to)} small=true done={done((words.dropped)(to))}
                call={Callback::from(move |()| api::drop_mail(&dropped))} {failed} />
        </>
    }
}

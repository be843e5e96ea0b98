//! What all lists share: the first page, the next ones, and asking again when the filter changes.

use std::cell::Cell;
use std::rc::Rc;

use gloo_timers::callback::Timeout;
use rekey_shared::list::List;
use yew::platform::spawn_local;
use yew::prelude::*;

use crate::api::{Call, Failure, Filter};
use crate::browser;
use crate::form::{Phase, SLOW_AFTER_MILLISECONDS};
use crate::session::use_session;

pub(crate) struct Listing<T> {
    /// What has come so far; `None` before the first answer.
    pub(crate) items: Option<Rc<Vec<T>>>,
    pub(crate) phase: Phase,
    /// Asks for the next page, if there is one.
    pub(crate) more: Option<Callback<()>>,
    /// Asks for the first page again.
    pub(crate) reload: Callback<()>,
}

/// Loads a list, and loads it again when the filter is another.
#[hook]
pub(crate) fn use_listing<T: Clone + 'static>(
    filter: &Filter,
    call: impl Fn(&Filter) -> Call<List<T>> + Clone + 'static,
) -> Listing<T> {
    let session = use_session();
    let items = use_state(|| None::<Rc<Vec<T>>>);
    let next = use_state(|| None::<String>);
    let phase = use_state(Phase::default);
    // How many there were when the last page was added to them.
    let before = use_state(|| 0_usize);
    // An answer that comes after a newer question was asked is no answer to it.
    let latest = use_memo((), |()| Cell::new(0_u32));

    let load = Callback::from({
        let (items, next, phase, filter) = (items.clone(), next.clone(), phase.clone(), filter.to_vec());
        let before = before.clone();
        move |cursor: Option<String>| {
            let mine = latest.get().wrapping_add(1);
            latest.set(mine);
            let known = cursor.is_some().then(|| items.as_deref().cloned()).flatten().unwrap_or_default();
            let (items, next, phase, latest) = (items.clone(), next.clone(), phase.clone(), latest.clone());
            let before = before.clone();
            let (session, call, filter) = (session.clone(), call.clone(), filter.clone());
            phase.set(Phase::Sending);
            spawn_local(async move {
                let slow = Timeout::new(SLOW_AFTER_MILLISECONDS, {
                    let (phase, latest) = (phase.setter(), latest.clone());
                    move || {
                        if latest.get() == mine {
                            phase.set(Phase::Slow);
                        }
                    }
                });
                let ask = |filter: &Filter| session.ask(call(filter));
                let number = known.len();
                let answer = gather(known, cursor, &filter, ask).await;
                slow.cancel();
                if latest.get() != mine {
                    return;
                }
                match answer {
                    Ok((all, following)) => {
                        items.set(Some(Rc::new(all)));
                        next.set(following);
                        before.set(number);
                        phase.set(Phase::Done);
                    }
                    Err(failure) => phase.set(Phase::Failed(failure)),
                }
            });
        }
    });
    use_effect_with(filter.to_vec(), {
        let load = load.clone();
        move |_| load.emit(None)
    });
    use_effect_with(*before, |before| {
        if *before > 0 {
            browser::focus(&format!("main tbody tr:nth-child({})", before + 1));
        }
    });
    Listing {
        items: (*items).clone(),
        phase: (*phase).clone(),
        more: (*next).clone().map(|cursor| load.reform(move |()| Some(cursor.clone()))),
        reload: load.reform(|()| None),
    }
}

/// The next page. One that is empty and yet not the last is no news to a person: the one after it is asked for at once.
async fn gather<T, Answer: Future<Output = Result<List<T>, Failure>>>(
    mut items: Vec<T>,
    mut cursor: Option<String>,
    filter: &Filter,
    ask: impl Fn(&Filter) -> Answer,
) -> Result<(Vec<T>, Option<String>), Failure> {
    loop {
        let mut filter = filter.to_vec();
        filter.push(("cursor", cursor.unwrap_or_default()));
        let page = ask(&filter).await?;
        let is_empty = page.items.is_empty();
        items.extend(page.items);
        cursor = page.next_cursor;
        if !is_empty || cursor.is_none() {
            return Ok((items, cursor));
        }
    }
}

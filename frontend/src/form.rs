//! What all forms share: one request at a time, the field errors, and what became of it.

use std::cell::Cell;
use std::future::Future;
use std::rc::Rc;

use gloo_timers::callback::Timeout;
use rekey_shared::problem::{FieldCode, FieldError};
use web_sys::HtmlInputElement;
use yew::platform::spawn_local;
use yew::prelude::*;

use crate::api::Failure;
use crate::browser;

/// An answer that comes sooner needs no word that it is awaited; the word would only flicker.
const SLOW_AFTER_MILLISECONDS: u32 = 400;

/// Every field a person fills in, by the name that it has in the API.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Field {
    User,
    Password,
    Email,
    NewPassword,
}

impl Field {
    #[cfg(test)]
    pub(crate) const ALL: [Self; 4] = [Self::User, Self::Password, Self::Email, Self::NewPassword];

    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::User => "user",
            Self::Password => "password",
            Self::Email => "email",
            Self::NewPassword => "new_password",
        }
    }

    pub(crate) fn is(self, code: FieldCode) -> FieldError {
        FieldError::new(self.name(), code)
    }
}

#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) enum Phase {
    #[default]
    Resting,
    Sending,
    /// Sending for so long that the person should be told.
    Slow,
    Failed(Failure),
    Done,
}

#[derive(Clone)]
pub(crate) struct Form {
    phase: UseStateHandle<Phase>,
    // Beside the phase, which a second click in the same instant would still see at rest.
    busy: Rc<Cell<bool>>,
    // Counted, because the same failure twice is still news.
    failures: Rc<Cell<u32>>,
}

#[hook]
pub(crate) fn use_form() -> Form {
    let phase = use_state(Phase::default);
    let busy = use_memo((), |()| Cell::new(false));
    let failures = use_memo((), |()| Cell::new(0));
    // The fields are marked by now; the first of them is where the person goes on.
    use_effect_with(((*phase).clone(), failures.get()), |(phase, _)| {
        if matches!(phase, Phase::Failed(failure) if !failure.field_errors().is_empty()) {
            browser::focus("[aria-invalid=true]");
        }
    });
    Form { phase, busy, failures }
}

impl Form {
    pub(crate) fn phase(&self) -> &Phase {
        &self.phase
    }

    pub(crate) fn failure(&self) -> Option<&Failure> {
        match &*self.phase {
            Phase::Failed(failure) => Some(failure),
            Phase::Resting | Phase::Sending | Phase::Slow | Phase::Done => None,
        }
    }

    pub(crate) fn error(&self, field: Field) -> Option<FieldCode> {
        let errors = self.failure()?.field_errors();
        errors.iter().find(|error| error.field == field.name()).map(|error| error.code)
    }

    /// Says no before the server is asked.
    pub(crate) fn refuse(&self, errors: Vec<FieldError>) {
        self.fail(Failure::Incomplete(errors));
    }

    fn fail(&self, failure: Failure) {
        self.failures.set(self.failures.get().wrapping_add(1));
        self.phase.set(Phase::Failed(failure));
    }

    /// Sends, unless the last request is still under way. `then` hears of a success.
    pub(crate) fn send<A: 'static>(
        &self,
        call: impl Future<Output = Result<A, Failure>> + 'static,
        then: impl FnOnce(A) + 'static,
    ) {
        if self.busy.replace(true) {
            return;
        }
        let form = self.clone();
        form.phase.set(Phase::Sending);
        spawn_local(async move {
            let slow = form.phase.setter();
            let slow = Timeout::new(SLOW_AFTER_MILLISECONDS, move || slow.set(Phase::Slow));
            let answer = call.await;
            slow.cancel();
            form.busy.set(false);
            match answer {
                Ok(answer) => {
                    form.phase.set(Phase::Done);
                    then(answer);
                }
                Err(failure) => form.fail(failure),
            }
        });
    }
}

/// A form's submit event that stays in the page.
pub(crate) fn on_submit(send: impl Fn() + 'static) -> Callback<SubmitEvent> {
    Callback::from(move |event: SubmitEvent| {
        event.prevent_default();
        send();
    })
}

/// What stands in a field now. The fields keep their own text, so that nothing typed is copied with every key and an
/// error leaves it as it was.
pub(crate) fn typed(field: &NodeRef) -> String {
    field.cast::<HtmlInputElement>().map(|input| input.value()).unwrap_or_default()
}

//! What all forms share: one request at a time, the field errors, and what became of it.

use std::cell::Cell;
use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;

use gloo_timers::callback::Timeout;
use rekey_shared::email_address::{EmailAddress, NotAnEmail};
use rekey_shared::problem::{FieldCode, FieldError};
use yew::platform::spawn_local;
use yew::prelude::*;

use crate::api::Failure;
use crate::browser;

/// An answer that comes sooner needs no word that it is awaited; the word would only flicker.
pub(crate) const SLOW_AFTER_MILLISECONDS: u32 = 400;

macro_rules! fields {
    ($($variant:ident = $name:literal,)+) => {
        /// Every field a person fills in, by the name that it has in the API.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub(crate) enum Field { $($variant,)+ }

        impl Field {
            #[cfg(test)]
            pub(crate) const ALL: &[Self] = &[$(Self::$variant,)+];

            pub(crate) const fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)+ }
            }
        }
    };
}

fields! {
    User = "user",
    Password = "password",
    Email = "email",
    NewPassword = "new_password",
    CurrentPassword = "current_password",
    Name = "name",
    Note = "note",
    UserName = "user_name",
    Role = "role",
    Locale = "locale",
    Reason = "reason",
    Search = "search",
    State = "state",
    Event = "event",
    Account = "account",
    Actor = "actor",
}

impl Field {
    /// Whether it is drawn as dots.
    pub(crate) const fn is_secret(self) -> bool {
        matches!(self, Self::Password | Self::CurrentPassword | Self::NewPassword)
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

/// The form of a page that has one.
#[hook]
pub(crate) fn use_form() -> Form {
    use_form_in("app")
}

/// One of several forms on a page; `id` is that of its element.
#[hook]
pub(crate) fn use_form_in(id: &str) -> Form {
    let phase = use_state(Phase::default);
    let busy = use_memo((), |()| Cell::new(false));
    let failures = use_memo((), |()| Cell::new(0));
    let wrong = format!("#{id} [aria-invalid=true]");
    // The fields are marked by now; the first of them is where the person goes on.
    use_effect_with(((*phase).clone(), failures.get()), move |(phase, _)| {
        if matches!(phase, Phase::Failed(failure) if !failure.field_errors().is_empty()) {
            browser::focus(&wrong);
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

    /// Takes back what became of the last request.
    pub(crate) fn rest(&self) {
        self.phase.set(Phase::Resting);
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
        self.run(Box::pin(async move { call.await.map(then) }));
    }

    /// Boxed, so that all this exists once in the WASM and not once for each form.
    fn run(&self, call: Pin<Box<dyn Future<Output = Result<(), Failure>>>>) {
        if self.busy.replace(true) {
            return;
        }
        let form = self.clone();
        form.phase.set(Phase::Sending);
        spawn_local(async move {
            let slow = form.phase.setter();
            let slow = Timeout::new(SLOW_AFTER_MILLISECONDS, move || slow.set(Phase::Slow));
            let outcome = call.await;
            slow.cancel();
            form.busy.set(false);
            match outcome {
                Ok(()) => form.phase.set(Phase::Done),
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
    field.get().map(|field| browser::value_of(&field)).unwrap_or_default()
}

/// Empties fields whose text has done its work, such as a password.
pub(crate) fn empty(fields: &[NodeRef]) {
    for field in fields.iter().filter_map(NodeRef::get) {
        browser::set_value_of(&field, "");
    }
}

/// The text of a field that may stay empty.
pub(crate) fn typed_or_none(field: &NodeRef) -> Option<String> {
    Some(typed(field).trim().to_owned()).filter(|text| !text.is_empty())
}

/// An address as it was typed, or what is wrong with it.
pub(crate) fn typed_email(field: &NodeRef) -> Result<String, FieldError> {
    match EmailAddress::parse(&typed(field)) {
        Ok(address) => Ok(address.to_string()),
        Err(why) => Err(Field::Email.is(match why {
            NotAnEmail::Empty => FieldCode::Required,
            NotAnEmail::TooLong => FieldCode::TooLong,
            // For a person, "name @example.com" is simply not an address.
            NotAnEmail::InvalidCharacter | NotAnEmail::Syntax => FieldCode::NotAnEmail,
        })),
    }
}

/// The text of a field that must not stay empty, without the white space round it.
pub(crate) fn typed_text(field: Field, node: &NodeRef) -> Result<String, FieldError> {
    typed_or_none(node).ok_or_else(|| field.is(FieldCode::Required))
}

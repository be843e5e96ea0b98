use rekey_shared::problem::ProblemCode;
use yew::prelude::*;

use super::email::Email;
use super::password::Password;
use super::profile::Profile;
use super::sessions::Sessions;
use super::sign_out::Ways;
use crate::api::Failure;
use crate::app::use_ui;
use crate::components::link::Way;
use crate::components::sheet::Sheet;
use crate::components::status::Status;
use crate::form::Form;
use crate::pages::signed_in::Person;
use crate::route::Route;
use crate::texts::SignedInTexts;

#[derive(Properties, PartialEq)]
pub(crate) struct OwnProps {
    pub(crate) person: Person,
}

/// All that is the person's own.
#[component]
pub(crate) fn OwnAccount(props: &OwnProps) -> Html {
    let texts = use_ui().signed_in_texts();
    let person = &props.person;
    // A new password ends the other sessions, so that their list is another.
    let passwords = use_state(|| 0_u32);
    let changed = Callback::from({
        let passwords = passwords.clone();
        move |()| passwords.set(*passwords + 1)
    });
    let ways = html! {
        <Ways name={texts.home.title}>
            <Way to={Route::Home}>{ texts.home.title }</Way>
        </Ways>
    };
    html! {
        <Sheet title={texts.account.title} status={Status::plain(texts.account.about)} {ways}>
            <Profile person={person.clone()} />
            <Email email={person.me.email.clone()} />
            <Password user_name={person.me.user_name.clone()} email={person.me.email.clone()} {changed} />
            <Sessions key={passwords.to_string()} />
        </Sheet>
    }
}

/// What a form says that asks for the current password. At the login the same answer means "user or password".
pub(super) fn status_with_password(form: &Form, texts: &SignedInTexts, done: impl Into<AttrValue>) -> Status {
    if wrong_password(form) {
        return Status::bad(texts.account.wrong_password);
    }
    Status::of(form, texts, Status::plain(""), Status::good(done))
}

/// Whether the server says that the current password is another.
pub(super) fn wrong_password(form: &Form) -> bool {
    form.failure().and_then(Failure::code) == Some(ProblemCode::InvalidCredentials)
}

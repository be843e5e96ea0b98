use rekey_shared::login::{LoginRequest, SessionKind, SessionTokens};
use rekey_shared::problem::{FieldCode, FieldError, ProblemCode};
use rekey_shared::secret::Secret;
use yew::platform::spawn_local;
use yew::prelude::*;

use crate::api::Failure;
use crate::components::button::Action;
use crate::components::card::{Card, Status};
use crate::components::link::Way;
use crate::components::text_field::TextField;
use crate::form::{Field, on_submit, typed, use_form};
use crate::navigation::{Notice, use_navigation};
use crate::route::{Route, use_go_on};
use crate::session::{self, MailedPassword, Session, use_session};
use crate::{api, app::use_ui, browser, return_to};

#[component]
pub(crate) fn Login() -> Html {
    let texts = use_ui().texts();
    let session = use_session();
    let go_on = use_go_on();
    let navigation = use_navigation();
    let notice = navigation.here.notice;
    let (user, password) = (use_node_ref(), use_node_ref());
    let form = use_form();

    use_effect_with(session.now.clone(), {
        let set = session.set.clone();
        move |now| match now {
            Session::Unknown => spawn_local(async move { set.emit(session::resume().await) }),
            Session::Full(_) => go_on.emit(None),
            Session::None | Session::Over | Session::MustChoose(_) => (),
        }
    });
    use_effect_with(form.failure().and_then(Failure::code), |code| {
        if *code == Some(ProblemCode::InvalidCredentials) {
            browser::focus("#password");
        }
    });

    // Whoever types here is about to need the other program; whoever does not need not load it.
    let oninput = Callback::from(move |_: InputEvent| {
        while let Some(file) = browser::next_ahead() {
            spawn_local(async move { browser::fetch::load_ahead(&file).await });
        }
    });
    let onsubmit = on_submit({
        let (form, user, password) = (form.clone(), user.clone(), password.clone());
        let set_session = session.set.clone();
        move || {
            let login = LoginRequest {
                user: typed(&user),
                password: Secret::from(typed(&password)),
                session: SessionKind::Cookie,
            };
            let missing = missing(&login);
            if !missing.is_empty() {
                return form.refuse(missing);
            }
            let (set_session, navigation) = (set_session.clone(), navigation.clone());
            form.send(log_in(login.clone()), move |tokens| {
                return_to::logged_in();
                let must_choose = tokens.password_change_required;
                set_session.emit(session_of(tokens, login));
                if must_choose {
                    navigation.push(&Route::ChoosePassword, "");
                }
            });
        }
    });

    if matches!(session.now, Session::Full(_)) {
        return html! { <Card title={texts.login.title} status={Status::plain(texts.one_moment)}>{ "" }</Card> };
    }
    let greeting = match notice {
        Some(Notice::SessionEnded) => Status::bad(texts.login.session_ended),
        Some(Notice::SessionNotKept) => Status::bad(texts.login.not_kept),
        _ => Status::plain(texts.login.welcome),
    };
    let status = Status::of(&form, texts, greeting, Status::plain(texts.one_moment));
    html! {
        <Card title={texts.login.title} {status}>
            // `post`: should the program have stopped, nothing typed gets into an address, and so into no log.
            <form method="post" novalidate=true {oninput} {onsubmit}>
                <TextField field={Field::User} label={texts.login.user} node={user} error={form.error(Field::User)} />
                <TextField field={Field::Password} label={texts.login.password} node={password}
                    error={form.error(Field::Password)} />
                <div class="actions"><Action label={texts.login.submit} phase={form.phase().clone()} /></div>
            </form>
            <div class="links">
                <Way to={Route::ForgottenPassword}>{ texts.login.forgot }</Way>
                <Way to={Route::RequestCredential}>{ texts.login.request_credential }</Way>
            </div>
        </Card>
    }
}

/// A mailed password begins no session that the browser would have to keep.
async fn log_in(login: LoginRequest) -> Result<SessionTokens, Failure> {
    let tokens = api::log_in(login).await?;
    if tokens.password_change_required || session::is_kept().await { Ok(tokens) } else { Err(Failure::NotKept) }
}

fn missing(login: &LoginRequest) -> Vec<FieldError> {
    let mut missing = Vec::new();
    if login.user.trim().is_empty() {
        missing.push(Field::User.is(FieldCode::Required));
    }
    if login.password.is_empty() {
        missing.push(Field::Password.is(FieldCode::Required));
    }
    missing
}

fn session_of(tokens: SessionTokens, login: LoginRequest) -> Session {
    if tokens.password_change_required {
        Session::MustChoose(MailedPassword {
            access_token: tokens.access_token,
            user: login.user,
            password: login.password,
        })
    } else {
        Session::Full(tokens.access_token)
    }
}

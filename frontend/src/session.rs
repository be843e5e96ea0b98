//! Who is logged in, as far as this page knows. The access token lives only here, in memory; what survives a reload
//! is the server's cookie, which no script can read.

use rekey_shared::account::Me;
use rekey_shared::problem::ProblemCode;
use rekey_shared::secret::Secret;
use yew::prelude::*;

use crate::api::{self, Failure};

#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) enum Session {
    /// Nobody has asked the server yet.
    #[default]
    Unknown,
    None,
    /// The access token.
    Full(Secret),
    /// Logged in with a mailed password, which opens one page only.
    MustChoose(MailedPassword),
}

/// What was just typed on the login page, so that it need not be typed again.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct MailedPassword {
    pub(crate) access_token: Secret,
    pub(crate) user: String,
    pub(crate) password: Secret,
}

#[derive(Clone, Default, PartialEq)]
pub(crate) struct SessionHandle {
    pub(crate) now: Session,
    pub(crate) set: Callback<Session>,
}

impl SessionHandle {
    pub(crate) fn access_token(&self) -> Option<Secret> {
        match &self.now {
            Session::Full(token) => Some(token.clone()),
            Session::MustChoose(mailed) => Some(mailed.access_token.clone()),
            Session::Unknown | Session::None => None,
        }
    }
}

#[hook]
pub(crate) fn use_session() -> SessionHandle {
    use_context().unwrap_or_default()
}

/// The session that the browser's cookie keeps, if it does. No answer is taken for none: the person can log in.
pub(crate) async fn resume() -> Session {
    match api::refresh_session().await {
        Ok(Some(tokens)) => Session::Full(tokens.access_token),
        Ok(None) | Err(_) => Session::None,
    }
}

/// Who is logged in, and a token that is good now; `None` when nobody is. A token that has run out is renewed once.
pub(crate) async fn who_am_i(access_token: Option<Secret>) -> Result<Option<(Secret, Me)>, Failure> {
    if let Some(token) = access_token {
        match api::me(&token).await {
            Ok(me) => return Ok(Some((token, me))),
            Err(failure) if failure.code() == Some(ProblemCode::Unauthenticated) => {}
            Err(failure) => return Err(failure),
        }
    }
    let Some(tokens) = api::refresh_session().await? else {
        return Ok(None);
    };
    let me = api::me(&tokens.access_token).await?;
    Ok(Some((tokens.access_token, me)))
}

/// Whether the server says that there is no session any more.
pub(crate) fn is_over(failure: &Failure) -> bool {
    matches!(failure.code(), Some(ProblemCode::Unauthenticated | ProblemCode::SessionEnded))
}

//! Who is logged in, as far as this page knows. The access token lives only here, in memory; what survives a reload
//! is the server's cookie, which no script can read.

use rekey_shared::client::Answer;
use rekey_shared::login::SessionTokens;
use rekey_shared::problem::ProblemCode;
use rekey_shared::secret::Secret;
use yew::prelude::*;

use crate::api::{self, Call, Failure, Request};
use crate::{browser, marker};

const BEGUN_KEY: &str = "rekey.session-begun-at";

/// Whoever comes back without a session later than that had one that has ended since.
const SOON_SECONDS: u64 = 60;

#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) enum Session {
    /// Nobody has asked the server yet.
    #[default]
    Unknown,
    None,
    /// The server has ended it.
    Over,
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
            Session::Unknown | Session::None | Session::Over => None,
        }
    }

    /// Asks in the name of whoever is logged in. A token that has run out, or that a reload has forgotten, is renewed
    /// once by the browser's cookie. When there is no session any more, the page that is open (see
    /// [`crate::pages::signed_in`]) leads to the login.
    pub(crate) fn ask<A: 'static>(&self, call: Call<A>) -> impl Future<Output = Result<A, Failure>> + 'static {
        let session = self.clone();
        async move { Ok(call.read(&session.exchange(call.request()).await?)?) }
    }

    async fn exchange(&self, request: &Request) -> Result<Answer, Failure> {
        if let Some(token) = self.access_token() {
            match api::exchange(request, Some(&token)).await {
                Err(failure) if is_over(&failure) => {}
                answer => return answer,
            }
        }
        let token = self.renew().await?;
        api::exchange(request, Some(&token)).await.inspect_err(|failure| self.notice(failure))
    }

    async fn renew(&self) -> Result<Secret, Failure> {
        let Some(tokens) = refresh().await.inspect_err(|failure| self.notice(failure))? else {
            // A token without a cookie was somebody's session; no token was none that we know of.
            let ended = if self.access_token().is_some() { Session::Over } else { Session::None };
            self.set.emit(ended);
            return Err(Failure::NobodyHere);
        };
        self.set.emit(Session::Full(tokens.access_token.clone()));
        Ok(tokens.access_token)
    }

    fn notice(&self, failure: &Failure) {
        if is_over(failure) {
            self.set.emit(Session::Over);
        }
    }
}

#[hook]
pub(crate) fn use_session() -> SessionHandle {
    use_context().unwrap_or_default()
}

/// The session that the browser's cookie keeps, if it does. No answer is taken for none: the person can log in.
pub(crate) async fn resume() -> Session {
    match refresh().await {
        Ok(Some(tokens)) => Session::Full(tokens.access_token),
        Ok(None) | Err(_) => Session::None,
    }
}

async fn refresh() -> Result<Option<SessionTokens>, Failure> {
    let found = api::refresh_session().await;
    // The browser kept what it was given, whatever has become of it.
    if !matches!(found, Ok(None)) {
        browser::forget_in_tab(BEGUN_KEY);
    }
    found
}

/// A session has begun whose cookie no script can see: only a page that asks for it finds out whether the browser kept it.
/// That is the next one, which this tab tells; where it remembers nothing, as where cookies are forbidden, it is this one.
pub(crate) async fn is_kept() -> bool {
    browser::keep_in_tab(BEGUN_KEY, &browser::now_in_milliseconds().to_string());
    browser::kept_in_tab(BEGUN_KEY).is_some() || !matches!(refresh().await, Ok(None))
}

/// Whether a session that began a moment ago has not been seen since. Tells it once.
pub(crate) fn was_not_kept() -> bool {
    let begun_at = browser::kept_in_tab(BEGUN_KEY);
    browser::forget_in_tab(BEGUN_KEY);
    marker::still_good(begun_at.as_deref(), browser::now_in_milliseconds(), SOON_SECONDS)
}

/// Whether the server says that there is no session any more.
pub(crate) fn is_over(failure: &Failure) -> bool {
    matches!(failure.code(), Some(ProblemCode::Unauthenticated | ProblemCode::SessionEnded))
}

use std::fmt;
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::{Answer, Call, Client, Failure, Request, api};
use crate::account::ChangePassword;
use crate::login::{RefreshRequest, SessionTokens};
use crate::problem::ProblemCode;
use crate::secret::Secret;

/// Somebody who is logged in with tokens, as an app is. Any number of tasks may ask at a time.
///
/// The refresh token is what survives the app: with [`Self::kept_by`] it goes to where the system keeps secrets, and
/// [`Self::resumed`] begins with it. The server replaces it at every use and takes the old one for 10 seconds more, so
/// that an answer which got lost can be asked for again; later, an old one ends the session, because a thief might have it.
pub struct Session {
    client: Client,
    tokens: Mutex<Tokens>,
    keep: Option<Keep>,
}

type Keep = Box<dyn Fn(&Secret) + Send + Sync>;

#[derive(Clone)]
struct Tokens {
    access: Option<Secret>,
    refresh: Option<Secret>,
}

impl Session {
    /// With the answer of [`api::log_in`].
    #[must_use]
    pub fn new(client: Client, tokens: SessionTokens) -> Self {
        Self::with(client, tokens.into())
    }

    /// With the refresh token of a run before. The server is not asked until it must be.
    #[must_use]
    pub fn resumed(client: Client, refresh_token: Secret) -> Self {
        Self::with(client, Tokens { access: None, refresh: Some(refresh_token) })
    }

    fn with(client: Client, tokens: Tokens) -> Self {
        Self { client, tokens: Mutex::new(tokens), keep: None }
    }

    /// Tells every refresh token at once, beginning with the one that there is.
    #[must_use]
    pub fn kept_by(mut self, keep: impl Fn(&Secret) + Send + Sync + 'static) -> Self {
        if let Some(refresh_token) = &self.tokens().refresh {
            keep(refresh_token);
        }
        self.keep = Some(Box::new(keep));
        self
    }

    /// What [`Self::resumed`] begins with; there is none for a mailed password, nor with a browser's cookie.
    #[must_use]
    pub fn refresh_token(&self) -> Option<Secret> {
        self.tokens().refresh.clone()
    }

    /// Asks, and asks once more with a new access token when the old one has run out.
    ///
    /// # Errors
    /// As [`Client::send`]. `session_ended` and `unauthenticated` say that somebody must log in again.
    pub async fn ask<A>(&self, call: &Call<A>) -> Result<A, Failure> {
        call.read(&self.exchange(call.request()).await?)
    }

    /// Chooses another password. All sessions of before end with it; this one goes on as a new one.
    ///
    /// # Errors
    /// As [`Self::ask`]; `password_rejected` says by its fields which rule is broken.
    pub async fn change_password(&self, change: &ChangePassword) -> Result<(), Failure> {
        let tokens = self.ask(&api::change_password(change)).await?;
        self.set(&mut self.tokens(), tokens);
        Ok(())
    }

    /// Ends the session on the server.
    ///
    /// # Errors
    /// As [`Client::send`]. An app forgets its refresh token even then.
    pub async fn log_out(self) -> Result<(), Failure> {
        let Tokens { access, refresh } = self.tokens().clone();
        let call = api::log_out(&RefreshRequest { refresh_token: refresh });
        self.client.exchange(call.request(), access.as_ref()).await.map(drop)
    }

    async fn exchange(&self, request: &Request) -> Result<Answer, Failure> {
        let had = self.tokens().clone();
        if let Some(access_token) = &had.access {
            let answer = self.client.exchange(request, Some(access_token)).await;
            let has_run_out = matches!(&answer, Err(failure) if failure.code() == Some(ProblemCode::Unauthenticated));
            // Who logged in with a mailed password has no refresh token.
            if !has_run_out || had.refresh.is_none() {
                return answer;
            }
        }
        let access_token = self.renew(had).await?;
        self.client.exchange(request, Some(&access_token)).await
    }

    async fn renew(&self, had: Tokens) -> Result<Secret, Failure> {
        let now = self.tokens().clone();
        // Another task was faster.
        if let Some(access_token) = now.access.filter(|access_token| Some(access_token) != had.access.as_ref()) {
            return Ok(access_token);
        }
        let used = RefreshRequest { refresh_token: now.refresh };
        let answer = self.client.send(&api::refresh_session(&used)).await?;
        let renewed = answer.ok_or(Failure::Unreadable { status: 204 })?;
        let access_token = renewed.access_token.clone();
        let mut tokens = self.tokens();
        // Meanwhile another task may have got the same answer and gone on from there.
        if tokens.refresh == used.refresh_token {
            self.set(&mut tokens, renewed);
        }
        Ok(access_token)
    }

    /// Under the lock, so that the last refresh token is the last that is told.
    fn set(&self, tokens: &mut Tokens, renewed: SessionTokens) {
        *tokens = renewed.into();
        if let (Some(keep), Some(refresh_token)) = (&self.keep, &tokens.refresh) {
            keep(refresh_token);
        }
    }

    fn tokens(&self) -> MutexGuard<'_, Tokens> {
        self.tokens.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl From<SessionTokens> for Tokens {
    fn from(tokens: SessionTokens) -> Self {
        Self { access: Some(tokens.access_token), refresh: tokens.refresh_token }
    }
}

impl fmt::Debug for Session {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Session").field("client", &self.client).finish_non_exhaustive()
    }
}

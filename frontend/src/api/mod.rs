//! The API as this page asks it: the calls are those of [`rekey_shared::client`], and [`fetch`] sends them. A call
//! that needs somebody logged in is made by [`crate::session::SessionHandle::ask`].

mod failure;
mod lists;

use std::time::Duration;

pub(crate) use api::{
    account, add_account, approve, change_account, change_email, change_password, change_profile, delete_account,
    drop_mail, end_other_sessions, end_session, end_sessions_of, me, reject,
};
pub(crate) use failure::Failure;
pub(crate) use lists::*;
use rekey_shared::account::{ConfirmEmail, EmailConfirmed};
use rekey_shared::admin::ChangeAccount;
use rekey_shared::client::{Answer, api};
pub(crate) use rekey_shared::client::{Call, Request};
use rekey_shared::client_config::ClientConfig;
use rekey_shared::credential_request::{CredentialRequest, CredentialRequested};
use rekey_shared::login::{LoginRequest, RefreshRequest, SessionTokens};
use rekey_shared::password_reset::{ConfirmRequest, Confirmed, ResetRequest, ResetRequested};
use rekey_shared::secret::Secret;

use crate::browser::fetch;

pub(crate) async fn exchange(request: &Request, access_token: Option<&Secret>) -> Result<Answer, Failure> {
    Ok(fetch::exchange(request, access_token).await?)
}

/// Asks with the token that is given, and with no other.
pub(crate) async fn send<A>(call: Call<A>, access_token: Option<&Secret>) -> Result<A, Failure> {
    Ok(call.read(&exchange(call.request(), access_token).await?)?)
}

pub(crate) async fn config() -> Result<ClientConfig, Failure> {
    // The page can do without, so it does not wait as long as a person would.
    send(api::config().within(Duration::from_secs(5)), None).await
}

pub(crate) async fn log_in(login: LoginRequest) -> Result<SessionTokens, Failure> {
    send(api::log_in(&login), None).await
}

/// A new access token for the session that the browser's cookie keeps; `None` without a cookie.
pub(crate) async fn refresh_session() -> Result<Option<SessionTokens>, Failure> {
    send(api::refresh_session(&RefreshRequest::default()), None).await
}

pub(crate) async fn log_out(access_token: Option<Secret>) -> Result<(), Failure> {
    send(api::log_out(&RefreshRequest::default()), access_token.as_ref()).await
}

pub(crate) async fn request_reset(reset: ResetRequest) -> Result<ResetRequested, Failure> {
    send(api::request_reset(&reset), None).await
}

pub(crate) async fn confirm_reset(confirm: ConfirmRequest) -> Result<Confirmed, Failure> {
    send(api::confirm_reset(&confirm), None).await
}

pub(crate) async fn request_credential(request: CredentialRequest) -> Result<CredentialRequested, Failure> {
    send(api::request_credential(&request), None).await
}

/// The token is enough: nobody need be logged in.
pub(crate) async fn confirm_email(confirm: ConfirmEmail) -> Result<EmailConfirmed, Failure> {
    send(api::confirm_email(&confirm), None).await
}

pub(crate) fn disable_account(id: &str, disabled: bool) -> Call<()> {
    change_account(id, &ChangeAccount { disabled: Some(disabled), ..ChangeAccount::default() }).ignoring_the_answer()
}

pub(crate) fn send_reset(id: &str) -> Call<()> {
    api::send_reset(id).ignoring_the_answer()
}

pub(crate) fn retry_mail(id: &str) -> Call<()> {
    api::retry_mail(id).ignoring_the_answer()
}

//! The person's own account.

use rekey_shared::account::{
    ChangeEmail, ChangePassword, ChangeProfile, ConfirmEmail, EmailChangeAsked, EmailConfirmed, Me, SessionInfo,
};
use rekey_shared::list::List;
use rekey_shared::login::SessionTokens;
use rekey_shared::paths;
use reqwest::Method;

use super::{Call, Failure, Filter};
use crate::browser;

pub(crate) fn me() -> Call<Me> {
    Call::get(paths::ME)
}

pub(crate) fn change_profile(change: &ChangeProfile) -> Call<Me> {
    Call::with_body(Method::PATCH, paths::ME, change)
}

pub(crate) fn change_password(change: &ChangePassword) -> Call<SessionTokens> {
    Call::with_body(Method::POST, paths::ME_PASSWORD, change)
}

pub(crate) fn change_email(change: &ChangeEmail) -> Call<EmailChangeAsked> {
    Call::with_body(Method::POST, paths::ME_EMAIL, change)
}

/// The token is enough: nobody need be logged in.
pub(crate) async fn confirm_email(confirm: ConfirmEmail) -> Result<EmailConfirmed, Failure> {
    Call::with_body(Method::POST, paths::ME_EMAIL_CONFIRM, &confirm).send(None).await
}

pub(crate) fn sessions(page: &Filter) -> Call<List<SessionInfo>> {
    Call::get(paths::ME_SESSIONS.to_owned() + &browser::query_of(page))
}

pub(crate) fn end_session(id: &str) -> Call<()> {
    Call::without_body(Method::DELETE, format!("{}/{id}", paths::ME_SESSIONS))
}

pub(crate) fn end_other_sessions() -> Call<()> {
    Call::without_body(Method::DELETE, paths::ME_SESSIONS)
}

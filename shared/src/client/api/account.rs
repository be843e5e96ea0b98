use http::Method;

use crate::account::{
    ChangeEmail, ChangePassword, ChangeProfile, ConfirmEmail, EmailChangeAsked, EmailConfirmed, Me, SessionInfo,
};
use crate::client::Call;
use crate::list::List;
use crate::login::SessionTokens;
use crate::paths;

/// Who is logged in.
pub fn me() -> Call<Me> {
    Call::get(paths::ME)
}

/// Changes name and language.
pub fn change_profile(change: &ChangeProfile) -> Call<Me> {
    Call::new(Method::PATCH, paths::ME).with_body(change)
}

/// Chooses another password; the answer is a new session, and all others end.
pub fn change_password(change: &ChangePassword) -> Call<SessionTokens> {
    Call::new(Method::POST, paths::ME_PASSWORD).with_body(change)
}

/// Asks for another address: a link is mailed there.
pub fn change_email(change: &ChangeEmail) -> Call<EmailChangeAsked> {
    Call::new(Method::POST, paths::ME_EMAIL).with_body(change)
}

/// Confirms it. The link's token is enough: nobody need be logged in.
pub fn confirm_email(confirm: &ConfirmEmail) -> Call<EmailConfirmed> {
    Call::new(Method::POST, paths::ME_EMAIL_CONFIRM).with_body(confirm)
}

/// Where one is logged in.
pub fn sessions() -> Call<List<SessionInfo>> {
    Call::get(paths::ME_SESSIONS)
}

/// Ends one session of one's own.
pub fn end_session(id: &str) -> Call<()> {
    Call::without_answer(Method::DELETE, paths::ME_SESSION).of(id)
}

/// Ends all sessions of one's own but this one.
pub fn end_other_sessions() -> Call<()> {
    Call::without_answer(Method::DELETE, paths::ME_SESSIONS)
}

use http::Method;

use crate::admin::{
    AddAccount, AdminAccount, ApproveRequest, AuditEntry, AuditEvent, ChangeAccount, MailState, QueuedMail,
    RejectRequest, WaitingRequest,
};
use crate::client::Call;
use crate::list::List;
use crate::password_reset::ResetRequested;
use crate::paths;

/// Accounts whose user name or address begins so; all of them for an empty text.
pub fn accounts(search: &str) -> Call<List<AdminAccount>> {
    Call::get(paths::ADMIN_ACCOUNTS).with_query("search", search)
}

/// One account.
pub fn account(id: &str) -> Call<AdminAccount> {
    Call::get(paths::ADMIN_ACCOUNT).of(id)
}

/// Makes an account and mails its first password.
pub fn add_account(account: &AddAccount) -> Call<AdminAccount> {
    Call::new(Method::POST, paths::ADMIN_ACCOUNTS).with_body(account)
}

/// Changes an account.
pub fn change_account(id: &str, change: &ChangeAccount) -> Call<AdminAccount> {
    Call::new(Method::PATCH, paths::ADMIN_ACCOUNT).of(id).with_body(change)
}

/// Deletes an account with all that it has.
pub fn delete_account(id: &str) -> Call<()> {
    Call::without_answer(Method::DELETE, paths::ADMIN_ACCOUNT).of(id)
}

/// Mails a reset link to an account's address.
pub fn send_reset(id: &str) -> Call<ResetRequested> {
    Call::new(Method::POST, paths::ADMIN_ACCOUNT_SEND_RESET).of(id)
}

/// Ends all sessions of an account.
pub fn end_sessions_of(id: &str) -> Call<()> {
    Call::without_answer(Method::DELETE, paths::ADMIN_ACCOUNT_SESSIONS).of(id)
}

/// Requests for accounts that wait.
pub fn credential_requests() -> Call<List<WaitingRequest>> {
    Call::get(paths::ADMIN_CREDENTIAL_REQUESTS)
}

/// Makes the account that was asked for and mails its first password.
pub fn approve(id: &str, approval: &ApproveRequest) -> Call<AdminAccount> {
    Call::new(Method::POST, paths::ADMIN_CREDENTIAL_REQUEST_APPROVE).of(id).with_body(approval)
}

/// Says no, by mail.
pub fn reject(id: &str, rejection: &RejectRequest) -> Call<()> {
    Call::without_answer(Method::POST, paths::ADMIN_CREDENTIAL_REQUEST_REJECT).of(id).with_body(rejection)
}

/// Letters of which this has become; all of them where nothing is said.
pub fn mail_queue(state: Option<MailState>) -> Call<List<QueuedMail>> {
    Call::get(paths::ADMIN_MAIL_QUEUE).with_query("state", state.map_or("", MailState::name))
}

/// Tries a letter now.
pub fn retry_mail(id: &str) -> Call<QueuedMail> {
    Call::new(Method::POST, paths::ADMIN_QUEUED_MAIL_RETRY).of(id)
}

/// Drops a letter.
pub fn drop_mail(id: &str) -> Call<()> {
    Call::without_answer(Method::DELETE, paths::ADMIN_QUEUED_MAIL).of(id)
}

/// What the audit events are narrowed to; what is empty says nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AuditFilter {
    /// Only this kind of event.
    pub event: Option<AuditEvent>,
    /// Done to this account: its id or its user name.
    pub account: String,
    /// Done by this account: its id or its user name.
    pub actor: String,
}

/// What happened, the newest first.
pub fn audit_events(filter: &AuditFilter) -> Call<List<AuditEntry>> {
    Call::get(paths::ADMIN_AUDIT_EVENTS)
        .with_query("event", filter.event.map_or("", AuditEvent::text))
        .with_query("account", &filter.account)
        .with_query("actor", &filter.actor)
}

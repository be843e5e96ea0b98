//! Administration.

use rekey_shared::admin::{
    AddAccount, AdminAccount, ApproveRequest, AuditEntry, ChangeAccount, QueuedMail, RejectRequest, WaitingRequest,
};
use rekey_shared::list::List;
use rekey_shared::paths;
use reqwest::Method;
use serde::Deserialize;

use super::{Call, Nothing};
use crate::browser;

/// What a list is narrowed to, by the names that it has in the API; empty values are no filter.
pub(crate) type Filter = [(&'static str, String)];

pub(crate) fn accounts(filter: &Filter) -> Call<List<AdminAccount>> {
    Call::get(paths::ADMIN_ACCOUNTS.to_owned() + &browser::query_of(filter))
}

pub(crate) fn account(id: &str) -> Call<AdminAccount> {
    Call::get(account_path(id, ""))
}

pub(crate) fn add_account(account: &AddAccount) -> Call<NewAccount> {
    Call::with_body(Method::POST, paths::ADMIN_ACCOUNTS, account)
}

pub(crate) fn change_account(id: &str, change: &ChangeAccount) -> Call<AdminAccount> {
    Call::with_body(Method::PATCH, account_path(id, ""), change)
}

pub(crate) fn disable_account(id: &str, disabled: bool) -> Call<()> {
    change_account(id, &ChangeAccount { disabled: Some(disabled), ..ChangeAccount::default() }).no_answer()
}

pub(crate) fn delete_account(id: &str) -> Call<()> {
    Call::without_body(Method::DELETE, account_path(id, ""))
}

pub(crate) fn send_reset(id: &str) -> Call<()> {
    Call::<()>::with_body(Method::POST, account_path(id, "/send-reset"), &Nothing {}).no_answer()
}

pub(crate) fn end_sessions_of(id: &str) -> Call<()> {
    Call::without_body(Method::DELETE, account_path(id, "/sessions"))
}

pub(crate) fn credential_requests(filter: &Filter) -> Call<List<WaitingRequest>> {
    Call::get(paths::ADMIN_CREDENTIAL_REQUESTS.to_owned() + &browser::query_of(filter))
}

/// All that the page tells of an account that was just made.
#[derive(Deserialize)]
pub(crate) struct NewAccount {
    pub(crate) user_name: String,
}

pub(crate) fn approve(id: &str, approval: &ApproveRequest) -> Call<NewAccount> {
    Call::with_body(Method::POST, format!("{}/{id}/approve", paths::ADMIN_CREDENTIAL_REQUESTS), approval)
}

pub(crate) fn reject(id: &str, rejection: &RejectRequest) -> Call<()> {
    let path = format!("{}/{id}/reject", paths::ADMIN_CREDENTIAL_REQUESTS);
    Call::<()>::with_body(Method::POST, path, rejection).no_answer()
}

pub(crate) fn mail_queue(filter: &Filter) -> Call<List<QueuedMail>> {
    Call::get(paths::ADMIN_MAIL_QUEUE.to_owned() + &browser::query_of(filter))
}

pub(crate) fn retry_mail(id: &str) -> Call<()> {
    let path = format!("{}/{id}/retry", paths::ADMIN_MAIL_QUEUE);
    Call::<()>::with_body(Method::POST, path, &Nothing {}).no_answer()
}

pub(crate) fn drop_mail(id: &str) -> Call<()> {
    Call::without_body(Method::DELETE, format!("{}/{id}", paths::ADMIN_MAIL_QUEUE))
}

pub(crate) fn audit_events(filter: &Filter) -> Call<List<AuditEntry>> {
    Call::get(paths::ADMIN_AUDIT_EVENTS.to_owned() + &browser::query_of(filter))
}

fn account_path(id: &str, rest: &str) -> String {
    format!("{}/{id}{rest}", paths::ADMIN_ACCOUNTS)
}

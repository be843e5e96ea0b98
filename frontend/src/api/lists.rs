//! Lists, narrowed by what stands in the address bar, which need not be anything that the API knows.

use rekey_shared::account::SessionInfo;
use rekey_shared::admin::{AdminAccount, AuditEntry, QueuedMail, WaitingRequest};
use rekey_shared::client::api::{self, AuditFilter};
use rekey_shared::list::List;

use super::Call;

/// What a list is narrowed to, by the names that it has in the API; empty values are no filter.
pub(crate) type Filter = [(&'static str, String)];

pub(crate) fn sessions(page: &Filter) -> Call<List<SessionInfo>> {
    narrowed(api::sessions(), page)
}

pub(crate) fn accounts(filter: &Filter) -> Call<List<AdminAccount>> {
    narrowed(api::accounts(""), filter)
}

pub(crate) fn credential_requests(filter: &Filter) -> Call<List<WaitingRequest>> {
    narrowed(api::credential_requests(), filter)
}

pub(crate) fn mail_queue(filter: &Filter) -> Call<List<QueuedMail>> {
    narrowed(api::mail_queue(None), filter)
}

pub(crate) fn audit_events(filter: &Filter) -> Call<List<AuditEntry>> {
    narrowed(api::audit_events(&AuditFilter::default()), filter)
}

fn narrowed<A>(list: Call<A>, filter: &Filter) -> Call<A> {
    filter.iter().fold(list, |list, (name, value)| list.with_query(name, value))
}

use rekey_shared::account::Role;
use rekey_shared::admin::{AuditEvent, MailState};

use super::Text;

pub(crate) struct AdministrationTexts {
    pub(crate) title: Text,
    pub(crate) not_allowed: Text,
    pub(crate) show_more: Text,
    pub(crate) role: fn(Role) -> Text,
    pub(crate) accounts: AccountsTexts,
    pub(crate) account: OneAccountTexts,
    pub(crate) requests: RequestsTexts,
    pub(crate) mail: MailTexts,
    pub(crate) audit: AuditTexts,
}

pub(crate) struct AccountsTexts {
    pub(crate) title: Text,
    pub(crate) search: Text,
    pub(crate) search_hint: Text,
    pub(crate) none: Text,
    pub(crate) account: Text,
    pub(crate) email: Text,
    pub(crate) role: Text,
    pub(crate) state: Text,
    pub(crate) since: Text,
    pub(crate) active: Text,
    pub(crate) disabled: Text,
    pub(crate) no_password: Text,
    pub(crate) add: Text,
    pub(crate) add_about: Text,
    pub(crate) user_name: Text,
    pub(crate) name: Text,
    pub(crate) added: fn(&str) -> String,
    pub(crate) deleted: Text,
}

pub(crate) struct OneAccountTexts {
    pub(crate) what_happened: Text,
    pub(crate) facts: Text,
    pub(crate) password: Text,
    pub(crate) own_password: Text,
    pub(crate) change: Text,
    pub(crate) change_about: Text,
    pub(crate) access: Text,
    pub(crate) access_about: Text,
    pub(crate) send_reset: Text,
    pub(crate) reset_sent: Text,
    pub(crate) end_sessions: Text,
    pub(crate) sessions_ended: Text,
    pub(crate) disable: Text,
    pub(crate) now_disabled: Text,
    pub(crate) enable: Text,
    pub(crate) now_enabled: Text,
    pub(crate) delete: Text,
    pub(crate) delete_which: fn(&str) -> String,
    pub(crate) delete_warning: Text,
    pub(crate) keep: Text,
}

pub(crate) struct RequestsTexts {
    pub(crate) title: Text,
    pub(crate) none: Text,
    pub(crate) approve: Text,
    pub(crate) approved: fn(&str, &str) -> String,
    pub(crate) reject: Text,
    pub(crate) reject_really: Text,
    pub(crate) cancel: Text,
    pub(crate) reason: Text,
    pub(crate) reason_hint: Text,
    pub(crate) rejected: fn(&str) -> String,
}

pub(crate) struct MailTexts {
    pub(crate) title: Text,
    pub(crate) state: fn(MailState) -> Text,
    pub(crate) none: fn(MailState) -> Text,
    pub(crate) kind: fn(&str) -> Option<Text>,
    pub(crate) letter: Text,
    pub(crate) to: Text,
    pub(crate) when: Text,
    pub(crate) attempts: fn(u32) -> String,
    pub(crate) last_error: Text,
    pub(crate) promised: Text,
    pub(crate) next_try: Text,
    pub(crate) sent: Text,
    pub(crate) act: Text,
    pub(crate) retry: Text,
    pub(crate) retry_which: fn(&str) -> String,
    pub(crate) retried: fn(&str) -> String,
    pub(crate) drop: Text,
    pub(crate) drop_which: fn(&str) -> String,
    pub(crate) dropped: fn(&str) -> String,
}

pub(crate) struct AuditTexts {
    pub(crate) title: Text,
    pub(crate) none: Text,
    pub(crate) event: fn(AuditEvent) -> Text,
    pub(crate) which: Text,
    pub(crate) all: Text,
    pub(crate) account: Text,
    pub(crate) actor: Text,
    pub(crate) whom_hint: Text,
    pub(crate) show: Text,
    pub(crate) when: Text,
    pub(crate) what: Text,
    pub(crate) from: Text,
    pub(crate) command_line: Text,
    pub(crate) nobody: Text,
}

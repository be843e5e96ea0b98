-- A link that confirms an account's new address, mailed to that address. It holds only under the epoch of when it was made.
CREATE TABLE email_changes (
    fingerprint TEXT NOT NULL PRIMARY KEY,
    account_id TEXT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    epoch BIGINT NOT NULL,
    email TEXT NOT NULL,
    email_key TEXT NOT NULL,
    created_at TIMESTAMP NOT NULL,
    expires_at TIMESTAMP NOT NULL,
    used_at TIMESTAMP
);
CREATE INDEX email_changes_account ON email_changes (account_id);
CREATE INDEX email_changes_expiry ON email_changes (expires_at);

-- Strangers who ask for an account. Whether the address has one already is found out later, never while they wait.
CREATE TABLE credential_requests (
    id TEXT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    email TEXT NOT NULL,
    email_key TEXT NOT NULL,
    note TEXT,
    locale TEXT,
    address TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('waiting', 'approved', 'rejected')),
    reason TEXT,
    created_at TIMESTAMP NOT NULL,
    announced_at TIMESTAMP,
    decided_at TIMESTAMP
);
CREATE INDEX credential_requests_state ON credential_requests (state, id);
CREATE UNIQUE INDEX credential_requests_email ON credential_requests (email_key) WHERE state = 'waiting';
CREATE INDEX credential_requests_new ON credential_requests (state, announced_at);
CREATE INDEX credential_requests_age ON credential_requests (created_at);

-- Who did what to whose account, when and from where. The names are those of that moment, and outlive the accounts.
CREATE TABLE audit_events (
    id TEXT NOT NULL PRIMARY KEY,
    happened_at TIMESTAMP NOT NULL,
    event TEXT NOT NULL,
    actor_id TEXT,
    actor TEXT,
    account_id TEXT,
    account TEXT,
    address TEXT,
    detail TEXT
);
CREATE INDEX audit_events_event ON audit_events (event, id);
CREATE INDEX audit_events_actor ON audit_events (actor_id, id);
CREATE INDEX audit_events_account ON audit_events (account_id, id);
CREATE INDEX audit_events_age ON audit_events (happened_at);

-- Any text may be offered as a refresh token, and most are none.
CREATE INDEX sessions_previous ON sessions (previous_fingerprint);

-- The worker's: it names the state itself, because SQLite prefers an index that begins with a column that is compared.
DROP INDEX mail_queue_due;
CREATE INDEX mail_queue_due ON mail_queue (state, due_at, id);

-- The administration's list of letters, and when the operator was last told of requests.
CREATE INDEX mail_queue_state ON mail_queue (state, id);
CREATE INDEX mail_queue_announcements ON mail_queue (created_at) WHERE kind = 'credential_requests';

-- Whether an administrator is left, and what goes with a deleted account.
CREATE INDEX accounts_admins ON accounts (id) WHERE role = 'admin';
CREATE INDEX mail_queue_account ON mail_queue (account_id) WHERE account_id IS NOT NULL;

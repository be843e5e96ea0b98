-- Portable between SQLite and PostgreSQL: ids are UUIDv7 text, fingerprints SHA-256 in hex, times UTC with milliseconds
-- from the program's clock.

CREATE TABLE accounts (
    id TEXT NOT NULL PRIMARY KEY,
    user_name TEXT NOT NULL CHECK (user_name NOT LIKE '%@%'),
    user_name_key TEXT NOT NULL UNIQUE,
    email TEXT NOT NULL,
    email_key TEXT NOT NULL UNIQUE,
    display_name TEXT,
    role TEXT NOT NULL CHECK (role IN ('member', 'admin')),
    locale TEXT NOT NULL,
    password_hash TEXT,
    epoch BIGINT NOT NULL,
    credentials_changed_at TIMESTAMP NOT NULL,
    disabled_at TIMESTAMP,
    created_at TIMESTAMP NOT NULL
);

CREATE TABLE reset_links (
    fingerprint TEXT NOT NULL PRIMARY KEY,
    account_id TEXT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    locale TEXT,
    created_at TIMESTAMP NOT NULL,
    expires_at TIMESTAMP NOT NULL,
    used_at TIMESTAMP
);
CREATE INDEX reset_links_account ON reset_links (account_id);
CREATE INDEX reset_links_expiry ON reset_links (expires_at);

CREATE TABLE temporary_passwords (
    fingerprint TEXT NOT NULL PRIMARY KEY,
    account_id TEXT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    created_at TIMESTAMP NOT NULL,
    expires_at TIMESTAMP NOT NULL,
    ended_at TIMESTAMP
);
CREATE INDEX temporary_passwords_account ON temporary_passwords (account_id);
CREATE INDEX temporary_passwords_expiry ON temporary_passwords (expires_at);

-- A promise of a letter, never its text. `counted_at` is when it took one of its address's letters of the hour.
CREATE TABLE mail_queue (
    id TEXT NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL,
    account_id TEXT REFERENCES accounts (id) ON DELETE CASCADE,
    epoch BIGINT,
    address TEXT NOT NULL,
    locale TEXT,
    data TEXT,
    attempts INTEGER NOT NULL,
    due_at TIMESTAMP NOT NULL,
    leased_until TIMESTAMP,
    last_error TEXT,
    state TEXT NOT NULL CHECK (state IN ('waiting', 'sent', 'stopped', 'dropped')),
    created_at TIMESTAMP NOT NULL,
    counted_at TIMESTAMP,
    sent_at TIMESTAMP
);
CREATE INDEX mail_queue_due ON mail_queue (due_at) WHERE state = 'waiting';
CREATE INDEX mail_queue_counted ON mail_queue (address, counted_at) WHERE counted_at IS NOT NULL;
CREATE INDEX mail_queue_settled ON mail_queue (created_at) WHERE state <> 'waiting';

CREATE TABLE sessions (
    id TEXT NOT NULL PRIMARY KEY,
    account_id TEXT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    epoch BIGINT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('cookie', 'token')),
    refresh_fingerprint TEXT UNIQUE,
    previous_fingerprint TEXT,
    rotated_at TIMESTAMP,
    user_agent TEXT NOT NULL,
    address TEXT NOT NULL,
    created_at TIMESTAMP NOT NULL,
    used_at TIMESTAMP NOT NULL,
    expires_at TIMESTAMP NOT NULL
);
CREATE INDEX sessions_account ON sessions (account_id);
CREATE INDEX sessions_expiry ON sessions (expires_at);

-- The key is the SHA-256 of what was typed in "User", account or not.
CREATE TABLE login_throttle (
    key TEXT NOT NULL PRIMARY KEY,
    failures INTEGER NOT NULL,
    not_before TIMESTAMP NOT NULL
);
CREATE INDEX login_throttle_age ON login_throttle (not_before);

CREATE TABLE known_devices (
    fingerprint TEXT NOT NULL,
    account_id TEXT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    failures INTEGER NOT NULL,
    created_at TIMESTAMP NOT NULL,
    used_at TIMESTAMP NOT NULL,
    PRIMARY KEY (fingerprint, account_id)
);
CREATE INDEX known_devices_account ON known_devices (account_id);
CREATE INDEX known_devices_age ON known_devices (used_at);

DROP INDEX mail_queue_account;
DROP INDEX accounts_admins;
DROP INDEX mail_queue_announcements;
DROP INDEX mail_queue_state;
DROP TABLE audit_events;
DROP TABLE credential_requests;
DROP TABLE email_changes;

//! The tables as diesel sees them; `migrations/` is where they are made.

diesel::table! {
    accounts (id) {
        id -> Text,
        user_name -> Text,
        user_name_key -> Text,
        email -> Text,
        email_key -> Text,
        display_name -> Nullable<Text>,
        role -> Text,
        locale -> Text,
        password_hash -> Nullable<Text>,
        epoch -> BigInt,
        credentials_changed_at -> Timestamp,
        disabled_at -> Nullable<Timestamp>,
        created_at -> Timestamp,
    }
}

diesel::table! {
    reset_links (fingerprint) {
        fingerprint -> Text,
        account_id -> Text,
        locale -> Nullable<Text>,
        created_at -> Timestamp,
        expires_at -> Timestamp,
        used_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    temporary_passwords (fingerprint) {
        fingerprint -> Text,
        account_id -> Text,
        created_at -> Timestamp,
        expires_at -> Timestamp,
        ended_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    mail_queue (id) {
        id -> Text,
        kind -> Text,
        account_id -> Nullable<Text>,
        epoch -> Nullable<BigInt>,
        address -> Text,
        locale -> Nullable<Text>,
        data -> Nullable<Text>,
        attempts -> Integer,
        due_at -> Timestamp,
        leased_until -> Nullable<Timestamp>,
        last_error -> Nullable<Text>,
        state -> Text,
        created_at -> Timestamp,
        counted_at -> Nullable<Timestamp>,
        sent_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    sessions (id) {
        id -> Text,
        account_id -> Text,
        epoch -> BigInt,
        kind -> Text,
        refresh_fingerprint -> Nullable<Text>,
        previous_fingerprint -> Nullable<Text>,
        rotated_at -> Nullable<Timestamp>,
        user_agent -> Text,
        address -> Text,
        created_at -> Timestamp,
        used_at -> Timestamp,
        expires_at -> Timestamp,
    }
}

diesel::table! {
    login_throttle (key) {
        key -> Text,
        failures -> Integer,
        not_before -> Timestamp,
    }
}

diesel::table! {
    known_devices (fingerprint, account_id) {
        fingerprint -> Text,
        account_id -> Text,
        failures -> Integer,
        created_at -> Timestamp,
        used_at -> Timestamp,
    }
}

diesel::table! {
    email_changes (fingerprint) {
        fingerprint -> Text,
        account_id -> Text,
        epoch -> BigInt,
        email -> Text,
        email_key -> Text,
        created_at -> Timestamp,
        expires_at -> Timestamp,
        used_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    credential_requests (id) {
        id -> Text,
        name -> Text,
        email -> Text,
        email_key -> Text,
        note -> Nullable<Text>,
        locale -> Nullable<Text>,
        address -> Text,
        state -> Text,
        reason -> Nullable<Text>,
        created_at -> Timestamp,
        announced_at -> Nullable<Timestamp>,
        decided_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    audit_events (id) {
        id -> Text,
        happened_at -> Timestamp,
        event -> Text,
        actor_id -> Nullable<Text>,
        actor -> Nullable<Text>,
        account_id -> Nullable<Text>,
        account -> Nullable<Text>,
        address -> Nullable<Text>,
        detail -> Nullable<Text>,
    }
}

diesel::joinable!(reset_links -> accounts (account_id));
diesel::joinable!(temporary_passwords -> accounts (account_id));
diesel::joinable!(sessions -> accounts (account_id));
diesel::joinable!(known_devices -> accounts (account_id));
diesel::joinable!(email_changes -> accounts (account_id));

diesel::allow_tables_to_appear_in_same_query!(
    accounts,
    reset_links,
    temporary_passwords,
    mail_queue,
    sessions,
    login_throttle,
    known_devices,
    email_changes,
    credential_requests,
    audit_events,
);

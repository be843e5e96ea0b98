//! Black-box tests of the API over HTTP: one binary, one file per journey, each test a sentence, on both databases.

#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot go on fails")]

mod support;

mod account;
mod admin_accounts;
mod admin_events;
mod admin_mail;
mod at_rest;
mod attack;
mod authorisation;
mod backup;
mod chaos;
mod check;
mod check_smtp;
mod chosen;
mod client_limit;
mod cors;
mod credential_request;
mod database_faults;
mod docs;
mod drills;
mod email;
mod flood;
mod headers;
mod import;
mod injection;
mod input;
mod instances;
mod language;
mod last_admin;
mod login;
mod mail_backlog;
mod mail_worker;
mod mail_workers;
mod metrics;
mod metrics_listener;
mod monitoring;
mod notice;
mod openapi;
mod operator;
mod own_account;
mod password_reset;
mod races;
mod release;
mod rude;
mod same_for_everyone;
mod scale;
mod session;
mod throttle;
mod timing;
mod web;

//! The docs, the alerts and the dashboard name what a running server tells, and the docs all of it.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use reqwest::StatusCode;
use serde_json::Value;

use crate::support::app::{App, OWN_PASSWORD};
use crate::support::mail_server::{Fault, Step};
use crate::support::metrics::{Metrics, family_of};
use crate::support::on_both_databases;

const ANN: &str = "ann@example.com";

/// What Prometheus itself adds to each series, and the part of a histogram.
const OF_PROMETHEUS: [&str; 3] = ["job", "instance", "le"];

fn text(file: &str) -> String {
    std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().join(file)).unwrap()
}

/// After a journey, in which also the server itself had a fault.
async fn after_a_journey(app: &App) -> Metrics {
    app.has_account("ann", ANN);
    let password = app.mailed_password(ANN).await;
    let token = app.access_token("ann", &password).await;
    assert_eq!(app.changes_password(&token, &password, OWN_PASSWORD).await.status(), StatusCode::OK);
    app.mail.set_fault(Some((Step::RcptTo, Fault::Say("550 5.1.1 no such mailbox"))));
    app.asks_for_reset(ANN).await;
    app.all_letters_are_settled().await;
    crate::support::database::execute(&app.database_url, "ALTER TABLE audit_events RENAME TO gone");
    assert_eq!(app.logs_in("ann", "wrong").await.status(), StatusCode::INTERNAL_SERVER_ERROR);
    crate::support::database::execute(&app.database_url, "ALTER TABLE gone RENAME TO audit_events");
    app.metrics.becomes("rekey_database_up", 1).await
}

/// Metric and labels of each row of the table.
fn documented() -> BTreeMap<String, BTreeSet<String>> {
    let docs = text("docs/operations.md");
    let (_, section) = docs.split_once("## Monitoring\n").expect("the section on monitoring");
    let rows = section.split("\n## ").next().unwrap().lines().filter_map(|line| line.strip_prefix("| `"));
    rows.map(|row| {
        let (metric, rest) = row.split_once("` | ").expect("a metric");
        let labels = rest.split('|').next().unwrap().split('`').skip(1).step_by(2);
        (metric.to_owned(), labels.map(str::to_owned).collect())
    })
    .collect()
}

/// The expressions of the alerts; each stands on one line.
fn of_alerts() -> Vec<String> {
    let alerts = text("deploy/prometheus/rekey-alerts.yml");
    alerts.lines().filter_map(|line| line.trim().strip_prefix("expr: ").map(str::to_owned)).collect()
}

/// The expressions of the dashboard, in its panels and in its variables.
fn of_dashboard() -> Vec<String> {
    fn collect(value: &Value, found: &mut Vec<String>) {
        match value {
            Value::Object(fields) => {
                for (name, value) in fields {
                    match value.as_str() {
                        Some(text) if name == "expr" || name == "query" && text.contains('(') => {
                            found.push(text.to_owned());
                        }
                        _ => collect(value, found),
                    }
                }
            }
            Value::Array(items) => items.iter().for_each(|item| collect(item, found)),
            _ => {}
        }
    }
    let mut found = Vec::new();
    collect(&serde_json::from_str(&text("deploy/grafana/rekey.json")).unwrap(), &mut found);
    found
}

/// What an expression names that the server does not tell.
fn unknown(expression: &str, now: &Metrics) -> Vec<String> {
    let families = now.families();
    let mut unknown = Vec::new();
    let mut known_labels: BTreeSet<&str> = OF_PROMETHEUS.into();
    let is_word = |c: char| c.is_ascii_alphanumeric() || c == '_';
    // Names of metrics, each with its selector.
    for (at, word) in words(expression) {
        let is_metric = ["rekey_", "process_"].iter().any(|prefix| word.starts_with(prefix));
        if !is_metric {
            continue;
        }
        let Some(family) = family_of(word, |name| families.contains_key(name)) else {
            unknown.push(word.to_owned());
            continue;
        };
        let labels = &families[family];
        known_labels.extend(labels.iter().map(String::as_str));
        let selector = expression[at + word.len()..].strip_prefix('{').and_then(|rest| rest.split('}').next());
        for matcher in selector.unwrap_or_default().split(',').filter(|matcher| !matcher.is_empty()) {
            let (label, value) = matcher.split_once('=').expect("a matcher");
            let is_known = labels.contains(label) || OF_PROMETHEUS.contains(&label);
            let is_there = |value: &str| now.text.contains(&format!("{label}=\"{value}\""));
            let values = value.trim_matches(['~', '"']).split('|');
            if !is_known || !OF_PROMETHEUS.contains(&label) && !values.into_iter().all(is_there) {
                unknown.push(format!("{word}{{{matcher}}}"));
            }
        }
    }
    // Labels by which it sums up, and those that the variables of a dashboard list.
    for group in expression.split(" by (").skip(1).chain(expression.split("label_values(").skip(1)) {
        let labels = group.split(')').next().unwrap().split(|c| !is_word(c)).filter(|label| !label.is_empty());
        let strange = labels.filter(|label| !label.starts_with("rekey_") && !known_labels.contains(label));
        unknown.extend(strange.map(|label| format!("by {label}")));
    }
    unknown
}

/// The words of an expression, and where they begin; not those within quotes.
fn words(expression: &str) -> Vec<(usize, &str)> {
    let (mut words, mut begins, mut is_quoted) = (Vec::new(), None, false);
    for (at, character) in expression.char_indices().chain([(expression.len(), ' ')]) {
        is_quoted ^= character == '"';
        match (begins, character.is_ascii_alphanumeric() || character == '_') {
            (None, true) if !is_quoted => begins = Some(at),
            (Some(from), false) => {
                words.push((from, &expression[from..at]));
                begins = None;
            }
            _ => {}
        }
    }
    words
}

on_both_databases! {
    async fn the_docs_name_every_number_and_no_other(database) {
        let app = App::start(database).await;
        let now = after_a_journey(&app).await;
        let (told, documented) = (now.families(), documented());
        assert!(told.len() > 30, "{told:?}");
        assert_eq!(told, documented, "left: the server; right: docs/operations.md");
    }

    async fn alerts_and_dashboard_name_what_there_is(database) {
        let app = App::start(database).await;
        let now = after_a_journey(&app).await;
        let (alerts, dashboard) = (of_alerts(), of_dashboard());
        assert!(alerts.len() > 10 && dashboard.len() > 40, "the search finds something");
        for expression in alerts.iter().chain(&dashboard) {
            assert_eq!(unknown(expression, &now), [""; 0], "{expression}");
        }
        // And it would find what is wrong.
        for (expression, wrong) in [
            ("sum(rate(rekey_login_total[5m]))", "rekey_login_total"),
            ("rekey_hash_wait_seconds_buckets", "rekey_hash_wait_seconds_buckets"),
            (r#"rekey_logins_total{outcome="ok"}"#, r#"rekey_logins_total{outcome="ok"}"#),
            (r#"rekey_logins_total{result=~"ok|fine"}"#, r#"rekey_logins_total{result=~"ok|fine"}"#),
            ("sum by (outcome) (rekey_logins_total)", "by outcome"),
            ("label_values(rekey_build_info, host)", "by host"),
        ] {
            assert_eq!(unknown(expression, &now), [wrong]);
        }
    }
}

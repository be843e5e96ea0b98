//! How SQLite goes about the questions that are asked all the time.

use super::{Database, Db, DbError};

/// The worker asks these every half second, also among 100,000 letters that wait, and the monitoring every few seconds.
#[tokio::test]
async fn what_is_asked_all_the_time_is_answered_by_an_index() {
    let folder = tempfile::tempdir().unwrap();
    let database = Database::of_test(folder.path()).await;
    for (question, index) in [
        (
            "SELECT id FROM mail_queue WHERE state = 'waiting' AND due_at <= '2026-01-01' AND (leased_until IS NULL OR \
             leased_until <= '2026-01-01') ORDER BY due_at, id LIMIT 8",
            "mail_queue_due",
        ),
        (
            "SELECT 1 FROM credential_requests WHERE state = 'waiting' AND announced_at IS NULL AND NOT EXISTS \
             (SELECT 1 FROM accounts WHERE accounts.email_key = credential_requests.email_key)",
            "credential_requests_new",
        ),
        ("SELECT id FROM sessions WHERE refresh_fingerprint = 'a' OR previous_fingerprint = 'a'", "sessions_previous"),
        ("SELECT COUNT(*) FROM mail_queue WHERE state = 'waiting' AND due_at <= '2026-01-01'", "mail_queue_due"),
        ("SELECT COUNT(*) FROM mail_queue WHERE state = 'stopped'", "COVERING INDEX mail_queue_"),
        (
            "SELECT due_at FROM mail_queue WHERE state = 'waiting' AND due_at <= '2026-01-01' ORDER BY due_at, id LIMIT 1",
            "mail_queue_due",
        ),
        ("SELECT created_at FROM mail_queue WHERE state = 'waiting' ORDER BY id LIMIT 1", "mail_queue_state"),
        ("SELECT COUNT(*) FROM credential_requests WHERE state = 'waiting'", "COVERING INDEX credential_requests_"),
    ] {
        let plan = database.read(move |db| plan_of(db, question)).await.unwrap();
        assert!(plan.contains(index) && !plan.contains("TEMP B-TREE"), "{question}: {plan}");
    }
}

fn plan_of(db: &mut Db, question: &str) -> Result<String, DbError> {
    #[derive(diesel::QueryableByName)]
    struct Step {
        #[diesel(sql_type = diesel::sql_types::Text)]
        detail: String,
    }
    let Db::Sqlite(sqlite) = db else { unreachable!() };
    let steps: Vec<Step> =
        diesel::RunQueryDsl::load(diesel::sql_query(format!("EXPLAIN QUERY PLAN {question}")), sqlite)?;
    Ok(steps.into_iter().map(|step| step.detail).collect::<Vec<_>>().join("; "))
}

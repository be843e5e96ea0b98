//! Somebody is always left to administer accounts.

use reqwest::{Method, StatusCode};
use serde_json::json;

use crate::support::admin::field_codes;
use crate::support::app::{App, OWN_PASSWORD, assert_problem, json_of};
use crate::support::database::execute;
use crate::support::on_both_databases;

const ANN: &str = "ann@example.com";

on_both_databases! {
    async fn the_last_administrator_stays(database) {
        let app = App::start(database).await;
        let admin = app.has_admin("zoe").await;
        app.has_account("ann", ANN);
        let id = admin.id_of("zoe").await;
        for (change, codes) in [
            (json!({ "role": "member" }), &["role last_admin"][..]),
            (json!({ "disabled": true }), &["disabled last_admin"]),
            (json!({ "role": "member", "disabled": true }), &["role last_admin", "disabled last_admin"]),
        ] {
            let problem = assert_problem(admin.changes(&id, change).await, 422, "invalid_input").await;
            assert_eq!(field_codes(&problem), codes);
        }
        let problem = assert_problem(admin.deletes(&format!("/admin/accounts/{id}")).await, 422, "invalid_input").await;
        assert_eq!(field_codes(&problem), [" last_admin"]);
        // A disabled administrator administers nothing.
        let ann = admin.id_of("ann").await;
        json_of(admin.changes(&ann, json!({ "role": "admin", "disabled": true })).await, StatusCode::OK).await;
        assert_problem(admin.changes(&id, json!({ "role": "member" })).await, 422, "invalid_input").await;
        json_of(admin.changes(&ann, json!({ "disabled": false })).await, StatusCode::OK).await;
        json_of(admin.changes(&id, json!({ "role": "member" })).await, StatusCode::OK).await;
        assert_problem(admin.gets("/admin/accounts").await, 403, "forbidden").await;
    }

    async fn two_administrators_who_end_each_other_leave_one(database) {
        let app = App::start(database).await;
        let (first, second) = (app.has_admin("zoe").await, app.has_admin("yan").await);
        let (zoe, yan) = (first.id_of("zoe").await, first.id_of("yan").await);
        drop((first, second));
        for change in [json!({ "role": "member" }), json!({ "disabled": true })].iter().cycle().take(12) {
            let change_by = async |name: &str, id: &str| {
                let token = app.access_token(name, OWN_PASSWORD).await;
                app.request(Method::PATCH, &format!("/admin/accounts/{id}")).bearer_auth(token).json(change)
            };
            let (a, b) = (change_by("zoe", &yan).await, change_by("yan", &zoe).await);
            let (a, b) = tokio::join!(tokio::spawn(a.send()), tokio::spawn(b.send()));
            let (a, b) = (a.unwrap().unwrap().status().as_u16(), b.unwrap().unwrap().status().as_u16());
            // Whoever came second was the last one, or no administrator any more.
            assert!(matches!((a, b), (200, 401 | 403 | 422) | (401 | 403 | 422, 200)), "{a} {b}");
            assert_eq!(app.count("SELECT COUNT(*) AS count FROM accounts WHERE role = 'admin' AND disabled_at IS NULL"), 1);
            execute(&app.database_url, "UPDATE accounts SET role = 'admin', disabled_at = NULL");
        }
    }
}

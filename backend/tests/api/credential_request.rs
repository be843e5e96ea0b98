//! Asking for an account, and the operator's answer.

use std::time::Duration;

use reqwest::{Method, Response, StatusCode};
use serde_json::{Value, json};

use crate::support::app::{App, OWN_PASSWORD, assert_problem, json_of};
use crate::support::mailbox::letters_to;
use crate::support::{Setup, on_both_databases};

const OPERATOR: &str = "operator@example.com";
const NEW: &str = "new.person@example.com";

async fn start(database: crate::support::database::Kind) -> App {
    App::start_with(database, Setup::with(&["--operator-email=operator@example.com"])).await
}

async fn asks(app: &App, name: &str, email: &str) -> Response {
    app.posts("/credential-requests", &json!({ "name": name, "email": email, "note": "I am new in the team." })).await
}

async fn waiting(app: &App, admin: &str) -> Vec<Value> {
    let answer = app.calls(admin, Method::GET, "/admin/credential-requests", None).await;
    json_of(answer, StatusCode::OK).await["items"].as_array().unwrap().clone()
}

fn path_of(request: &Value, decision: &str) -> String {
    format!("/admin/credential-requests/{}/{decision}", request["id"].as_str().unwrap())
}

on_both_databases! {
    async fn from_asking_to_the_first_login(database) {
        let app = start(database).await;
        let admin = app.has_admin("boss").await.token;
        let answer = json_of(asks(&app, "New Person", NEW).await, StatusCode::ACCEPTED).await;
        assert_eq!(answer, json!({ "status": "request_received" }));
        let told = app.letter_to(OPERATOR, 1).await;
        assert!(told.text.contains("/administration/credential-requests"), "{}", told.text);
        assert!(!told.raw.contains("New Person") && !told.raw.contains("I am new"), "no stranger's text: {}", told.raw);
        let requests = waiting(&app, &admin).await;
        assert_eq!(requests.len(), 1);
        let request = &requests[0];
        assert_eq!((&request["name"], &request["email"]), (&json!("New Person"), &json!(NEW)));
        assert_eq!((&request["note"], &request["proposed_user_name"]), (&json!("I am new in the team."), &json!("new.person")));
        let body = json!({ "user_name": "newp" });
        let approved = app.calls(&admin, Method::POST, &path_of(request, "approve"), Some(body)).await;
        let account = json_of(approved, StatusCode::CREATED).await;
        assert_eq!((&account["user_name"], &account["name"], &account["role"]), (&json!("newp"), &json!("New Person"), &json!("member")));
        let letter = app.letter_to(NEW, 1).await;
        assert!(letter.text.contains("Your user name is newp"), "{}", letter.text);
        let login = json_of(app.logs_in("newp", &letter.password()).await, StatusCode::OK).await;
        assert_eq!(login["password_change_required"], true);
        assert!(waiting(&app, &admin).await.is_empty());
    }

    async fn without_a_user_name_the_proposed_one_is_taken(database) {
        let app = start(database).await;
        let admin = app.has_admin("boss").await.token;
        app.has_account("new.person", "other@example.com");
        app.posts("/credential-requests", &json!({ "name": "N", "email": "New.Person+tool@example.com", "locale": "it" })).await;
        let requests = waiting(&app, &admin).await;
        assert_eq!(requests[0]["proposed_user_name"], "New.Person2");
        let approved = app.calls(&admin, Method::POST, &path_of(&requests[0], "approve"), None).await;
        assert_eq!(json_of(approved, StatusCode::CREATED).await["user_name"], "New.Person2");
        let letter = app.letter_to("New.Person+tool@example.com", 1).await;
        assert!(letter.subject.contains("il tuo account è pronto"), "{}", letter.subject);
    }

    async fn a_rejected_person_is_told_in_the_operators_words(database) {
        let app = start(database).await;
        let admin = app.has_admin("boss").await.token;
        asks(&app, "New Person", NEW).await;
        asks(&app, "Other Person", "other@example.com").await;
        let requests = waiting(&app, &admin).await;
        let body = json!({ "reason": "Please ask <b>Bea</b> first." });
        let rejected = app.calls(&admin, Method::POST, &path_of(&requests[0], "reject"), Some(body)).await;
        assert_eq!(rejected.status(), StatusCode::NO_CONTENT);
        assert_eq!(app.calls(&admin, Method::POST, &path_of(&requests[1], "reject"), None).await.status(), StatusCode::NO_CONTENT);
        let letter = app.letter_to(NEW, 1).await;
        assert!(letter.text.contains("Please ask <b>Bea</b> first."), "{}", letter.text);
        assert!(!letter.html.contains("<b>Bea</b>") && !letter.raw.contains("New Person"), "{}", letter.html);
        assert!(app.letter_to("other@example.com", 1).await.text.contains("was not approved."));
        assert!(waiting(&app, &admin).await.is_empty());
        assert_eq!(app.count("SELECT COUNT(*) AS count FROM accounts"), 1);
        // Who was rejected may ask again.
        asks(&app, "New Person", NEW).await;
        assert_eq!(waiting(&app, &admin).await.len(), 1);
        app.all_letters_are_settled().await;
    }

    async fn an_address_with_an_account_gets_the_same_answer_and_a_letter_and_nothing_else(database) {
        let app = start(database).await;
        let admin = app.has_admin("boss").await.token;
        app.has_account("ann", "ann@example.com");
        let known = asks(&app, "Eve <script>", "ANN@example.com").await;
        let unknown = asks(&app, "Eve <script>", NEW).await;
        assert_eq!(known.status(), unknown.status());
        assert_eq!(known.headers().len(), unknown.headers().len());
        assert_eq!(known.text().await.unwrap(), unknown.text().await.unwrap());
        let letter = app.letter_to("ann@example.com", 1).await;
        assert!(letter.subject.contains("you have an account already"), "{}", letter.subject);
        assert!(!letter.raw.contains("Eve") && !letter.raw.contains("new in the team"), "{}", letter.raw);
        let requests = waiting(&app, &admin).await;
        assert_eq!(requests.len(), 1);
        assert_eq!(requests[0]["email"], NEW);
        assert!(app.letter_to(OPERATOR, 1).await.text.contains("One person asks"));
        for _ in 0..8 {
            asks(&app, "Eve", "ann@example.com").await;
        }
        app.all_letters_are_settled().await;
        assert_eq!(letters_to(&app.mail, "ann@example.com").len(), 1, "it is said once an hour");
        // However often strangers ask in her name, she gets her links.
        for number in 2..=5 {
            app.asks_for_reset("ann@example.com").await;
            assert!(app.letter_to("ann@example.com", number).await.link().is_some());
        }
        app.asks_for_reset("ann@example.com").await;
        app.all_letters_are_settled().await;
        assert_eq!(letters_to(&app.mail, "ann@example.com").len(), 5, "letters of an hour, of all kinds");
    }

    async fn the_operator_gets_one_letter_in_ten_minutes(database) {
        let app = start(database).await;
        app.has_admin("boss").await;
        app.time_stands_still();
        for number in 0..4 {
            asks(&app, "Somebody", &format!("person{number}@example.com")).await;
            if number == 0 {
                app.letter_to(OPERATOR, 1).await;
            }
        }
        app.all_letters_are_settled().await;
        app.wait(Duration::from_secs(9 * 60 + 59));
        app.asks_for_reset("boss@example.org").await;
        app.letter_to("boss@example.org", 1).await;
        assert_eq!(letters_to(&app.mail, OPERATOR).len(), 1);
        app.wait(Duration::from_secs(2));
        let second = app.letter_to(OPERATOR, 2).await;
        assert!(second.text.contains("4 people ask for an account"), "{}", second.text);
        app.wait(Duration::from_mins(30));
        app.asks_for_reset("boss@example.org").await;
        app.letter_to("boss@example.org", 2).await;
        assert_eq!(letters_to(&app.mail, OPERATOR).len(), 2, "nothing new");
    }

    async fn approving_twice_at_once_makes_one_account(database) {
        let app = start(database).await;
        let admin = app.has_admin("boss").await.token;
        asks(&app, "New Person", NEW).await;
        let path = path_of(&waiting(&app, &admin).await[0], "approve");
        let calls: Vec<_> = (0..20)
            .map(|number| {
                let call = app.request(Method::POST, &path).bearer_auth(&admin).json(&json!({ "user_name": format!("new{number}") }));
                tokio::spawn(async move { call.send().await.unwrap().status().as_u16() })
            })
            .collect();
        let mut statuses = Vec::new();
        for call in calls {
            statuses.push(call.await.unwrap());
        }
        statuses.sort_unstable();
        assert_eq!(statuses[0], 201, "{statuses:?}");
        assert!(statuses[1..].iter().all(|status| *status == 404), "{statuses:?}");
        assert_eq!(app.count("SELECT COUNT(*) AS count FROM accounts"), 2);
        app.letter_to(NEW, 1).await;
        app.all_letters_are_settled().await;
        assert_eq!(letters_to(&app.mail, NEW).len(), 1);
    }

    async fn who_asks_twice_stands_in_the_list_once(database) {
        let app = start(database).await;
        let admin = app.has_admin("boss").await.token;
        asks(&app, "New Person", NEW).await;
        asks(&app, "Somebody Else", "NEW.Person@example.com").await;
        let requests = waiting(&app, &admin).await;
        assert_eq!((requests.len(), &requests[0]["name"]), (1, &json!("New Person")));
        app.letter_to(OPERATOR, 1).await;
    }

    async fn a_user_name_that_is_taken_or_wrong_is_named_and_the_request_goes_on_waiting(database) {
        let app = start(database).await;
        let admin = app.has_admin("boss").await.token;
        asks(&app, "New Person", NEW).await;
        let path = path_of(&waiting(&app, &admin).await[0], "approve");
        for (user_name, code) in [("BOSS", "taken"), ("a@b", "invalid_character"), (" ", "required")] {
            let refused = app.calls(&admin, Method::POST, &path, Some(json!({ "user_name": user_name }))).await;
            let problem = assert_problem(refused, 422, "invalid_input").await;
            assert_eq!(problem["errors"], json!([{ "field": "user_name", "code": code }]));
        }
        assert_eq!(waiting(&app, &admin).await.len(), 1);
        let reject = path_of(&waiting(&app, &admin).await[0], "reject");
        let refused = app.calls(&admin, Method::POST, &reject, Some(json!({ "reason": "x".repeat(501) }))).await;
        assert_problem(refused, 422, "invalid_input").await;
        let unknown = "/admin/credential-requests/nothing/approve";
        assert_problem(app.calls(&admin, Method::POST, unknown, None).await, 404, "not_found").await;
        app.letter_to(OPERATOR, 1).await;
    }

    async fn what_cannot_be_a_request_is_refused_field_by_field(database) {
        let app = start(database).await;
        for (body, errors) in [
            (json!({}), json!([{ "field": "name", "code": "required" }, { "field": "email", "code": "required" }])),
            (json!({ "name": "a\nb", "email": NEW }), json!([{ "field": "name", "code": "invalid_character" }])),
            (json!({ "name": "a", "email": NEW, "note": "x".repeat(1001) }), json!([{ "field": "note", "code": "too_long" }])),
            (json!({ "name": "a", "email": NEW, "note": "a\0b" }), json!([{ "field": "note", "code": "invalid_character" }])),
            (json!({ "name": "a", "email": "nobody", "locale": "xx" }), json!([{ "field": "email", "code": "not_an_email" }, { "field": "locale", "code": "unknown_language" }])),
        ] {
            let problem = assert_problem(app.posts("/credential-requests", &body).await, 422, "invalid_input").await;
            assert_eq!(problem["errors"], errors);
        }
        assert_eq!(app.count("SELECT COUNT(*) AS count FROM credential_requests"), 0);
        let note = "First line\nsecond line \u{1f980}";
        let good = app.posts("/credential-requests", &json!({ "name": "Zoë", "email": NEW, "note": note })).await;
        assert_eq!(good.status(), StatusCode::ACCEPTED);
        let admin = app.has_admin("boss").await.token;
        assert_eq!(waiting(&app, &admin).await[0]["note"], note);
        app.letter_to(OPERATOR, 1).await;
    }

    async fn a_noisy_client_is_stopped(database) {
        let app = App::start_with(database, Setup::with(&["--client-requests-per-minute=2"])).await;
        for number in 0..2 {
            assert_eq!(asks(&app, "N", &format!("p{number}@example.com")).await.status(), StatusCode::ACCEPTED);
        }
        assert_problem(asks(&app, "N", NEW).await, 429, "too_many_requests").await;
    }

    async fn without_an_operators_address_requests_wait_in_the_administration(database) {
        let app = App::start(database).await;
        let admin = app.has_admin("boss").await.token;
        asks(&app, "New Person", NEW).await;
        app.all_letters_are_settled().await;
        assert!(waiting(&app, &admin).await.len() == 1 && app.mail.received().is_empty());
        let member = { app.has_account("ann", "ann@example.com"); app.access_token("ann", OWN_PASSWORD).await };
        assert_problem(app.calls(&member, Method::GET, "/admin/credential-requests", None).await, 403, "forbidden").await;
    }

    async fn the_operator_decides_by_command(database) {
        let app = App::start(database).await;
        asks(&app, "New Person", NEW).await;
        asks(&app, "Other Person", "other@example.com").await;
        app.all_letters_are_settled().await;
        let listed = app.rekey(&["credential-requests", "list", "--json"]).output().unwrap();
        let requests: Value = serde_json::from_slice(&listed.stdout).unwrap();
        assert_eq!(requests.as_array().unwrap().len(), 2);
        let id = |number: usize| requests[number]["id"].as_str().unwrap().to_owned();
        let table = app.rekey(&["credential-requests", "list"]).output().unwrap();
        assert!(String::from_utf8_lossy(&table.stdout).contains("I am new in the team."));
        let approved = app.rekey(&["credential-requests", "approve", &id(0), "--user-name", "newp"]).output().unwrap();
        assert!(approved.status.success(), "{approved:?}");
        assert!(app.letter_to(NEW, 1).await.text.contains("Your user name is newp"));
        let rejected = app.rekey(&["credential-requests", "reject", &id(1), "--reason", "Not now."]).output().unwrap();
        assert!(rejected.status.success(), "{rejected:?}");
        assert!(app.letter_to("other@example.com", 1).await.text.contains("Not now."));
        let twice = app.rekey(&["credential-requests", "approve", &id(0)]).output().unwrap();
        assert_eq!(twice.status.code(), Some(1));
        assert!(String::from_utf8_lossy(&twice.stderr).contains("no request that waits has the id"));
        let empty = app.rekey(&["credential-requests", "list", "--json"]).output().unwrap();
        assert_eq!(serde_json::from_slice::<Value>(&empty.stdout).unwrap(), json!([]));
    }

    async fn who_is_approved_before_the_worker_looks_is_welcomed_and_told_nothing_else(database) {
        let app = App::start_with(database, Setup::without_mail_worker()).await;
        let admin = app.has_admin("boss").await.token;
        asks(&app, "New Person", NEW).await;
        let path = path_of(&waiting(&app, &admin).await[0], "approve");
        assert_eq!(app.calls(&admin, Method::POST, &path, None).await.status(), StatusCode::CREATED);
        let app = app.restarts().await;
        assert!(app.letter_to(NEW, 1).await.subject.contains("your account is ready"));
        app.all_letters_are_settled().await;
        assert_eq!(letters_to(&app.mail, NEW).len(), 1);
    }

    async fn two_requests_at_once_are_one(database) {
        let app = App::start(database).await;
        let admin = app.has_admin("boss").await.token;
        let asking: Vec<_> = (0..20)
            .map(|_| {
                let ask = app.request(Method::POST, "/credential-requests").json(&json!({ "name": "N", "email": NEW }));
                tokio::spawn(async move { ask.send().await.unwrap().status() })
            })
            .collect();
        for ask in asking {
            assert_eq!(ask.await.unwrap(), StatusCode::ACCEPTED);
        }
        assert_eq!(waiting(&app, &admin).await.len(), 1);
    }

    async fn a_request_for_an_address_with_an_account_does_not_come_up_when_that_is_deleted(database) {
        let app = App::start(database).await;
        let admin = app.has_admin("boss").await.token;
        app.has_account("ann", "ann@example.com");
        asks(&app, "Eve", "ann@example.com").await;
        app.letter_to("ann@example.com", 1).await;
        app.all_letters_are_settled().await;
        assert!(app.rekey(&["account", "delete", "ann", "--yes"]).output().unwrap().status.success());
        assert!(waiting(&app, &admin).await.is_empty());
    }
}

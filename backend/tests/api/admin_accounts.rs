//! Administrators add, find, change and delete accounts.

use reqwest::StatusCode;
use serde_json::json;

use crate::support::admin::{field_codes, nothing};
use crate::support::app::{App, OWN_PASSWORD, assert_problem, json_of};
use crate::support::mailbox::letters_to;
use crate::support::{Setup, on_both_databases};

const ANN: &str = "ann@example.com";
const NOBODY: &str = "0190a2b4-0000-7000-8000-000000000000";

on_both_databases! {
    async fn only_an_administrator_administers(database) {
        let app = App::start(database).await;
        app.has_account("ann", ANN);
        let member = app.access_token("ann", OWN_PASSWORD).await;
        let mailed = app.access_token("ann", &{
            app.asks_for_reset(ANN).await;
            let link = app.letter_to(ANN, 1).await.token();
            app.confirms(&link).await;
            app.letter_to(ANN, 2).await.password()
        }).await;
        let mut routes = 0;
        for (path, methods) in rekey::ROUTES.iter().filter(|(path, _)| path.starts_with("/admin/")) {
            for method in methods.split(", ").filter(|method| *method != "HEAD") {
                routes += 1;
                let asks = async |token: Option<&str>| {
                    let request = app.request(method.parse().unwrap(), &path.replace("{id}", NOBODY)).json(&json!({}));
                    let request = if let Some(token) = token { request.bearer_auth(token) } else { request };
                    request.send().await.unwrap()
                };
                assert_problem(asks(None).await, 401, "unauthenticated").await;
                assert_problem(asks(Some(&member)).await, 401, "session_ended").await;
                assert_problem(asks(Some(&mailed)).await, 403, "forbidden").await;
            }
        }
        assert!(routes >= 11, "{routes}");
        app.has_account("bea", "bea@example.com");
        let member = app.acts_as("bea").await;
        assert_problem(member.gets("/admin/accounts").await, 403, "forbidden").await;
    }

    async fn an_administrator_finds_accounts_by_the_beginning_of_name_or_address(database) {
        let app = App::start(database).await;
        let admin = app.has_admin("zoe").await;
        for (user_name, email) in [
            ("Ann", "x1@example.com"),
            ("anna b", "anna@example.com"),
            ("ann_c", "x2@example.com"),
            ("ann%", "x3@example.com"),
            ("Bob", "ann.d@example.com"),
            ("carl", "ANN.e@example.com"),
            ("dora", "dora@bücher.example"),
            ("юлия", "юлия@пример.рф"),
        ] {
            app.has_account(user_name, email);
        }
        for (search, found) in [
            ("ann", &["Ann", "ann%", "ann_c", "anna b", "Bob", "carl"][..]),
            ("  ANN.", &["Bob", "carl"]),
            ("ann_", &["ann_c"]),
            ("ann%25", &["ann%"]),
            ("ann.d@", &["Bob"]),
            ("dora@b%C3%BC", &["dora"]),
            ("dora@b%C3%BCcher.EX", &["dora"]),
            ("%D0%AE", &["юлия"]),
            ("%D1%8E%D0%BB%D0%B8%D1%8F@%D0%BF%D1%80%D0%B8%D0%BC%D0%B5%D1%80.%D1%80", &["юлия"]),
            ("zz", &[]),
            ("", &["Ann", "ann%", "ann_c", "anna b", "Bob", "carl", "dora", "zoe", "юлия"]),
        ] {
            assert_eq!(admin.all(&format!("/admin/accounts?search={search}"), "user_name").await, found, "{search}");
        }
        let page = admin.page("/admin/accounts?search=carl").await;
        let carl = &page["items"][0];
        assert_eq!(carl["email"], "ANN.e@example.com");
        assert_eq!((&carl["role"], &carl["disabled"], &carl["has_password"]), (&json!("member"), &json!(false), &json!(true)));
        assert_eq!(admin.page(&format!("/admin/accounts/{}", carl["id"].as_str().unwrap())).await, *carl);
        for (query, field) in [("limit=0", "limit too_short"), ("limit=201", "limit too_long"), ("limit=x", "limit wrong_type"), ("cursor=x", "cursor wrong_type"), ("search=a%00", "search invalid_character")] {
            let problem = assert_problem(admin.gets(&format!("/admin/accounts?{query}")).await, 422, "invalid_input").await;
            assert_eq!(field_codes(&problem), [field]);
        }
    }

    async fn an_account_that_matches_by_name_and_address_is_found_once(database) {
        let app = App::start(database).await;
        let admin = app.has_admin("zoe").await;
        for number in 0..7 {
            app.has_account(&format!("user{number}"), &format!("user{number}@example.com"));
        }
        app.has_account("last", "userz@example.com");
        let mut names: Vec<_> = (0..7).map(|number| format!("user{number}")).collect();
        names.push("last".to_owned());
        assert_eq!(admin.all("/admin/accounts?search=user", "user_name").await, names);
        // With pages of one, eight rows are looked at among those that were shown by name.
        let (mut found, mut cursor) = (Vec::new(), String::new());
        loop {
            let page = admin.page(&format!("/admin/accounts?search=user&limit=1{cursor}")).await;
            found.extend(page["items"].as_array().unwrap().iter().map(|item| item["user_name"].as_str().unwrap().to_owned()));
            match page["next_cursor"].as_str() {
                Some(next) => cursor = format!("&cursor={next}"),
                None => break,
            }
        }
        assert_eq!(found, names);
    }

    async fn a_new_account_gets_its_first_password_by_mail(database) {
        let app = App::start(database).await;
        let admin = app.has_admin("zoe").await;
        let account = json!({ "user_name": "bea", "email": "bea@example.com", "name": " Bea B. ", "locale": "it-CH" });
        let answer = admin.posts("/admin/accounts", account).await;
        let place = answer.headers()["location"].to_str().unwrap().to_owned();
        let added = json_of(answer, StatusCode::CREATED).await;
        assert_eq!(place, format!("/admin/accounts/{}", added["id"].as_str().unwrap()));
        assert_eq!((&added["name"], &added["locale"], &added["role"]), (&json!("Bea B."), &json!("it"), &json!("member")));
        assert_eq!(added["has_password"], false);
        let letter = app.letter_to("bea@example.com", 1).await;
        assert!(letter.text.contains("bea"), "{}", letter.text);
        assert_eq!(app.logs_in("bea", &letter.password()).await.status(), StatusCode::OK);
        for (account, codes) in [
            (json!({ "user_name": "BEA", "email": "BEA@example.com" }), &["user_name taken", "email taken"][..]),
            (json!({ "user_name": "other", "email": "bea@EXAMPLE.com" }), &["email taken"]),
            (json!({ "user_name": "bea", "email": "other@example.com" }), &["user_name taken"]),
            (json!({ "user_name": "a@b", "email": "x", "locale": "tlh", "name": "a\nb" }),
             &["user_name invalid_character", "email not_an_email", "name invalid_character", "locale unknown_language"]),
            (json!({}), &["user_name required", "email required"]),
            (json!({ "user_name": "c", "email": "c@example.com", "role": "owner" }), &["role wrong_type"]),
        ] {
            let problem = assert_problem(admin.posts("/admin/accounts", account).await, 422, "invalid_input").await;
            assert_eq!(field_codes(&problem), codes);
        }
        assert_eq!(app.count("SELECT COUNT(*) AS count FROM accounts"), 2);
    }

    async fn disabling_ends_everything_and_enabling_lets_the_person_in_again(database) {
        let app = App::start(database).await;
        let admin = app.has_admin("zoe").await;
        app.has_account("ann", ANN);
        let session = app.access_token("ann", OWN_PASSWORD).await;
        app.asks_for_reset(ANN).await;
        let link = app.letter_to(ANN, 1).await.token();
        let id = admin.id_of("ann").await;
        let disabled = json_of(admin.changes(&id, json!({ "disabled": true })).await, StatusCode::OK).await;
        assert_eq!((&disabled["disabled"], &disabled["has_password"]), (&json!(true), &json!(true)));
        assert_problem(app.who_am_i(&session).await, 401, "session_ended").await;
        assert_problem(app.logs_in("ann", OWN_PASSWORD).await, 401, "invalid_credentials").await;
        assert_problem(app.confirms(&link).await, 410, "reset_link_used").await;
        app.asks_for_reset(ANN).await;
        app.all_letters_are_settled().await;
        let refused = assert_problem(admin.posts(&format!("/admin/accounts/{id}/send-reset"), nothing()).await, 422, "invalid_input").await;
        assert_eq!(field_codes(&refused), [" account_disabled"]);
        json_of(admin.changes(&id, json!({ "disabled": false })).await, StatusCode::OK).await;
        app.access_token("ann", OWN_PASSWORD).await;
        assert_problem(app.confirms(&link).await, 410, "reset_link_used").await;
        assert_eq!(letters_to(&app.mail, ANN).len(), 1);
    }

    async fn a_link_promised_before_disabling_is_never_sent(database) {
        let mut app = App::start(database).await;
        app.has_account("ann", ANN);
        app.mail.stop();
        let id = {
            let admin = app.has_admin("zoe").await;
            let id = admin.id_of("ann").await;
            app.asks_for_reset(ANN).await;
            assert_eq!(admin.posts(&format!("/admin/accounts/{id}/send-reset"), nothing()).await.status(), 202);
            app.wait(std::time::Duration::from_secs(1));
            for disabled in [true, false] {
                json_of(admin.changes(&id, json!({ "disabled": disabled })).await, StatusCode::OK).await;
            }
            id
        };
        app.mail.come_back().await;
        app.wait(std::time::Duration::from_mins(1));
        app.all_letters_are_settled().await;
        assert!(letters_to(&app.mail, ANN).is_empty());
        let admin = app.acts_as("zoe").await;
        assert_eq!(admin.posts(&format!("/admin/accounts/{id}/send-reset"), nothing()).await.status(), 202);
        app.letter_to(ANN, 1).await.token();
    }

    async fn a_change_is_all_or_nothing(database) {
        let app = App::start(database).await;
        let admin = app.has_admin("zoe").await;
        app.has_account("ann", ANN);
        app.has_account("bea", "bea@example.com");
        let id = admin.id_of("ann").await;
        let before = admin.page(&format!("/admin/accounts/{id}")).await;
        let refused = admin.changes(&id, json!({ "name": "Ann", "role": "admin", "disabled": true, "email": "BEA@example.com" })).await;
        assert_eq!(field_codes(&assert_problem(refused, 422, "invalid_input").await), ["email taken"]);
        assert_eq!(admin.page(&format!("/admin/accounts/{id}")).await, before);
        let wanted = json!({ "name": " Ann A. ", "role": "admin", "locale": "it", "email": "ann@new.example" });
        let changed = json_of(admin.changes(&id, wanted).await, StatusCode::OK).await;
        for (field, value) in [("name", "Ann A."), ("role", "admin"), ("locale", "it"), ("email", "ann@new.example")] {
            assert_eq!(changed[field], value);
        }
        let unnamed = json_of(admin.changes(&id, json!({ "name": "" })).await, StatusCode::OK).await;
        assert_eq!((&unnamed["name"], &unnamed["role"]), (&json!(null), &json!("admin")));
        // The notice of the change, at the old address.
        app.letter_to(ANN, 1).await;
        app.access_token("ann@new.example", OWN_PASSWORD).await;
        let wrong = admin.changes(&id, json!({ "email": "x", "locale": "tlh", "name": "a\u{0}" })).await;
        let problem = assert_problem(wrong, 422, "invalid_input").await;
        assert_eq!(field_codes(&problem), ["name invalid_character", "email not_an_email", "locale unknown_language"]);
    }

    async fn a_new_address_ends_links_and_keeps_sessions(database) {
        let app = App::start(database).await;
        let admin = app.has_admin("zoe").await;
        app.has_account("ann", ANN);
        app.asks_for_reset(ANN).await;
        let link = app.letter_to(ANN, 1).await.token();
        let begun = json_of(app.logs_in("ann", OWN_PASSWORD).await, StatusCode::OK).await;
        let id = admin.id_of("ann").await;
        json_of(admin.changes(&id, json!({ "email": "ann@new.example" })).await, StatusCode::OK).await;
        assert_problem(app.confirms(&link).await, 410, "reset_link_used").await;
        let refreshed = app.posts("/session/refresh", &json!({ "refresh_token": begun["refresh_token"] })).await;
        let token = json_of(refreshed, StatusCode::OK).await["access_token"].as_str().unwrap().to_owned();
        assert_eq!(json_of(app.who_am_i(&token).await, StatusCode::OK).await["email"], "ann@new.example");
        // A disabled account can be corrected, too.
        json_of(admin.changes(&id, json!({ "disabled": true })).await, StatusCode::OK).await;
        json_of(admin.changes(&id, json!({ "email": ANN })).await, StatusCode::OK).await;
        assert_problem(app.logs_in("ann", OWN_PASSWORD).await, 401, "invalid_credentials").await;
    }

    async fn an_administrator_sends_a_link_whatever_strangers_have_asked_for(database) {
        let app = App::start_with(database, Setup::with(&["--reset-mails-per-hour=1"])).await;
        let admin = app.has_admin("zoe").await;
        app.has_account("ann", ANN);
        for _ in 0..3 {
            app.asks_for_reset(ANN).await;
        }
        app.all_letters_are_settled().await;
        assert_eq!(letters_to(&app.mail, ANN).len(), 1);
        let id = admin.id_of("ann").await;
        for number in [2, 3] {
            let answer = admin.posts(&format!("/admin/accounts/{id}/send-reset"), nothing()).await;
            assert_eq!(json_of(answer, StatusCode::ACCEPTED).await, json!({ "status": "email_sent" }));
            let link = app.letter_to(ANN, number).await.token();
            if number == 3 {
                assert_eq!(app.confirms(&link).await.status(), StatusCode::OK);
            }
        }
        app.letter_to(ANN, 4).await.password();
    }

    async fn a_deleted_account_is_gone_at_once_with_all_it_had(database) {
        let app = App::start(database).await;
        let admin = app.has_admin("zoe").await;
        app.has_account("ann", ANN);
        app.asks_for_reset(ANN).await;
        let link = app.letter_to(ANN, 1).await.token();
        let session = app.access_token("ann", OWN_PASSWORD).await;
        let id = admin.id_of("ann").await;
        assert_eq!(admin.deletes(&format!("/admin/accounts/{id}")).await.status(), StatusCode::NO_CONTENT);
        assert_problem(app.who_am_i(&session).await, 401, "session_ended").await;
        assert_problem(app.logs_in("ann", OWN_PASSWORD).await, 401, "invalid_credentials").await;
        assert_problem(app.confirms(&link).await, 404, "reset_link_unknown").await;
        for id in [id.as_str(), NOBODY, "x", "%00", "a%2fb"] {
            let path = format!("/admin/accounts/{id}");
            assert_problem(admin.gets(&path).await, 404, "not_found").await;
            assert_problem(admin.changes(id, json!({ "name": "x" })).await, 404, "not_found").await;
            assert_problem(admin.deletes(&path).await, 404, "not_found").await;
            assert_problem(admin.deletes(&format!("{path}/sessions")).await, 404, "not_found").await;
            assert_problem(admin.posts(&format!("{path}/send-reset"), nothing()).await, 404, "not_found").await;
        }
        app.has_account("ann", ANN);
    }

    async fn an_administrator_ends_all_sessions_at_once(database) {
        let app = App::start(database).await;
        let admin = app.has_admin("zoe").await;
        app.has_account("ann", ANN);
        let sessions = [app.access_token("ann", OWN_PASSWORD).await, app.access_token("ann", OWN_PASSWORD).await];
        let id = admin.id_of("ann").await;
        assert_eq!(admin.deletes(&format!("/admin/accounts/{id}/sessions")).await.status(), StatusCode::NO_CONTENT);
        for session in sessions {
            assert_problem(app.who_am_i(&session).await, 401, "session_ended").await;
        }
        app.access_token("ann", OWN_PASSWORD).await;
        admin.page("/admin/accounts").await;
    }
}

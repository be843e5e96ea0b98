//! Name, language, and where one is logged in.

use std::time::Duration;

use rekey_shared::account::{ChangeProfile, Me, SessionInfo};
use rekey_shared::client::{Failure, Session, api};
use rekey_shared::locale::Locale;
use rekey_shared::login::SessionKind;
use rekey_shared::problem::ProblemCode::{NotFound, SessionEnded};
use reqwest::{Method, StatusCode};
use serde_json::json;

use crate::support::app::{App, OWN_PASSWORD, assert_problem, assert_refused, browser_logs_in, cookie, json_of};
use crate::support::{Setup, on_both_databases, spoken};

const ANN: &str = "ann@example.com";

async fn sessions(session: &Session) -> Vec<SessionInfo> {
    session.ask(&api::sessions()).await.unwrap().items
}

async fn who_am_i(session: &Session) -> Result<Me, Failure> {
    session.ask(&api::me()).await
}

async fn logs_in_from(app: &App, user_agent: &str) -> Session {
    let request = app.api().prepare(spoken::logs_in("ann", OWN_PASSWORD).request(), None);
    let login = request.header("user-agent", user_agent).send().await.unwrap();
    Session::new(app.api(), login.json().await.unwrap())
}

on_both_databases! {
    async fn name_and_language_change_and_what_is_not_named_stays(database) {
        let app = App::start(database).await;
        app.has_account("ann", ANN);
        let session = app.session("ann", OWN_PASSWORD).await;
        let change = async |name: Option<&str>, locale: Option<&str>| {
            let change = ChangeProfile { name: name.map(str::to_owned), locale: locale.map(str::to_owned) };
            session.ask(&api::change_profile(&change)).await.unwrap()
        };
        let me = change(Some("  Ann O'Neill \u{1f980} "), Some("it-CH")).await;
        assert_eq!((me.name.as_deref(), me.locale), (Some("Ann O'Neill \u{1f980}"), Locale::It));
        assert_eq!(change(None, None).await, me);
        assert_eq!(change(None, Some("en")).await.name, me.name);
        assert_eq!(change(Some(" "), None).await.name, None);
        let now = who_am_i(&session).await.unwrap();
        assert_eq!((now.name, now.locale, now.email.as_str()), (None, Locale::En, ANN));
    }

    async fn a_profile_that_cannot_be_is_refused_field_by_field(database) {
        let app = App::start(database).await;
        app.has_account("ann", ANN);
        let token = app.access_token("ann", OWN_PASSWORD).await;
        for (body, field, code) in [
            (json!({ "name": "x".repeat(101) }), "name", "too_long"),
            (json!({ "name": "a\0b" }), "name", "invalid_character"),
            (json!({ "name": "a\r\nBcc: b@example.com" }), "name", "invalid_character"),
            (json!({ "name": 5 }), "name", "wrong_type"),
            (json!({ "locale": "tlh" }), "locale", "unknown_language"),
        ] {
            let refused = app.calls(&token, Method::PATCH, "/me", Some(body)).await;
            let problem = assert_problem(refused, 422, "invalid_input").await;
            assert_eq!(problem["errors"], json!([{ "field": field, "code": code }]));
        }
        let both = app.calls(&token, Method::PATCH, "/me", Some(json!({ "name": "\u{7}", "locale": "xx" }))).await;
        assert_eq!(assert_problem(both, 422, "invalid_input").await["errors"].as_array().unwrap().len(), 2);
    }

    async fn the_list_of_sessions_shows_where_one_is_logged_in(database) {
        let app = App::start(database).await;
        app.has_account("ann", ANN);
        app.has_account("bea", "bea@example.com");
        app.access_token("bea", OWN_PASSWORD).await;
        let phone = logs_in_from(&app, "Support-App/3.1 (Android)").await;
        app.wait(Duration::from_mins(5));
        let here = logs_in_from(&app, &"Mozilla/5.0 ".repeat(40)).await;
        let listed = sessions(&here).await;
        assert_eq!(listed.len(), 2, "{listed:?}");
        let (first, second) = (&listed[0], &listed[1]);
        assert_eq!((first.current, second.current), (true, false));
        assert_eq!(second.user_agent, "Support-App/3.1 (Android)");
        assert_eq!(first.user_agent.chars().count(), 200);
        assert_eq!((second.kind, second.address.as_str()), (SessionKind::Token, "127.0.0.1"));
        assert!(second.used_at.ends_with('Z') && second.used_at < first.used_at, "{listed:?}");
        assert!(sessions(&phone).await[1].current);
    }

    async fn one_session_or_all_others_are_ended_at_once(database) {
        let app = App::start(database).await;
        app.has_account("ann", ANN);
        let (here, phone, tablet) = (logs_in_from(&app, "here").await, logs_in_from(&app, "phone").await, logs_in_from(&app, "tablet").await);
        let listed = sessions(&here).await;
        let on_phone = listed.iter().find(|one| one.user_agent == "phone").unwrap();
        let end = api::end_session(&on_phone.id);
        here.ask(&end).await.unwrap();
        assert_refused(who_am_i(&phone).await, SessionEnded);
        assert_refused(here.ask(&end).await, NotFound);
        who_am_i(&tablet).await.unwrap();
        here.ask(&api::end_other_sessions()).await.unwrap();
        assert_refused(who_am_i(&tablet).await, SessionEnded);
        who_am_i(&here).await.unwrap();
        assert_eq!(sessions(&here).await.len(), 1);
    }

    async fn nobody_ends_the_session_of_another(database) {
        let app = App::start(database).await;
        app.has_account("ann", ANN);
        app.has_account("eve", "eve@example.com");
        let ann = app.session("ann", OWN_PASSWORD).await;
        let eve = app.session("eve", OWN_PASSWORD).await;
        let id = sessions(&ann).await.remove(0).id;
        for id in [id.as_str(), "nothing", "\0", "a/b"] {
            assert_refused(eve.ask(&api::end_session(id)).await, NotFound);
        }
        eve.ask(&api::end_other_sessions()).await.unwrap();
        who_am_i(&ann).await.unwrap();
    }

    async fn dead_sessions_are_not_listed(database) {
        let app = App::start_with(database, Setup::with(&["--session-idle-life=2h", "--session-life=3h"])).await;
        app.has_account("ann", ANN);
        logs_in_from(&app, "idle").await;
        app.wait(Duration::from_hours(2));
        let old = logs_in_from(&app, "before the change").await;
        old.ask(&spoken::changes_password(OWN_PASSWORD, "another password of mine")).await.unwrap();
        let here = app.session("ann", "another password of mine").await;
        assert_eq!(sessions(&here).await.len(), 2, "the one that the change began, and this one");
        app.letter_to(ANN, 1).await;
    }

    async fn the_pages_of_a_long_list_of_sessions_make_the_whole(database) {
        let app = App::start(database).await;
        app.has_account("ann", ANN);
        for _ in 0..6 {
            app.access_token("ann", OWN_PASSWORD).await;
        }
        let here = app.session("ann", OWN_PASSWORD).await;
        let (mut seen, mut cursor) = (Vec::new(), Some(String::new()));
        while let Some(after) = cursor {
            let page = here.ask(&api::sessions().limited_to(3).after(&after)).await.unwrap();
            seen.extend(page.items.into_iter().map(|one| one.id));
            cursor = page.next_cursor;
        }
        let mut distinct = seen.clone();
        distinct.dedup();
        assert_eq!((seen.len(), distinct.len()), (7, 7));
        let token = app.access_token("ann", OWN_PASSWORD).await;
        for (query, code) in [("limit=0", "too_short"), ("limit=201", "too_long"), ("limit=x", "wrong_type"), ("cursor=%00", "invalid_character")] {
            let refused = app.calls(&token, Method::GET, &format!("/me/sessions?{query}"), None).await;
            let problem = assert_problem(refused, 422, "invalid_input").await;
            assert_eq!(problem["errors"], json!([{ "field": query.split('=').next().unwrap(), "code": code }]));
        }
    }

    async fn a_browser_that_signs_out_elsewhere_is_told_at_its_next_refresh(database) {
        let app = App::start(database).await;
        app.has_account("ann", ANN);
        let login = browser_logs_in(&app, "ann", OWN_PASSWORD, "").await;
        let (pair, _) = cookie(&login, "rekey_session").unwrap();
        app.session("ann", OWN_PASSWORD).await.ask(&api::end_other_sessions()).await.unwrap();
        let refresh = app.request(Method::POST, "/session/refresh").header("cookie", pair).header("sec-fetch-site", "same-origin");
        assert_problem(refresh.send().await.unwrap(), 401, "session_ended").await;
    }

    async fn two_changes_at_once_are_both_there(database) {
        let app = App::start(database).await;
        app.has_account("ann", ANN);
        let session = app.session("ann", OWN_PASSWORD).await;
        for round in 0..10 {
            let (name, locale) = (format!("Ann {round}"), if round % 2 == 0 { Locale::It } else { Locale::En });
            let change = ChangeProfile::default();
            let named = api::change_profile(&ChangeProfile { name: Some(name.clone()), ..change.clone() });
            let spoken = api::change_profile(&ChangeProfile { locale: Some(locale.code().to_owned()), ..change });
            let (one, other) = tokio::join!(session.ask(&named), session.ask(&spoken));
            assert!(one.is_ok() && other.is_ok(), "{one:?} {other:?}");
            let me = who_am_i(&session).await.unwrap();
            assert_eq!((me.name, me.locale), (Some(name), locale));
        }
    }

    async fn many_tabs_of_one_browser_stay_logged_in_together(database) {
        let app = App::start(database).await;
        app.has_account("ann", ANN);
        let login = browser_logs_in(&app, "ann", OWN_PASSWORD, "").await;
        let (pair, _) = cookie(&login, "rekey_session").unwrap();
        let tabs: Vec<_> = (0..12)
            .map(|_| {
                let refresh = app.request(Method::POST, "/session/refresh").header("cookie", &pair);
                let refresh = refresh.header("sec-fetch-site", "same-origin");
                tokio::spawn(async move { json_of(refresh.send().await.unwrap(), StatusCode::OK).await })
            })
            .collect();
        for tab in tabs {
            let tab = Session::new(app.api(), serde_json::from_value(tab.await.unwrap()).unwrap());
            who_am_i(&tab).await.unwrap();
            assert_eq!(sessions(&tab).await.len(), 1, "one browser, one session");
        }
    }
}

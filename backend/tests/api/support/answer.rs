//! What a test does with an answer.

use std::fmt::Debug;

use rekey_shared::client::{Failure, api};
use rekey_shared::login::{LoginRequest, SessionKind};
use rekey_shared::problem::{Problem, ProblemCode};
use reqwest::{Response, StatusCode};
use serde_json::Value;

use super::app::App;

/// The body of an answer with this status.
pub async fn json_of(response: Response, status: StatusCode) -> Value {
    assert_eq!(response.status(), status, "{}", response.url());
    response.json().await.expect("JSON")
}

/// Checks an error: problem+json, its status, its code.
pub async fn assert_problem(response: Response, status: u16, code: &str) -> Value {
    let url = response.url().clone();
    assert_eq!(response.status().as_u16(), status, "{url}");
    assert_eq!(response.headers()["content-type"], "application/problem+json", "{url}");
    let problem: Value = response.json().await.expect("JSON");
    assert_eq!(problem["code"], code, "{url}");
    assert_eq!(problem["status"], status, "{url}");
    assert!(problem["request_id"].as_str().is_some_and(|id| id.len() >= 32), "{problem}");
    assert!(problem["type"].is_string() && problem["title"].is_string(), "{problem}");
    problem
}

/// A typed call that was refused for this.
pub fn assert_refused<A: Debug>(answer: Result<A, Failure>, code: ProblemCode) -> Problem {
    match answer {
        Err(Failure::Refused { problem, .. }) if problem.code == code => problem,
        other => panic!("{other:?} and not {}", code.text()),
    }
}

/// The cookie's `name=value`, and its attributes.
pub fn cookie(response: &Response, name: &str) -> Option<(String, String)> {
    response.headers().get_all("set-cookie").iter().find_map(|value| {
        let text = value.to_str().unwrap();
        let (pair, attributes) = text.split_once(';')?;
        pair.starts_with(&format!("{name}=")).then(|| (pair.to_owned(), attributes.to_owned()))
    })
}

/// Logs in as a browser does.
pub async fn browser_logs_in(app: &App, user: &str, password: &str, cookies: &str) -> Response {
    let login = LoginRequest { user: user.to_owned(), password: password.into(), session: SessionKind::Cookie };
    let request = app.api().prepare(api::log_in(&login).request(), None);
    request.header("cookie", cookies).send().await.unwrap()
}

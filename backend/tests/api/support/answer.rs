//! What a test does with an answer.

use reqwest::{Method, Response, StatusCode};
use serde_json::{Value, json};

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
    app.request(Method::POST, "/login")
        .header("cookie", cookies)
        .json(&json!({ "user": user, "password": password, "session": "cookie" }))
        .send()
        .await
        .unwrap()
}

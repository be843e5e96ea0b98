//! What an administrator does over the API.

use std::io::Write;
use std::process::{Output, Stdio};

use rekey_shared::client::{Call, Failure, api};
use reqwest::{Method, Response, StatusCode};
use serde_json::{Value, json};

use super::app::{App, OWN_PASSWORD, json_of};

impl App {
    /// Adds an administrator with [`OWN_PASSWORD`], and logs in.
    pub async fn has_admin(&self, user_name: &str) -> Admin<'_> {
        let email = format!("{user_name}@example.org");
        let mut command = self.rekey(&["account", "add", "--user-name", user_name, "--email", &email]);
        let command = command.args(["--role", "admin", "--password-stdin"]);
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::null()).spawn().unwrap();
        writeln!(child.stdin.take().unwrap(), "{OWN_PASSWORD}").unwrap();
        assert!(child.wait().unwrap().success());
        self.acts_as(user_name).await
    }

    /// Somebody who is there already.
    pub async fn acts_as(&self, user_name: &str) -> Admin<'_> {
        Admin { token: self.access_token(user_name, OWN_PASSWORD).await, app: self }
    }

    /// A command, and what it printed; stdin is nobody.
    pub fn commands(&self, arguments: &[&str]) -> Output {
        self.rekey(arguments).stdin(Stdio::null()).output().unwrap()
    }

    /// A command that must succeed, and its standard output.
    pub fn succeeds(&self, arguments: &[&str]) -> String {
        let output = self.commands(arguments);
        assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    }

    /// A command that must fail in one sentence, and that sentence.
    pub fn fails(&self, arguments: &[&str], exit: i32) -> String {
        let output = self.commands(arguments);
        let said = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(exit), "{arguments:?}: {said}");
        said
    }
}

/// An administrator who is logged in.
pub struct Admin<'a> {
    pub token: String,
    app: &'a App,
}

impl Admin<'_> {
    pub async fn asks(&self, method: Method, path: &str, body: Option<Value>) -> Response {
        let request = self.app.request(method, path).bearer_auth(&self.token);
        let request = if let Some(body) = body { request.json(&body) } else { request };
        request.send().await.unwrap()
    }

    /// As a client does.
    pub async fn calls<A>(&self, call: &Call<A>) -> Result<A, Failure> {
        self.app.api().send_as(&self.token.as_str().into(), call).await
    }

    pub async fn gets(&self, path: &str) -> Response {
        self.asks(Method::GET, path, None).await
    }

    pub async fn changes(&self, id: &str, change: Value) -> Response {
        self.asks(Method::PATCH, &format!("/admin/accounts/{id}"), Some(change)).await
    }

    pub async fn deletes(&self, path: &str) -> Response {
        self.asks(Method::DELETE, path, None).await
    }

    pub async fn posts(&self, path: &str, body: Value) -> Response {
        self.asks(Method::POST, path, Some(body)).await
    }

    /// The id of an account, by the search.
    pub async fn id_of(&self, user_name: &str) -> String {
        let found = self.calls(&api::accounts(user_name)).await.unwrap().items;
        let account = found.into_iter().find(|account| account.user_name == user_name);
        account.unwrap_or_else(|| panic!("no {user_name}")).id
    }

    pub async fn page(&self, path: &str) -> Value {
        json_of(self.gets(path).await, StatusCode::OK).await
    }

    /// One field of all items of a list, page by page.
    pub async fn all(&self, path: &str, field: &str) -> Vec<String> {
        let mut found = Vec::new();
        let mut cursor = String::new();
        loop {
            let separator = if path.contains('?') { '&' } else { '?' };
            let page = self.page(&format!("{path}{separator}limit=3{cursor}")).await;
            let items = page["items"].as_array().unwrap();
            assert!(items.len() <= 3, "{page}");
            found.extend(items.iter().map(|item| item[field].as_str().unwrap_or_default().to_owned()));
            match page["next_cursor"].as_str() {
                Some(next) => cursor = format!("&cursor={next}"),
                None => return found,
            }
        }
    }
}

/// The errors of a problem, as `field code`.
pub fn field_codes(problem: &Value) -> Vec<String> {
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let errors = problem["errors"].as_array().unwrap().iter();
    errors.map(|error| format!("{} {}", text(&error["field"]), text(&error["code"]))).collect()
}

/// An empty body.
pub fn nothing() -> Value {
    json!({})
}

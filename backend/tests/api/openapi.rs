//! `/openapi.json` says what the program does: every route, every problem, and the copy in the repository.

use std::collections::BTreeSet;

use rekey_shared::problem::ProblemCode;
use reqwest::{Method, StatusCode};
use serde_json::Value;

use crate::support::app::{App, assert_problem, json_of};
use crate::support::database::Kind;

const METHODS: [&str; 4] = ["get", "post", "patch", "delete"];

async fn document() -> Value {
    let app = App::start(Kind::Sqlite).await;
    json_of(app.request(Method::GET, "/openapi.json").send().await.unwrap(), StatusCode::OK).await
}

/// Every operation with its name, such as `GET /me`.
fn operations(document: &Value) -> Vec<(String, &Value)> {
    let paths = document["paths"].as_object().unwrap();
    let operations = paths.iter().flat_map(|(path, item)| {
        let item = item.as_object().unwrap();
        item.iter().map(move |(method, operation)| {
            assert!(METHODS.contains(&method.as_str()), "{method} {path}");
            (format!("{} {path}", method.to_uppercase()), operation)
        })
    });
    operations.collect()
}

/// What stands behind a reference, or the value itself.
fn resolved<'a>(document: &'a Value, value: &'a Value) -> &'a Value {
    match value["$ref"].as_str() {
        Some(reference) => {
            document.pointer(reference.trim_start_matches('#')).unwrap_or_else(|| panic!("{reference} leads nowhere"))
        }
        None => value,
    }
}

fn answers<'a>(document: &'a Value, operation: &'a Value) -> impl Iterator<Item = (&'a str, &'a Value)> {
    let answers = operation["responses"].as_object().unwrap();
    answers.iter().map(|(status, answer)| (status.as_str(), resolved(document, answer)))
}

#[tokio::test(flavor = "multi_thread")]
async fn every_route_is_described_and_every_description_is_a_route() {
    let document = document().await;
    let described: BTreeSet<String> = operations(&document).into_iter().map(|(name, _)| name).collect();
    let routes = rekey::ROUTES.iter().flat_map(|(path, allow)| {
        allow.split(", ").filter(|method| *method != "HEAD").map(move |method| format!("{method} {path}"))
    });
    assert_eq!(described, routes.collect());
}

#[tokio::test(flavor = "multi_thread")]
async fn an_operation_says_what_it_is_for_and_shows_its_answers() {
    let document = document().await;
    assert_eq!(document["openapi"], "3.1.0");
    let (mut ids, tags) = (BTreeSet::new(), document["tags"].as_array().unwrap());
    for (name, operation) in operations(&document) {
        assert!(ids.insert(operation["operationId"].as_str().unwrap()), "{name}: two have this id");
        let tag = &operation["tags"][0];
        assert!(tags.iter().any(|known| known["name"] == *tag), "{name}: {tag}");
        for text in ["summary", "description"] {
            assert!(operation[text].as_str().is_some_and(|text| !text.is_empty()), "{name}: {text}");
        }
        for (status, answer) in answers(&document, operation).filter(|(status, _)| status.starts_with('2')) {
            if let Some(content) = answer["content"].get("application/json") {
                assert!(has_example(&document, content), "{name} {status} has no example");
            }
        }
    }
}

/// Of its own, or in the schema, or in that of a list's items.
fn has_example(document: &Value, content: &Value) -> bool {
    let schema = resolved(document, &content["schema"]);
    let items = resolved(document, &schema["properties"]["items"]["items"]);
    !content["example"].is_null() || [schema, items].iter().any(|schema| schema["examples"].is_array())
}

#[tokio::test(flavor = "multi_thread")]
async fn every_problem_is_shown_where_it_can_come_and_by_its_status() {
    let document = document().await;
    let mut shown = BTreeSet::new();
    let answers = operations(&document).into_iter().flat_map(|(_, operation)| answers(&document, operation));
    let not_allowed = &document["components"]["responses"]["method_not_allowed"];
    for (status, answer) in answers.chain([("405", not_allowed)]).filter(|(status, _)| *status >= "400") {
        let content = &answer["content"]["application/problem+json"];
        assert_eq!(content["schema"]["$ref"], "#/components/schemas/Problem", "{status} {answer}");
        for (code, example) in content["examples"].as_object().unwrap() {
            assert_eq!(example["value"]["code"], *code);
            assert_eq!(example["value"]["status"].to_string(), status);
            shown.insert(code.as_str());
        }
        let header = match status {
            "401" => "WWW-Authenticate",
            "405" => "Allow",
            "429" | "503" => "Retry-After",
            _ => continue,
        };
        assert!(answer["headers"][header].is_object(), "{status} {header}");
    }
    let all: BTreeSet<_> = ProblemCode::ALL.iter().map(|code| code.text()).collect();
    assert_eq!(shown, all);
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_must_log_in_is_told_so_and_nobody_else() {
    let document = document().await;
    for (name, operation) in operations(&document) {
        let may_answer = |code: &str| {
            answers(&document, operation)
                .any(|(_, answer)| answer["content"]["application/problem+json"]["examples"][code].is_object())
        };
        let security = operation["security"].as_array();
        let must = security.is_some_and(|ways| !ways.iter().any(|way| way.as_object().unwrap().is_empty()));
        assert_eq!(must, may_answer("unauthenticated"), "{name}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_page_comes_with_all_that_it_is_made_of_and_only_anew_when_it_is_another() {
    let app = App::start(Kind::Sqlite).await;
    let page = app.request(Method::GET, "/docs").header("accept", "text/html").send().await.unwrap();
    assert_eq!(page.headers()["content-type"], "text/html; charset=utf-8");
    let html = page.text().await.unwrap();
    let named: Vec<&str> = html.split('"').filter(|text| text.starts_with("/docs/")).collect();
    assert_eq!(named.len(), 5, "{named:?}");
    for path in named.into_iter().chain(["/docs"]) {
        let first = app.request(Method::GET, path).send().await.unwrap();
        assert_eq!(first.status(), StatusCode::OK, "{path}");
        assert_eq!(first.headers()["cache-control"], "no-cache", "{path}");
        let etag = first.headers()["etag"].clone();
        assert!(!first.bytes().await.unwrap().is_empty(), "{path}");
        let again = app.request(Method::GET, path).header("if-none-match", etag).send().await.unwrap();
        assert_eq!(again.status(), StatusCode::NOT_MODIFIED, "{path}");
    }
    assert_problem(app.request(Method::GET, "/docs/swagger-ui.js").send().await.unwrap(), 404, "not_found").await;
    assert_problem(app.request(Method::POST, "/docs").send().await.unwrap(), 405, "method_not_allowed").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_copy_in_the_repository_is_that_of_the_program() {
    let file = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().join("docs/openapi.json");
    let written = serde_json::to_string_pretty(&document().await).unwrap() + "\n";
    if std::env::var_os("RENEW_DOCS").is_some() {
        std::fs::write(file, written).unwrap();
        return;
    }
    let there = std::fs::read_to_string(file).unwrap_or_default();
    assert!(there == written, "docs/openapi.json is not what the program says of itself: run `make docs`");
}

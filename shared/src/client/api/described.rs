//! The calls are what `docs/openapi.json` says, which in turn is what the server says of itself.

use std::any::type_name;
use std::collections::{BTreeMap, BTreeSet};

use serde::de::DeserializeOwned;
use serde_json::Value;

use super::*;
use crate::admin::{AuditEvent, MailState};
use crate::client::{Answer, Failure};

/// What clients of the API do not ask: monitors do, verifiers of tokens (any library of JWTs can), readers.
const FOR_OTHERS: &[&str] = &[
    paths::HEALTH_LIVE,
    paths::HEALTH_READY,
    paths::JWKS,
    paths::CHANGE_PASSWORD,
    paths::FORWARD_AUTH,
    paths::OPENAPI,
    paths::DOCS,
    paths::DOCS_FILE,
];

/// What is sent and what comes back: names in the query, the body, the type of the answer.
#[derive(Debug, PartialEq)]
struct Shape {
    query: BTreeSet<String>,
    body: Option<Value>,
    answer: Option<String>,
}

fn document() -> Value {
    serde_json::from_str(include_str!("../../../../docs/openapi.json")).unwrap()
}

fn name_in(reference: &Value) -> Option<String> {
    reference["$ref"].as_str()?.rsplit('/').next().map(str::to_owned)
}

fn described() -> BTreeMap<String, Shape> {
    let document = document();
    let mut found = BTreeMap::new();
    let paths = document["paths"].as_object().unwrap().iter();
    for (path, item) in paths.filter(|(path, _)| !FOR_OTHERS.contains(&path.as_str())) {
        for (method, operation) in item.as_object().unwrap() {
            let parameters = operation["parameters"].as_array().into_iter().flatten();
            let query =
                parameters.filter(|one| one["in"] == "query").map(|one| one["name"].as_str().unwrap().to_owned());
            let body = name_in(&operation["requestBody"]["content"]["application/json"]["schema"]);
            let answers = operation["responses"].as_object().unwrap().iter();
            let answer = answers
                .filter(|(status, _)| status.starts_with('2'))
                .find_map(|(_, answer)| name_in(&answer["content"]["application/json"]["schema"]));
            let shape = Shape { query: query.collect(), body: body.map(|name| example_of(&name)), answer };
            found.insert(format!("{} {path}", method.to_uppercase()), shape);
        }
    }
    found
}

fn example_of(schema: &str) -> Value {
    document()["components"]["schemas"][schema]["examples"][0].clone()
}

/// The documented example of a body, which is another for each type.
fn example<B: DeserializeOwned>() -> B {
    serde_json::from_value(example_of(type_name::<B>().rsplit("::").next().unwrap())).unwrap()
}

/// The name that the document has for a type: `List_Me` for `List<Me>`, none for `()`.
fn schema_name<A>() -> Option<String> {
    let short = type_name::<A>().split('<').map(|part| part.rsplit("::").next().unwrap()).collect::<Vec<_>>().join("_");
    let name = short.trim_end_matches('>').trim_start_matches("Option_").to_owned();
    (name != "()").then_some(name)
}

fn made<A>(call: &Call<A>) -> (String, Shape) {
    let request = call.request();
    let address = request.address();
    let query = address.split_once('?').map(|(_, query)| query.split('&')).into_iter().flatten();
    let shape = Shape {
        query: query.map(|pair| pair.split('=').next().unwrap().to_owned()).collect(),
        body: request.body().map(|body| serde_json::from_slice(body).unwrap()),
        answer: schema_name::<A>(),
    };
    (format!("{} {}", request.method(), request.path()), shape)
}

fn any_audit_event() -> AuditFilter {
    AuditFilter { event: Some(AuditEvent::LoggedIn), account: "ann".to_owned(), actor: "zoe".to_owned() }
}

#[test]
fn every_operation_has_a_function_that_sends_and_reads_what_is_described() {
    let functions = [
        made(&config()),
        made(&request_reset(&example())),
        made(&confirm_reset(&example())),
        made(&log_in(&example())),
        made(&refresh_session(&example())),
        made(&log_out(&example())),
        made(&request_credential(&example())),
        made(&me()),
        made(&change_profile(&example())),
        made(&change_password(&example())),
        made(&change_email(&example())),
        made(&confirm_email(&example())),
        made(&sessions().after("c").limited_to(1)),
        made(&end_session("7")),
        made(&end_other_sessions()),
        made(&accounts("ann").after("c").limited_to(1)),
        made(&account("7")),
        made(&add_account(&example())),
        made(&change_account("7", &example())),
        made(&delete_account("7")),
        made(&send_reset("7")),
        made(&end_sessions_of("7")),
        made(&credential_requests().after("c").limited_to(1)),
        made(&approve("7", &example())),
        made(&reject("7", &example())),
        made(&mail_queue(Some(MailState::Waiting)).after("c").limited_to(1)),
        made(&retry_mail("7")),
        made(&drop_mail("7")),
        made(&audit_events(&any_audit_event()).after("c").limited_to(1)),
    ];
    let functions = BTreeMap::from(functions);
    let described = described();
    assert_eq!(functions.keys().collect::<Vec<_>>(), described.keys().collect::<Vec<_>>());
    for (operation, shape) in described {
        assert_eq!(functions[&operation], shape, "{operation}");
    }
}

#[test]
fn an_address_says_what_was_meant_whatever_stands_in_it() {
    let list = accounts("ä b&limit=9#+").limited_to(3);
    assert_eq!(list.request().address(), "/admin/accounts?search=%C3%A4%20b%26limit%3D9%23%2B&limit=3");
    assert_eq!(accounts("").request().address(), "/admin/accounts");
    assert_eq!(send_reset("a/b?c").request().address(), "/admin/accounts/a%2Fb%3Fc/send-reset");
}

#[test]
fn what_is_sent_is_not_printed() {
    let login = log_in(&LoginRequest { password: "k4tze".into(), ..LoginRequest::default() });
    assert_eq!(format!("{login:?}"), "POST /login");
}

#[test]
fn an_answer_of_another_form_is_unreadable_and_nothing_is_an_answer_where_it_may_be_one() {
    let answer = |body: &str| Answer::of(200, None, body.as_bytes().to_vec()).unwrap();
    assert_eq!(me().read(&answer("<html>")), Err(Failure::Unreadable { status: 200 }));
    assert_eq!(me().read(&answer("")), Err(Failure::Unreadable { status: 200 }));
    assert_eq!(refresh_session(&RefreshRequest::default()).read(&answer("")), Ok(None));
    assert_eq!(end_other_sessions().read(&answer("")), Ok(()));
}

//! What can go wrong in an operation: its handler lists the codes, and status, headers and examples follow from
//! [`Error`], which also answers.

use std::collections::BTreeMap;

use rekey_shared::problem::ProblemCode::{
    self, BodyTooLarge, Forbidden, Internal, InvalidInput, MalformedJson, NotFound, SessionEnded, TooManyRequests,
    Unauthenticated, Unavailable, UnsupportedMediaType,
};
use rekey_shared::problem::{PROBLEM_JSON, Problem};
use serde_json::Value;
use utoipa::openapi::example::ExampleBuilder;
use utoipa::openapi::header::HeaderBuilder;
use utoipa::openapi::path::Operation;
use utoipa::openapi::schema::{ObjectBuilder, Type};
use utoipa::openapi::{Components, ContentBuilder, OpenApi, Ref, RefOr, Response, ResponseBuilder};
use utoipa::{Modify, ToSchema};

use crate::error::Error;

/// Under this name a handler lists its codes; it is not left in the description.
const LISTED: &str = "x-problems";

/// The id under which the server's log knows the request of the examples.
const REQUEST_ID: &str = "0b9f6a51-7c0e-4f43-9d0a-5be1f1a3c2d7";

/// Of a body that is not as it has to be.
pub(crate) const BODY: &[ProblemCode] = &[MalformedJson, BodyTooLarge, UnsupportedMediaType, InvalidInput];
/// Of a client that asks too often.
pub(crate) const LIMIT: &[ProblemCode] = &[TooManyRequests];
/// Of whoever has no session of any kind.
pub(crate) const SESSION: &[ProblemCode] = &[Unauthenticated, SessionEnded];
/// Of whoever has none, or only the session of a mailed password.
pub(crate) const FULL_SESSION: &[ProblemCode] = &[Unauthenticated, SessionEnded, Forbidden];
/// Of whoever is no administrator.
pub(crate) const ADMIN: &[ProblemCode] = FULL_SESSION;
/// Of an id that names nothing.
pub(crate) const ID: &[ProblemCode] = &[NotFound];
/// Of a query that cannot be read.
pub(crate) const QUERY: &[ProblemCode] = &[InvalidInput];
/// Of the server itself.
pub(crate) const SERVER: &[ProblemCode] = &[Unavailable, Internal];

/// Makes answers of the codes that the handlers list.
pub(super) struct Problems;

impl Modify for Problems {
    fn modify(&self, openapi: &mut OpenApi) {
        let mut components = openapi.components.take().unwrap_or_default();
        for item in openapi.paths.paths.values_mut() {
            let operations = [&mut item.get, &mut item.post, &mut item.patch, &mut item.delete]
                .into_iter()
                .filter_map(Option::as_mut);
            for operation in operations {
                describe(operation, &mut components);
            }
        }
        // No operation answers it, but a method that is none.
        refer(&[ProblemCode::MethodNotAllowed], &mut components);
        openapi.components = Some(components);
    }
}

fn describe(operation: &mut Operation, components: &mut Components) {
    let listed = operation.extensions.as_mut().and_then(|extensions| extensions.remove(LISTED)).unwrap_or_default();
    operation.extensions = operation.extensions.take().filter(|extensions| !extensions.is_empty());
    let mut by_status: BTreeMap<u16, Vec<ProblemCode>> = BTreeMap::new();
    for code in ProblemCode::ALL.iter().filter(|code| lists(&listed, **code)) {
        by_status.entry(Error::sample(*code).problem("").status).or_default().push(*code);
    }
    for (status, codes) in by_status {
        let answer = refer(&codes, components);
        // A handler that has more to say of a status says it itself.
        operation.responses.responses.entry(status.to_string()).or_insert(answer);
    }
}

/// Handlers list codes and lists of codes.
fn lists(listed: &Value, code: ProblemCode) -> bool {
    match listed {
        Value::Array(parts) => parts.iter().any(|part| lists(part, code)),
        Value::String(text) => text == code.text(),
        _ => false,
    }
}

/// A reference to the answer with these codes, which is made when it is needed for the first time.
fn refer(codes: &[ProblemCode], components: &mut Components) -> RefOr<Response> {
    let name = codes.iter().map(|code| code.text()).collect::<Vec<_>>().join(".");
    let answer = Ref::from_response_name(&name);
    components.responses.entry(name).or_insert_with(|| response(codes).into());
    answer.into()
}

fn response(codes: &[ProblemCode]) -> Response {
    let mut content = ContentBuilder::new().schema(Some(Ref::from_schema_name(Problem::name())));
    let mut titles = Vec::new();
    let mut response = ResponseBuilder::new();
    for code in codes {
        let problem = Error::sample(*code).problem(REQUEST_ID);
        titles.push(format!("`{}`: {}", code.text(), problem.title));
        response = match problem.status {
            401 => response.header("WWW-Authenticate", header(Type::String, "`Bearer` (RFC 6750).")),
            405 => response.header("Allow", header(Type::String, "The methods that are there.")),
            429 | 503 => response.header("Retry-After", header(Type::Integer, "Seconds to wait before the next try.")),
            _ => response,
        };
        let example = ExampleBuilder::new().summary(&problem.title).value(serde_json::to_value(&problem).ok()).build();
        content = content.examples_from_iter([(code.text(), example)]);
    }
    response.description(titles.join(" · ")).content(PROBLEM_JSON, content.build()).build()
}

fn header(value: Type, description: &str) -> utoipa::openapi::Header {
    HeaderBuilder::new().schema(Some(ObjectBuilder::new().schema_type(value))).description(Some(description)).build()
}

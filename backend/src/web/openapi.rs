//! `GET /openapi.json`: the API describes itself (OpenAPI 3.1). Each handler carries its own description, the DTOs carry
//! their schemas; here is what belongs to none of them.

pub(crate) mod problems;
mod shapes;

use std::sync::LazyLock;

use actix_web::HttpResponse;
use actix_web::web::Bytes;
use rekey_shared::paths;
use rekey_shared::problem::{FieldCode, FieldError, Problem, ProblemCode};
use utoipa::openapi::security::{ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::{Modify, OpenApi};

use problems::Problems;
use shapes::{ListItems, OptionalBodies};

use crate::{account, admin, credential_request, login, password_reset};

/// The operations by journey, in the order in which the page shows them.
pub(crate) mod tag {
    pub(crate) const PASSWORD_RESET: &str = "Password reset";
    pub(crate) const LOGIN: &str = "Login";
    pub(crate) const CREDENTIAL_REQUEST: &str = "Credential request";
    pub(crate) const ACCOUNT: &str = "Own account";
    pub(crate) const ADMIN_ACCOUNTS: &str = "Administration: accounts";
    pub(crate) const ADMIN_REQUESTS: &str = "Administration: credential requests";
    pub(crate) const ADMIN_MAIL: &str = "Administration: mail queue";
    pub(crate) const ADMIN_AUDIT: &str = "Administration: audit events";
    pub(crate) const SERVER: &str = "Server";
}

/// The document.
#[derive(OpenApi)]
#[openapi(
    info(
        title = "Rekey",
        description = include_str!("openapi/journey.md"),
        license(name = "MIT OR Apache-2.0", identifier = "MIT OR Apache-2.0"),
    ),
    tags(
        (name = tag::PASSWORD_RESET, description = "A forgotten password: ask for a link, confirm it once."),
        (name = tag::LOGIN, description = "Logging in, staying logged in, logging out."),
        (name = tag::CREDENTIAL_REQUEST, description = "Asking the operator for an account."),
        (name = tag::ACCOUNT, description = "The person's own account: profile, password, address, sessions."),
        (name = tag::ADMIN_ACCOUNTS, description = "Accounts. An administrator never sees or sets a password."),
        (name = tag::ADMIN_REQUESTS, description = "Requests for accounts, and the operator's answers."),
        (name = tag::ADMIN_MAIL, description = "Letters that are promised, and what became of them."),
        (name = tag::ADMIN_AUDIT, description = "Who did what to whose account, when, and from where."),
        (name = tag::SERVER, description = "The server itself: health, public settings, keys, this description."),
    ),
    paths(
        password_reset::request::request,
        password_reset::confirm::confirm,
        login::log_in,
        login::refresh::refresh,
        login::refresh::log_out,
        login::forward_auth::forward_auth,
        login::jwks,
        credential_request::submit::submit,
        account::me,
        account::change_password_page,
        account::profile::change,
        account::own_password::change,
        account::email::ask::ask,
        account::email::confirm::confirm,
        account::sessions::list,
        account::sessions::end,
        account::sessions::end_others,
        admin::accounts::list,
        admin::accounts::add,
        admin::accounts::one,
        admin::accounts::change,
        admin::accounts::remove,
        admin::accounts::send_reset,
        admin::accounts::end_sessions,
        admin::credential_requests::list,
        admin::credential_requests::approve,
        admin::credential_requests::reject,
        admin::mail::list,
        admin::mail::retry,
        admin::mail::remove,
        admin::audit::list::list,
        super::health::live,
        super::health::ready,
        super::client_config,
        document,
        super::docs::page,
        super::docs::file,
    ),
    components(schemas(Problem, ProblemCode, FieldError, FieldCode)),
    modifiers(&Security, &OptionalBodies, &ListItems, &Problems)
)]
struct Document;

/// What a caller shows to be let in.
struct Security;

impl Modify for Security {
    fn modify(&self, openapi: &mut utoipa::openapi::OpenApi) {
        let components = openapi.components.get_or_insert_default();
        let token = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).bearer_format("JWT").description(Some(
            "The access token of `POST /login`, `POST /session/refresh` or `POST /me/password`. It is good for 15 minutes, \
             and ends at once with its session. After a login with a mailed password it opens only `POST /me/password` and \
             `POST /logout`.",
        ));
        components.add_security_scheme("access_token", SecurityScheme::Http(token.build()));
        let cookie = ApiKeyValue::with_description(
            "__Host-rekey_session",
            "A browser's session (`session: \"cookie\"` at login): HttpOnly, SameSite=Lax. Where Rekey is reached over plain \
             http, its name is `rekey_session`. A call with it needs `Sec-Fetch-Site: same-origin` or, without that, an \
             `Origin` that is Rekey's own.",
        );
        components.add_security_scheme("session_cookie", SecurityScheme::ApiKey(ApiKey::Cookie(cookie)));
    }
}

/// Made once: it is the same for every caller, and for as long as the program runs.
static DOCUMENT: LazyLock<Result<Bytes, String>> =
    LazyLock::new(|| Document::openapi().to_json().map(Bytes::from).map_err(|error| error.to_string()));

/// `GET /openapi.json`
#[utoipa::path(
    get,
    path = paths::OPENAPI,
    operation_id = "get_openapi",
    tag = tag::SERVER,
    summary = "This description",
    description = "All that the API does, for machines; `GET /docs` shows it to people.",
    responses((status = 200, description = "OpenAPI 3.1.", body = Object, content_type = "application/json",
        example = json!({ "openapi": "3.1.0", "info": { "title": "Rekey" } }))),
)]
pub(crate) async fn document() -> Result<HttpResponse, crate::error::Error> {
    let json = DOCUMENT.as_ref().map_err(|error| crate::error::Error::Internal(error.clone()))?;
    Ok(HttpResponse::Ok().content_type("application/json").body(json.clone()))
}

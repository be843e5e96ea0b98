//! Every route, and the order of the middleware, on one page.

pub(crate) mod after;
pub(crate) mod brand;
pub(crate) mod client_address;
pub(crate) mod connection;
mod cors;
mod docs;
pub(crate) mod fields;
mod forwarded;
pub(crate) mod headers;
mod health;
pub(crate) mod json;
pub(crate) mod limits;
pub(crate) mod openapi;
pub(crate) mod path;
pub(crate) mod query;
pub(crate) mod server;
pub(crate) mod spa;

use actix_web::body::MessageBody;
use actix_web::dev::{Service as _, ServiceFactory, ServiceRequest, ServiceResponse};
use actix_web::web::{Data, ServiceConfig, delete, get, head, patch, post, resource};
use actix_web::{App, HttpRequest, HttpResponse, ResponseError as _};
use rekey_shared::client_config::{ClientConfig, ClientLimits};
use rekey_shared::locale::Locale;
use rekey_shared::{password_rules, paths};

use crate::app::Rekey;
use crate::error::Error;
use crate::login::session::Caller;
use crate::mail::mailbox;
use crate::metrics::http::Http;
use crate::{account, admin, credential_request, login, password_reset, telemetry};
use openapi::tag;
use spa::Spa;

/// What handlers are given.
pub type Shared = Data<Rekey>;

/// The whole service of one worker thread.
pub(crate) fn app(
    rekey: &Shared,
    (spa, brand): (Option<&Spa>, &Data<brand::Files>),
) -> App<
    impl ServiceFactory<
        ServiceRequest,
        Config = (),
        Response = ServiceResponse<impl MessageBody + use<>>,
        Error = actix_web::Error,
        InitError = (),
    > + use<>,
> {
    let door = rekey.metrics.http.door();
    let cors = cors::Cors::new(&rekey.config.cors_origins);
    let page_headers = headers::Policy::new(&rekey.config.public_url, spa);
    App::new()
        // One for all that stands round the routes, in the order in which it stands there: each `wrap` would be a future more of
        // every request. The time is all that a request takes, and every answer gets the headers, a problem's too.
        .wrap_fn(move |request, service| {
            let visit = door.enter(request.method());
            let cors_request = cors.as_ref().and_then(|cors| cors.read(&request));
            let page_headers = page_headers.clone();
            let answering = service.call(request);
            telemetry::of_new_request(async move {
                let mut answer = problems(answering.await?);
                if let Some(cors_request) = cors_request {
                    answer = cors_request.add_to(answer);
                }
                page_headers.add_to(&mut answer);
                telemetry::answered(&answer);
                visit.end(&answer);
                Ok(answer)
            })
        })
        .configure(|config| all_routes(config, rekey, spa, brand))
        .app_data(rekey.clone())
}

/// Makes of the table below the services, and the list that tests go through.
macro_rules! routes {
    ($($path:path, $allow:literal { $($method:ident => $handler:expr),+ $(,)? })+) => {
        /// Every path of the API with its methods, as `Allow` tells them.
        pub const ROUTES: &[(&str, &str)] = &[$(($path, $allow)),+];

        fn api(config: &mut ServiceConfig, times: &Http) {
            $(config.service(
                resource($path).app_data(times.route($path))$(.route($method().to($handler)))+.default_service(not_allowed($allow)),
            );)+
        }
    };
}

routes! {
    paths::LOGIN, "POST" { post => login::log_in }
    paths::LOGOUT, "POST" { post => login::refresh::log_out }
    paths::SESSION_REFRESH, "POST" { post => login::refresh::refresh }
    paths::FORWARD_AUTH, "GET, HEAD" {
        get => login::forward_auth::forward_auth, head => login::forward_auth::forward_auth,
    }
    paths::PASSWORD_RESET_REQUEST, "POST" { post => password_reset::request::request }
    paths::PASSWORD_RESET_CONFIRM, "POST" { post => password_reset::confirm::confirm }
    paths::ME, "GET, HEAD, PATCH" { get => account::me, head => account::me, patch => account::profile::change }
    paths::ME_PASSWORD, "POST" { post => account::own_password::change }
    paths::ME_EMAIL, "POST" { post => account::email::ask::ask }
    paths::ME_EMAIL_CONFIRM, "POST" { post => account::email::confirm::confirm }
    paths::ME_SESSIONS, "GET, HEAD, DELETE" {
        get => account::sessions::list, head => account::sessions::list, delete => account::sessions::end_others,
    }
    paths::ME_SESSION, "DELETE" { delete => account::sessions::end }
    paths::CREDENTIAL_REQUESTS, "POST" { post => credential_request::submit::submit }
    paths::ADMIN_CREDENTIAL_REQUESTS, "GET, HEAD" {
        get => admin::credential_requests::list, head => admin::credential_requests::list,
    }
    paths::ADMIN_CREDENTIAL_REQUEST_APPROVE, "POST" { post => admin::credential_requests::approve }
    paths::ADMIN_CREDENTIAL_REQUEST_REJECT, "POST" { post => admin::credential_requests::reject }
    paths::ADMIN_ACCOUNTS, "GET, HEAD, POST" {
        get => admin::accounts::list, head => admin::accounts::list, post => admin::accounts::add,
    }
    paths::ADMIN_ACCOUNT, "GET, HEAD, PATCH, DELETE" {
        get => admin::accounts::one, head => admin::accounts::one,
        patch => admin::accounts::change, delete => admin::accounts::remove,
    }
    paths::ADMIN_ACCOUNT_SEND_RESET, "POST" { post => admin::accounts::send_reset }
    paths::ADMIN_ACCOUNT_SESSIONS, "DELETE" { delete => admin::accounts::end_sessions }
    paths::ADMIN_MAIL_QUEUE, "GET, HEAD" { get => admin::mail::list, head => admin::mail::list }
    paths::ADMIN_QUEUED_MAIL, "DELETE" { delete => admin::mail::remove }
    paths::ADMIN_QUEUED_MAIL_RETRY, "POST" { post => admin::mail::retry }
    paths::ADMIN_AUDIT_EVENTS, "GET, HEAD" { get => admin::audit::list::list, head => admin::audit::list::list }
    paths::HEALTH_LIVE, "GET, HEAD" { get => health::live, head => health::live }
    paths::HEALTH_READY, "GET, HEAD" { get => health::ready, head => health::ready }
    paths::CONFIG, "GET, HEAD" { get => client_config, head => client_config }
    paths::JWKS, "GET, HEAD" { get => login::jwks, head => login::jwks }
    paths::CHANGE_PASSWORD, "GET, HEAD" { get => account::change_password_page, head => account::change_password_page }
    paths::OPENAPI, "GET, HEAD" { get => openapi::document, head => openapi::document }
    paths::DOCS, "GET, HEAD" { get => docs::page, head => docs::page }
    paths::DOCS_FILE, "GET, HEAD" { get => docs::file, head => docs::file }
}

fn all_routes(config: &mut ServiceConfig, rekey: &Shared, spa: Option<&Spa>, brand: &Data<brand::Files>) {
    api(config, &rekey.metrics.http);
    if rekey.config.smtp.is_none() {
        mailbox::routes(config);
    }
    brand::routes(config, brand);
    spa::routes(config, spa);
}

/// A path that is there, and a method that is not.
pub(crate) fn not_allowed(allow: &'static str) -> actix_web::Route {
    actix_web::web::to(move || async move { Err::<HttpResponse, _>(Error::MethodNotAllowed { allow }) })
}

/// Who is calling.
pub(crate) fn client(rekey: &Rekey, request: &HttpRequest) -> Caller {
    Caller::new(client_address::client_address(request, &rekey.config.trusted_proxies), request)
}

/// Logs the errors that are the server's, and makes problems of those that are not ours.
pub(crate) fn problems(answer: ServiceResponse) -> ServiceResponse {
    let Some(error) = answer.response().error() else { return answer };
    if let Some(error) = error.as_error::<Error>() {
        error.log(answer.request());
        return answer;
    }
    // What actix refuses by itself, such as a path with broken escapes.
    let is_the_clients = error.as_response_error().status_code().is_client_error();
    let error = if is_the_clients { Error::NotFound } else { Error::Internal(error.to_string()) };
    error.log(answer.request());
    let (request, _) = answer.into_parts();
    ServiceResponse::new(request, error.error_response())
}

/// `GET /config.json`
#[utoipa::path(
    get,
    path = paths::CONFIG,
    operation_id = "get_config",
    tag = tag::SERVER,
    summary = "Public settings",
    description = "What a client may know of this installation. Nothing in it is secret.",
    responses((status = 200, description = "The settings.", body = ClientConfig)),
)]
async fn client_config(rekey: Shared) -> HttpResponse {
    let config = &rekey.config;
    HttpResponse::Ok().json(ClientConfig {
        name: config.app_name.clone(),
        logo: config.brand.logo.is_some().then(|| paths::LOGO.to_owned()),
        reset_style: config.reset_style,
        languages: Locale::ALL.to_vec(),
        limits: ClientLimits {
            reset_mails_per_hour: config.reset_mails_per_hour,
            reset_link_life_seconds: config.reset_link_life.as_secs(),
            temporary_password_life_seconds: config.temporary_password_life.as_secs(),
            password_min_characters: password_rules::MIN_CHARACTERS,
            password_max_bytes: password_rules::MAX_BYTES,
        },
        home_url: config.home_url.clone(),
        cookie_domain: config.cookie_domain.as_ref().map(ToString::to_string),
        support_contact: config.support_contact.clone(),
    })
}

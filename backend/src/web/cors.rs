//! Other origins whose pages may call the API, where the operator names some. Never with cookies: those calls stay with
//! Rekey's own origin (`login::cookies`), so that `Access-Control-Allow-Credentials` is never sent.

use std::sync::Arc;

use actix_web::HttpResponse;
use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::Method;
use actix_web::http::header::{
    ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_ALLOW_ORIGIN,
    ACCESS_CONTROL_EXPOSE_HEADERS, ACCESS_CONTROL_MAX_AGE, ACCESS_CONTROL_REQUEST_METHOD, ALLOW, HeaderValue, ORIGIN,
    VARY,
};
use actix_web::middleware::Next;
use rekey_shared::paths;

/// How long a browser remembers what it was told, in seconds.
const MAX_AGE: &str = "600";

/// The origins, as browsers write them.
#[derive(Clone)]
pub(super) struct Cors(Arc<[HeaderValue]>);

impl Cors {
    /// None where there are no other origins: then no answer says anything of them.
    pub(super) fn new(origins: &[String]) -> Option<Self> {
        let origins: Arc<[_]> = origins.iter().filter_map(|origin| HeaderValue::from_str(origin).ok()).collect();
        (!origins.is_empty()).then_some(Self(origins))
    }

    /// The origin of a request, if it is one of them.
    fn origin_of(&self, request: &ServiceRequest) -> Option<HeaderValue> {
        request.headers().get(ORIGIN).filter(|origin| self.0.contains(origin)).cloned()
    }
}

/// Tells browsers what pages of these origins may ask for, and lets them read the answers. `Cross-Origin-Resource-Policy`
/// stays `same-origin`: it is not asked in the mode `cors` (Fetch 3.7), and keeps answers out of every other mode.
pub(super) async fn add(
    cors: Option<Cors>,
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, actix_web::Error> {
    let Some(cors) = cors.filter(|_| paths::is_api(request.path())) else {
        return Ok(next.call(request).await?.map_into_boxed_body());
    };
    let origin = cors.origin_of(&request);
    let is_preflight =
        request.method() == Method::OPTIONS && request.headers().contains_key(ACCESS_CONTROL_REQUEST_METHOD);
    let mut answered = next.call(request).await?.map_into_boxed_body();
    if let (Some(_), true, Some(methods)) = (&origin, is_preflight, answered.headers().get(ALLOW).cloned()) {
        // No route takes OPTIONS; the refusal names what it takes.
        let told = HttpResponse::NoContent()
            .insert_header((ACCESS_CONTROL_ALLOW_METHODS, methods))
            .insert_header((ACCESS_CONTROL_ALLOW_HEADERS, "authorization, content-type"))
            .insert_header((ACCESS_CONTROL_MAX_AGE, MAX_AGE))
            .finish();
        answered = ServiceResponse::new(answered.into_parts().0, told);
    }
    let headers = answered.headers_mut();
    headers.append(VARY, HeaderValue::from_static("origin"));
    if let Some(origin) = origin {
        headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, origin);
        headers.insert(ACCESS_CONTROL_EXPOSE_HEADERS, HeaderValue::from_static("retry-after"));
    }
    Ok(answered)
}

//! Other origins whose pages may call the API, where the operator names some. Never with cookies: those calls stay with
//! Rekey's own origin (`login::cookies`), so that `Access-Control-Allow-Credentials` is never sent.

use std::sync::Arc;

use actix_web::HttpResponse;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::Method;
use actix_web::http::header::{
    ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_ALLOW_ORIGIN,
    ACCESS_CONTROL_EXPOSE_HEADERS, ACCESS_CONTROL_MAX_AGE, ACCESS_CONTROL_REQUEST_METHOD, ALLOW, HeaderValue, ORIGIN,
    VARY,
};
use rekey_shared::paths;

/// How long a browser remembers what it was told, in seconds.
const MAX_AGE: &str = "600";

/// The origins, as browsers write them.
#[derive(Clone)]
pub(super) struct Cors(Arc<[HeaderValue]>);

/// What a request for the API says of its origin, where there are others than Rekey's.
pub(super) struct CorsRequest {
    /// None: Rekey's own pages, a program, or an origin that is none of them.
    origin: Option<HeaderValue>,
    is_preflight: bool,
}

impl Cors {
    /// None where there are no other origins: then no answer says anything of them.
    pub(super) fn new(origins: &[String]) -> Option<Self> {
        let origins: Arc<[_]> = origins.iter().filter_map(|origin| HeaderValue::from_str(origin).ok()).collect();
        (!origins.is_empty()).then_some(Self(origins))
    }

    /// None: it is not for the API.
    pub(super) fn read(&self, request: &ServiceRequest) -> Option<CorsRequest> {
        let (method, headers) = (request.method(), request.headers());
        paths::is_api(request.path()).then(|| CorsRequest {
            origin: headers.get(ORIGIN).filter(|origin| self.0.contains(origin)).cloned(),
            is_preflight: method == Method::OPTIONS && headers.contains_key(ACCESS_CONTROL_REQUEST_METHOD),
        })
    }
}

impl CorsRequest {
    /// Tells browsers what pages of these origins may ask for, and lets them read the answers.
    /// `Cross-Origin-Resource-Policy` stays `same-origin`: it is not asked in the mode `cors` (Fetch 3.7), and keeps answers
    /// out of every other mode.
    pub(super) fn add_to(self, mut answer: ServiceResponse) -> ServiceResponse {
        if let (Some(_), true, Some(methods)) = (&self.origin, self.is_preflight, answer.headers().get(ALLOW).cloned())
        {
            // No route takes OPTIONS; the refusal names what it takes.
            let told = HttpResponse::NoContent()
                .insert_header((ACCESS_CONTROL_ALLOW_METHODS, methods))
                .insert_header((ACCESS_CONTROL_ALLOW_HEADERS, "authorization, content-type"))
                .insert_header((ACCESS_CONTROL_MAX_AGE, MAX_AGE))
                .finish();
            answer = ServiceResponse::new(answer.into_parts().0, told);
        }
        let headers = answer.headers_mut();
        headers.append(VARY, HeaderValue::from_static("origin"));
        if let Some(origin) = self.origin {
            headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, origin);
            headers.insert(ACCESS_CONTROL_EXPOSE_HEADERS, HeaderValue::from_static("retry-after"));
        }
        answer
    }
}

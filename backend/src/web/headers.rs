//! Headers that every answer carries.

use std::sync::Arc;

use actix_web::dev::ServiceResponse;
use actix_web::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, HeaderMap, HeaderName, HeaderValue, REFERRER_POLICY,
    STRICT_TRANSPORT_SECURITY, X_CONTENT_TYPE_OPTIONS,
};
use rekey_shared::paths;

use super::spa::Spa;
use crate::config::PublicUrl;

/// What depends on the settings and on the built frontend.
#[derive(Clone)]
pub(crate) struct Policy(Arc<HeaderMap>);

impl Policy {
    pub(crate) fn new(public_url: &PublicUrl, spa: Option<&Spa>) -> Self {
        let mut headers = HeaderMap::new();
        let hashes = spa.map(Spa::script_hashes).unwrap_or_default().iter();
        let scripts = hashes.fold(String::new(), |scripts, hash| scripts + " 'sha256-" + hash + "'");
        // ASVS 3.4.3. 'wasm-unsafe-eval' compiles WASM and nothing else.
        let csp = format!(
            "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'{scripts}; style-src 'self'; img-src 'self' data:; \
             font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
        );
        let mut set = |name: HeaderName, value: &str| {
            if let Ok(value) = HeaderValue::from_str(value) {
                headers.insert(name, value);
            }
        };
        set(CONTENT_SECURITY_POLICY, &csp);
        set(X_CONTENT_TYPE_OPTIONS, "nosniff");
        set(REFERRER_POLICY, "no-referrer");
        set(HeaderName::from_static("cross-origin-opener-policy"), "same-origin");
        set(HeaderName::from_static("cross-origin-resource-policy"), "same-origin");
        set(
            HeaderName::from_static("permissions-policy"),
            "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
        );
        if public_url.is_https() {
            // ASVS 3.4.1: a year at least.
            set(STRICT_TRANSPORT_SECURITY, "max-age=63072000");
        }
        Self(Arc::new(headers))
    }

    /// Adds what the answer does not say itself. API answers are stored by nobody (ASVS 14.3.2).
    pub(crate) fn add_to(&self, answer: &mut ServiceResponse) {
        let caching = super::spa::caching(answer).unwrap_or(HeaderValue::from_static("no-store"));
        // Proxies hand it on from a tool's host, which is not Rekey's to bind to https for years.
        let is_for_tools = answer.request().path() == paths::FORWARD_AUTH;
        let headers = answer.headers_mut();
        for (name, value) in self.0.iter().filter(|(name, _)| !is_for_tools || *name != STRICT_TRANSPORT_SECURITY) {
            if !headers.contains_key(name) {
                headers.insert(name.clone(), value.clone());
            }
        }
        if !headers.contains_key(CACHE_CONTROL) {
            headers.insert(CACHE_CONTROL, caching);
        }
    }
}

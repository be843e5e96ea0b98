//! The log: lines that can be read alone, with dotted fields. Never an address, a token or a body.

use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use tracing::Span;
use tracing_actix_web::{RequestId, RootSpanBuilder};
use tracing_subscriber::EnvFilter;

use crate::config::LogFormat;

/// What strangers could fill the log with: actix calls it an error when a request is no HTTP. A filter that names it wins.
const QUIET: &str = "actix_http::h1=off";

/// Begins to log to stderr.
///
/// # Errors
/// A sentence when the filter cannot be read.
pub fn start(filter: &str, format: LogFormat) -> Result<(), String> {
    let filter = EnvFilter::try_new(format!("{QUIET},{filter}")).map_err(|error| format!("REKEY_LOG: {error}"))?;
    let lines = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    // A second start in one process (tests) keeps the first one's log.
    let _ = match format {
        LogFormat::Text => {
            let coloured = std::io::IsTerminal::is_terminal(&std::io::stderr())
                && std::env::var_os("NO_COLOR").is_none_or(|no| no.is_empty());
            lines.with_ansi(coloured).try_init()
        }
        LogFormat::Json => lines.json().flatten_event(true).try_init(),
    };
    Ok(())
}

/// The span round a request: method and route, not the address in full and nobody's name.
pub(crate) struct RequestSpan;

impl RootSpanBuilder for RequestSpan {
    fn on_request_start(request: &ServiceRequest) -> Span {
        use actix_web::HttpMessage as _;

        let id = request.extensions().get::<RequestId>().map(ToString::to_string).unwrap_or_default();
        tracing::info_span!("request", request.id = %id, http.method = %request.method(), http.route = tracing::field::Empty)
    }

    fn on_request_end<B: MessageBody>(span: Span, outcome: &Result<ServiceResponse<B>, actix_web::Error>) {
        // Nothing but this one line tells the route.
        if !tracing::enabled!(tracing::Level::DEBUG) {
            return;
        }
        let status = match outcome {
            Ok(response) => {
                let route = response.request().match_pattern();
                span.record("http.route", route.as_deref().unwrap_or("(none)"));
                response.status()
            }
            Err(error) => error.as_response_error().status_code(),
        };
        let _entered = span.enter();
        tracing::debug!(http.status = status.as_u16(), "request.answered");
    }
}

//! The log: lines that can be read alone, with dotted fields. Never an address, a token or a body.

use std::fmt;

use actix_web::HttpRequest;
use actix_web::dev::ServiceResponse;
use tracing::{Event, Subscriber};
use tracing_subscriber::EnvFilter;
use tracing_subscriber::fmt::format::{self, JsonFields, Writer};
use tracing_subscriber::fmt::{FmtContext, FormatEvent, FormatFields};
use tracing_subscriber::registry::LookupSpan;
use uuid::Uuid;

use crate::config::LogFormat;

/// What strangers could fill the log with: actix calls it an error when a request is no HTTP. A filter that names it wins.
const QUIET: &str = "actix_http::h1=off";

tokio::task_local! {
    /// Of the request that is being answered. Not a span: that costs every request what hardly one has a line for.
    static REQUEST_ID: Uuid;
}

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
            lines.event_format(Line { format, event: format::format().with_ansi(coloured) }).try_init()
        }
        LogFormat::Json => {
            let event = format::json().flatten_event(true);
            lines.fmt_fields(JsonFields::new()).event_format(Line { format, event }).try_init()
        }
    };
    Ok(())
}

/// What is done for one request; whatever it logs has the same `request.id`.
pub(crate) fn of_new_request<F: Future>(answering: F) -> impl Future<Output = F::Output> {
    REQUEST_ID.scope(Uuid::now_v7(), answering)
}

/// The id under which the log knows the request, if it is one that is being answered here.
pub(crate) fn request_id() -> Option<Uuid> {
    REQUEST_ID.try_with(|id| *id).ok()
}

/// What is done on another thread for that request.
pub(crate) fn of_request<T>(id: Option<Uuid>, work: impl FnOnce() -> T) -> T {
    match id {
        Some(id) => REQUEST_ID.sync_scope(id, work),
        None => work(),
    }
}

/// The route of the table and never the path that was asked for.
pub(crate) fn route(request: &HttpRequest) -> String {
    request.match_pattern().unwrap_or_else(|| "(none)".to_owned())
}

/// Tells of every answer who wants to know it all.
pub(crate) fn answered<B>(answer: &ServiceResponse<B>) {
    if tracing::enabled!(tracing::Level::DEBUG) {
        let (request, status) = (answer.request(), answer.status().as_u16());
        tracing::debug!(http.method = %request.method(), http.route = route(request), http.status = status, "request.answered");
    }
}

/// An event's line, with the id of the request that it is of.
struct Line<F> {
    format: LogFormat,
    event: F,
}

impl<S, N, F> FormatEvent<S, N> for Line<F>
where
    S: Subscriber + for<'a> LookupSpan<'a>,
    N: for<'a> FormatFields<'a> + 'static,
    F: FormatEvent<S, N>,
{
    fn format_event(&self, context: &FmtContext<'_, S, N>, mut to: Writer<'_>, event: &Event<'_>) -> fmt::Result {
        let Some(id) = request_id() else { return self.event.format_event(context, to, event) };
        let mut line = String::new();
        self.event.format_event(context, Writer::new(&mut line), event)?;
        let line = line.strip_suffix('\n').unwrap_or(&line);
        match (self.format, line.strip_suffix('}')) {
            (LogFormat::Json, Some(fields)) => writeln!(to, r#"{fields},"request.id":"{id}"}}"#),
            _ => writeln!(to, "{line} request.id={id}"),
        }
    }
}

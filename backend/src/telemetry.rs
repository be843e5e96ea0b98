//! The log: lines that can be read alone, with dotted fields. Never an address, a token or a body.

use std::fmt;

use actix_web::HttpRequest;
use actix_web::dev::ServiceResponse;
use tracing::{Event, Subscriber};
use tracing_subscriber::EnvFilter;
use tracing_subscriber::fmt::format::{self, Format, Json, JsonFields, Writer};
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
            lines.with_ansi(coloured).event_format(Line::text(coloured)).try_init()
        }
        LogFormat::Json => lines.fmt_fields(JsonFields::new()).event_format(Line::json()).try_init(),
    };
    Ok(())
}

/// What is done for one request; whatever it logs has the same `request.id`.
pub(crate) fn of_new_request<F: Future>(answering: F) -> impl Future<Output = F::Output> {
    // Errors tell it to anybody. One of version 7 would tell them how many rows and letters were made in the same
    // millisecond, for all of those share a counter, and a letter is made only where there is an account.
    REQUEST_ID.scope(Uuid::new_v4(), answering)
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

/// An event's line, with the id of the request that it is of. One line, whatever a database's message looks like.
struct Line<F> {
    format: LogFormat,
    event: F,
}

impl Line<Format> {
    fn text(coloured: bool) -> Self {
        Self { format: LogFormat::Text, event: format::format().with_ansi(coloured) }
    }
}

impl Line<Format<Json>> {
    fn json() -> Self {
        Self { format: LogFormat::Json, event: format::json().flatten_event(true) }
    }
}

impl<S, N, F> FormatEvent<S, N> for Line<F>
where
    S: Subscriber + for<'a> LookupSpan<'a>,
    N: for<'a> FormatFields<'a> + 'static,
    F: FormatEvent<S, N>,
{
    fn format_event(&self, context: &FmtContext<'_, S, N>, mut to: Writer<'_>, event: &Event<'_>) -> fmt::Result {
        let mut lines = String::new();
        self.event.format_event(context, Writer::new(&mut lines), event)?;
        let line = lines.lines().map(str::trim).filter(|line| !line.is_empty()).collect::<Vec<_>>().join(" ");
        match (self.format, request_id()) {
            (_, None) => writeln!(to, "{line}"),
            (LogFormat::Text, Some(id)) => writeln!(to, "{line} request.id={id}"),
            (LogFormat::Json, Some(id)) => {
                writeln!(to, r#"{},"request.id":"{id}"}}"#, line.strip_suffix('}').unwrap_or(&line))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io;
    use std::sync::{Arc, Mutex};

    use super::*;

    /// What a log's lines are written to.
    #[derive(Clone, Default)]
    struct Page(Arc<Mutex<Vec<u8>>>);

    impl io::Write for Page {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap().write(bytes)
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    /// What stands in the log of something that is done for a request.
    fn logged(subscriber: impl Subscriber + Send + Sync, page: &Page) -> String {
        let cause = "no connection\n\tIs the server there?\n";
        let work = || tracing::warn!(error.cause = %cause, "request.unavailable");
        tracing::subscriber::with_default(subscriber, || of_request(Some(Uuid::nil()), work));
        String::from_utf8(page.0.lock().unwrap().clone()).unwrap()
    }

    #[test]
    fn a_cause_of_several_lines_is_one_with_the_id_at_its_end() {
        let page = Page::default();
        let (to, lines) = (page.clone(), tracing_subscriber::fmt().with_ansi(false));
        let line = logged(lines.with_writer(move || to.clone()).event_format(Line::text(false)).finish(), &page);
        let end = "error.cause=no connection Is the server there? request.id=00000000-0000-0000-0000-000000000000\n";
        assert!(line.ends_with(end) && line.lines().count() == 1, "{line}");

        let page = Page::default();
        let (to, lines) = (page.clone(), tracing_subscriber::fmt().fmt_fields(JsonFields::new()));
        let line = logged(lines.with_writer(move || to.clone()).event_format(Line::json()).finish(), &page);
        let fields: serde_json::Value = serde_json::from_str(&line).unwrap();
        assert_eq!(fields["error.cause"], "no connection\n\tIs the server there?\n");
        assert_eq!(fields["request.id"], Uuid::nil().to_string());
    }
}

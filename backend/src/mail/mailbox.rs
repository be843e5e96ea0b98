//! `/dev/mailbox`: the captured letters, for a developer to read. It is there only where no mail server is set, which in
//! turn is allowed only where the public URL is loopback.

use std::io;

use actix_web::HttpResponse;
use actix_web::http::header;
use actix_web::web::{Path, ServiceConfig, get, head, resource};
use askama::Template;
use mail_parser::{Message, MessageParser};
use rekey_shared::paths;
use uuid::Uuid;

use super::capture::Capture;
use crate::error::Error;
use crate::web::{Shared, not_allowed};

/// The list shows this many letters; a developer looks at the newest.
const LISTED: usize = 100;

pub(crate) fn routes(config: &mut ServiceConfig) {
    macro_rules! page {
        ($below:literal, $handler:expr) => {
            config.service(
                resource([paths::DEV_MAILBOX, $below].concat())
                    .route(get().to($handler))
                    .route(head().to($handler))
                    .default_service(not_allowed("GET, HEAD")),
            )
        };
    }
    page!("", list);
    page!("/{id}", letter);
    page!("/{id}/html", html);
    page!("/{id}/source", source);
}

struct Summary {
    id: Uuid,
    subject: String,
    to: String,
    date: String,
}

impl Summary {
    fn of(id: Uuid, message: &Message<'_>) -> Self {
        Self {
            id,
            subject: message.subject().unwrap_or_default().to_owned(),
            to: message.to().and_then(|to| to.first()?.address()).unwrap_or_default().to_owned(),
            date: message
                .date()
                .map(|date| date.to_rfc3339().replace('T', " ").replace('Z', " UTC"))
                .unwrap_or_default(),
        }
    }
}

#[derive(Template)]
#[template(path = "mailbox.html")]
struct ListPage<'a> {
    app_name: &'a str,
    letters: Vec<Summary>,
}

#[derive(Template)]
#[template(path = "mailbox_letter.html")]
struct LetterPage<'a> {
    app_name: &'a str,
    letter: Summary,
    text: String,
}

async fn list(rekey: Shared) -> Result<HttpResponse, Error> {
    let capture = Capture::new(&rekey.config.data_dir);
    let mut letters = Vec::new();
    for id in capture.ids().map_err(unreadable)?.into_iter().take(LISTED) {
        let mime = capture.read(id).map_err(unreadable)?;
        letters.extend(MessageParser::default().parse(&mime).map(|message| Summary::of(id, &message)));
    }
    page(&ListPage { app_name: &rekey.config.app_name, letters })
}

async fn letter(rekey: Shared, id: Path<String>) -> Result<HttpResponse, Error> {
    let (id, mime) = read(&rekey, &id)?;
    let message = MessageParser::default().parse(&mime).ok_or(Error::NotFound)?;
    let text = message.body_text(0).unwrap_or_default().into_owned();
    page(&LetterPage { app_name: &rekey.config.app_name, letter: Summary::of(id, &message), text })
}

/// The HTML part for the sandboxed frame; its links open a tab of their own, as in a mail program.
async fn html(rekey: Shared, id: Path<String>) -> Result<HttpResponse, Error> {
    let (_, mime) = read(&rekey, &id)?;
    let message = MessageParser::default().parse(&mime).ok_or(Error::NotFound)?;
    let html = message.body_html(0).unwrap_or_default().replacen("<head>", "<head><base target=\"_blank\">", 1);
    Ok(HttpResponse::Ok()
        .content_type("text/html; charset=utf-8")
        .insert_header((
            header::CONTENT_SECURITY_POLICY,
            "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'",
        ))
        .body(html))
}

async fn source(rekey: Shared, id: Path<String>) -> Result<HttpResponse, Error> {
    let (_, mime) = read(&rekey, &id)?;
    Ok(HttpResponse::Ok().content_type("text/plain; charset=utf-8").body(mime))
}

fn read(rekey: &Shared, id: &str) -> Result<(Uuid, Vec<u8>), Error> {
    let id: Uuid = id.parse().map_err(|_| Error::NotFound)?;
    match Capture::new(&rekey.config.data_dir).read(id) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Err(Error::NotFound),
        read => Ok((id, read.map_err(unreadable)?)),
    }
}

#[expect(clippy::needless_pass_by_value, reason = "the form that map_err takes")]
fn unreadable(error: io::Error) -> Error {
    Error::Internal(format!("captured letters: {error}"))
}

fn page(template: &impl Template) -> Result<HttpResponse, Error> {
    let html = template.render().map_err(|error| Error::Internal(error.to_string()))?;
    Ok(HttpResponse::Ok()
        .content_type("text/html; charset=utf-8")
        .insert_header((
            header::CONTENT_SECURITY_POLICY,
            "default-src 'none'; style-src 'unsafe-inline'; frame-src 'self'; base-uri 'none'; frame-ancestors 'none'",
        ))
        .body(html))
}

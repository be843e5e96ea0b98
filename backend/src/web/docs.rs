//! `GET /docs`: a page on which the API can be read and tried, with nothing from outside.
//!
//! Swagger UI as it comes, under the same policy as every page: it runs no inline script and sets its styles by the DOM.

use std::collections::HashMap;
use std::sync::{Arc, LazyLock};

use actix_web::http::header::{CACHE_CONTROL, CONTENT_ENCODING, ETag, EntityTag, Header as _, IfNoneMatch};
use actix_web::web::{Bytes, Path};
use actix_web::{HttpRequest, HttpResponse};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use rekey_shared::paths;
use sha2::{Digest, Sha256};

use super::openapi::{problems, tag};
use crate::error::Error;

/// What the page is made of. The rest of Swagger UI is other builds of the same.
const OF_SWAGGER_UI: [&str; 4] = ["favicon-32x32.png", "index.css", "swagger-ui-bundle.js", "swagger-ui.css"];

struct File {
    content_type: String,
    is_gzip: bool,
    etag: EntityTag,
    bytes: Bytes,
}

impl File {
    fn new(content_type: &str, is_gzip: bool, bytes: Bytes) -> Self {
        Self {
            content_type: content_type.to_owned(),
            is_gzip,
            etag: EntityTag::new_strong(URL_SAFE_NO_PAD.encode(Sha256::digest(&bytes))),
            bytes,
        }
    }

    /// Asked for again each time, and sent only when it is another one: a newer Rekey may bring a newer page.
    fn answer(&self, request: &HttpRequest) -> HttpResponse {
        let is_there = match IfNoneMatch::parse(request) {
            Ok(IfNoneMatch::Items(known)) => known.iter().any(|known| known.weak_eq(&self.etag)),
            _ => false,
        };
        let mut response = if is_there { HttpResponse::NotModified() } else { HttpResponse::Ok() };
        response.insert_header((CACHE_CONTROL, "no-cache")).insert_header(ETag(self.etag.clone()));
        if is_there {
            return response.finish();
        }
        if self.is_gzip {
            // Kept in no other form. Whoever opens a page like this one unpacks it.
            response.insert_header((CONTENT_ENCODING, "gzip"));
        }
        response.content_type(self.content_type.as_str()).body(self.bytes.clone())
    }
}

static PAGE: LazyLock<File> = LazyLock::new(|| {
    File::new("text/html; charset=utf-8", false, Bytes::from_static(include_bytes!("docs/index.html")))
});

static FILES: LazyLock<HashMap<&'static str, File>> = LazyLock::new(|| {
    let config = Arc::new(utoipa_swagger_ui::Config::default());
    let of_swagger_ui = OF_SWAGGER_UI.into_iter().filter_map(|name| {
        let file = utoipa_swagger_ui::serve(name, Arc::clone(&config)).ok()??;
        let bytes = Bytes::from(file.bytes.into_owned());
        Some((name, File::new(&file.content_type, file.gzpipped, bytes)))
    });
    let start = Bytes::from_static(include_bytes!("docs/start.js"));
    of_swagger_ui.chain([("start.js", File::new("text/javascript", false, start))]).collect()
});

/// `GET /docs`
#[utoipa::path(
    get,
    path = paths::DOCS,
    operation_id = "get_docs",
    tag = tag::SERVER,
    summary = "The API for people",
    description = "A page on which it can be read and tried.",
    responses(
        (status = 200, description = "The page.", body = String, content_type = "text/html"),
        (status = 304, description = "It is still the one that `If-None-Match` names."),
    ),
)]
pub(crate) async fn page(request: HttpRequest) -> HttpResponse {
    PAGE.answer(&request)
}

/// `GET /docs/{file}`
#[utoipa::path(
    get,
    path = paths::DOCS_FILE,
    operation_id = "get_docs_file",
    tag = tag::SERVER,
    summary = "What the page is made of",
    description = "Scripts, styles and an icon.",
    params(("file" = String, Path, description = "Its name.", example = "start.js")),
    responses(
        (status = 200, description = "The file.",
            content((String = "text/css"), (String = "text/javascript"), (String = "image/png"))),
        (status = 304, description = "It is still the one that `If-None-Match` names."),
    ),
    extensions(("x-problems" = json!([problems::ID]))),
)]
pub(crate) async fn file(request: HttpRequest, name: Path<String>) -> Result<HttpResponse, Error> {
    Ok(FILES.get(name.as_str()).ok_or(Error::NotFound)?.answer(&request))
}

//! The frontend's files, and its two pages: one is for whoever is logged in, the other for every other address outside of the
//! API.

use std::io::ErrorKind;
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

use actix_files::Files;
use actix_web::dev::{ServiceRequest, ServiceResponse, fn_service};
use actix_web::guard::fn_guard;
use actix_web::http::header::{self, HeaderValue};
use actix_web::http::{Method, StatusCode};
use actix_web::web::{Bytes, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use rekey_shared::paths;
use sha2::{Digest, Sha256};

use crate::error::Error;

const INDEX: &str = "index.html";
const SIGNED_IN: &str = "signed_in.html";

/// The built frontend.
#[derive(Clone)]
pub(crate) struct Spa(Arc<Built>);

struct Built {
    folder: PathBuf,
    index: Page,
    /// A frontend of others' making may have one page for all.
    signed_in: Option<Page>,
    script_hashes: Vec<String>,
}

struct Page {
    html: Bytes,
    brotli: Option<Bytes>,
}

impl Spa {
    /// Reads the pages; the other files are read when they are asked for.
    pub(crate) fn load(folder: &Path) -> std::io::Result<Self> {
        let index = Page::load(folder, INDEX)?;
        let signed_in = match Page::load(folder, SIGNED_IN) {
            Err(error) if error.kind() == ErrorKind::NotFound => None,
            page => Some(page?),
        };
        let script_hashes =
            [Some(&index), signed_in.as_ref()].into_iter().flatten().flat_map(Page::script_hashes).collect();
        Ok(Self(Arc::new(Built { folder: folder.canonicalize()?, index, signed_in, script_hashes })))
    }

    /// Whether the page was compressed when it was built.
    pub(crate) fn has_brotli(&self) -> bool {
        self.0.index.brotli.is_some()
    }

    /// What the CSP lets run beside the files: the loaders that trunk writes into the pages.
    pub(crate) fn script_hashes(&self) -> &[String] {
        &self.0.script_hashes
    }

    fn page(&self, status: StatusCode, request: &HttpRequest) -> HttpResponse {
        let page = match &self.0.signed_in {
            Some(signed_in) if paths::is_signed_in_page(request.path()) => signed_in,
            _ => &self.0.index,
        };
        let accepted = request.headers().get(header::ACCEPT_ENCODING).and_then(|value| value.to_str().ok());
        let takes_brotli = accepted.is_some_and(|text| text.split(',').any(|one| one.trim() == "br"));
        let mut response = HttpResponse::build(status);
        response
            .content_type("text/html; charset=utf-8")
            // Always asked for again: it names the files of the newest build.
            .insert_header((header::CACHE_CONTROL, "no-cache"))
            .insert_header((header::VARY, "accept, accept-encoding"));
        match &page.brotli {
            Some(brotli) if takes_brotli => {
                response.insert_header((header::CONTENT_ENCODING, "br")).body(brotli.clone())
            }
            _ => response.body(page.html.clone()),
        }
    }
}

impl Page {
    fn load(folder: &Path, name: &str) -> std::io::Result<Self> {
        let html = std::fs::read_to_string(folder.join(name))?;
        let brotli = std::fs::read(folder.join(name.to_owned() + ".br")).ok();
        Ok(Self { html: Bytes::from(html), brotli: brotli.map(Bytes::from) })
    }

    fn script_hashes(&self) -> Vec<String> {
        let html = String::from_utf8_lossy(&self.html);
        inline_scripts(&html).map(|script| STANDARD.encode(Sha256::digest(script))).collect()
    }
}

/// The text of each `<script>` without `src`. trunk writes the file, so this need not read HTML that is meant to deceive.
fn inline_scripts(html: &str) -> impl Iterator<Item = &str> {
    html.split("<script").skip(1).filter_map(|rest| {
        let (attributes, rest) = rest.split_once('>')?;
        let (script, _) = rest.split_once("</script>")?;
        (!attributes.contains("src=")).then_some(script)
    })
}

/// Serves the files and, for what is none, the page or a problem. Comes after every route of the API.
pub(super) fn routes(config: &mut ServiceConfig, spa: Option<&Spa>) {
    if let Some(spa) = spa {
        let fallback = spa.clone();
        config.service(
            Files::new("/", &spa.0.folder)
                .guard(fn_guard(|context| {
                    matches!(context.head().method, Method::GET | Method::HEAD)
                        && !paths::is_api(context.head().uri.path())
                }))
                .path_filter(|path, _| is_public(path))
                .try_compressed()
                .default_handler(fn_service(move |request: ServiceRequest| {
                    let answered = no_file(&fallback, request.request());
                    async move {
                        Ok(match answered {
                            Ok(page) => request.into_response(page),
                            Err(error) => request.error_response(error),
                        })
                    }
                })),
        );
    }
    config.default_service(actix_web::web::to(nowhere));
}

/// The pages are not files like others, and the compressed files are only the others' other form.
fn is_public(path: &Path) -> bool {
    let is_plain = path.components().all(|part| match part {
        Component::Normal(name) => !name.as_encoded_bytes().starts_with(b"."),
        Component::RootDir | Component::CurDir => true,
        _ => false,
    });
    is_plain
        && path.extension().is_some_and(|extension| extension != "br")
        && !path.ends_with(INDEX)
        && !path.ends_with(SIGNED_IN)
}

/// A browser that is lost gets the page that says so; a script that is lost gets no HTML.
fn no_file(spa: &Spa, request: &HttpRequest) -> Result<HttpResponse, Error> {
    match (paths::is_page(request.path()), accepted(request)) {
        (true, Accepts::Html | Accepts::Anything) => Ok(spa.page(StatusCode::OK, request)),
        (false, Accepts::Html) => Ok(spa.page(StatusCode::NOT_FOUND, request)),
        _ => Err(Error::NotFound),
    }
}

async fn nowhere(request: HttpRequest) -> Result<HttpResponse, Error> {
    if paths::is_page(request.path()) && !matches!(*request.method(), Method::GET | Method::HEAD) {
        return Err(Error::MethodNotAllowed { allow: "GET, HEAD" });
    }
    Err(Error::NotFound)
}

#[derive(Clone, Copy)]
enum Accepts {
    /// `text/html` by name.
    Html,
    /// No header, or `*/*`: curl and monitors.
    Anything,
    SomethingElse,
}

/// Whether a browser asks for a page, and not a script for data.
pub(crate) fn wants_html(request: &HttpRequest) -> bool {
    matches!(accepted(request), Accepts::Html)
}

fn accepted(request: &HttpRequest) -> Accepts {
    match request.headers().get(header::ACCEPT).map(|value| value.to_str().unwrap_or_default()) {
        None => Accepts::Anything,
        Some(text) if text.contains("text/html") => Accepts::Html,
        Some(text) if text.contains("*/*") => Accepts::Anything,
        Some(_) => Accepts::SomethingElse,
    }
}

/// What trunk names by its contents never changes; everything else is asked for again.
pub(super) fn caching(response: &ServiceResponse<impl actix_web::body::MessageBody>) -> Option<HeaderValue> {
    let path = response.request().path();
    let is_good = response.status().is_success() || response.status() == StatusCode::NOT_MODIFIED;
    if !is_good || paths::is_api(path) || paths::is_page(path) {
        return None;
    }
    Some(HeaderValue::from_static(if is_named_by_contents(path) {
        "public, max-age=31536000, immutable"
    } else {
        "no-cache"
    }))
}

/// trunk writes `name-0123456789abcdef.ext`, and `…_bg.wasm` for the program.
fn is_named_by_contents(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or_default();
    let stem = name.split('.').next().unwrap_or_default();
    let stem = stem.strip_suffix("_bg").unwrap_or(stem);
    stem.rsplit_once('-').is_some_and(|(_, hash)| hash.len() >= 8 && hash.bytes().all(|byte| byte.is_ascii_hexdigit()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_inline_scripts_are_hashed() {
        let html = r#"<script type="module">import a;</script><script src="x.js"></script><script>b</script>"#;
        assert_eq!(inline_scripts(html).collect::<Vec<_>>(), ["import a;", "b"]);
    }

    #[test]
    fn hidden_compressed_and_upward_names_are_not_served() {
        for path in ["index.html", "signed_in.html", "app.js.br", ".env", "../Cargo.toml", "a/.git/config", "reset"] {
            assert!(!is_public(Path::new(path)), "{path}");
        }
        assert!(is_public(Path::new("rekey-0123456789abcdef_bg.wasm")));
    }

    #[test]
    fn what_is_named_by_its_contents_is_kept_for_ever() {
        assert!(is_named_by_contents("/rekey-frontend-0123456789abcdef_bg.wasm"));
        assert!(is_named_by_contents("/style-0123456789abcdef.css"));
        assert!(!is_named_by_contents("/favicon.svg"));
    }
}

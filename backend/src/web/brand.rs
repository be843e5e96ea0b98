//! What the operator's look is made of, for the page: a style sheet, the logo, the icon of a browser's tab.

use actix_web::HttpResponse;
use actix_web::http::header::{self, CONTENT_SECURITY_POLICY, EntityTag, IfNoneMatch};
use actix_web::web::{Bytes, Data, Header, ServiceConfig, get, head, resource};
use askama::Template;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use rekey_shared::paths;
use sha2::{Digest as _, Sha256};

use super::not_allowed;
use crate::brand::{Accent, Brand, Format, Logo};
use crate::error::Error;

/// Rekey's own icon, in its own accent.
const ICON: &str = include_str!("../../templates/icon.svg");
/// A picture runs no script; opened by itself, an SVG would be a page of this origin.
const PICTURE_POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; sandbox";

/// The three files, made once.
#[derive(Clone)]
pub(crate) struct Files {
    sheet: File,
    logo: Option<File>,
    icon: File,
}

#[derive(Clone)]
struct File {
    content_type: &'static str,
    tag: EntityTag,
    bytes: Bytes,
}

#[derive(Template)]
#[template(path = "brand.css", escape = "none")]
struct Sheet<'a> {
    accent: Option<&'a Accent>,
    logo: Option<&'static str>,
    on_white: bool,
}

impl Files {
    pub(crate) fn new(brand: &Brand) -> askama::Result<Self> {
        let logo = brand.logo.as_ref();
        let sheet = Sheet {
            accent: brand.own_accent(),
            logo: logo.map(|_| paths::LOGO),
            on_white: logo.is_some_and(|logo| logo.format != Format::Svg),
        };
        let of_logo = |logo: &Logo| File::new(logo.content_type(), logo.bytes.clone());
        let icon = if let Some(logo) = logo.filter(|logo| logo.is_square) {
            of_logo(logo)
        } else {
            let rekeys = Accent::REKEY.light.accent.to_string();
            File::new("image/svg+xml", ICON.replace(&rekeys, &brand.accent().light.accent.to_string()))
        };
        Ok(Self { sheet: File::new("text/css; charset=utf-8", sheet.render()?), logo: logo.map(of_logo), icon })
    }
}

impl File {
    fn new(content_type: &'static str, bytes: impl Into<Bytes>) -> Self {
        let bytes = bytes.into();
        let tag = EntityTag::new_strong(URL_SAFE_NO_PAD.encode(Sha256::digest(&bytes)));
        Self { content_type, tag, bytes }
    }

    /// Browsers ask again each time, and are mostly told that nothing has changed.
    fn answer(&self, known: &IfNoneMatch) -> HttpResponse {
        let is_known = match known {
            IfNoneMatch::Any => true,
            IfNoneMatch::Items(tags) => tags.iter().any(|tag| tag.weak_eq(&self.tag)),
        };
        let mut response = if is_known { HttpResponse::NotModified() } else { HttpResponse::Ok() };
        response.insert_header(header::ETag(self.tag.clone()));
        if self.content_type.starts_with("image/") {
            response.insert_header((CONTENT_SECURITY_POLICY, PICTURE_POLICY));
        }
        if is_known { response.finish() } else { response.content_type(self.content_type).body(self.bytes.clone()) }
    }
}

pub(super) fn routes(config: &mut ServiceConfig, files: &Data<Files>) {
    macro_rules! file {
        ($path:expr, $handler:expr) => {
            config.service(
                resource($path)
                    .app_data(files.clone())
                    .route(get().to($handler))
                    .route(head().to($handler))
                    .default_service(not_allowed("GET, HEAD")),
            )
        };
    }
    file!(paths::BRAND_SHEET, sheet);
    file!(paths::LOGO, logo);
    file!(paths::ICON, icon);
}

async fn sheet(files: Data<Files>, known: Header<IfNoneMatch>) -> HttpResponse {
    files.sheet.answer(&known)
}

async fn logo(files: Data<Files>, known: Header<IfNoneMatch>) -> Result<HttpResponse, Error> {
    Ok(files.logo.as_ref().ok_or(Error::NotFound)?.answer(&known))
}

async fn icon(files: Data<Files>, known: Header<IfNoneMatch>) -> HttpResponse {
    files.icon.answer(&known)
}

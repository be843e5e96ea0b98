//! What stands in a path.

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest};
use uuid::Uuid;

use crate::error::Error;

/// The `{id}` of a path. What cannot be an id, such as a text with NUL, which PostgreSQL refuses, names nothing.
pub(crate) struct Id(pub(crate) String);

impl FromRequest for Id {
    type Error = Error;
    type Future = std::future::Ready<Result<Self, Error>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let id = request.match_info().get("id").and_then(|text| Uuid::try_parse(text).ok());
        std::future::ready(id.map(|id| Self(id.to_string())).ok_or(Error::NotFound))
    }
}

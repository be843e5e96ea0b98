//! What stands behind the "?" of an address, and the pages of lists.

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest};
use rekey_shared::characters::NUL;
use rekey_shared::list::List;
use rekey_shared::problem::FieldCode;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use url::form_urlencoded;

use crate::error::Error;

/// Items of a page when the caller does not say how many.
const PAGE: usize = 50;
/// Items of a page at most.
const LARGEST_PAGE: usize = 200;

/// A request's query. What is not of its type is 422, like a wrong field of a body.
pub(crate) struct Query<T>(pub(crate) T);

impl<T: DeserializeOwned> FromRequest for Query<T> {
    type Error = Error;
    type Future = std::future::Ready<Result<Self, Error>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        std::future::ready(parse(request.query_string()).map(Self))
    }
}

pub(crate) fn parse<T: DeserializeOwned>(query: &str) -> Result<T, Error> {
    let pairs = form_urlencoded::parse(query.as_bytes());
    if let Some((field, _)) = pairs.clone().find(|(_, value)| value.contains(NUL)) {
        return Err(Error::field(&field, FieldCode::InvalidCharacter));
    }
    serde_path_to_error::deserialize(serde_urlencoded::Deserializer::new(pairs)).map_err(|error| {
        let field = error.path().to_string();
        Error::field(if field == "." { "" } else { &field }, FieldCode::WrongType)
    })
}

/// Which page of a list is wanted, where there is nothing else to say of it.
#[derive(Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct WantedPage {
    /// The `next_cursor` of the page before.
    pub(crate) cursor: Option<String>,
    /// Items of a page; 50 unless told otherwise.
    #[param(minimum = 1, maximum = 200)]
    pub(crate) limit: Option<usize>,
}

/// How many items a page has.
///
/// # Errors
/// [`Error::InvalidInput`] for none and for more than a page may have.
pub(crate) fn page_size(limit: Option<usize>) -> Result<usize, Error> {
    match limit.unwrap_or(PAGE) {
        0 => Err(Error::field("limit", FieldCode::TooShort)),
        size if size > LARGEST_PAGE => Err(Error::field("limit", FieldCode::TooLong)),
        size => Ok(size),
    }
}

/// For a page and the row that tells whether there is a next one.
pub(crate) fn one_more_than(size: usize) -> i64 {
    i64::try_from(size).map_or(i64::MAX, |size| size.saturating_add(1))
}

/// A page out of one row more than it has: that row tells whether there is a next page, which begins after `cursor_of`
/// the last item.
pub(crate) fn page<T>(mut rows: Vec<T>, size: usize, cursor_of: impl Fn(&T) -> String) -> List<T> {
    let more = rows.len() > size;
    rows.truncate(size);
    let next_cursor = rows.last().filter(|_| more).map(cursor_of);
    List { items: rows, next_cursor }
}

//! JSON in, JSON out. One extractor for every body, so that every endpoint refuses bad input in the same words.

use std::pin::Pin;
use std::time::Duration;

use actix_web::dev::Payload;
use actix_web::http::header;
use actix_web::web::{self, BytesMut};
use actix_web::{FromRequest, HttpRequest};
use rekey_shared::problem::FieldCode;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::Shared;
use crate::error::Error;

/// More than any request of the API needs.
const MAX_BODY: usize = 16 * 1024;

/// Of JSON (RFC 8259 2).
const WHITE_SPACE: [char; 4] = [' ', '\t', '\n', '\r'];

/// A request's body, read from JSON.
pub(crate) struct Body<T>(pub(crate) T);

impl<T: DeserializeOwned + 'static> FromRequest for Body<T> {
    type Error = Error;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Error>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let body = received(request, payload);
        Box::pin(async move {
            let (body, is_json) = body.await?;
            if !is_json {
                return Err(Error::UnsupportedMediaType);
            }
            parse(&body).map(Self)
        })
    }
}

/// A body that may be missing: then every field has its default.
pub(crate) struct OptionalBody<T>(pub(crate) T);

impl<T: DeserializeOwned + Default + 'static> FromRequest for OptionalBody<T> {
    type Error = Error;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Error>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let body = received(request, payload);
        Box::pin(async move {
            let (body, is_json) = body.await?;
            match (body.is_empty(), is_json) {
                (true, _) => Ok(Self(T::default())),
                (false, false) => Err(Error::UnsupportedMediaType),
                (false, true) => parse(&body).map(Self),
            }
        })
    }
}

/// The whole body, and whether it says that it is JSON.
fn received(
    request: &HttpRequest,
    payload: &mut Payload,
) -> impl Future<Output = Result<(BytesMut, bool), Error>> + use<> {
    let is_json = is_json(request);
    let declared = request.headers().get(header::CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse().ok());
    let patience = request.app_data::<Shared>().map(|rekey| rekey.config.body_timeout);
    let payload = web::Payload::from_request(request, payload).into_inner();
    async move {
        let payload = payload.map_err(|_| Error::MalformedJson)?;
        Ok((read(payload, declared, patience.unwrap_or_default()).await?, is_json))
    }
}

/// A compressed body is refused as well: nobody needs one of 16 KiB, and unpacking is where bombs go off.
fn is_json(request: &HttpRequest) -> bool {
    let media_type = request.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let essence = media_type.and_then(|text| text.split(';').next()).unwrap_or_default().trim();
    essence.eq_ignore_ascii_case("application/json") && !request.headers().contains_key(header::CONTENT_ENCODING)
}

/// A body of 16 KiB that takes longer is not coming, and its connection is needed by others.
async fn read(payload: web::Payload, declared: Option<usize>, patience: Duration) -> Result<BytesMut, Error> {
    tokio::time::timeout(patience, read_all(payload, declared)).await.map_err(|_| Error::MalformedJson)?
}

async fn read_all(mut payload: web::Payload, declared: Option<usize>) -> Result<BytesMut, Error> {
    if declared.is_some_and(|length| length > MAX_BODY) {
        return Err(Error::BodyTooLarge);
    }
    let mut body = BytesMut::new();
    while let Some(chunk) = next_chunk(&mut payload).await {
        let chunk = chunk.map_err(|_| Error::MalformedJson)?;
        if body.len() + chunk.len() > MAX_BODY {
            return Err(Error::BodyTooLarge);
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}

async fn next_chunk(payload: &mut web::Payload) -> Option<Result<web::Bytes, actix_web::error::PayloadError>> {
    use futures_core::Stream;
    std::future::poll_fn(|context| Pin::new(&mut *payload).poll_next(context)).await
}

/// Reads JSON; what is not JSON is 400, what is JSON of another shape is 422 with the field's name.
pub(crate) fn parse<T: DeserializeOwned>(body: &[u8]) -> Result<T, Error> {
    let body = std::str::from_utf8(body).map_err(|_| Error::MalformedJson)?;
    let is_json = || serde_json::from_str::<Value>(body).is_ok();
    match read_object(body) {
        // In fields that nobody asked for, half a character would not be noticed.
        Ok(value) if !body.contains("\\u") || is_json() => Ok(value),
        Err(field) if is_json() => Err(Error::field(&field, FieldCode::WrongType)),
        _ => Err(Error::MalformedJson),
    }
}

/// Reads an object to the end of the text, or says which field was being read when that failed; none for the whole.
fn read_object<T: DeserializeOwned>(body: &str) -> Result<T, String> {
    // A derived struct would also be read from an array, whose items have no names.
    if !body.trim_start_matches(WHITE_SPACE).starts_with('{') {
        return Err(String::new());
    }
    let mut json = serde_json::Deserializer::from_str(body);
    let value = serde_path_to_error::deserialize(&mut json).map_err(|error| match error.path().to_string() {
        path if path == "." => String::new(),
        path => path,
    })?;
    json.end().map(|()| value).map_err(|_| String::new())
}

#[cfg(test)]
mod tests {
    use rekey_shared::password_reset::ResetRequest;

    use super::*;

    fn fields(body: &str) -> Result<ResetRequest, Vec<String>> {
        parse::<ResetRequest>(body.as_bytes()).map_err(|error| match error {
            Error::InvalidInput(errors) => errors.into_iter().map(|error| error.field).collect(),
            other => vec![format!("{other:?}")],
        })
    }

    #[test]
    fn a_wrong_type_names_its_field() {
        assert_eq!(fields(r#"{"email": 5}"#), Err(vec!["email".to_owned()]));
        assert_eq!(fields(r#"{"email": null}"#), Err(vec!["email".to_owned()]));
        assert_eq!(fields(r#"{"email": "a@b", "locale": []}"#), Err(vec!["locale".to_owned()]));
        assert_eq!(fields(r#"["a@b"]"#), Err(vec![String::new()]));
        assert_eq!(fields("7"), Err(vec![String::new()]));
    }

    #[test]
    fn what_is_not_json_is_malformed() {
        for body in
            ["", "{", "{'email': 1}", "email=a", r#"{"email": "\ud800"}"#, "{} {}", "\u{feff}{}", "\u{a0}{}", "[1"]
        {
            assert_eq!(fields(body), Err(vec!["MalformedJson".to_owned()]), "{body}");
        }
    }

    #[test]
    fn half_a_character_is_malformed_wherever_it_stands() {
        assert_eq!(fields(r#"{"email": "a@b", "colour": "\ud800"}"#), Err(vec!["MalformedJson".to_owned()]));
    }

    #[test]
    fn an_unknown_field_is_ignored() {
        let wanted = ResetRequest { email: "a@b".to_owned(), locale: None };
        let deep = "[".repeat(500) + &"]".repeat(500);
        for colour in [r#"{"deep": [1, 2]}"#, "1e999", r#""\u00e4""#, &deep] {
            let body = format!(" \t\r\n{{\"email\": \"a@b\", \"colour\": {colour}}} ");
            assert_eq!(fields(&body).as_ref(), Ok(&wanted), "{colour}");
        }
    }
}

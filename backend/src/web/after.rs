//! One extractor after the other, where actix asks all of a handler's at once and answers with the error that is there first.

use std::pin::Pin;

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest};

/// The second is read when the first was good: whoever may not call is told so, whatever else is wrong with the call.
pub(crate) struct After<A, B>(pub(crate) A, pub(crate) B);

impl<A: FromRequest, B: FromRequest> FromRequest for After<A, B> {
    type Error = actix_web::Error;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Self::Error>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let (request, mut payload) = (request.clone(), payload.take());
        Box::pin(async move {
            let first = A::from_request(&request, &mut Payload::None).await.map_err(Into::into)?;
            let second = B::from_request(&request, &mut payload).await.map_err(Into::into)?;
            Ok(Self(first, second))
        })
    }
}

use actix_web::{HttpRequest, HttpResponse};
use rekey_shared::email_address::{EmailAddress, NotAnEmail};
use rekey_shared::locale::Locale;
use rekey_shared::password_reset::{ResetRequest, ResetRequested};
use rekey_shared::problem::{FieldCode, FieldError};

use crate::error::Error;
use crate::mail::queue::{self, Kind, Promise};
use crate::web::json::Body;
use crate::web::{Shared, client};

/// `POST /password-reset/request`: one insert for every address, and no look at the accounts.
pub(crate) async fn request(
    rekey: Shared,
    request: HttpRequest,
    body: Body<ResetRequest>,
) -> Result<HttpResponse, Error> {
    let (email, locale) = parse(&body.0)?;
    rekey.limits.admit(client(&rekey, &request).address)?;
    let now = rekey.clock.now();
    let promise = Promise::to(Kind::ResetLink, email.key()).in_language(locale);
    rekey.db.write(move |db| queue::insert(db, &promise, now)).await?;
    rekey.mail.nudge();
    Ok(HttpResponse::Accepted().json(ResetRequested::EmailSent))
}

fn parse(body: &ResetRequest) -> Result<(EmailAddress, Option<Locale>), Error> {
    let mut errors = Vec::new();
    let email = EmailAddress::parse(&body.email)
        .map_err(|problem| errors.push(FieldError::new("email", field_code(problem))))
        .ok();
    let locale = match body.locale.as_deref().map(str::trim) {
        None | Some("") => None,
        Some(tag) => {
            let known = Locale::from_tag(tag);
            if known.is_none() {
                errors.push(FieldError::new("locale", FieldCode::UnknownLanguage));
            }
            known
        }
    };
    match email {
        Some(email) if errors.is_empty() => Ok((email, locale)),
        _ => Err(Error::InvalidInput(errors)),
    }
}

fn field_code(problem: NotAnEmail) -> FieldCode {
    match problem {
        NotAnEmail::Empty => FieldCode::Required,
        NotAnEmail::TooLong => FieldCode::TooLong,
        NotAnEmail::InvalidCharacter => FieldCode::InvalidCharacter,
        NotAnEmail::Syntax => FieldCode::NotAnEmail,
    }
}

use diesel::prelude::*;
use rekey_shared::email_address::EmailAddress;
use rekey_shared::locale::Locale;

use super::Request;
use crate::app::Rekey;
use crate::db::schema::credential_requests;
use crate::db::{Db, DbError};
use crate::mail::letters::Letter;
use crate::mail::mint::Minted;
use crate::mail::queue::Promise;

/// Turns the promise into a letter that says no, in the operator's words if there are any.
pub fn mint(db: &mut Db, rekey: &Rekey, promise: &Promise) -> Result<Minted, DbError> {
    let id = promise.data.as_deref().unwrap_or_default();
    let request: Option<Request> =
        credential_requests::table.find(id).select(Request::as_select()).get_result(db).optional()?;
    let Some(request) = request else {
        return Ok(Minted::Dropped("the request is gone"));
    };
    let Ok(to) = EmailAddress::parse(&request.email) else {
        return Ok(Minted::Dropped("the request has no address"));
    };
    let locale = request.locale.as_deref().and_then(Locale::from_tag).unwrap_or_default();
    Ok(Letter::credential_rejected(&rekey.config, &to, locale, request.reason.as_deref()).into())
}

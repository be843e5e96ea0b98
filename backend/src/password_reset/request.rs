use actix_web::{HttpRequest, HttpResponse};
use rekey_shared::password_reset::{ResetRequest, ResetRequested};

use crate::app::Rekey;
use crate::error::Error;
use crate::mail::queue::{Kind, Promise};
use crate::metrics::journeys::Done;
use crate::web::fields::Fields;
use crate::web::json::Body;
use crate::web::{Shared, client};

/// `POST /password-reset/request`: one insert for every address, and no look at the accounts.
pub(crate) async fn request(
    rekey: Shared,
    request: HttpRequest,
    body: Body<ResetRequest>,
) -> Result<HttpResponse, Error> {
    let Body(wanted) = body;
    let requests = &rekey.metrics.journeys.reset_requests;
    take(&rekey, &request, wanted).await.inspect_err(|error| requests.refused(error))?;
    requests.good(Done::Ok);
    Ok(HttpResponse::Accepted().json(ResetRequested::EmailSent))
}

async fn take(rekey: &Rekey, request: &HttpRequest, wanted: ResetRequest) -> Result<(), Error> {
    let ResetRequest { email, locale } = wanted;
    let mut fields = Fields::default();
    let email = fields.email("email", &email);
    let locale = fields.locale("locale", locale.as_deref());
    let email = fields.checked(email)?;
    rekey.limits.admit(client(rekey, request).address)?;
    let now = rekey.clock.now();
    let promise = Promise::to(Kind::ResetLink, email.key()).in_language(locale);
    rekey.reset_requests.commit((promise, now)).await?;
    rekey.mail.nudge();
    Ok(())
}

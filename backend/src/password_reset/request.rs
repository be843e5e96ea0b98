use actix_web::{HttpRequest, HttpResponse};
use rekey_shared::password_reset::{ResetRequest, ResetRequested};
use rekey_shared::paths;

use crate::app::Rekey;
use crate::error::Error;
use crate::mail::queue::{Kind, Promise};
use crate::metrics::journeys::Done;
use crate::web::fields::Fields;
use crate::web::json::Body;
use crate::web::openapi::{problems, tag};
use crate::web::{Shared, client};

/// `POST /password-reset/request`: one insert for every address, and no look at the accounts.
#[utoipa::path(
    post,
    path = paths::PASSWORD_RESET_REQUEST,
    operation_id = "request_password_reset",
    tag = tag::PASSWORD_RESET,
    summary = "Ask for a reset link",
    description = "The answer is the same for every address, and tells nobody whether an account has it. If one has, a \
        letter with a link comes within a minute; at most a few an hour are sent to one address.",
    request_body = ResetRequest,
    responses((status = 202, description = "If the address belongs to an account, a letter is on its way.", body = ResetRequested)),
    extensions(("x-problems" = json!([problems::BODY, problems::LIMIT, problems::SERVER]))),
)]
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
    rekey.reset_requests.ask((promise, now)).await?;
    Ok(())
}

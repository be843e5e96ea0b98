use actix_web::{HttpRequest, HttpResponse};
use diesel::prelude::*;
use rekey_shared::admin::AuditEvent;
use rekey_shared::credential_request::{CredentialRequest, CredentialRequested, NOTE_MAX_CHARACTERS};
use rekey_shared::locale::Locale;
use rekey_shared::paths;
use rekey_shared::problem::FieldCode;
use uuid::Uuid;

use crate::admin::audit::Event;
use crate::app::Rekey;
use crate::db::schema::credential_requests;
use crate::db::{Db, DbError};
use crate::error::Error;
use crate::mail::queue::{self, Kind, Promise};
use crate::metrics::journeys::Done;
use crate::metrics::limits::Limit;
use crate::web::fields::Fields;
use crate::web::json::Body;
use crate::web::openapi::{problems, tag};
use crate::web::{Shared, client};

/// Requests that wait at most.
const MOST_WAITING: i64 = 1000;

/// `POST /credential-requests`: the same statements and the same answer for every address, and no look at the accounts.
#[utoipa::path(
    post,
    path = paths::CREDENTIAL_REQUESTS,
    operation_id = "request_credential",
    tag = tag::CREDENTIAL_REQUEST,
    summary = "Ask for an account",
    description = "The answer is the same for everyone. The operator decides; whoever has an account with this address \
        already is told so by mail. Names have at most 100 characters, the note 1,000.",
    request_body = CredentialRequest,
    responses((status = 202, description = "The operator is told.", body = CredentialRequested)),
    extensions(("x-problems" = json!([problems::BODY, problems::LIMIT, problems::SERVER]))),
)]
pub(crate) async fn submit(
    rekey: Shared,
    request: HttpRequest,
    body: Body<CredentialRequest>,
) -> Result<HttpResponse, Error> {
    let Body(wanted) = body;
    let requests = &rekey.metrics.journeys.credential_requests;
    take(&rekey, &request, wanted).await.inspect_err(|error| requests.refused(error))?;
    requests.good(Done::Ok);
    Ok(HttpResponse::Accepted().json(CredentialRequested::RequestReceived))
}

async fn take(rekey: &Rekey, request: &HttpRequest, wanted: CredentialRequest) -> Result<(), Error> {
    let CredentialRequest { name, email, note, locale } = wanted;
    let mut fields = Fields::default();
    if name.trim().is_empty() {
        fields.refuse("name", FieldCode::Required);
    }
    let name = fields.name("name", &name);
    let email = fields.email("email", &email);
    let note = fields.lines("note", note.as_deref().unwrap_or_default(), NOTE_MAX_CHARACTERS);
    let locale = fields.locale("locale", locale.as_deref());
    let (name, email) = fields.checked(name.zip(email))?;
    let caller = client(rekey, request);
    rekey.limits.admit(caller.address)?;

    let now = rekey.clock.now();
    let write = move || {
        let (name, email, note, caller) = (name.clone(), email.clone(), note.clone(), caller.clone());
        move |db: &mut Db| {
            let open = credential_requests::table
                .filter(credential_requests::email_key.eq(email.key()))
                .filter(credential_requests::state.eq("waiting"));
            // Who asks twice has asked; the first request stands, so that nobody rewrites another's.
            let has_asked: bool = diesel::select(diesel::dsl::exists(open)).get_result(db)?;
            let is_kept = has_asked || !is_full(db)?;
            if !has_asked && is_kept {
                diesel::insert_into(credential_requests::table)
                    .values((
                        credential_requests::id.eq(Uuid::now_v7().to_string()),
                        credential_requests::name.eq(&name),
                        credential_requests::email.eq(email.as_str()),
                        credential_requests::email_key.eq(email.key()),
                        credential_requests::note.eq(note.as_deref()),
                        credential_requests::locale.eq(locale.map(Locale::code)),
                        credential_requests::address.eq(caller.address.to_string()),
                        credential_requests::state.eq("waiting"),
                        credential_requests::created_at.eq(now),
                    ))
                    .execute(db)?;
            }
            queue::insert(db, &Promise::to(Kind::AccountExists, email.key()).in_language(locale), now)?;
            Event::new(AuditEvent::CredentialAsked).from(caller.address).insert(db, now)?;
            Ok::<_, DbError>(is_kept)
        }
    };
    let is_kept = match rekey.db.write(write()).await {
        // The same person's other click was faster; now its request is there to be seen.
        Err(error) if error.is_taken() => rekey.db.write(write()).await?,
        written => written?,
    };
    if !is_kept {
        tracing::warn!(credential_requests.waiting = MOST_WAITING, "credential_request.full");
        rekey.metrics.limits.count(Limit::CredentialRequests);
    }
    Ok(())
}

/// Whether more requests wait than an operator goes through. Strangers must not fill the disk; they are answered as ever.
fn is_full(db: &mut Db) -> Result<bool, DbError> {
    let last: Option<String> = credential_requests::table
        .filter(credential_requests::state.eq("waiting"))
        .order(credential_requests::id)
        .offset(MOST_WAITING - 1)
        .select(credential_requests::id)
        .first(db)
        .optional()?;
    Ok(last.is_some())
}

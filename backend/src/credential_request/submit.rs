use actix_web::{HttpRequest, HttpResponse};
use diesel::prelude::*;
use rekey_shared::admin::AuditEvent;
use rekey_shared::credential_request::{CredentialRequest, CredentialRequested, NOTE_MAX_CHARACTERS};
use rekey_shared::locale::Locale;
use rekey_shared::problem::FieldCode;
use uuid::Uuid;

use crate::admin::audit::Event;
use crate::db::Db;
use crate::db::schema::credential_requests;
use crate::error::Error;
use crate::mail::queue::{self, Kind, Promise};
use crate::web::fields::Fields;
use crate::web::json::Body;
use crate::web::{Shared, client};

/// `POST /credential-requests`: the same statements and the same answer for every address, and no look at the accounts.
pub(crate) async fn submit(
    rekey: Shared,
    request: HttpRequest,
    body: Body<CredentialRequest>,
) -> Result<HttpResponse, Error> {
    let Body(CredentialRequest { name, email, note, locale }) = body;
    let mut fields = Fields::default();
    if name.trim().is_empty() {
        fields.refuse("name", FieldCode::Required);
    }
    let name = fields.name("name", &name);
    let email = fields.email("email", &email);
    let note = fields.lines("note", note.as_deref().unwrap_or_default(), NOTE_MAX_CHARACTERS);
    let locale = fields.locale("locale", locale.as_deref());
    let (name, email) = fields.checked(name.zip(email))?;
    let caller = client(&rekey, &request);
    rekey.limits.admit(caller.address)?;

    let now = rekey.clock.now();
    rekey
        .db
        .write(move |db: &mut Db| {
            let open = credential_requests::table
                .filter(credential_requests::email_key.eq(email.key()))
                .filter(credential_requests::state.eq("waiting"));
            // Who asks twice has asked; the first request stands, so that nobody rewrites another's.
            if !diesel::select(diesel::dsl::exists(open)).get_result::<bool>(db)? {
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
            Ok::<_, Error>(())
        })
        .await?;
    rekey.mail.nudge();
    Ok(HttpResponse::Accepted().json(CredentialRequested::RequestReceived))
}

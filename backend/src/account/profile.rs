use actix_web::{HttpRequest, HttpResponse};
use rekey_shared::account::ChangeProfile;
use rekey_shared::admin::AuditEvent;

use super::record;
use crate::admin::audit::Event;
use crate::db::Db;
use crate::error::Error;
use crate::login::session::FullSession;
use crate::web::fields::Fields;
use crate::web::json::Body;
use crate::web::{Shared, client};

/// `PATCH /me`: name and language; what is not named stays as it is.
pub(crate) async fn change(
    rekey: Shared,
    request: HttpRequest,
    FullSession(session): FullSession,
    body: Body<ChangeProfile>,
) -> Result<HttpResponse, Error> {
    let Body(ChangeProfile { name, locale }) = body;
    let mut fields = Fields::default();
    let account = session.account;
    let name = match name {
        Some(name) => fields.name("name", &name),
        None => account.display_name.clone(),
    };
    let locale = fields.locale("locale", locale.as_deref()).unwrap_or_else(|| account.locale());
    fields.check()?;
    let (caller, now) = (client(&rekey, &request), rekey.clock.now());
    let changed = rekey
        .db
        .write(move |db: &mut Db| {
            record::set_profile(db, &account.id, name.as_deref(), locale)?;
            Event::own(AuditEvent::ProfileChanged, &account).from(caller.address).insert(db, now)?;
            record::find(db, &account.id)?.ok_or(Error::SessionEnded)
        })
        .await?;
    Ok(HttpResponse::Ok().json(changed.into_me()))
}

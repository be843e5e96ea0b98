use actix_web::{HttpRequest, HttpResponse};
use rekey_shared::account::{ChangeProfile, Me};
use rekey_shared::admin::AuditEvent;
use rekey_shared::paths;

use super::record;
use crate::admin::audit::Event;
use crate::db::Db;
use crate::error::Error;
use crate::login::session::FullSession;
use crate::web::after::After;
use crate::web::fields::Fields;
use crate::web::json::Body;
use crate::web::openapi::{problems, tag};
use crate::web::{Shared, client};

/// `PATCH /me`: name and language; what is not named stays as it is.
#[utoipa::path(
    patch,
    path = paths::ME,
    operation_id = "change_me",
    tag = tag::ACCOUNT,
    summary = "Change name and language",
    description = "What is not named stays as it is. A name has at most 100 characters.",
    request_body = ChangeProfile,
    security(("access_token" = [])),
    responses((status = 200, description = "The account as it is now.", body = Me)),
    extensions(("x-problems" = json!([problems::FULL_SESSION, problems::BODY, problems::SERVER]))),
)]
pub(crate) async fn change(
    rekey: Shared,
    request: HttpRequest,
    After(FullSession(session), body): After<FullSession, Body<ChangeProfile>>,
) -> Result<HttpResponse, Error> {
    let Body(ChangeProfile { name, locale }) = body;
    let mut fields = Fields::default();
    let (changes_name, account) = (name.is_some(), session.account);
    let name = name.and_then(|name| fields.name("name", &name));
    let locale = fields.locale("locale", locale.as_deref());
    fields.check()?;
    let (caller, now) = (client(&rekey, &request), rekey.clock.now());
    let changed = rekey
        .db
        .write(move |db: &mut Db| {
            // Each by itself, and only what was named: somebody else may be changing the other one.
            let is_current = (!changes_name || record::set_name(db, &account.id, account.epoch, name.as_deref())?)
                && locale.map_or(Ok(true), |locale| record::set_locale(db, &account.id, account.epoch, locale))?;
            if !is_current {
                return Err(Error::SessionEnded);
            }
            Event::own(AuditEvent::ProfileChanged, &account).from(caller.address).insert(db, now)?;
            record::find(db, &account.id)?.ok_or(Error::SessionEnded)
        })
        .await?;
    Ok(HttpResponse::Ok().json(changed.into_me()))
}

use super::report::Report;
use crate::db::migrations::{self, Status};
use crate::db::{DatabaseUrl, DbError, clock_check, look};

/// Whether it can be reached, tells the same time and is up to date.
pub(super) async fn check(url: &DatabaseUrl, report: &mut Report) {
    if let DatabaseUrl::Sqlite(path) = url
        && path.try_exists().is_ok_and(|exists| !exists)
    {
        // As on every new machine. On another one it is the sign of a wrong path.
        let path = path.display();
        return report.warned(
            "database",
            format!("{path} does not exist yet, the first command that needs it makes it — if there is one, DATABASE_URL must name it"),
        );
    }
    let looked = look::look(url, |db| {
        look::takes_writes(db)?;
        look::holds_every_text(db)?;
        Ok((clock_check::compare(db), migrations::status(db)))
    });
    let (clock, status) = match looked.await {
        Ok(found) => found,
        // They say themselves what to do.
        Err(error @ (DbError::ReadOnly | DbError::Encoding(_))) => return report.bad("database", error),
        Err(error) => return report.bad("database", format!("{error} — {}", mend(url))),
    };
    match url {
        DatabaseUrl::Sqlite(path) => report.good("database", format!("{} can be read and written", path.display())),
        DatabaseUrl::Postgres(_) => {
            report.good("database", "PostgreSQL answers");
            match clock {
                Ok(()) => report.good("clock", "the database tells the same time"),
                Err(DbError::Clock(seconds)) => report.bad("clock", DbError::Clock(seconds)),
                Err(error) => report.bad("clock", format!("{error} — {}", mend(url))),
            }
        }
    }
    match status {
        Ok(Status::UpToDate) => report.good("migrations", "up to date"),
        Ok(Status::Pending(number)) => report.bad("migrations", format!("pending: {number} — run `rekey migrate`")),
        Ok(Status::Newer(version)) => report.bad("migrations", DbError::Newer(version)),
        Err(error) => report.bad("migrations", format!("{error} — {}", mend(url))),
    }
}

fn mend(url: &DatabaseUrl) -> &'static str {
    match url {
        DatabaseUrl::Sqlite(_) => {
            "see that DATABASE_URL names Rekey's file, and that it and its folder belong to the user who runs Rekey"
        }
        DatabaseUrl::Postgres(_) => {
            "see that the server runs, and that host, user, password and name in DATABASE_URL are right"
        }
    }
}

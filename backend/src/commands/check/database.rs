use std::fs::OpenOptions;
use std::io::{self, ErrorKind, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;

use super::report::Report;
use crate::db::migrations::{self, Status};
use crate::db::{DatabaseUrl, DbError, clock_check, look};

/// What must fit beside SQLite's file, in bytes.
const ROOM: usize = 1024 * 1024;

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
        DatabaseUrl::Sqlite(path) => match room_beside(path) {
            Ok(()) => report.good("database", format!("{} can be read and written", path.display())),
            Err(error) => {
                let mend =
                    if error.kind() == ErrorKind::PermissionDenied { mend(url) } else { "make room on its disk" };
                let path = path.display();
                report.bad("database", format!("{path} can be read, but nothing can be added to it: {error} — {mend}"));
            }
        },
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

/// Whether there is room for some more letters, sessions and links, and for the journal. By a file that goes at once: SQLite
/// itself finds out when it commits.
fn room_beside(database: &Path) -> io::Result<()> {
    let mut name = database.as_os_str().to_owned();
    name.push(format!("-check-{}", std::process::id()));
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&name)?;
    let written = file.write_all(&vec![0; ROOM]).and_then(|()| file.sync_all());
    std::fs::remove_file(&name)?;
    written
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

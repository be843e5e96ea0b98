//! `rekey account import`: the accounts of another system. All of them or none: one transaction.

mod sheet;

use std::io::{Read as _, Write as _};
use std::path::{Path, PathBuf};

use clap::Args;
use indicatif::{HumanCount, ProgressBar};
use rekey_shared::admin::AuditEvent;

use super::{Failure, say};
use crate::account::batch;
use crate::account::record::NewAccount;
use crate::admin::audit::Event;
use crate::app::open_database;
use crate::clock::Clock;
use crate::commands::progress;
use crate::config::Config;
use crate::db::{Db, DbError};
use crate::drill;
use sheet::{Line, Sheet};

pub(super) const EXPLAINED: &str = "\
The file is UTF-8, and its first line names the columns, in any order, separated by commas:
  user_name      what the person types in \"User\"; it holds no \"@\"
  email          where letters go; the person can type it in \"User\", too
  name           how to greet the person (may be missing or empty)
  role           member or admin (missing or empty: member)
  locale         the person's language: en, it, de, fr or es (missing or empty: en)
  password_hash  with --with-hashes only: Argon2, bcrypt, scrypt or PBKDF2, as a PHC
                 string or as Django has it; empty, or Django's \"!\": no password
A field that holds a comma or a quote is put in quotes. Nobody gets a letter: people without a password come in by \
\"Forgot your password?\".

A line is refused when one of its fields is not good, when it doubles another line, or when an account has its user name \
or address already. Each is told with its number and the reason on standard error.

Exit codes: 0 all lines, or with --skip-bad all good ones, are imported (with --dry-run: could be), 1 nothing is \
imported, 2 wrong usage.";

#[derive(Args)]
pub(in crate::commands) struct Import {
    /// The file; - is standard input
    #[arg(value_name = "FILE.csv")]
    file: PathBuf,

    /// Check everything, and write nothing
    #[arg(long)]
    dry_run: bool,

    /// Take the column `password_hash` along
    #[arg(long)]
    with_hashes: bool,

    /// Import the good lines, whatever becomes of the others
    #[arg(long)]
    skip_bad: bool,
}

impl Import {
    pub(super) async fn run(self, config: &Config, clock: &Clock) -> Result<(), Failure> {
        let bytes = read(&self.file)?;
        let mut sheet = Sheet::parse(&bytes, self.with_hashes).map_err(Failure::Failed)?;
        let database = open_database(config).await?;
        let bar = progress::bar("Checking", sheet.good.len() as u64);
        let sheet = database
            .read(move |db: &mut Db| {
                refuse_taken(db, &mut sheet, &bar)?;
                Ok::<_, DbError>(sheet)
            })
            .await?;

        let mut report = std::io::stderr().lock();
        for (line, reason) in &sheet.refused {
            writeln!(report, "line {line}: {reason}")?;
        }
        drop(report);
        let (good, refused) = (sheet.good.len(), sheet.refused.len());
        if refused > 0 && !self.skip_bad {
            return Err(Failure::Failed(format!(
                "{} refused, so nothing is imported: mend the file, or import the others with --skip-bad",
                counted(refused, "line was", "lines were")
            )));
        }
        if !self.dry_run {
            let now = clock.now();
            let bar = progress::bar("Importing", good as u64);
            database
                .write(move |db: &mut Db| {
                    for lines in sheet.good.chunks(batch::AT_ONCE) {
                        batch::insert(db, &accounts(lines), now)?;
                        drill::point("import.half_way");
                        bar.inc(lines.len() as u64);
                    }
                    bar.finish_and_clear();
                    Event::by_command(AuditEvent::AccountsImported).with(good.to_string()).insert(db, now)
                })
                .await
                .map_err(overtaken)?;
        }
        let done = if self.dry_run { "Would import" } else { "Imported" };
        let good = counted(good, "account", "accounts");
        say(&format!("{done} {good}; {} refused.", counted(refused, "line was", "lines were")))
    }
}

fn read(file: &Path) -> Result<Vec<u8>, Failure> {
    let mut bytes = Vec::new();
    let read = if file == Path::new("-") {
        std::io::stdin().lock().read_to_end(&mut bytes)
    } else {
        std::fs::File::open(file).and_then(|mut file| file.read_to_end(&mut bytes))
    };
    read.map_err(|error| Failure::Failed(format!("cannot read {}: {error}", file.display())))?;
    Ok(bytes)
}

/// Before the transaction, so that the report takes its time without the lock; who is added meanwhile is met by it.
fn refuse_taken(db: &mut Db, sheet: &mut Sheet, bar: &ProgressBar) -> Result<(), DbError> {
    let mut good = Vec::with_capacity(sheet.good.len());
    let mut lines = std::mem::take(&mut sheet.good).into_iter();
    loop {
        let some: Vec<Line> = lines.by_ref().take(batch::AT_ONCE).collect();
        if some.is_empty() {
            break;
        }
        let taken = batch::find_taken(db, &accounts(&some))?;
        bar.inc(some.len() as u64);
        for line in some {
            let mut reasons = Vec::new();
            if taken.contains(line.account.user_name.key()) {
                reasons.push("user_name: an account has it already");
            }
            if taken.contains(line.account.email.key()) {
                reasons.push("email: an account has it already");
            }
            if reasons.is_empty() {
                good.push(line);
            } else {
                sheet.refused.insert(line.number, reasons.join("; "));
            }
        }
    }
    bar.finish_and_clear();
    sheet.good = good;
    Ok(())
}

fn accounts(lines: &[Line]) -> Vec<&NewAccount> {
    lines.iter().map(|line| &line.account).collect()
}

fn overtaken(error: DbError) -> Failure {
    use diesel::result::{DatabaseErrorKind, Error};
    match error {
        DbError::Query(Error::DatabaseError(DatabaseErrorKind::UniqueViolation, _)) => Failure::Failed(
            "somebody added an account of the file meanwhile, so nothing is imported: run the import again".to_owned(),
        ),
        other => other.into(),
    }
}

fn counted(number: usize, one: &str, many: &str) -> String {
    format!("{} {}", HumanCount(number as u64), if number == 1 { one } else { many })
}

#[cfg(test)]
mod tests {
    use rekey_shared::locale::Locale;

    use super::EXPLAINED;

    #[test]
    fn the_file_is_explained_with_every_language() {
        let (_, languages) = EXPLAINED.split_once("the person's language:").unwrap();
        let codes: Vec<_> = languages.split_whitespace().take(Locale::ALL.len() + 1).collect();
        for locale in Locale::ALL {
            assert!(codes.iter().any(|code| code.trim_end_matches(',') == locale.code()), "{}", locale.code());
        }
    }
}

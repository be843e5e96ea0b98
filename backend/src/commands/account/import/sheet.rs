//! The file of an import, read line by line.

use std::collections::{BTreeMap, HashMap};

use csv_core::{ReadRecordResult, Reader};
use rekey_shared::account::Role;
use rekey_shared::email_address::EmailAddress;
use rekey_shared::locale::Locale;

use crate::account::person_name;
use crate::account::record::NewAccount;
use crate::account::user_name::UserName;
use crate::login::foreign_hash::ForeignHash;

const COLUMNS: [&str; 6] = ["user_name", "email", "name", "role", "locale", "password_hash"];

/// What the file says.
pub(super) struct Sheet {
    pub(super) good: Vec<Line>,
    /// The reasons, by line.
    pub(super) refused: BTreeMap<usize, String>,
}

pub(super) struct Line {
    pub(super) number: usize,
    pub(super) account: NewAccount,
}

impl Sheet {
    /// Reads the file; a line that is not good is no error.
    ///
    /// No field holds the end of a line, so each line is read by itself: a quote that is never closed costs its own line
    /// and not all that come after it.
    ///
    /// # Errors
    /// A sentence that says what is wrong with the first line.
    pub(super) fn parse(bytes: &[u8], with_hashes: bool) -> Result<Self, String> {
        let mut lines = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes).split(|byte| *byte == b'\n').zip(1..);
        let header = lines.next().map_or(&b""[..], |(line, _)| line);
        let mut reader = Reader::new();
        let header = fields(&mut reader, header).map_err(|problem| format!("line 1: {problem}"))?;
        let columns = Columns::parse(&header, with_hashes)?;

        let mut sheet = Self { good: Vec::new(), refused: BTreeMap::new() };
        let mut first = HashMap::new();
        for (line, number) in lines.filter(|(line, _)| !line.trim_ascii().is_empty()) {
            match fields(&mut reader, line).and_then(|fields| columns.account(&fields)) {
                Ok(account) => match doubled(&mut first, &account, number) {
                    None => sheet.good.push(Line { number, account }),
                    Some(reason) => drop(sheet.refused.insert(number, reason)),
                },
                Err(reason) => drop(sheet.refused.insert(number, reason)),
            }
        }
        Ok(sheet)
    }
}

/// The fields of one line.
fn fields(reader: &mut Reader, line: &[u8]) -> Result<Vec<String>, String> {
    let line = line.strip_suffix(b"\r").unwrap_or(line);
    let line = std::str::from_utf8(line).map_err(|_| "it is not UTF-8".to_owned())?;
    if line.contains('\r') {
        return Err("it holds a carriage return; lines end with a line feed, or with both".to_owned());
    }
    if line.is_empty() {
        return Ok(Vec::new());
    }
    let mut text = vec![0; line.len() + 1];
    let mut ends = vec![0; line.matches(',').count() + 1];
    reader.reset();
    let (result, _, _, count) = reader.read_record(format!("{line}\n").as_bytes(), &mut text, &mut ends);
    if !matches!(result, ReadRecordResult::Record) {
        return Err("a quote is not closed".to_owned());
    }
    let starts = std::iter::once(&0).chain(&ends);
    let field = |(start, end): (&usize, &usize)| String::from_utf8_lossy(&text[*start..*end]).into_owned();
    Ok(starts.zip(&ends).take(count).map(field).collect())
}

/// The file's columns in its own order.
struct Columns(Vec<&'static str>);

impl Columns {
    fn parse(header: &[String], with_hashes: bool) -> Result<Self, String> {
        let mut columns = Vec::new();
        let mut unknown = Vec::new();
        for name in header.iter().map(|name| name.trim()) {
            match COLUMNS.into_iter().find(|column| *column == name) {
                Some(column) if columns.contains(&column) => return Err(format!("the column {column} is there twice")),
                Some(column) => columns.push(column),
                None => unknown.push(format!("{name:?}")),
            }
        }
        let known = COLUMNS.join(", ");
        if columns.is_empty() {
            return Err(format!("the first line has to name the columns, separated by commas; they are {known}"));
        }
        if !unknown.is_empty() {
            return Err(format!(
                "unknown columns: {}; the columns are {known}, separated by commas",
                unknown.join(", ")
            ));
        }
        for column in ["user_name", "email"] {
            if !columns.contains(&column) {
                return Err(format!("the column {column} is missing"));
            }
        }
        match (columns.contains(&"password_hash"), with_hashes) {
            (true, false) => Err("the column password_hash is taken with --with-hashes only".to_owned()),
            (false, true) => Err("--with-hashes: the column password_hash is missing".to_owned()),
            _ => Ok(Self(columns)),
        }
    }

    /// The account of a line, or all that is wrong with it.
    fn account(&self, fields: &[String]) -> Result<NewAccount, String> {
        if fields.len() != self.0.len() {
            return Err(format!("it has {} fields where the first line has {}", fields.len(), self.0.len()));
        }
        let mut wrong = Vec::new();
        let user_name = self.field("user_name", fields, UserName::parse, &mut wrong);
        let email = self.field("email", fields, EmailAddress::parse, &mut wrong);
        let name = self.field("name", fields, person_name::parse, &mut wrong);
        let role = self.field("role", fields, role, &mut wrong);
        let locale = self.field("locale", fields, locale, &mut wrong);
        let password_hash = self.field("password_hash", fields, password_hash, &mut wrong);
        match (user_name, email, name, role, locale, password_hash) {
            (Some(user_name), Some(email), Some(name), Some(role), Some(locale), Some(password_hash)) => {
                Ok(NewAccount { user_name, email, name, role, locale, password_hash })
            }
            _ => Err(wrong.join("; ")),
        }
    }

    /// A field, empty where the file has no such column.
    fn field<T, E: std::fmt::Display>(
        &self,
        column: &str,
        fields: &[String],
        parse: impl Fn(&str) -> Result<T, E>,
        wrong: &mut Vec<String>,
    ) -> Option<T> {
        let text = self
            .0
            .iter()
            .position(|known| *known == column)
            .and_then(|at| fields.get(at))
            .map_or("", |text| text.trim());
        parse(text).map_err(|problem| wrong.push(format!("{column}: {problem}"))).ok()
    }
}

fn role(text: &str) -> Result<Role, &'static str> {
    let known = [Role::Member, Role::Admin].into_iter().find(|role| role.name() == text);
    known.or_else(|| text.is_empty().then(Role::default)).ok_or("it is member or admin")
}

fn locale(text: &str) -> Result<Locale, rekey_shared::locale::UnknownLocale> {
    if text.is_empty() { Ok(Locale::default()) } else { text.parse() }
}

/// Empty, and Django's "!", which fits no password, are no hash.
fn password_hash(text: &str) -> Result<Option<String>, crate::login::foreign_hash::NotTaken> {
    if text.is_empty() || text.starts_with('!') {
        return Ok(None);
    }
    ForeignHash::parse(text)?;
    Ok(Some(ForeignHash::stored(text)))
}

/// Which earlier line has the user name or the address, however they are written there. A line that is refused for it
/// takes neither from a later one.
fn doubled(first: &mut HashMap<String, usize>, account: &NewAccount, number: usize) -> Option<String> {
    let keys = [("user_name", account.user_name.key()), ("email", account.email.key())];
    let reason = |(column, key)| first.get(key).map(|line| format!("{column}: line {line} has it already"));
    let reasons: Vec<String> = keys.into_iter().filter_map(reason).collect();
    if !reasons.is_empty() {
        return Some(reasons.join("; "));
    }
    first.extend(keys.map(|(_, key)| (key.to_owned(), number)));
    None
}

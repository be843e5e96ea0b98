use std::fmt::Display;
use std::io::{self, Write as _};

use serde::Serialize;

use crate::commands::{Failure, printed};

/// What was found, line by line: as text at once, so that an operator sees what is being waited for, as JSON at the end.
pub(super) struct Report {
    json: bool,
    lines: Vec<Line>,
    printed: io::Result<()>,
}

#[derive(Serialize)]
struct Line {
    name: &'static str,
    ok: bool,
    said: String,
}

impl Report {
    pub(super) fn new(json: bool) -> Self {
        Self { json, lines: Vec::new(), printed: Ok(()) }
    }

    /// All is well with it.
    pub(super) fn good(&mut self, name: &'static str, said: impl Display) {
        self.line('✓', name, &said);
    }

    /// It works, and the operator may want it otherwise.
    pub(super) fn warned(&mut self, name: &'static str, said: impl Display) {
        self.line('!', name, &said);
    }

    /// It does not work.
    pub(super) fn bad(&mut self, name: &'static str, said: impl Display) {
        self.line('✗', name, &said);
    }

    fn line(&mut self, mark: char, name: &'static str, said: &dyn Display) {
        // libpq explains itself in several lines.
        let said = said.to_string().split_whitespace().collect::<Vec<_>>().join(" ");
        if !self.json && self.printed.is_ok() {
            self.printed = writeln!(io::stdout().lock(), "{mark} {name}: {said}");
        }
        self.lines.push(Line { name, ok: mark != '✗', said });
    }

    /// Tells by the exit code whether all is well.
    pub(super) fn end(self) -> Result<(), Failure> {
        printed(self.printed)?;
        if self.json {
            let array = serde_json::to_string_pretty(&self.lines).map_err(io::Error::from)?;
            printed(writeln!(io::stdout().lock(), "{array}"))?;
        }
        match self.lines.iter().filter(|line| !line.ok).count() {
            0 => Ok(()),
            faults => Err(Failure::Failed(format!("faults found: {faults}"))),
        }
    }
}

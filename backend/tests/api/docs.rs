//! What the docs and the files for deployment say is what the program does: settings and log events.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use clap::{Arg, CommandFactory};
use rekey::commands::CommandLine;

const OPERATIONS: &str = "docs/operations.md";
const BEGIN: &str = "<!-- settings: written by `make docs` -->\n";
const END: &str = "<!-- end of settings -->\n";

pub(crate) fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap()
}

pub(crate) fn text(file: impl AsRef<Path>) -> String {
    let file = root().join(file);
    std::fs::read_to_string(&file).unwrap_or_else(|error| panic!("{}: {error}", file.display()))
}

/// All files below a folder.
pub(crate) fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries.flat_map(|path| if path.is_dir() { files(&path) } else { vec![path] }).collect()
}

/// All settings, as the program itself knows them.
pub(crate) fn settings() -> Vec<Arg> {
    let command = CommandLine::command();
    command.get_arguments().filter(|argument| argument.get_env().is_some()).cloned().collect()
}

/// What a setting is called in the environment.
pub(crate) fn name(setting: &Arg) -> String {
    setting.get_env().unwrap().to_string_lossy().into_owned()
}

/// As `rekey --help` has them.
fn settings_table() -> String {
    let mut table = String::from("\n| setting | flag | default | what it is for |\n| --- | --- | --- | --- |\n");
    for setting in settings() {
        let defaults: Vec<_> = setting.get_default_values().iter().map(|value| value.to_string_lossy()).collect();
        let default = defaults.join(",");
        let default = if default.is_empty() { String::new() } else { format!("`{default}`") };
        let mut help = setting.get_long_help().or(setting.get_help()).unwrap().to_string();
        let values = setting.get_possible_values();
        for value in values.iter().filter(|value| value.get_help().is_some()) {
            write!(help, " `{}`: {}.", value.get_name(), value.get_help().unwrap()).unwrap();
        }
        let help = help.split_whitespace().collect::<Vec<_>>().join(" ");
        let flag = setting.get_long().unwrap();
        writeln!(table, "| `{}` | `--{flag}` | {default} | {} |", name(&setting), help.replace('|', "\\|")).unwrap();
    }
    table + "\n"
}

#[test]
fn the_settings_table_is_that_of_the_program() {
    let docs = text(OPERATIONS);
    let (before, rest) = docs.split_once(BEGIN).expect("where the table begins");
    let (table, after) = rest.split_once(END).expect("where the table ends");
    if std::env::var_os("RENEW_DOCS").is_some() {
        std::fs::write(root().join(OPERATIONS), [before, BEGIN, &settings_table(), END, after].concat()).unwrap();
        return;
    }
    assert!(table == settings_table(), "the settings in {OPERATIONS} are not those of `rekey --help`: run `make docs`");
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    let words = text.split(|c: char| !c.is_ascii_alphanumeric() && c != '_');
    words.filter(|word| word.starts_with("REKEY_") || word.starts_with("DATABASE_"))
}

#[test]
fn whatever_names_a_setting_names_one_that_there_is() {
    let mut known: BTreeSet<_> = settings().iter().map(name).collect();
    let makefile = text(root().join("Makefile"));
    // What the targets for developers take.
    known.extend(words(&makefile).map(str::to_owned));
    let mut places = vec!["README.md".into(), "docker-compose.yml".into(), "Dockerfile".into()];
    for folder in ["docs", "deploy"] {
        places.extend(
            files(&root().join(folder)).into_iter().filter(|path| !path.starts_with(root().join("docs/images"))),
        );
    }
    let mut named = 0;
    for place in places {
        // A secret of this machine is no text that names settings.
        if place.starts_with(root().join("deploy/secrets")) {
            continue;
        }
        let text = text(&place);
        for word in words(&text) {
            assert!(known.contains(word), "{} names {word}, and there is no such setting", place.display());
            named += 1;
        }
    }
    assert!(named > known.len(), "the search finds something");
}

/// The events that the source can log, as `level name`.
fn events() -> BTreeSet<String> {
    let mut events = BTreeSet::new();
    for file in files(&root().join("backend/src")) {
        let source = text(&file);
        for (level, call) in ["error", "warn", "info", "debug", "trace"].into_iter().flat_map(|level| {
            source.split(&format!("tracing::{level}!(")).skip(1).map(move |call| (level, call)).collect::<Vec<_>>()
        }) {
            // The name is the last text in the call, after the fields.
            let (mut depth, mut in_text, mut end) = (1, false, 0);
            for (at, character) in call.char_indices() {
                match character {
                    '"' => in_text = !in_text,
                    '(' if !in_text => depth += 1,
                    ')' if !in_text => depth -= 1,
                    _ => {}
                }
                if depth == 0 {
                    end = at;
                    break;
                }
            }
            let name = call[..end].rsplit('"').nth(1).unwrap_or_else(|| panic!("no name: {}", &call[..end]));
            assert!(
                name.contains('.') && name.chars().all(|c| c.is_ascii_lowercase() || matches!(c, '.' | '_')),
                "{}: an event has a dotted name, and that is the last text: {name}",
                file.display()
            );
            events.insert(format!("{level} {name}"));
        }
    }
    events
}

#[test]
fn the_table_of_log_events_is_whole() {
    let docs = text(OPERATIONS);
    let (_, section) = docs.split_once("## What the log says\n").expect("the section on the log");
    let section = section.split("\n## ").next().unwrap();
    let documented: BTreeSet<_> = section
        .lines()
        .filter_map(|line| line.strip_prefix("| `"))
        .filter_map(|row| {
            let (name, rest) = row.split_once("` | ")?;
            Some(format!("{} {name}", rest.split(' ').next()?))
        })
        .collect();
    let events = events();
    let missing: Vec<_> = events.difference(&documented).collect();
    let gone: Vec<_> = documented.difference(&events).collect();
    assert!(missing.is_empty(), "{OPERATIONS} does not say what these mean: {missing:?}");
    assert!(gone.is_empty(), "{OPERATIONS} explains what the program does not log: {gone:?}");
    assert!(events.len() > 20, "the search finds something");
}

#[test]
fn the_systemd_unit_is_one_that_systemd_takes() {
    // It wants to see the program, which is elsewhere here.
    let unit = text("deploy/rekey.service").replace("/usr/local/bin/rekey", env!("CARGO_BIN_EXE_rekey"));
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("rekey.service");
    std::fs::write(&file, unit).unwrap();
    let Ok(output) = Command::new("systemd-analyze").arg("verify").arg(&file).output() else {
        println!("there is no systemd here, and so nobody to ask");
        return;
    };
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success() && !said.contains("rekey.service"), "{said}");
}

//! The command line, and what must never be in a release.

use std::path::Path;
use std::process::{Command, Output};

use crate::docs::{name, settings};

fn rekey(arguments: &[&str]) -> Output {
    let folder = tempfile::tempdir().unwrap();
    Command::new(env!("CARGO_BIN_EXE_rekey")).args(arguments).current_dir(folder.path()).output().unwrap()
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[test]
fn help_is_the_manual_and_wrong_usage_is_2() {
    let help = rekey(&["--help"]);
    assert_eq!(help.status.code(), Some(0));
    let text = String::from_utf8_lossy(&help.stdout).into_owned();
    for setting in
        ["DATABASE_URL", "REKEY_PUBLIC_URL", "REKEY_SMTP_URL", "REKEY_RESET_LINK_LIFE", "REKEY_TRUSTED_PROXIES"]
    {
        assert!(text.contains(setting), "{setting}");
    }
    for arguments in [&[][..], &["nonsense"], &["serve", "--nonsense"], &["account"]] {
        assert_eq!(rekey(arguments).status.code(), Some(2), "{arguments:?}");
    }
}

#[test]
fn a_shell_completes_commands_and_settings() {
    let script = rekey(&["completions", "bash"]);
    assert_eq!(script.status.code(), Some(0), "{}", said(&script));
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("rekey.bash");
    std::fs::write(&file, &script.stdout).unwrap();
    let completes = |words: &str, last: usize| {
        let line = format!(
            "source {}; COMP_WORDS=({words}); COMP_CWORD={last}; _rekey rekey \"${{COMP_WORDS[{last}]}}\"; echo ${{COMPREPLY[@]}}",
            file.display()
        );
        let output = Command::new("bash").args(["--norc", "-c", &line]).output().unwrap();
        String::from_utf8(output.stdout).unwrap().trim().to_owned()
    };
    assert_eq!(completes("rekey acc", 1), "account");
    assert_eq!(completes("rekey account imp", 2), "import");
    assert_eq!(completes("rekey serve --public-u", 2), "--public-url");
    for shell in ["zsh", "fish", "powershell", "elvish"] {
        assert!(rekey(&["completions", shell]).stdout.len() > 10_000, "{shell}");
    }
}

#[test]
fn the_manual_is_there_as_man_pages() {
    let page = rekey(&["man"]);
    let text = String::from_utf8(page.stdout).unwrap();
    assert!(text.contains(".TH rekey 1") && text.contains("REKEY_PUBLIC_URL"), "{}", &text[..400]);
    let folder = tempfile::tempdir().unwrap();
    assert_eq!(rekey(&["man", folder.path().to_str().unwrap()]).status.code(), Some(0));
    for name in ["rekey.1", "rekey-serve.1", "rekey-account-import.1"] {
        assert!(folder.path().join(name).exists(), "{name}");
    }
    let refused = rekey(&["man", "/nowhere/at/all"]);
    assert_eq!(refused.status.code(), Some(1));
    assert!(said(&refused).starts_with("rekey: cannot write the pages to /nowhere/at/all: "), "{}", said(&refused));
}

#[test]
fn what_is_piped_has_no_colours() {
    for arguments in [&["--help"][..], &["nonsense"], &["man"], &["completions", "bash"], &["migrate"]] {
        let output = rekey(arguments);
        let both = [output.stdout, output.stderr].concat();
        assert!(!both.is_empty() && !both.contains(&0x1b), "{arguments:?}");
    }
}

#[test]
fn a_setting_that_cannot_be_used_is_named() {
    for (arguments, name) in [
        (&["--database-url=mysql://x", "migrate"][..], "DATABASE_URL"),
        (&["--public-url=https://x.example/path", "migrate"], "REKEY_PUBLIC_URL"),
        (&["--public-url=x.example", "migrate"], "REKEY_PUBLIC_URL"),
        (&["--listen=0.0.0.0:8080", "migrate"], "REKEY_PUBLIC_URL"),
        (&["--smtp-url=mail.example.com", "migrate"], "REKEY_SMTP_URL"),
        (&["--reset-link-life=48h", "migrate"], "REKEY_RESET_LINK_LIFE"),
        (&["--reset-link-life=0s", "migrate"], "REKEY_RESET_LINK_LIFE"),
        (&["--mail-from=nobody", "migrate"], "REKEY_MAIL_FROM"),
        (&["--mail-from=юлия@example.com", "migrate"], "REKEY_MAIL_FROM"),
        (&["--trusted-proxies=10.0.0.0/8,proxy", "migrate"], "REKEY_TRUSTED_PROXIES"),
        (&["--smtp-timeout=0s", "migrate"], "REKEY_SMTP_TIMEOUT"),
        (&["--database-url=postgres://u:ge/heim@h/db", "migrate"], "DATABASE_URL"),
        (&["--database-url=postgres://u:ge%zzheim@h/db", "migrate"], "DATABASE_URL"),
        (&["--app-name=a\nb", "migrate"], "REKEY_APP_NAME"),
        (&["--cookie-domain=com", "migrate"], "REKEY_COOKIE_DOMAIN"),
        (
            &["--cookie-domain=tool.example.com", "--public-url=https://rekey.example.com", "migrate"],
            "REKEY_COOKIE_DOMAIN",
        ),
        (&["--home-url=javascript:alert(1)", "migrate"], "REKEY_HOME_URL"),
    ] {
        let output = rekey(arguments);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}: {}", said(&output));
        assert!(said(&output).starts_with(&format!("rekey: {name}: ")), "{}", said(&output));
        assert_eq!(said(&output).trim_end().lines().count(), 1, "one sentence: {}", said(&output));
    }
}

/// With each setting that there is as a variable that is empty.
fn rekey_with_empty_variables(arguments: &[&str], folder: &Path) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_rekey"));
    command.args(arguments).current_dir(folder).envs(settings().iter().map(|setting| (name(setting), "")));
    command.env_remove("DATABASE_URL").output().unwrap()
}

#[test]
fn a_setting_that_is_passed_on_empty_is_one_that_nobody_made() {
    assert!(settings().len() > 40);
    let folder = tempfile::tempdir().unwrap();
    let output = rekey_with_empty_variables(&["migrate"], folder.path());
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    assert!(folder.path().join("data/rekey.db").exists(), "the default is what counts");
    for arguments in [&["--help"][..], &["-h"], &["help", "serve"], &["account", "add", "--help"]] {
        let output = rekey_with_empty_variables(arguments, folder.path());
        assert_eq!(output.status.code(), Some(0), "{arguments:?}: {}", said(&output));
        assert!(output.stdout == rekey(arguments).stdout, "{arguments:?} helps with another text");
    }
}

#[test]
fn a_forgotten_database_is_not_another_one() {
    let folder = tempfile::tempdir().unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_rekey"));
    let output = command.arg("migrate").current_dir(folder.path()).env("DATABASE_URL", "").output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(said(&output).contains("DATABASE_URL"), "{}", said(&output));
    assert!(folder.path().read_dir().unwrap().next().is_none());
}

#[test]
fn a_flag_that_is_empty_is_a_mistake() {
    let folder = tempfile::tempdir().unwrap();
    for flag in ["--workers", "--listen", "--logo", "--data-dir", "--reset-style", "--keep-alive"] {
        let output = rekey_with_empty_variables(&[&format!("{flag}="), "migrate"], folder.path());
        assert_eq!(output.status.code(), Some(2), "{flag}");
        assert!(said(&output).contains(&format!("'{flag} <")), "{}", said(&output));
    }
    let output = rekey_with_empty_variables(&["--app-name=", "migrate"], folder.path());
    assert_eq!(said(&output), "rekey: REKEY_APP_NAME: it is empty\n");
}

#[test]
fn letters_are_captured_only_where_nobody_else_reads_them() {
    let output = rekey(&["--public-url=https://support.example.com", "serve"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(said(&output).contains("REKEY_SMTP_URL"), "{}", said(&output));
    let output = rekey(&["--listen=0.0.0.0:0", "serve", "--demo"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(said(&output).contains("loopback"), "{}", said(&output));
}

#[test]
fn a_database_that_cannot_be_opened_is_said_without_its_password() {
    let output = rekey(&["--database-url=postgres://u:geheim@127.0.0.1:1/x", "--log=trace", "migrate"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(said(&output).contains("cannot use the database"), "{}", said(&output));
    assert!(!said(&output).contains("geheim"), "{}", said(&output));
}

#[test]
fn secrets_are_read_from_files_too() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("url");
    let database = folder.path().join("from-a-file.db");
    std::fs::write(&file, format!("sqlite://{}\n", database.display())).unwrap();
    let migrated = rekey(&[&format!("--database-url-file={}", file.display()), "migrate"]);
    assert_eq!(migrated.status.code(), Some(0), "{}", said(&migrated));
    assert!(database.exists());
    let output = rekey(&["--smtp-url-file=/nowhere/at/all", "migrate"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(said(&output).starts_with("rekey: REKEY_SMTP_URL_FILE: cannot read /nowhere/at/all"), "{}", said(&output));
}

#[test]
fn healthcheck_fails_where_nothing_listens() {
    let output = rekey(&["--listen=127.0.0.1:1", "healthcheck"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(said(&output).contains("no server answers on 127.0.0.1:1"), "{}", said(&output));
}

#[test]
fn migrate_makes_folder_and_file() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("new/folder/rekey.db");
    let url = format!("--database-url=sqlite://{}", file.display());
    for _ in 0..2 {
        assert_eq!(rekey(&[&url, "migrate"]).status.code(), Some(0));
    }
    assert!(file.exists());
}

//! All letters in all languages, as they leave; and what they looked like when somebody last read them.

use std::collections::HashSet;
use std::path::Path;
use std::time::Duration;

use chrono::NaiveDate;
use clap::Parser;
use rekey_shared::email_address::EmailAddress;
use rekey_shared::locale::Locale;
use rekey_shared::secret::Secret;

use super::{Letter, NewPassword};
use crate::account::record::Account;
use crate::clock::Timestamp;
use crate::config::{Config, Settings};

const LINK: &str = "https://desk.example/reset#AbCdEfGhIjKlMnOpQrStUvWx";
const PASSWORD: &str = "abcd-efgh-ijkl-mnop-qrst";
const REASON: &str = "Bea <bea@example.com> is on leave.\n\nAsk again in December.";

#[derive(Parser)]
struct CommandLine {
    #[command(flatten)]
    settings: Settings,
}

fn config(flags: &[&str]) -> Config {
    let own =
        ["rekey", "--public-url=https://desk.example", "--support-contact=help@example.com", "--app-name=Acme Desk"];
    let settings = CommandLine::parse_from([&own[..], flags].concat()).settings;
    Config::from_settings(settings).unwrap()
}

fn time() -> Timestamp {
    NaiveDate::from_ymd_opt(2026, 11, 24).unwrap().and_hms_opt(12, 0, 0).unwrap()
}

struct Written {
    name: &'static str,
    letter: Letter,
    /// Where it leads to.
    link: Option<&'static str>,
}

/// Every letter, with and without what may be left out.
fn letters(locale: Locale) -> Vec<Written> {
    const LOGIN: &str = "https://desk.example/";
    const FORGOTTEN: &str = "https://desk.example/forgotten-password";
    const REQUESTS: &str = "https://desk.example/administration/credential-requests";
    let (usual, other) = (config(&[]), config(&["--reset-style=chosen", "--temporary-password-must-change=false"]));
    let ann = Account::sample("ann", "ann@example.com", time());
    let email = EmailAddress::parse("ann.old@example.com").unwrap();
    let (life, done) = (Duration::from_hours(1), (time(), "192.0.2.1"));
    let new =
        NewPassword { password: Secret::from(PASSWORD.to_owned()), life: Duration::from_hours(24), since: time() };
    let of = |name, link, letter: super::Written| Written { name, letter: letter.unwrap(), link };
    vec![
        of("reset-link", Some(LINK), Letter::reset_link(&usual, &ann, locale, (LINK, life))),
        of("reset-link-to-choose", Some(LINK), Letter::reset_link(&other, &ann, locale, (LINK, life))),
        of("new-password", Some(LOGIN), Letter::new_password(&usual, &ann, locale, &new)),
        of("new-password-to-keep", Some(LOGIN), Letter::new_password(&other, &ann, locale, &new)),
        of("welcome", Some(LOGIN), Letter::welcome(&usual, &ann, locale, &new)),
        of("welcome-to-keep", Some(LOGIN), Letter::welcome(&other, &ann, locale, &new)),
        of("password-changed", Some(FORGOTTEN), Letter::password_changed(&usual, &ann, locale, done)),
        of("signed-in", Some(FORGOTTEN), Letter::signed_in(&usual, &ann, locale, done)),
        of("confirm-email", Some(LINK), Letter::confirm_email(&usual, &ann, locale, &email, (LINK, life))),
        of("email-changed", None, Letter::email_changed(&usual, &ann, locale, &email, done)),
        of("account-exists", Some(FORGOTTEN), Letter::account_exists(&usual, &ann, locale)),
        of("credential-request", Some(REQUESTS), Letter::credential_requests(&usual, &email, locale, 1)),
        of("credential-requests", Some(REQUESTS), Letter::credential_requests(&usual, &email, locale, 2)),
        of("credential-rejected", None, Letter::credential_rejected(&usual, &email, locale, None)),
        of("credential-rejected-and-why", None, Letter::credential_rejected(&usual, &email, locale, Some(REASON))),
        of("test", None, Letter::test(&usual, &email, locale)),
    ]
}

/// What people get is looked at before it is changed: `make docs` writes these files, and the difference is read.
#[test]
fn the_letters_are_those_that_somebody_has_read() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/letters");
    for locale in [Locale::En, Locale::It] {
        let folder = folder.join(locale.code());
        for Written { name, letter, .. } in letters(locale) {
            let text = format!("Subject: {}\n\n{}\n", letter.subject, letter.text);
            for (form, now) in [("txt", text), ("html", letter.html + "\n")] {
                let file = folder.join(format!("{name}.{form}"));
                if std::env::var_os("RENEW_DOCS").is_some() {
                    std::fs::create_dir_all(&folder).unwrap();
                    std::fs::write(&file, &now).unwrap();
                }
                let read = std::fs::read_to_string(&file).unwrap_or_default();
                assert!(read == now, "{} is not what leaves now: run `make docs`, and read it", file.display());
            }
        }
    }
}

#[test]
fn every_letter_can_be_read_in_a_terminal() {
    for locale in Locale::ALL {
        for Written { letter, .. } in letters(locale) {
            let long = letter.text.lines().find(|line| line.chars().count() > 76);
            assert_eq!(long, None, "{}", letter.text);
        }
    }
}

/// It would be shown to whoever stands behind the person, before the letter is opened.
#[test]
fn no_list_of_letters_shows_a_password() {
    for Written { letter, .. } in letters(Locale::En) {
        let (_, rest) = letter.html.split_once("<div style=\"display: none;").unwrap();
        let (preview, _) = rest.split_once("</div>").unwrap();
        assert!(preview.len() > 40 && !preview.contains(PASSWORD) && !letter.subject.contains(PASSWORD), "{preview}");
    }
}

#[test]
fn every_letter_holds_its_link_alone_on_its_line_in_every_language() {
    for locale in Locale::ALL {
        for Written { letter, link, .. } in letters(locale) {
            let Some(link) = link else {
                assert!(!letter.text.contains("https:") && !letter.html.contains("href="), "{}", letter.text);
                continue;
            };
            assert_eq!(letter.text.lines().filter(|line| *line == link).count(), 1, "{}", letter.text);
            assert!(letter.html.contains(&format!("href=\"{link}\"")), "{}", letter.html);
        }
    }
}

#[test]
fn every_letter_is_in_its_language_from_the_subject_to_the_last_line() {
    let of_all = Locale::ALL.map(letters);
    for (number, english) in of_all[0].iter().enumerate() {
        let subjects: HashSet<_> = of_all.iter().map(|letters| &letters[number].letter.subject).collect();
        assert_eq!(subjects.len(), Locale::ALL.len(), "{subjects:?}");
        for (locale, letters) in Locale::ALL.iter().zip(&of_all).skip(1) {
            let letter = &letters[number].letter;
            assert!(letter.html.contains(&format!("<html lang=\"{}\">", locale.code())), "{}", letter.html);
            // By paragraphs: a line may end with a word that both languages have.
            let same: Vec<_> = [PASSWORD].into_iter().chain(REASON.split("\n\n")).collect();
            let own = |text: &&str| !same.contains(text) && !text.starts_with("https:");
            for paragraph in letter.text.split("\n\n").filter(own) {
                assert!(!english.letter.text.split("\n\n").any(|english| english == paragraph), "{paragraph}");
            }
        }
    }
}

#[test]
fn every_letter_is_set_as_its_language_is_printed() {
    for locale in Locale::ALL {
        for Written { letter, .. } in letters(locale) {
            let said = format!("{}\n{}", letter.subject, letter.text);
            assert!(!said.contains("  ") && !said.contains('"'), "{said}");
            match locale {
                Locale::En | Locale::It => {}
                Locale::De | Locale::Fr | Locale::Es => assert!(!said.contains('\''), "{said}"),
            }
            let is_set = match locale {
                Locale::Fr => |before: char| before == '\u{202f}',
                _ => |before: char| !before.is_whitespace(),
            };
            for line in said.lines() {
                // A mark within a word is that of a time or an address.
                for (at, _) in line
                    .match_indices([':', ';', '!', '?'])
                    .filter(|(at, _)| line[at + 1..].chars().next().is_none_or(char::is_whitespace))
                {
                    assert!(line[..at].chars().next_back().is_some_and(is_set), "{line}");
                }
            }
        }
    }
}

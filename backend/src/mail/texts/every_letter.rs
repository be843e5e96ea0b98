//! All letters in all languages, as they leave.

use std::collections::HashSet;
use std::time::Duration;

use rekey_shared::locale::Locale;
use rekey_shared::password_reset::ResetStyle;

use super::{Link, Notice, Password, PasswordFacts};
use crate::clock::Clock;
use crate::mail::templates::{Frame, LinkLetter, NoticeLetter, Pair, PasswordLetter, TestLetter};

const NAMES: (&str, &str) = ("Acme Desk", "ann");
const URL: &str = "https://desk.example/reset#AbCdEfGhIjKlMnOpQrStUvWx";
const FORGOTTEN: &str = "https://desk.example/forgotten-password";
const PASSWORD: &str = "abcd-efgh-ijkl";
/// What is the same in every language.
const SAME: [&str; 5] = ["", "-- ", NAMES.0, PASSWORD, URL];

struct Letter {
    subject: String,
    html: String,
    text: String,
    has_link: bool,
}

/// Every letter, with and without what may be left out.
fn letters(locale: Locale) -> Vec<Letter> {
    let (life, since) = (Duration::from_hours(7 * 24), Clock::system().now());
    let done = (since, "192.0.2.1");
    let facts = |must_change| PasswordFacts { app_name: NAMES.0, user_name: NAMES.1, life, since, must_change };
    let mut letters = vec![
        link(locale, &super::reset_link(locale, NAMES, (life, ResetStyle::Mailed))),
        link(locale, &super::reset_link(locale, NAMES, (life, ResetStyle::Chosen))),
        link(locale, &super::confirm_email(locale, NAMES, life)),
        notice(locale, &super::password_changed(locale, NAMES, done), true),
        notice(locale, &super::signed_in(locale, NAMES, done), true),
        notice(locale, &super::email_changed(locale, NAMES, done), false),
        notice(locale, &super::account_exists(locale, NAMES), true),
        notice(locale, &super::credential_requests(locale, NAMES.0, 1), true),
        notice(locale, &super::credential_requests(locale, NAMES.0, 2), true),
        notice(locale, &super::credential_rejected(locale, NAMES.0, true), false),
        notice(locale, &super::credential_rejected(locale, NAMES.0, false), false),
    ];
    for must_change in [true, false] {
        letters.push(password(locale, &super::new_password(locale, &facts(must_change))));
        letters.push(password(locale, &super::welcome(locale, &facts(must_change))));
    }
    let (subject, works) = super::test(locale, NAMES.0);
    letters.push(Letter::of(&TestLetter { frame: frame(locale, &subject), works: &works }, &subject, false));
    letters
}

fn link(locale: Locale, texts: &Link) -> Letter {
    let greeting = super::greeting(locale, NAMES.1);
    Letter::of(&LinkLetter { frame: frame(locale, &texts.subject), greeting, url: URL, texts }, &texts.subject, true)
}

fn password(locale: Locale, texts: &Password) -> Letter {
    let letter = PasswordLetter {
        frame: frame(locale, &texts.subject),
        greeting: super::greeting(locale, NAMES.1),
        password: PASSWORD,
        login_url: URL,
        forgotten_url: FORGOTTEN,
        texts,
    };
    Letter::of(&letter, &texts.subject, true)
}

fn notice(locale: Locale, texts: &Notice, has_link: bool) -> Letter {
    let greeting = super::greeting_of_strangers(locale);
    let (frame, url) = (frame(locale, &texts.subject), has_link.then_some(URL));
    Letter::of(&NoticeLetter { frame, greeting, quote: None, url, texts }, &texts.subject, has_link)
}

fn frame(locale: Locale, subject: &str) -> Frame<'_> {
    Frame {
        lang: locale.code(),
        subject,
        app_name: NAMES.0,
        support_contact: Some("help@example.com"),
        texts: super::frame(locale),
    }
}

impl Letter {
    fn of(letter: &impl Pair, subject: &str, has_link: bool) -> Self {
        let (html, text) = (letter.html().unwrap(), letter.text().unwrap());
        Self { subject: subject.to_owned(), html, text, has_link }
    }
}

#[test]
fn every_letter_holds_its_link_alone_on_its_line_in_every_language() {
    for locale in Locale::ALL {
        for letter in letters(locale) {
            let lines = letter.text.lines().filter(|line| *line == URL).count();
            assert_eq!(lines, usize::from(letter.has_link), "{}", letter.text);
            assert_eq!(letter.html.contains(&format!("href=\"{URL}\"")), letter.has_link, "{}", letter.html);
        }
    }
}

#[test]
fn every_letter_is_in_its_language_from_the_subject_to_the_last_line() {
    let of_all = Locale::ALL.map(letters);
    for (number, english) in of_all[0].iter().enumerate() {
        let subjects: HashSet<_> = of_all.iter().map(|letters| &letters[number].subject).collect();
        assert_eq!(subjects.len(), Locale::ALL.len(), "{subjects:?}");
        for (locale, letters) in Locale::ALL.iter().zip(&of_all).skip(1) {
            let letter = &letters[number];
            assert!(letter.html.contains(&format!("<html lang=\"{}\">", locale.code())), "{}", letter.html);
            for line in letter.text.lines().filter(|line| !SAME.contains(line)) {
                assert!(!english.text.lines().any(|english| english == line), "{line}");
            }
        }
    }
}

#[test]
fn every_letter_is_set_as_its_language_is_printed() {
    for locale in Locale::ALL {
        for letter in letters(locale) {
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

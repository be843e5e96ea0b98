//! What all texts have in common, read from their source: many of them are made by functions, which no test could call
//! with everything.

use std::collections::HashSet;

use rekey_shared::locale::Locale;

macro_rules! source {
    ($folder:literal) => {
        concat!(
            include_str!(concat!($folder, "/mod.rs")),
            include_str!(concat!($folder, "/account.rs")),
            include_str!(concat!($folder, "/administration.rs")),
        )
    };
}

const fn source(locale: Locale) -> &'static str {
    match locale {
        Locale::En => source!("en"),
        Locale::It => source!("it"),
        Locale::De => source!("de"),
        Locale::Fr => source!("fr"),
        Locale::Es => source!("es"),
    }
}

/// Words that are written alike in English.
const fn alike(locale: Locale) -> &'static [&'static str] {
    match locale {
        Locale::En | Locale::Es => &[],
        Locale::It => &["Account", "Email", "Password"],
        Locale::De => &["Admin", "Name", "Name (optional)"],
        Locale::Fr => &["Actions", "Administration", "Sessions", "minute", "minutes"],
    }
}

/// The texts, without the names by which the API calls something.
fn texts(locale: Locale) -> Vec<String> {
    let code: String =
        source(locale).split_inclusive('\n').filter(|line| !line.trim_start().starts_with("//")).collect();
    assert!(!code.contains(r#"\""#), "{}: a text with a straight quote", locale.code());
    let parts: Vec<_> = code.split('"').collect();
    parts
        .chunks(2)
        .zip(parts.chunks(2).skip(1))
        .filter(|(_, after)| !after[0].starts_with(" =>"))
        .map(|(part, _)| part[1].replace(r"\u{202f}", "\u{202f}"))
        .map(|text| text.split("\\\n").map(str::trim_start).collect())
        .collect()
}

#[test]
fn no_text_was_left_in_english() {
    let english: HashSet<_> = texts(Locale::En).into_iter().filter(|text| text != "–").collect();
    for locale in Locale::ALL.into_iter().skip(1) {
        let same: HashSet<_> = texts(locale).into_iter().filter(|text| english.contains(text)).collect();
        let alike: HashSet<_> = alike(locale).iter().map(|text| (*text).to_owned()).collect();
        assert_eq!(same, alike, "{}", locale.code());
    }
}

#[test]
fn texts_are_set_as_their_language_is_printed() {
    for locale in Locale::ALL {
        for text in texts(locale) {
            assert!(!text.contains("  ") && text.trim() == text, "{text}");
            assert!(!text.contains("..."), "an ellipsis is one character: {text}");
            match locale {
                Locale::En | Locale::It => {}
                Locale::De | Locale::Fr | Locale::Es => assert!(!text.contains('\''), "{text}"),
            }
            let is_set = match locale {
                Locale::Fr => |before: char| before == '\u{202f}',
                _ => |before: char| !before.is_whitespace(),
            };
            for (at, _) in text.match_indices([':', ';', '!', '?']) {
                assert!(text[..at].chars().next_back().is_some_and(is_set), "{text}");
            }
        }
    }
}

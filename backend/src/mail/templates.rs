//! The pairs of templates, and what each pair is filled with.

use askama::Template;
use rekey_shared::locale::Locale;

use super::texts;
use crate::brand::{Accent, Format};
use crate::config::Config;

/// The logo's name within a letter (RFC 2392).
pub(super) const LOGO_ID: &str = "logo@rekey";
/// The logo is drawn within these, in pixels of CSS.
const LOGO_WIDTH: u32 = 200;
const LOGO_HEIGHT: u32 = 48;
/// A terminal has 80, and an answer's marks want some (RFC 3676 4.2).
const COLUMNS: usize = 76;

/// What stands round every letter.
pub(super) struct Frame<'a> {
    pub(super) lang: &'static str,
    pub(super) subject: String,
    /// The subject without the tool's name, over the letter.
    pub(super) heading: String,
    /// What a list of letters shows beside the subject.
    pub(super) preview: String,
    pub(super) app_name: &'a str,
    pub(super) support_contact: Option<&'a str>,
    pub(super) accent: &'a Accent,
    pub(super) logo: Option<Picture>,
    pub(super) texts: &'static texts::Frame,
}

/// A logo that mail programs show.
pub(super) struct Picture {
    pub(super) width: u32,
    pub(super) height: u32,
}

impl<'a> Frame<'a> {
    pub(super) fn new(config: &'a Config, locale: Locale, about: &str, preview: &[&str]) -> Self {
        Self {
            lang: locale.code(),
            subject: texts::subject(locale, &config.app_name, about),
            heading: capitalised(about),
            preview: capitalised(&preview.join(" ")),
            app_name: &config.app_name,
            support_contact: config.support_contact.as_deref(),
            accent: config.brand.accent(),
            logo: config.brand.logo.as_ref().and_then(|logo| Picture::of(logo.format)),
            texts: texts::frame(locale),
        }
    }

    #[expect(clippy::unused_self, reason = "called from the templates")]
    pub(super) fn logo_id(&self) -> &'static str {
        LOGO_ID
    }
}

impl Picture {
    fn of(format: Format) -> Option<Self> {
        let Format::Png { width, height } = format else { return None };
        let shrunk = |size: u32, share: (u32, u32)| (u64::from(size) * u64::from(share.0) / u64::from(share.1)).max(1);
        let by_height = (LOGO_HEIGHT.min(height), height);
        let by_width = (LOGO_WIDTH.min(width), width);
        let share = if shrunk(width, by_height) <= u64::from(LOGO_WIDTH) { by_height } else { by_width };
        let fitted = |size| u32::try_from(shrunk(size, share)).unwrap_or(LOGO_HEIGHT);
        Some(Self { width: fitted(width), height: fitted(height) })
    }
}

/// In some languages the text after a greeting goes on in lower case; by itself it does not.
fn capitalised(text: &str) -> String {
    let mut rest = text.chars();
    rest.next().map(|first| first.to_uppercase().chain(rest).collect()).unwrap_or_default()
}

/// Breaks lines where words end. What has no space, such as a link, stays whole.
fn wrapped(text: &str) -> String {
    let mut written = String::with_capacity(text.len() + 16);
    for line in text.split_inclusive('\n') {
        let mut column = 0;
        // A space that must not break is none here.
        for word in line.split_inclusive(' ') {
            let width = word.trim_end_matches([' ', '\n']).chars().count();
            if column > 0 && column + width > COLUMNS {
                written.truncate(written.trim_end_matches(' ').len());
                written.push('\n');
                column = 0;
            }
            written.push_str(word);
            column += word.chars().count();
        }
    }
    written
}

/// A letter in both its forms.
pub(super) trait Pair {
    fn frame(&self) -> &Frame<'_>;
    fn html(&self) -> askama::Result<String>;
    fn text(&self) -> askama::Result<String>;
}

macro_rules! pair {
    ($name:ident, $html:literal, $text:literal) => {
        impl Pair for $name<'_> {
            fn frame(&self) -> &Frame<'_> {
                &self.frame
            }

            fn html(&self) -> askama::Result<String> {
                #[derive(Template)]
                #[template(path = $html)]
                struct Html<'a> {
                    letter: &'a $name<'a>,
                }
                Html { letter: self }.render()
            }

            fn text(&self) -> askama::Result<String> {
                #[derive(Template)]
                #[template(path = $text)]
                struct Text<'a> {
                    letter: &'a $name<'a>,
                }
                Ok(wrapped(&Text { letter: self }.render()?))
            }
        }
    };
}

/// A letter with a link to click or copy.
pub(super) struct LinkLetter<'a> {
    pub(super) frame: Frame<'a>,
    pub(super) greeting: String,
    pub(super) url: &'a str,
    pub(super) texts: &'a texts::Link,
}
pair!(LinkLetter, "letters/link.html", "letters/link.txt");

/// A letter that brings a password.
pub(super) struct PasswordLetter<'a> {
    pub(super) frame: Frame<'a>,
    pub(super) greeting: String,
    pub(super) password: &'a str,
    pub(super) login_url: &'a str,
    pub(super) forgotten_url: &'a str,
    pub(super) texts: &'a texts::Password,
}
pair!(PasswordLetter, "letters/password.html", "letters/password.txt");

/// A letter that tells of something.
pub(super) struct NoticeLetter<'a> {
    pub(super) frame: Frame<'a>,
    pub(super) greeting: String,
    /// A sentence of the operator's own.
    pub(super) quote: Option<&'a str>,
    pub(super) url: Option<&'a str>,
    pub(super) texts: &'a texts::Notice,
}
pair!(NoticeLetter, "letters/notice.html", "letters/notice.txt");

/// The letter of `rekey mail test`.
pub(super) struct TestLetter<'a> {
    pub(super) frame: Frame<'a>,
    pub(super) works: &'a str,
}
pair!(TestLetter, "letters/test.html", "letters/test.txt");

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_lines_break_between_words_and_links_do_not() {
        let words = "word ".repeat(40);
        let link = format!("https://{}", "x".repeat(90));
        let text = wrapped(&format!("{words}\n\n{link}\n-- \nshort\n"));
        assert!(text.lines().all(|line| line.chars().count() <= COLUMNS || line == link), "{text}");
        assert!(text.ends_with(&format!("\n\n{link}\n-- \nshort\n")), "{text}");
        assert_eq!(text.split_whitespace().filter(|word| *word == "word").count(), 40);
    }

    #[test]
    fn a_logo_keeps_its_shape() {
        let fitted =
            |width, height| Picture::of(Format::Png { width, height }).map(|fitted| (fitted.width, fitted.height));
        assert_eq!(fitted(400, 96), Some((200, 48)));
        assert_eq!(fitted(96, 96), Some((48, 48)));
        assert_eq!(fitted(1000, 100), Some((200, 20)));
        assert_eq!(fitted(20, 10), Some((20, 10)), "never larger than it is");
        assert_eq!(fitted(4_000_000_000, 1), Some((200, 1)));
        assert!(Picture::of(Format::Svg).is_none());
    }
}

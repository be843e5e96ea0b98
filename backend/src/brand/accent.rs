//! One colour from the operator, and all that pages and letters need to be made of it.

use super::colour::Colour;

/// What WCAG 2.2 AA wants of text (1.4.3); shapes and focus rings need only 3 (1.4.11).
const TEXT: f64 = 4.5;
/// What a lighter accent is raised to in the dark: a small light text on dark ground wants more than the least.
const TEXT_IN_THE_DARK: f64 = 7.0;
/// `--paper` of frontend/style.css: the darkest ground on which links stand where it is light.
const PAPER: Colour = Colour([0xf3, 0xf5, 0xf4]);
/// `--card` where it is dark: there the lightest.
const DARK_CARD: Colour = Colour([0x18, 0x22, 0x25]);
const WHITE: Colour = Colour([255; 3]);
/// As small as a search for a lightness steps.
const STEP: f64 = 0.004;

/// The accent where it is light and where it is dark.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Accent {
    pub light: Tones,
    pub dark: Tones,
}

/// What is drawn in the accent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tones {
    /// Links, and the ground of the main button.
    pub accent: Colour,
    /// The same under the pointer.
    pub strong: Colour,
    /// The text of the main button.
    pub on: Colour,
}

impl Accent {
    /// The colours of frontend/style.css.
    pub const REKEY: Self = Self {
        light: Tones { accent: Colour([0x0f, 0x65, 0x5e]), strong: Colour([0x0b, 0x4f, 0x49]), on: WHITE },
        dark: Tones {
            accent: Colour([0x63, 0xd2, 0xc3]),
            strong: Colour([0x8a, 0xe3, 0xd7]),
            on: Colour([0x06, 0x20, 0x1d]),
        },
    };

    /// Reads `#rrggbb`, and refuses what people could not read.
    ///
    /// # Errors
    /// A sentence that names the contrast, and a colour that would do.
    pub fn parse(text: &str) -> Result<Self, String> {
        let colour = Colour::parse(text.trim()).ok_or_else(|| format!("{text:?} is no colour such as #0f655e"))?;
        // White, the text of the button, is lighter than the paper: who passes this check passes that one.
        let contrast = colour.contrast(PAPER);
        if contrast < TEXT {
            let near = reach(colour, -STEP, |tried| tried.contrast(PAPER) >= TEXT);
            return Err(format!(
                "{colour} has a contrast of {:.2}:1 with the page's background {PAPER}, and to be read it needs {TEXT}:1 \
                 (WCAG 2.2 AA): {near} would do",
                (contrast * 100.0).floor() / 100.0
            ));
        }
        Ok(Self { light: light(colour), dark: dark(colour) })
    }
}

fn light(accent: Colour) -> Tones {
    let lightness = accent.lightness();
    // What is nearly black cannot be seen to become darker.
    let strong = if lightness < 0.3 { lightness + 0.2 } else { lightness - 0.07 };
    Tones { accent, strong: accent.at_lightness(strong), on: WHITE }
}

fn dark(accent: Colour) -> Tones {
    let accent = reach(accent, STEP, |tried| tried.contrast(DARK_CARD) >= TEXT_IN_THE_DARK);
    Tones { accent, strong: accent.at_lightness(accent.lightness() + 0.06), on: accent.tint(0.22) }
}

/// The nearest lighter or darker one that will do.
fn reach(colour: Colour, step: f64, will_do: impl Fn(Colour) -> bool) -> Colour {
    let start = colour.lightness();
    let lightnesses = (0..250).map(|number| f64::from(number).mul_add(step, start).clamp(0.0, 1.0));
    let mut tried = lightnesses.map(|lightness| colour.at_lightness(lightness));
    tried.find(|tried| will_do(*tried)).unwrap_or(colour)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn rekeys_own_colours_and_grounds_are_those_of_the_pages() {
        let sheet = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../frontend/style.css")).unwrap();
        let (light, dark) = sheet.split_once("@media (prefers-color-scheme: dark)").unwrap();
        let has = |part: &str, name: &str, colour: Colour| part.contains(&format!("  --{name}: {colour};"));
        for (part, tones) in [(light, Accent::REKEY.light), (dark, Accent::REKEY.dark)] {
            assert!(has(part, "accent", tones.accent) && has(part, "accent-strong", tones.strong));
            assert!(has(part, "on-accent", tones.on));
        }
        assert!(has(light, "paper", PAPER) && has(dark, "card", DARK_CARD));
    }

    #[test]
    fn a_colour_that_cannot_be_read_is_told_with_one_that_can() {
        assert_eq!(
            Accent::parse("#FF6600").unwrap_err(),
            "#ff6600 has a contrast of 2.68:1 with the page's background #f3f5f4, and to be read it needs 4.5:1 (WCAG 2.2 \
             AA): #bf4b02 would do"
        );
        assert_eq!(Accent::parse("teal").unwrap_err(), "\"teal\" is no colour such as #0f655e");
    }

    proptest! {
        /// Whatever is taken can be read everywhere, and what is proposed is taken.
        #[test]
        fn every_colour_is_readable_or_refused_with_one_that_is(channels: [u8; 3]) {
            let accent = Accent::parse(&Colour(channels).to_string()).or_else(|said| {
                let (rest, proposed) = said.strip_suffix(" would do").unwrap().rsplit_once(' ').unwrap();
                prop_assert!(rest.ends_with("AA):"), "{}", said);
                Accent::parse(proposed).map_err(TestCaseError::fail)
            })?;
            for (tones, grounds) in [(&accent.light, [PAPER, WHITE]), (&accent.dark, [DARK_CARD, Colour([0x10, 0x18, 0x1a])])] {
                for colour in [tones.accent, tones.strong] {
                    prop_assert!(colour.contrast(tones.on) >= TEXT, "{:?}", tones);
                    for ground in grounds {
                        prop_assert!(colour.contrast(ground) >= TEXT, "{:?} on {}", tones, ground);
                    }
                }
            }
            prop_assert!(accent.light.strong != accent.light.accent && accent.dark.strong != accent.dark.accent);
        }
    }
}

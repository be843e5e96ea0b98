//! Colours as screens have them, and what people see of them.

use std::fmt;

/// As CSS writes it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Colour(pub [u8; 3]);

impl fmt::Display for Colour {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [red, green, blue] = self.0;
        write!(formatter, "#{red:02x}{green:02x}{blue:02x}")
    }
}

impl Colour {
    /// `#rrggbb`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let digits = text.strip_prefix('#').filter(|digits| digits.len() == 6 && digits.is_ascii())?;
        let two = |at: usize| u8::from_str_radix(&digits[at..at + 2], 16).ok();
        // from_str_radix would take a sign.
        digits.bytes().all(|byte| byte.is_ascii_hexdigit()).then_some(())?;
        Some(Self([two(0)?, two(2)?, two(4)?]))
    }

    /// From 1 to 21 (WCAG 2.2).
    #[must_use]
    pub fn contrast(self, other: Self) -> f64 {
        let (one, other) = (self.luminance(), other.luminance());
        (one.max(other) + 0.05) / (one.min(other) + 0.05)
    }

    fn luminance(self) -> f64 {
        let [red, green, blue] = self.0.map(to_linear);
        0.2126 * red + 0.7152 * green + 0.0722 * blue
    }

    /// How light people see it, from 0 to 1 (Oklab).
    pub(super) fn lightness(self) -> f64 {
        self.oklab()[0]
    }

    /// The same hue, lighter or darker, and as colourful as that can be on a screen.
    pub(super) fn at_lightness(self, lightness: f64) -> Self {
        self.with(lightness, 1.0)
    }

    /// The same hue in a mere tint.
    pub(super) fn tint(self, lightness: f64) -> Self {
        self.with(lightness, 0.25)
    }

    fn with(self, lightness: f64, share: f64) -> Self {
        let [_, a, b] = self.oklab();
        // A screen cannot show every colour at every lightness: the colour is given up, bit by bit, and not the hue.
        let shares = (0..=100).map(|percent| share * f64::from(100 - percent) / 100.0);
        let mut tried = shares.filter_map(|share| from_oklab([lightness, a * share, b * share]));
        tried.next().unwrap_or(if lightness > 0.5 { Self([255; 3]) } else { Self([0; 3]) })
    }

    /// Björn Ottosson's Oklab.
    fn oklab(self) -> [f64; 3] {
        let linear = self.0.map(to_linear);
        let cones = times(
            &[
                [0.412_221_470_8, 0.536_332_536_3, 0.051_445_992_9],
                [0.211_903_498_2, 0.680_699_545_1, 0.107_396_956_6],
                [0.088_302_461_9, 0.281_718_837_6, 0.629_978_700_5],
            ],
            linear,
        );
        times(
            &[
                [0.210_454_255_3, 0.793_617_785_0, -0.004_072_046_8],
                [1.977_998_495_1, -2.428_592_205_0, 0.450_593_709_9],
                [0.025_904_037_1, 0.782_771_766_2, -0.808_675_766_0],
            ],
            cones.map(f64::cbrt),
        )
    }
}

fn from_oklab(lab: [f64; 3]) -> Option<Colour> {
    let cones = times(
        &[
            [1.0, 0.396_337_777_4, 0.215_803_757_3],
            [1.0, -0.105_561_345_8, -0.063_854_172_8],
            [1.0, -0.089_484_177_5, -1.291_485_548_0],
        ],
        lab,
    );
    let linear = times(
        &[
            [4.076_741_662_1, -3.307_711_591_3, 0.230_969_929_2],
            [-1.268_438_004_6, 2.609_757_401_1, -0.341_319_396_5],
            [-0.004_196_086_3, -0.703_418_614_7, 1.707_614_701_0],
        ],
        cones.map(|cone| cone.powi(3)),
    );
    let is_shown = linear.iter().all(|channel| (-0.0005..=1.0005).contains(channel));
    is_shown.then(|| Colour(linear.map(from_linear)))
}

fn times(matrix: &[[f64; 3]; 3], vector: [f64; 3]) -> [f64; 3] {
    matrix.map(|row| row.iter().zip(vector).map(|(one, other)| one * other).sum())
}

fn to_linear(channel: u8) -> f64 {
    let channel = f64::from(channel) / 255.0;
    if channel <= 0.04045 { channel / 12.92 } else { ((channel + 0.055) / 1.055).powf(2.4) }
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped to 0..=255 before")]
fn from_linear(channel: f64) -> u8 {
    let channel = channel.clamp(0.0, 1.0);
    let channel = if channel <= 0.003_130_8 { channel * 12.92 } else { 1.055 * channel.powf(1.0 / 2.4) - 0.055 };
    (channel * 255.0).round() as u8
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_contrasts_that_everybody_knows() {
        let contrast = |one: &str, other: &str| Colour::parse(one).unwrap().contrast(Colour::parse(other).unwrap());
        assert!((contrast("#000000", "#ffffff") - 21.0).abs() < 1e-9);
        assert!((contrast("#777777", "#ffffff") - 4.478).abs() < 0.001);
        assert!((contrast("#ffffff", "#767676") - 4.542).abs() < 0.001);
    }

    #[test]
    fn a_colour_is_six_digits() {
        assert_eq!(Colour::parse("#0F655e").map(|colour| colour.to_string()).as_deref(), Some("#0f655e"));
        for text in ["", "#", "0f655e", "#0f6", "#0f655e ", "#0f655e00", "#+f655e", "#ééé", "red"] {
            assert_eq!(Colour::parse(text), None, "{text}");
        }
    }

    #[test]
    fn the_same_lightness_is_the_same_colour() {
        for colour in [[15, 101, 94], [255, 0, 0], [0, 0, 255], [255, 255, 255], [0, 0, 0], [120, 119, 3]] {
            let same = Colour(colour).at_lightness(Colour(colour).lightness());
            assert!(colour.iter().zip(same.0).all(|(one, other)| one.abs_diff(other) <= 1), "{colour:?} {same}");
        }
    }
}

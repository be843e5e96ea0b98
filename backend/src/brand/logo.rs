//! The operator's logo.

use std::fmt;
use std::path::Path;

/// A PNG travels with every letter.
const MAX_BYTES: usize = 100 * 1024;
const PNG_BEGINS: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR";
const PNG_ENDS: &[u8] = b"IEND\xaeB`\x82";
const SVG_NAMESPACE: &str = "http://www.w3.org/2000/svg";

/// A picture that browsers show.
#[derive(Clone)]
pub struct Logo {
    pub format: Format,
    pub bytes: Vec<u8>,
    /// So that it will do for a browser's tab.
    pub is_square: bool,
}

/// What the picture is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    Svg,
    /// Its size in pixels.
    Png {
        width: u32,
        height: u32,
    },
}

impl fmt::Debug for Logo {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{:?}, {} bytes", self.format, self.bytes.len())
    }
}

impl Logo {
    pub(super) fn read(file: &Path) -> Result<Self, String> {
        let shown = file.display();
        let bytes = std::fs::read(file).map_err(|error| format!("cannot read {shown}: {error}"))?;
        if bytes.len() > MAX_BYTES {
            return Err(format!("{shown} has {} KiB; {} at most", bytes.len().div_ceil(1024), MAX_BYTES / 1024));
        }
        if let Some((width, height)) = png_size(&bytes) {
            return Ok(Self { format: Format::Png { width, height }, bytes, is_square: width == height });
        }
        let Some(tag) = std::str::from_utf8(&bytes).ok().and_then(svg_tag) else {
            return Err(format!("{shown} is neither a whole PNG nor an SVG (with xmlns=\"{SVG_NAMESPACE}\")"));
        };
        let is_square = is_square(tag);
        Ok(Self { format: Format::Svg, bytes, is_square })
    }

    /// For the header `Content-Type`.
    #[must_use]
    pub fn content_type(&self) -> &'static str {
        match self.format {
            Format::Svg => "image/svg+xml",
            Format::Png { .. } => "image/png",
        }
    }
}

/// Of a file that begins and ends as one; its first chunk begins with the size.
fn png_size(bytes: &[u8]) -> Option<(u32, u32)> {
    let size = bytes.strip_prefix(PNG_BEGINS).filter(|_| bytes.ends_with(PNG_ENDS))?;
    let number = |at: usize| Some(u32::from_be_bytes(size.get(at..at + 4)?.try_into().ok()?));
    Some((number(0)?, number(4)?)).filter(|(width, height)| *width > 0 && *height > 0)
}

/// The attributes of `<svg …>`. Without the namespace no browser shows it as a picture.
fn svg_tag(text: &str) -> Option<&str> {
    let (_, rest) = text.split_once("<svg")?;
    let (tag, _) = rest.split_once('>')?;
    tag.contains(SVG_NAMESPACE).then_some(tag)
}

fn is_square(tag: &str) -> bool {
    let Some((_, rest)) = tag.split_once("viewBox=") else { return false };
    let mut quoted = rest.split(['"', '\'']);
    let numbers = quoted.nth(1).unwrap_or_default().split([' ', ',']).filter(|word| !word.is_empty());
    let numbers: Vec<f64> = numbers.filter_map(|word| word.parse().ok()).collect();
    matches!(numbers[..], [_, _, width, height] if (width - height).abs() < f64::EPSILON)
}

//! Lists on standard output, page by page: 100,000 rows need no more memory than one page.

use std::io::{ErrorKind, Write};

use rekey_shared::list::List;
use serde::Serialize;

use super::Failure;

/// Rows that are read at a time.
pub(super) const PAGE: usize = 200;

/// Prints all pages: as one JSON array, or as columns under a heading.
///
/// # Errors
/// What `page` returns. A reader that has seen enough, such as `head`, is no error.
pub(super) async fn print<T: Serialize, const N: usize>(
    json: bool,
    heading: [&str; N],
    page: impl AsyncFn(Option<String>) -> Result<List<T>, Failure>,
    columns: impl Fn(&T) -> [String; N],
) -> Result<(), Failure> {
    // Unlocked between two pages: the lock cannot be held while one is waited for.
    let mut out = std::io::BufWriter::new(std::io::stdout());
    let mut lines = if json { Lines::Json { is_first: true } } else { Lines::Columns { widths: None } };
    let mut cursor = None;
    loop {
        let List { items, next_cursor } = page(cursor).await?;
        let written = match &mut lines {
            Lines::Json { is_first } => write_json(&mut out, &items, is_first),
            Lines::Columns { widths } => {
                let rows: Vec<_> = items.iter().map(&columns).collect();
                write_columns(&mut out, heading, &rows, widths)
            }
        };
        let is_last = next_cursor.is_none();
        let written = written.and_then(|()| if is_last && json { writeln!(out, "\n]") } else { Ok(()) });
        match written.and_then(|()| out.flush()) {
            Err(error) if error.kind() == ErrorKind::BrokenPipe => return Ok(()),
            other => other?,
        }
        if is_last {
            return Ok(());
        }
        cursor = next_cursor;
    }
}

enum Lines<const N: usize> {
    Json { is_first: bool },
    Columns { widths: Option<[usize; N]> },
}

fn write_json<T: Serialize>(out: &mut impl Write, items: &[T], is_first: &mut bool) -> std::io::Result<()> {
    if *is_first {
        write!(out, "[")?;
    }
    for item in items {
        write!(out, "{}", if std::mem::take(is_first) { "\n  " } else { ",\n  " })?;
        serde_json::to_writer(&mut *out, item)?;
    }
    Ok(())
}

/// The first page tells how wide the columns are; a longer text of a later one only moves its own line.
fn write_columns<const N: usize>(
    out: &mut impl Write,
    heading: [&str; N],
    rows: &[[String; N]],
    widths: &mut Option<[usize; N]>,
) -> std::io::Result<()> {
    let is_first = widths.is_none();
    let widths = widths.get_or_insert_with(|| {
        let longest = |column: usize| rows.iter().map(|row| row[column].chars().count()).max().unwrap_or_default();
        std::array::from_fn(|column| longest(column).max(heading[column].len()))
    });
    if is_first {
        write_line(out, &heading.map(str::to_owned), widths)?;
    }
    rows.iter().try_for_each(|row| write_line(out, row, widths))
}

/// A text of elsewhere, such as a mail server's answer, must not move the terminal's cursor.
fn write_line<const N: usize>(out: &mut impl Write, row: &[String; N], widths: &[usize; N]) -> std::io::Result<()> {
    let cells = row.iter().zip(widths).map(|(text, width)| {
        let text = text.replace(char::is_control, " ");
        format!("{text:<width$}")
    });
    writeln!(out, "{}", cells.collect::<Vec<_>>().join("  ").trim_end())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn several_pages_are_one_json_array() {
        let (mut out, mut is_first) = (Vec::new(), true);
        for page in [&[1, 2][..], &[], &[3]] {
            write_json(&mut out, page, &mut is_first).unwrap();
        }
        assert_eq!(String::from_utf8(out).unwrap(), "[\n  1,\n  2,\n  3");
    }

    #[test]
    fn columns_are_as_wide_as_the_first_page_needs() {
        let (mut out, mut widths) = (Vec::new(), None);
        for row in [["ann", "a\x1b[2J\nb"], ["annemarie", "b"]] {
            write_columns(&mut out, ["USER", "B"], &[row.map(str::to_owned)], &mut widths).unwrap();
        }
        assert_eq!(String::from_utf8(out).unwrap(), "USER  B\nann   a [2J b\nannemarie  b\n");
    }
}

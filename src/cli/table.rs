//! Tables for people: columns as wide as what stands in them, within reason.

use crate::domain::text::{column, columns};

/// The head, then a line for each row. A cell beyond `most` columns is cut, and marked as cut.
pub(super) fn table<const N: usize>(
    head: [&str; N],
    rows: &[[String; N]],
    most: usize,
) -> Vec<String> {
    let mut widths = head.map(columns);
    for row in rows {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = (*width).max(columns(cell).min(most));
        }
    }
    let line = |cells: [&str; N]| {
        let cells = cells.iter().zip(widths);
        let cells = cells.map(|(cell, width)| column(cell, width, "~"));
        cells.collect::<Vec<_>>().join("  ").trim_end().to_owned()
    };
    let rows = rows.iter().map(|row| row.each_ref().map(String::as_str));
    std::iter::once(head).chain(rows).map(line).collect()
}

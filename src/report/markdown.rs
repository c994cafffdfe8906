//! A report as Markdown (CommonMark with GitHub's tables).

use std::fmt::Write;

use super::document;
use super::write::{Block, Cell};
use super::{Look, Report};
use crate::domain::Text;

/// Writes a report.
#[must_use]
pub fn write(report: &Report, look: &Look) -> String {
    let mut out = String::new();
    // Two lists in a row are one, unless their bullets differ.
    let mut bullet = '*';
    for block in document::of(report, look) {
        bullet = match (&block, bullet) {
            (Block::Facts(_) | Block::List(_), '*') => '-',
            _ => '*',
        };
        // Writing to a string cannot fail.
        let _ = one(&mut out, &block, bullet);
    }
    out
}

fn one(out: &mut String, block: &Block, bullet: char) -> std::fmt::Result {
    match block {
        Block::Heading(level, cell) => {
            let marks = "#".repeat(usize::from(*level));
            writeln!(out, "{marks} {}\n", words(cell))
        }
        Block::Paragraph(cell) => writeln!(out, "{}\n", words(cell)),
        Block::Notice(cell) => writeln!(out, "> **{}**\n", words(cell)),
        Block::Facts(facts) => {
            for (label, cell) in facts {
                writeln!(out, "{bullet} **{}:** {}", escaped(label), words(cell))?;
            }
            writeln!(out)
        }
        Block::Table { head, rows } => {
            let line = |cells: Vec<String>| format!("| {} |", cells.join(" | "));
            let head: Vec<String> = head.iter().map(|label| escaped(label)).collect();
            let rule = vec!["---".to_owned(); head.len()];
            writeln!(out, "{}\n{}", line(head), line(rule))?;
            for row in rows {
                writeln!(out, "{}", line(row.iter().map(words).collect()))?;
            }
            writeln!(out)
        }
        Block::List(cells) => {
            for cell in cells {
                writeln!(out, "{bullet} {}", words(cell))?;
            }
            writeln!(out)
        }
        Block::Code(code) => {
            // Indented code needs no fence that its words could end.
            for line in code.lines() {
                writeln!(out, "    {}", Text::from(line))?;
            }
            writeln!(out)
        }
    }
}

fn words(cell: &Cell) -> String {
    let mark = cell.tone.mark();
    match mark {
        "" => escaped(cell.words()),
        mark => format!("{} {}", escaped(mark), escaped(cell.words())),
    }
}

/// Words in which nothing is markup: neither emphasis, nor a link, an image, a cell's end, an entity,
/// or an address that would become a link.
pub(super) fn escaped(words: &str) -> String {
    const MARKUP: &str = "\\`*_{}[]<>#|~&!$";
    let mut out = String::with_capacity(words.len() + 8);
    let words = words.trim();
    for (at, c) in words.char_indices() {
        // At the begin these open lists and rules.
        let opens = at == 0 && matches!(c, '-' | '+' | '=');
        // `1.` opens a list, `www.` a link.
        let dot = matches!(c, '.' | ')') && is_opening(&words[..at]);
        let address = c == ':' && is_address(&words[..at], &words[at + 1..]);
        if MARKUP.contains(c) || opens || dot || address {
            out.push('\\');
        }
        out.push(c);
    }
    out
}

/// Whether a colon makes an address, or a picture (`:tada:`), of what stands around it: not in
/// `web-01: done`, nor in `09:15` and `412:ab`.
fn is_address(before: &str, behind: &str) -> bool {
    let number = before.ends_with(|c: char| c.is_ascii_digit());
    let alone = |c: char| c.is_whitespace() || c.is_ascii_digit() || (number && c != '/');
    !behind.is_empty() && !behind.starts_with(alone)
}

fn is_opening(before: &str) -> bool {
    let number = !before.is_empty() && before.bytes().all(|byte| byte.is_ascii_digit());
    let last = before.len().saturating_sub(3);
    let www = before
        .get(last..)
        .is_some_and(|end| end.eq_ignore_ascii_case("www"));
    number || www
}

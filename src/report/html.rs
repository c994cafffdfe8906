//! A report as one HTML file: no script, nothing from elsewhere, to be read, printed and mailed.

use super::document;
use super::write::{Block, Cell};
use super::{Look, Report};
use crate::domain::Text;

const STYLE: &str = include_str!("../../assets/report.css");

/// The style sheet of the page, and nothing else, is allowed by this hash; a test tells it when the
/// sheet changes.
pub(super) const STYLE_HASH: &str = "sha256-4fuLkDHaugOfAbwOBMVNmoG8wY23IWVxRQy+GutA6Gg=";

/// Writes a report.
#[must_use]
pub fn write(report: &Report, look: &Look) -> String {
    let title = escaped(&format!("{}: run {}", report.plan.name, report.run));
    let mut out = format!(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; \
         style-src '{STYLE_HASH}'; base-uri 'none'; form-action 'none'\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"color-scheme\" content=\"light dark\">\n\
         <title>{title}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n<main>\n"
    );
    for block in document::of(report, look) {
        out.push_str(&one(&block));
        out.push('\n');
    }
    out.push_str("</main>\n</body>\n</html>\n");
    out
}

fn one(block: &Block) -> String {
    match block {
        Block::Heading(level, cell) => element(&format!("h{level}"), cell),
        Block::Paragraph(cell) => element("p", cell),
        Block::Notice(cell) => format!(
            "<p class=\"notice\" role=\"note\">{}</p>",
            escaped(&marked(cell))
        ),
        Block::Facts(facts) => {
            let facts = facts
                .iter()
                .map(|(label, cell)| format!("<dt>{}</dt>{}", escaped(label), element("dd", cell)));
            format!("<dl>{}</dl>", facts.collect::<Vec<_>>().join("\n"))
        }
        Block::Table { head, rows } => {
            let head = head
                .iter()
                .map(|label| format!("<th>{}</th>", escaped(label)));
            let row = |row: &Vec<Cell>| {
                let cells = row.iter().map(|cell| element("td", cell));
                format!("<tr>{}</tr>", cells.collect::<String>())
            };
            let rows = rows.iter().map(row).collect::<Vec<_>>().join("\n");
            let head = head.collect::<String>();
            format!("<table>\n<thead><tr>{head}</tr></thead>\n<tbody>\n{rows}\n</tbody>\n</table>")
        }
        Block::List(cells) => {
            let cells = cells.iter().map(|cell| element("li", cell));
            format!("<ul>\n{}\n</ul>", cells.collect::<Vec<_>>().join("\n"))
        }
        Block::Code(code) => {
            let lines = code.lines().map(|line| escaped(Text::from(line).as_str()));
            format!("<pre>{}</pre>", lines.collect::<Vec<_>>().join("\n"))
        }
    }
}

fn element(name: &str, cell: &Cell) -> String {
    let words = escaped(&marked(cell));
    match cell.tone {
        super::model::Tone::Plain => format!("<{name}>{words}</{name}>"),
        tone => format!("<{name} class=\"{}\">{words}</{name}>", tone.class()),
    }
}

fn marked(cell: &Cell) -> String {
    match cell.tone.mark() {
        "" => cell.words().to_owned(),
        mark => format!("{mark} {}", cell.words()),
    }
}

/// Words in which nothing is markup, in text and between quotes.
pub(super) fn escaped(words: &str) -> String {
    let mut out = String::with_capacity(words.len() + 8);
    for c in words.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c => out.push(c),
        }
    }
    out
}

//! A page of text that scrolls: sections, labelled facts, paragraphs, wrapped to a width.

use ratatui::style::Style;
use ratatui::text::{Line, Span};
use unicode_segmentation::UnicodeSegmentation;

use super::look::{Look, Tone};
use crate::domain::text::columns;
use crate::domain::{Failure, Problem};
use crate::readiness::codes::{self, Explanation};

/// Lines being gathered.
pub struct Document<'a> {
    look: &'a Look,
    width: usize,
    /// Nothing side by side and nothing cut: for a page to select from.
    plain: bool,
    pub lines: Vec<Line<'static>>,
}

/// Columns that the label of a fact takes.
const LABEL: usize = 18;

impl<'a> Document<'a> {
    #[must_use]
    pub fn new(look: &'a Look, width: u16) -> Self {
        Self {
            look,
            width: usize::from(width.max(8)),
            plain: false,
            lines: Vec::new(),
        }
    }

    /// A page with nothing side by side and nothing cut.
    #[must_use]
    pub fn plain(look: &'a Look, width: u16) -> Self {
        Self {
            plain: true,
            ..Self::new(look, width)
        }
    }

    #[must_use]
    pub fn is_plain(&self) -> bool {
        self.plain
    }

    #[must_use]
    pub fn look(&self) -> &'a Look {
        self.look
    }

    #[must_use]
    pub fn width(&self) -> usize {
        self.width
    }

    pub fn blank(&mut self) {
        if !self.lines.is_empty() {
            self.lines.push(Line::default());
        }
    }

    /// The head of a section, with a blank line before it.
    pub fn section(&mut self, title: &str) {
        self.blank();
        // A styled span, not a styled line: what is put before it is no part of the heading.
        let heading = Span::styled(title.to_owned(), self.look.theme.heading);
        self.lines.push(Line::from(heading));
    }

    /// Words, wrapped, every line `indent` columns in.
    pub fn words(&mut self, indent: usize, text: &str, style: Style) {
        self.hanging(&" ".repeat(indent), style, text, style);
    }

    /// Words after a glyph of their tone.
    pub fn toned(&mut self, indent: usize, tone: Tone, text: &str) {
        let style = tone.style(&self.look.theme);
        let head = format!("{}{} ", " ".repeat(indent), tone.glyph(&self.look.glyphs));
        self.hanging(&head, style, text, style);
    }

    /// `label` and what it says, in two columns.
    pub fn fact(&mut self, label: &str, value: &str) {
        self.fact_styled(label, value, self.look.theme.text);
    }

    pub fn fact_styled(&mut self, label: &str, value: &str, style: Style) {
        let wide = LABEL.min(self.width / 2);
        let head = crate::domain::text::column(label, wide.saturating_sub(1), self.look.glyphs.cut);
        self.hanging(&format!("{head} "), self.look.theme.text, value, style);
    }

    /// A failure, all of it.
    pub fn failure(&mut self, indent: usize, failure: &Failure) {
        let mut lines = failure.lines().into_iter();
        if let Some(first) = lines.next() {
            self.toned(indent, Tone::Bad, &first);
        }
        for line in lines {
            self.words(indent + 2, &line, self.look.theme.text);
        }
    }

    /// As [`Self::failure`], with what it means and what can be done now, where that is known.
    pub fn explained_failure(&mut self, indent: usize, failure: &Failure) {
        self.failure(indent, failure);
        let explained = codes::explain(failure).map(Explanation::lines);
        for line in explained.unwrap_or_default() {
            self.words(indent + 2, &line, self.look.theme.text);
        }
    }

    /// A problem in Azure's words.
    pub fn problem(&mut self, indent: usize, problem: &Problem) {
        let code = if problem.code.is_empty() {
            String::new()
        } else {
            format!("{}  ", problem.code)
        };
        self.toned(
            indent,
            problem.level.into(),
            &format!("{code}{}", problem.message),
        );
        let labelled = [
            ("Possible causes", &problem.causes),
            ("What to do", &problem.remedy),
            ("Activity id", &problem.activity_id),
        ];
        for (label, text) in labelled.iter().filter(|(_, text)| !text.is_empty()) {
            self.words(
                indent + 2,
                &format!("{label}: {text}"),
                self.look.theme.text,
            );
        }
    }

    /// As [`Self::problem`], with what it means and what can be done now, where that is known.
    pub fn explained_problem(&mut self, indent: usize, problem: &Problem) {
        self.problem(indent, problem);
        let explained = codes::explain_problem(problem).map(Explanation::lines);
        for line in explained.unwrap_or_default() {
            self.words(indent + 2, &line, self.look.theme.text);
        }
    }

    /// Spans that were laid out by the caller.
    pub fn line(&mut self, line: Line<'static>) {
        self.lines.push(line);
    }

    fn hanging(&mut self, head: &str, head_style: Style, text: &str, style: Style) {
        let hang = columns(head);
        let room = self.width.saturating_sub(hang).max(4);
        let mut first = true;
        for piece in wrap(text, room) {
            let lead = if first {
                head.to_owned()
            } else {
                " ".repeat(hang)
            };
            first = false;
            self.lines.push(Line::from(vec![
                Span::styled(lead, head_style),
                Span::styled(piece, style),
            ]));
        }
    }
}

/// Breaks `text` where a line ends, changing nothing: for what is shown as it goes out.
#[must_use]
pub fn broken(text: &str, width: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    let mut used = 0;
    for cluster in text.graphemes(true) {
        let step = columns(cluster);
        if used > 0 && used + step > width {
            lines.push(String::new());
            used = 0;
        }
        if let Some(line) = lines.last_mut() {
            line.push_str(cluster);
        }
        used += step;
    }
    lines
}

/// Breaks `text` at blanks into lines of at most `width` columns; a word that is longer is broken
/// where the line ends. At least one line.
#[must_use]
pub fn wrap(text: &str, width: usize) -> Vec<String> {
    let width = width.max(1);
    let mut lines = Vec::new();
    for paragraph in text.split('\n') {
        let mut line = String::new();
        let mut used = 0;
        for word in paragraph.split_inclusive(' ') {
            let wide = columns(word.trim_end());
            if used > 0 && used + wide > width {
                lines.push(std::mem::take(&mut line).trim_end().to_owned());
                used = 0;
            }
            if wide <= width {
                line.push_str(word);
                used += columns(word);
                continue;
            }
            for cluster in word.graphemes(true) {
                let step = columns(cluster);
                if used > 0 && used + step > width {
                    lines.push(std::mem::take(&mut line));
                    used = 0;
                }
                line.push_str(cluster);
                used += step;
            }
        }
        lines.push(line.trim_end().to_owned());
    }
    lines
}

//! The glyph table. The fuller set keeps to what code page 437 had, which every terminal font has:
//! light borders, no braille, no emoji.

/// One set of glyphs; each is one column wide.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Glyphs {
    pub done: &'static str,
    pub running: &'static str,
    pub waiting: &'static str,
    pub amber: &'static str,
    pub failed: &'static str,
    pub unknown: &'static str,
    pub cursor: &'static str,
    pub mark: &'static str,
    pub cut: &'static str,
    pub up: &'static str,
    pub down: &'static str,
    pub bar_full: &'static str,
    pub bar_empty: &'static str,
    /// Between the two: what is under way.
    pub bar_half: &'static str,
    pub horizontal: &'static str,
    pub vertical: &'static str,
    /// Top left, top right, bottom left, bottom right.
    pub corners: [&'static str; 4],
    pub ascii: bool,
}

impl Glyphs {
    pub const LINES: Self = Self {
        done: "√",
        running: "»",
        waiting: "·",
        amber: "!",
        failed: "x",
        unknown: "?",
        cursor: "►",
        mark: "■",
        cut: "~",
        up: "▲",
        down: "▼",
        bar_full: "█",
        bar_empty: "░",
        bar_half: "▒",
        horizontal: "─",
        vertical: "│",
        corners: ["┌", "┐", "└", "┘"],
        ascii: false,
    };

    pub const ASCII: Self = Self {
        done: "+",
        running: ">",
        waiting: ".",
        amber: "!",
        failed: "x",
        unknown: "?",
        cursor: ">",
        mark: "*",
        cut: "~",
        up: "^",
        down: "v",
        bar_full: "#",
        bar_empty: "-",
        bar_half: "=",
        horizontal: "-",
        vertical: "|",
        corners: ["+", "+", "+", "+"],
        ascii: true,
    };

    /// `[####----]`, `width` columns in all.
    #[must_use]
    pub fn bar(&self, percent: u8, width: usize) -> String {
        let inner = width.saturating_sub(2);
        let full = inner * usize::from(percent.min(100)) / 100;
        format!(
            "[{}{}]",
            self.bar_full.repeat(full),
            self.bar_empty.repeat(inner - full)
        )
    }
}

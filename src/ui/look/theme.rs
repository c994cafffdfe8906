//! Themes: a TOML file of named roles each, in `themes/`. The default one uses the terminal's own
//! colours; the one without colours is made here and cannot be lost.

use std::str::FromStr;

use ratatui::style::{Color, Modifier, Style};
use serde::Deserialize;

use crate::ui::terminal::Depth;

/// The colours that a theme needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Needs {
    Sixteen,
    Indexed,
    True,
}

impl Needs {
    fn depth(self) -> Depth {
        match self {
            Self::Sixteen => Depth::Sixteen,
            Self::Indexed => Depth::Indexed,
            Self::True => Depth::True,
        }
    }
}

fn depth_words(depth: Depth) -> &'static str {
    match depth {
        Depth::None => "no colours",
        Depth::Sixteen => "16 colours",
        Depth::Indexed => "256 colours",
        Depth::True => "true colour",
    }
}

/// The style of each role.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Theme {
    pub name: String,
    /// The program's name, and titles.
    pub title: Style,
    pub text: Style,
    /// The words over columns and sections.
    pub heading: Style,
    /// The name of a key in the footer and in help.
    pub key: Style,
    pub tab: Style,
    pub good: Style,
    pub busy: Style,
    pub amber: Style,
    pub bad: Style,
    pub unknown: Style,
    /// The row or field that the keys act on.
    pub selected: Style,
    pub marked: Style,
    pub border: Style,
    /// Words exactly as they go out or came in.
    pub quote: Style,
}

/// Why a theme is not used.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum ThemeError {
    #[error("theme {name}: {said}")]
    Unreadable { name: String, said: String },
    #[error("theme {name}, role {role}: {colour:?} is no colour")]
    Colour {
        name: String,
        role: &'static str,
        colour: String,
    },
    #[error(
        "theme {name} needs {needs}, this terminal shows {has}; set COLORTERM=truecolor if it can do better"
    )]
    TooDeep {
        name: String,
        needs: &'static str,
        has: &'static str,
    },
    #[error("there is no theme {name:?}; there are: {known}")]
    NoSuch { name: String, known: String },
}

/// One role as the file writes it.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Role {
    fg: Option<String>,
    bg: Option<String>,
    bold: bool,
    underlined: bool,
    reversed: bool,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    needs: Needs,
    title: Role,
    text: Role,
    heading: Role,
    key: Role,
    tab: Role,
    good: Role,
    busy: Role,
    amber: Role,
    bad: Role,
    unknown: Role,
    selected: Role,
    marked: Role,
    border: Role,
    quote: Role,
}

const FILES: [(&str, &str); 2] = [
    ("terminal", include_str!("../../../themes/terminal.toml")),
    ("night", include_str!("../../../themes/night.toml")),
];

impl Theme {
    /// The theme `name`, for a terminal of `depth`; without colours every theme is the one without.
    ///
    /// # Errors
    /// There is no such theme, its file is wrong, or the terminal cannot show it.
    pub fn named(name: &str, depth: Depth) -> Result<Self, ThemeError> {
        if name == "mono" {
            return Ok(Self::mono());
        }
        if depth == Depth::None && Self::names().contains(&name) {
            return Ok(Self::mono());
        }
        match FILES.iter().find(|(known, _)| *known == name) {
            Some((name, text)) => Self::parse(name, text, depth),
            None => Err(ThemeError::NoSuch {
                name: name.into(),
                known: Self::names().join(", "),
            }),
        }
    }

    /// The names of all themes.
    #[must_use]
    pub fn names() -> Vec<&'static str> {
        FILES
            .iter()
            .map(|(name, _)| *name)
            .chain(["mono"])
            .collect()
    }

    /// Reads a theme file.
    ///
    /// # Errors
    /// As [`Theme::named`].
    pub fn parse(name: &str, text: &str, depth: Depth) -> Result<Self, ThemeError> {
        let file: File = toml::from_str(text).map_err(|error| ThemeError::Unreadable {
            name: name.into(),
            said: error.to_string(),
        })?;
        let needs = file.needs.depth();
        if needs > depth {
            return Err(ThemeError::TooDeep {
                name: name.into(),
                needs: depth_words(needs),
                has: depth_words(depth),
            });
        }
        let style = |role: &'static str, from: &Role| style(name, role, from);
        Ok(Self {
            name: name.into(),
            title: style("title", &file.title)?,
            text: style("text", &file.text)?,
            heading: style("heading", &file.heading)?,
            key: style("key", &file.key)?,
            tab: style("tab", &file.tab)?,
            good: style("good", &file.good)?,
            busy: style("busy", &file.busy)?,
            amber: style("amber", &file.amber)?,
            bad: style("bad", &file.bad)?,
            unknown: style("unknown", &file.unknown)?,
            selected: style("selected", &file.selected)?,
            marked: style("marked", &file.marked)?,
            border: style("border", &file.border)?,
            quote: style("quote", &file.quote)?,
        })
    }

    /// Without any colour, for `NO_COLOR`: weight, underline and reverse carry what colour did.
    #[must_use]
    pub fn mono() -> Self {
        let plain = Style::new();
        let bold = plain.add_modifier(Modifier::BOLD);
        Self {
            name: "mono".into(),
            title: bold,
            text: plain,
            heading: bold.add_modifier(Modifier::UNDERLINED),
            key: bold,
            tab: bold.add_modifier(Modifier::REVERSED),
            good: plain,
            busy: plain,
            amber: bold,
            bad: bold,
            unknown: bold,
            selected: plain.add_modifier(Modifier::REVERSED),
            marked: bold,
            border: plain,
            quote: plain,
        }
    }
}

fn style(name: &str, role: &'static str, from: &Role) -> Result<Style, ThemeError> {
    let colour = |word: &str| {
        Color::from_str(word).map_err(|_| ThemeError::Colour {
            name: name.into(),
            role,
            colour: word.into(),
        })
    };
    let mut style = Style::new();
    if let Some(word) = &from.fg {
        style = style.fg(colour(word)?);
    }
    if let Some(word) = &from.bg {
        style = style.bg(colour(word)?);
    }
    for (wanted, modifier) in [
        (from.bold, Modifier::BOLD),
        (from.underlined, Modifier::UNDERLINED),
        (from.reversed, Modifier::REVERSED),
    ] {
        if wanted {
            style = style.add_modifier(modifier);
        }
    }
    Ok(style)
}

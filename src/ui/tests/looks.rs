//! Themes, glyphs, and no colour at all.

use ratatui::style::{Color, Modifier};

use super::driver::{Driver, settings};
use crate::ui::look::{Glyphs, Look, Theme, ThemeError, Tone};
use crate::ui::model::Settings;
use crate::ui::terminal::{self, Depth};

fn with(look: Look) -> Driver {
    let settings = Settings { look, ..settings() };
    let machines = super::build::machines();
    Driver::with(settings, Some(super::build::estate(machines)))
}

#[test]
fn every_theme_reads() {
    for name in Theme::names() {
        Theme::named(name, Depth::True).unwrap();
        Look::of(name, Depth::None, terminal::Glyphs::Ascii).unwrap();
    }
}

#[test]
fn a_bad_theme_says_what_is_bad() {
    let file = include_str!("../../../themes/terminal.toml");
    let colour = file.replace("\"green\"", "\"grün\"");
    let error = Theme::parse("mine", &colour, Depth::True).unwrap_err();
    assert_eq!(
        error.to_string(),
        "theme mine, role good: \"grün\" is no colour"
    );
    let typo = file.replace("amber ", "ambre ");
    let error = Theme::parse("mine", &typo, Depth::True).unwrap_err();
    assert!(error.to_string().contains("ambre"), "{error}");
    assert!(matches!(
        Theme::named("none", Depth::True),
        Err(ThemeError::NoSuch { .. })
    ));
}

#[test]
fn a_theme_that_the_terminal_cannot_show_is_refused() {
    let error = Theme::named("night", Depth::Sixteen).unwrap_err();
    assert!(error.to_string().contains("needs true colour"), "{error}");
}

#[test]
fn the_default_theme_keeps_to_the_terminals_own_colours() {
    let theme = Theme::named("terminal", Depth::Sixteen).unwrap();
    let driver = with(Look::new(theme, Glyphs::LINES));
    let (buf, _) = driver.buffer();
    for cell in buf.content() {
        assert_eq!(cell.bg, Color::Reset, "no background is filled");
        assert!(!matches!(
            cell.fg,
            Color::DarkGray | Color::Rgb(..) | Color::Indexed(_)
        ));
    }
}

#[test]
fn without_colour_the_selected_row_is_still_reversed() {
    let driver = with(Look::of("terminal", Depth::None, terminal::Glyphs::Unicode).unwrap());
    let (buf, cursor) = driver.buffer();
    let y = cursor.unwrap().y;
    for x in 0..60 {
        assert!(buf[(x, y)].modifier.contains(Modifier::REVERSED));
    }
    for cell in buf.content() {
        assert_eq!((cell.fg, cell.bg), (Color::Reset, Color::Reset));
    }
}

#[test]
fn every_state_has_a_glyph_of_its_own() {
    use Tone::{Amber, Bad, Busy, Good, Unknown, Waiting};
    for glyphs in [Glyphs::LINES, Glyphs::ASCII] {
        let all = [Good, Busy, Waiting, Amber, Bad, Unknown].map(|tone| tone.glyph(&glyphs));
        let distinct: std::collections::HashSet<_> = all.iter().collect();
        assert_eq!(distinct.len(), all.len(), "{all:?}");
        assert!(
            all.iter()
                .all(|glyph| crate::domain::text::columns(glyph) == 1)
        );
    }
}

#[test]
fn amber_and_unknown_never_look_like_good() {
    for name in Theme::names() {
        let theme = Theme::named(name, Depth::True).unwrap();
        if name != "mono" {
            assert_ne!(theme.amber, theme.good, "{name}");
            assert_ne!(theme.unknown, theme.good, "{name}");
        }
    }
}

#[test]
fn the_glyphs_change_while_it_runs() {
    let mut driver = Driver::usual();
    driver.keys("? C-c : ascii Enter");
    assert!(driver.screen().is_ascii());
    assert!(
        matches!(driver.asked[..], [terminal::Command::Ways(ways)] if ways.glyphs == terminal::Glyphs::Ascii)
    );
    driver.keys(": ascii Enter");
    assert!(!driver.screen().is_ascii());
}

#[test]
fn the_selected_row_is_of_one_piece() {
    let theme = Theme::named("terminal", Depth::Sixteen).unwrap();
    let mut driver = with(Look::new(theme, Glyphs::LINES));
    driver.keys("j j");
    let (buf, cursor) = driver.buffer();
    let y = cursor.unwrap().y;
    // Up to HEALTH, which keeps its own colours.
    let reversed = |x: u16| buf[(x, y)].modifier.contains(Modifier::REVERSED);
    let width = (0..80).take_while(|x| reversed(*x)).count();
    assert!(width > 60, "only {width} columns are selected");
    for x in 1..width as u16 {
        let style = (buf[(x, y)].fg, buf[(x, y)].modifier);
        assert_eq!(style, (Color::Reset, Modifier::REVERSED), "column {x}");
    }
}

use proptest::prelude::*;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::widgets::Widget;

use super::*;
use crate::ui::terminal::Glyphs;

const AREA: Rect = Rect::new(0, 0, 12, 4);

fn frame(draw: impl FnOnce(&mut Buffer)) -> Frame {
    let mut cells = Buffer::empty(AREA);
    draw(&mut cells);
    Frame {
        cells,
        cursor: None,
    }
}

fn terminal() -> vt100::Parser {
    vt100::Parser::new(4.try_into().unwrap(), 12.try_into().unwrap(), 0)
}

fn sent(shown: Option<&Frame>, next: &Frame, ways: Ways) -> String {
    String::from_utf8(bytes(shown, next, ways)).unwrap()
}

#[test]
fn a_frame_that_is_shown_already_costs_nothing() {
    let frame = frame(|cells| "web-01".render(AREA, cells));
    assert_eq!(sent(Some(&frame), &frame.clone(), Ways::default()), "");
}

#[test]
fn an_unknown_screen_is_cleared_first() {
    let frame = frame(|cells| "web-01".render(AREA, cells));
    let sent = sent(None, &frame, Ways::default());
    assert_eq!(
        sent,
        "\x1b[?2026h\x1b[?25l\x1b[m\x1b[2J\x1b[Hweb-01\x1b[?2026l"
    );
}

#[test]
fn a_row_that_becomes_blank_is_erased_at_once() {
    let before = frame(|cells| "web-01 is up".render(AREA, cells));
    let sent = sent(Some(&before), &frame(|_| {}), Ways::default());
    assert_eq!(sent, "\x1b[?2026h\x1b[H\x1b[K\x1b[?2026l");
}

#[test]
fn without_colour_attributes_are_sent_and_colours_are_not() {
    let style = Style::new()
        .fg(Color::Red)
        .bg(Color::Rgb(1, 2, 3))
        .add_modifier(Modifier::REVERSED);
    let next = frame(|cells| cells.set_style(Rect::new(0, 0, 2, 1), style));
    let ways = Ways {
        colour: false,
        ..Ways::default()
    };
    let sent = sent(Some(&frame(|_| {})), &next, ways);
    assert_eq!(sent, "\x1b[?2026h\x1b[H\x1b[7m  \x1b[m\x1b[?2026l");
}

#[test]
fn half_a_wide_character_never_wraps() {
    let next = frame(|cells| {
        cells[(11, 0)].set_symbol("東");
    });
    let mut terminal = terminal();
    terminal.process(&bytes(None, &next, Ways::default()));
    assert_eq!(
        terminal.screen().contents().trim_end(),
        format!("{}?", " ".repeat(11))
    );
}

#[test]
fn a_control_character_in_a_cell_is_not_sent() {
    let next = frame(|cells| {
        cells[(0, 0)].set_symbol("\u{1b}]0;title\u{7}");
    });
    assert!(!sent(None, &next, Ways::default()).contains("\x1b]"));
}

fn any_cells() -> impl Strategy<Value = Frame> {
    let symbols = prop::sample::select(vec![
        " ", " ", " ", "a", "b", "é", "東", "│", "\u{1b}", "e\u{301}",
    ]);
    let colours = prop::sample::select(vec![
        Color::Reset,
        Color::Reset,
        Color::Red,
        Color::LightBlue,
        Color::Indexed(200),
        Color::Rgb(1, 2, 3),
    ]);
    let modifiers = prop::sample::select(vec![
        Modifier::empty(),
        Modifier::REVERSED,
        Modifier::BOLD | Modifier::UNDERLINED,
    ]);
    let run = (
        0..12u16,
        0..4u16,
        1..8usize,
        symbols,
        colours.clone(),
        colours,
        modifiers,
    );
    let cursor = prop::option::of((0..12u16, 0..4u16));
    (prop::collection::vec(run, 0..6), cursor).prop_map(|(runs, cursor)| {
        let mut frame = frame(|cells| {
            for (x, y, length, symbol, fg, bg, modifier) in runs {
                let style = Style::new().fg(fg).bg(bg).add_modifier(modifier);
                cells.set_string(x, y, symbol.repeat(length), style);
            }
        });
        frame.cursor = cursor.map(Into::into);
        frame
    })
}

proptest! {
    /// What is painted step by step looks like what is painted whole: nothing stale, whatever was
    /// shown before.
    #[test]
    fn steps_lead_where_a_whole_frame_leads(
        frames in prop::collection::vec(any_cells(), 1..6),
        colour: bool,
        ascii: bool,
    ) {
        let glyphs = if ascii { Glyphs::Ascii } else { Glyphs::Unicode };
        let ways = Ways { colour, glyphs, ..Ways::default() };
        let (mut stepwise, mut whole) = (terminal(), terminal());
        let mut shown = None;
        for frame in &frames {
            let sent = bytes(shown, frame, ways);
            prop_assert!(!ascii || sent.is_ascii());
            stepwise.process(&sent);
            shown = Some(frame);
        }
        whole.process(&bytes(None, &frames[frames.len() - 1], ways));
        let look = |terminal: &vt100::Parser| {
            let screen = terminal.screen();
            let cursor = (!screen.hide_cursor()).then(|| screen.cursor_position());
            let cells: Vec<_> = (0..4)
                .flat_map(|row| (0..12).map(move |column| (row, column)))
                .map(|(row, column)| {
                    let cell = screen.cell(row, column).unwrap();
                    let blank = if cell.contents().is_empty() { " " } else { cell.contents() };
                    let look = (cell.fgcolor(), cell.bgcolor(), cell.bold(), cell.inverse());
                    (blank.to_owned(), look, cell.underline())
                })
                .collect();
            (cells, cursor)
        };
        prop_assert_eq!(look(&stepwise), look(&whole));
    }
}

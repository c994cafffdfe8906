//! What is sent is what the terminal can show.

use crate::{drawn, ready, rig};

#[test]
fn no_color_sends_no_colour_and_keeps_the_selected_row_reversed() {
    let mut terminal = drawn(rig().env("NO_COLOR", "1"));
    terminal.keys("j");
    terminal.wait_for("row 1");
    terminal.wait_for_silence();
    terminal.screen(|screen| {
        let selected = screen.cell(3, 0).expect("there");
        assert!(selected.inverse());
        assert_eq!(selected.fgcolor(), vt100::Color::Default);
        assert!(!screen.cell(2, 0).expect("there").inverse());
    });
    let raw = String::from_utf8(terminal.raw()).expect("there");
    for sequence in raw.split("\x1b[").skip(1) {
        let Some((codes, _)) = sequence.split_once('m') else {
            continue;
        };
        for code in codes.split(';').filter_map(|code| code.parse::<u8>().ok()) {
            assert!(code < 30, "colour {code} was sent");
        }
    }
}

#[test]
fn with_colour_the_selected_row_is_coloured() {
    let terminal = ready();
    terminal.screen(|screen| {
        let selected = screen.cell(2, 0).expect("there");
        assert!(selected.inverse());
        assert_eq!(selected.bgcolor(), vt100::Color::Idx(6));
    });
}

#[test]
fn a_locale_without_utf8_gets_ascii_only_even_for_words_from_outside() {
    for (name, value) in [("LANG", "C"), ("LC_ALL", "C"), ("TERM", "linux")] {
        let mut terminal = drawn(rig().env(name, value));
        terminal.keys("o");
        terminal.wait_for("???? [31m ? ?");
        assert!(terminal.raw().is_ascii());
        terminal.keys("q");
        assert_eq!(terminal.exit_code(), 0);
        assert!(terminal.raw().is_ascii());
    }
}

#[test]
fn words_from_outside_never_steer_the_terminal() {
    let mut terminal = ready();
    terminal.keys("o");
    terminal.wait_for("東京 [31m é →");
    assert_eq!(
        terminal.screen(|s| s.cell(1, 7).expect("there").fgcolor()),
        vt100::Color::Default
    );
}

#[test]
fn one_by_one_is_survived_and_left_again() {
    let mut terminal = rig().size(1, 1).start();
    terminal.wait("frame", |terminal| terminal.raw().ends_with(b"\x1b[?2026l"));
    terminal.keys("jjjifo\x1b[200~x\x1b[201~f");
    for (columns, rows) in [
        (2, 1),
        (1, 2),
        (7, 3),
        (0, 0),
        (1, 1),
        (300, 100),
        (1, 1),
        (80, 24),
    ] {
        terminal.resize(columns, rows);
    }
    terminal.wait_for("row 3");
    terminal.wait_for("vm-021");
    terminal.keys("q");
    assert_eq!(terminal.exit_code(), 0);
    terminal.assert_restored();
}

#[test]
fn no_size_at_all_is_taken_for_80x24_and_skipped_later() {
    let mut terminal = rig().size(0, 0).start();
    terminal.wait("whole frame", |terminal| {
        String::from_utf8_lossy(&terminal.raw()).contains("\x1b[24H")
    });
    terminal.resize(60, 20);
    terminal.wait_for("resized 60x20");
    terminal.resize(0, 0);
    terminal.keys("j");
    terminal.wait_for("row 1");
    assert!(terminal.text().contains("resized 60x20"));
}

#[test]
fn the_program_is_told_its_size_before_the_first_frame() {
    let mut terminal = rig().size(100, 30).start();
    terminal.wait_for("last: ready 100x30");
}

#[test]
fn a_resize_draws_the_whole_screen_anew() {
    let mut terminal = ready();
    terminal.resize(100, 30);
    terminal.wait_for("resized 100x30");
    terminal.wait_for("vm-027");
    terminal.resize(40, 10);
    terminal.wait_for("resized 40x10");
    terminal.wait("no rest", |terminal| !terminal.text().contains("vm-008"));
}

#[test]
fn the_cursor_stands_on_the_focused_thing_and_is_hidden_otherwise() {
    let mut terminal = ready();
    assert!(terminal.screen(vt100::Screen::hide_cursor));
    terminal.keys("i");
    terminal.wait("cursor", |terminal| {
        !terminal.screen(vt100::Screen::hide_cursor)
    });
    assert_eq!(terminal.screen(vt100::Screen::cursor_position), (1, 7));
    terminal.keys("j");
    terminal.wait_for("row 1");
    terminal.wait_for_silence();
    assert_eq!(terminal.screen(vt100::Screen::cursor_position), (1, 7));
    terminal.keys("i");
    terminal.wait("no cursor", |terminal| {
        terminal.screen(vt100::Screen::hide_cursor)
    });
}

#[test]
fn a_copy_goes_to_the_persons_own_terminal_through_tmux_and_screen() {
    let table = [
        ("xterm", "", "\x1b]52;c;d2ViLTAx\x07"),
        (
            "screen-256color",
            "/tmp/tmux-0/default",
            "\x1bPtmux;\x1b\x1b]52;c;d2ViLTAx\x07\x1b\\",
        ),
        ("screen", "", "\x1bP\x1b]52;c;d2ViLTAx\x07\x1b\\"),
    ];
    for (term, tmux, expected) in table {
        let mut terminal = drawn(rig().env("TERM", term).env("TMUX", tmux));
        terminal.keys("yb");
        terminal.wait("copy and bell", |terminal| {
            let raw = String::from_utf8(terminal.raw()).expect("there");
            raw.contains(expected) && raw.ends_with('\x07')
        });
    }
}

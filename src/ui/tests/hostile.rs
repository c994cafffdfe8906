//! Names from outside that would like to break the screen.

use super::build;
use super::driver::{Driver, settings};
use crate::domain::Machine;
use crate::ui::look::{Glyphs, Look, Theme};

fn hostile() -> Vec<Machine> {
    let tower = format!("a{}", "\u{301}".repeat(40));
    let long = "x".repeat(1 << 20);
    let names = [
        "plain",
        "esc\u{1b}[2J\u{1b}]0;owned\u{7}",
        "c1\u{9b}31m",
        "rtl\u{202e}txt.exe",
        "東京サーバー東京サーバー",
        "👩‍👩‍👧‍👦 family",
        "שלום עולם",
        &tower,
        &long,
        "new\nline\ttab",
        "",
    ];
    names.into_iter().map(build::reprotected).collect()
}

#[test]
fn columns_hold_whatever_the_names_are() {
    for size in [(80, 24), (120, 36), (60, 20), (44, 12)] {
        let driver = Driver::over(build::estate(hostile())).at(size.0, size.1);
        let (buf, _) = driver.buffer();
        let heading: Vec<&str> = (0..size.0).map(|x| buf[(x, 2)].symbol()).collect();
        let heading = heading.concat();
        let state = heading
            .find("STATE")
            .map(|at| heading[..at].chars().count())
            .unwrap();
        for y in 3..3 + 9 {
            if y >= size.1 - 1 {
                break;
            }
            let at = u16::try_from(state).unwrap();
            let cells: String = (at..at + 11).map(|x| buf[(x, y)].symbol()).collect();
            assert_eq!(
                cells,
                "Replicating",
                "row {y} at {size:?}\n{}",
                driver.screen()
            );
        }
    }
}

#[test]
fn nothing_raw_reaches_a_cell() {
    let mut driver = Driver::over(build::estate(hostile()));
    for keys in ["", "G", "Enter", "y", "q c", "Esc g j Enter"] {
        driver.keys(keys);
        let (buf, _) = driver.buffer();
        for cell in buf.content() {
            assert!(
                !cell
                    .symbol()
                    .chars()
                    .any(|c| c.is_control() || c == '\u{202e}'),
                "{keys}"
            );
        }
    }
}

#[test]
fn with_ascii_glyphs_every_cell_is_ascii() {
    let ascii = settings();
    let ascii = crate::ui::Settings {
        look: Look::new(Theme::mono(), Glyphs::ASCII),
        ..ascii
    };
    let mut machines = hostile();
    machines.extend(build::machines());
    let mut driver = Driver::with(ascii, Some(build::estate(machines)));
    for keys in [
        "", "z", "Enter", "Esc 3", "4", "2", "?", "Esc :", "Esc e", "Esc 1 f",
    ] {
        driver.keys(keys);
        assert!(driver.screen().is_ascii(), "{keys}\n{}", driver.screen());
    }
}

#[test]
fn a_pasted_name_is_one_edit_and_runs_nothing() {
    use crate::ui::terminal::Input;
    let mut driver = Driver::usual();
    driver.input(Input::Paste("q\nf\nq".into()));
    assert!(driver.asked.is_empty() && driver.model().overlays.is_empty());
    driver.keys("/");
    driver.input(Input::Paste("  sql\u{1b}[2J-01\n".into()));
    assert_eq!(driver.model().listing.filter.text(), "sql\\x1b[2J-01");
}

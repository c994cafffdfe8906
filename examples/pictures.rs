//! Makes the pictures of the README: the demo in a pseudo-terminal, its screens as SVG.
//!
//! `cargo run --release --example pictures` (the program itself must have been built with
//! `cargo build --release`) writes `assets/pictures/*.svg`.

#[path = "../tests/support/pty.rs"]
mod pty;

use std::fmt::Write as _;
use std::path::Path;

use pty::{Start, Terminal};

/// A cell's size in the picture.
const WIDE: f32 = 8.4;
const HIGH: f32 = 18.0;

const PAPER: &str = "#16181d";
const INK: &str = "#d0d0d0";

/// The sixteen colours, as many terminals show them.
const PALETTE: [&str; 16] = [
    "#1c1c1c", "#d75f5f", "#87af5f", "#d7af5f", "#5f87d7", "#af87d7", "#5fafaf", "#d0d0d0",
    "#6c6c6c", "#ff8787", "#afd787", "#ffd787", "#87afff", "#d7afff", "#87d7d7", "#ffffff",
];

fn main() {
    let program = std::env::current_exe().expect("the path of this program");
    let failback = program
        .parent()
        .and_then(Path::parent)
        .expect("target/release")
        .join("failback");
    let home = tempfile::tempdir().expect("a folder for the demo");
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/pictures");
    std::fs::create_dir_all(&folder).expect("assets/pictures");
    let other = tempfile::tempdir().expect("a folder for another demo");
    let start_in = |home: &Path, columns, rows| {
        let state = home.display().to_string();
        let start = Start::program(&failback)
            .size(columns, rows)
            .env("TZ", "UTC");
        let start = start
            .env("XDG_STATE_HOME", &state)
            .env("XDG_CONFIG_HOME", &state)
            .env("XDG_DATA_HOME", &state);
        start.argument("demo").start()
    };
    let start = |columns, rows| start_in(home.path(), columns, rows);
    let keep = |terminal: &Terminal, name: &str| {
        let file = folder.join(format!("{name}.svg"));
        std::fs::write(&file, terminal.screen(svg)).expect("a picture");
    };

    let mut screen = start(80, 24);
    screen.wait_for("app-01");
    screen.wait_for("46 machines");
    keep(&screen, "machines");
    // A new protection, as far as its target.
    screen.keys("/web-0\r");
    screen.wait_for("4 of 46");
    screen.keys("ap");
    screen.wait_for("[x] web-04");
    screen.wait_for("Identities");
    screen.keys("\r");
    screen.wait_for("as expected");
    screen.keys("\r");
    screen.wait_for("contoso-24h-failback");
    screen.keys("\r");
    screen.wait_for("► ( ) mt-win-01");
    keep(&screen, "wizard");
    screen.keys("\x03");
    screen.wait_for("MACHINE");
    // A recovery to its end, launched and followed.
    screen.keys("a/\x15web-01\r");
    screen.wait_for("1 of 46");
    screen.keys("f");
    screen.wait_for("Which machines come home?");
    screen.keys("\r");
    screen.wait_for("► (o) not known");
    screen.keys("\x1b[B\r");
    screen.wait_for("► (o) not known");
    screen.keys("\x1b[B\r\r");
    screen.wait_for("Recovery point         latest");
    screen.keys("G\r");
    screen.wait_for("passed");
    screen.wait_for("Ready.");
    keep(&screen, "readiness");
    screen.keys("G\r");
    screen.wait_for("Who quiesces");
    screen.keys("G\r");
    screen.wait_for("In which order?");
    screen.keys("G\r");
    screen.wait_for("Name and review");
    screen.keys("G");
    screen.wait_for("[ save plan ]");
    keep(&screen, "review");
    screen.keys("\x1b[A\x1b[A");
    screen.wait_for("► (o) recover later");
    screen.keys("\x1b[B\r");
    screen.wait_for("[ recover now ]");
    screen.keys("\r");
    screen.wait_for("Ready:");
    screen.keys("web-home");
    screen.wait_for("[ Launch ]");
    keep(&screen, "launch");
    screen.keys("\r");
    screen.wait_for("2 questions wait");
    screen.wait_for("launched");
    keep(&screen, "run");
    screen.keys("a");
    screen.wait_for("► not now");
    keep(&screen, "question");
    screen.keys("\x1b[B\x1b[B\r");
    screen.wait_for("1 question waits");
    screen.keys("a");
    screen.wait_for("► not now");
    screen.keys("\x1b[B\x1b[B\r");
    screen.wait_for("fail back  ");
    screen.keys("t");
    screen.wait_for("ARRIVES");
    keep(&screen, "timeline");
    screen.keys("t2");
    screen.wait_for("PROGRESS");
    keep(&screen, "monitor");
    screen.keys("3");
    screen.wait_for("cs-contoso");
    keep(&screen, "infrastructure");
    screen.keys("4");
    screen.wait_for("STARTED");
    keep(&screen, "activity");
    screen.keys("?");
    screen.wait_for("Help");
    keep(&screen, "help");
    screen.hang_up();

    let mut wide = start(120, 36);
    wide.wait_for("46 machines");
    wide.keys("/sql-01\r");
    wide.wait_for("1 of 46");
    wide.keys("\r");
    wide.wait_for("RECOVERY POINTS");
    keep(&wide, "detail");
    wide.hang_up();

    // Two registrations, one machine: settled by Run Command.
    let mut who = start_in(other.path(), 80, 24);
    who.wait_for("46 machines");
    who.keys("/hr-0\r");
    who.wait_for("3 of 46");
    who.keys("ap");
    who.wait_for("[x] hr-03");
    who.wait_for("Identities");
    who.keys("\r");
    who.wait_for("cannot tell");
    who.keys("r");
    who.wait_for("√ keep this one");
    who.wait_for("Settled.");
    keep(&who, "identities");
    who.hang_up();
}

fn svg(screen: &vt100::Screen) -> String {
    let (rows, columns) = screen.size();
    let (rows, columns) = (rows.get(), columns.get());
    let (width, height) = (
        f32::from(columns) * WIDE + 24.0,
        f32::from(rows) * HIGH + 24.0,
    );
    let mut out = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" \
         font-family=\"ui-monospace,Menlo,Consolas,'DejaVu Sans Mono',monospace\" font-size=\"14\">\n\
         <rect width=\"100%\" height=\"100%\" rx=\"8\" fill=\"{PAPER}\"/>\n"
    );
    for y in 0..rows {
        for x in 0..columns {
            if let Some(cell) = screen.cell(y, x) {
                draw(&mut out, cell, x, y);
            }
        }
    }
    out.push_str("</svg>\n");
    out
}

fn draw(out: &mut String, cell: &vt100::Cell, x: u16, y: u16) {
    let (mut ink, mut paper) = (colour(cell.fgcolor(), INK), colour(cell.bgcolor(), PAPER));
    if cell.inverse() {
        std::mem::swap(&mut ink, &mut paper);
    }
    let (left, top) = (f32::from(x) * WIDE + 12.0, f32::from(y) * HIGH + 12.0);
    if paper != PAPER {
        let _ = writeln!(
            out,
            "<rect x=\"{left:.1}\" y=\"{top:.1}\" width=\"{:.1}\" height=\"{HIGH}\" fill=\"{paper}\"/>",
            WIDE + 0.3
        );
    }
    if cell.contents().trim().is_empty() {
        if cell.underline() {
            let under = top + 15.5;
            let _ = writeln!(
                out,
                "<path d=\"M{left:.1} {under:.1}h{WIDE}\" stroke=\"{ink}\"/>"
            );
        }
        return;
    }
    let weight = if cell.bold() {
        " font-weight=\"bold\""
    } else {
        ""
    };
    let line = if cell.underline() {
        " text-decoration=\"underline\""
    } else {
        ""
    };
    let words = cell
        .contents()
        .replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;");
    let _ = writeln!(
        out,
        "<text x=\"{left:.1}\" y=\"{:.1}\" fill=\"{ink}\"{weight}{line}>{words}</text>",
        top + 13.5
    );
}

fn colour(colour: vt100::Color, usual: &str) -> String {
    match colour {
        vt100::Color::Default => usual.into(),
        vt100::Color::Idx(index) => PALETTE
            .get(usize::from(index))
            .map_or_else(|| usual.into(), |known| (*known).to_owned()),
        vt100::Color::Rgb(r, g, b) => format!("#{r:02x}{g:02x}{b:02x}"),
    }
}

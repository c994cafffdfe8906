//! The line is gone.

use std::time::{Duration, Instant};

use crate::pty::Start;
use crate::{drawn, rig};

/// A machine under load may be late now and then; the program must not be late always.
const TRIES: u32 = 5;
const LIMIT: Duration = Duration::from_millis(100);

fn fastest(start: impl Fn() -> Start, code: u32) -> Duration {
    (0..TRIES)
        .map(|_| {
            let mut terminal = drawn(start());
            let since = Instant::now();
            terminal.hang_up();
            assert_eq!(terminal.exit_code(), code);
            since.elapsed()
        })
        .min()
        .unwrap_or_default()
}

#[test]
fn a_hang_up_with_sighup_ends_with_129_within_100_ms() {
    let took = fastest(rig, 129);
    assert!(took < LIMIT, "{took:?}");
}

#[test]
fn a_hang_up_without_sighup_is_noticed_within_100_ms() {
    let took = fastest(|| rig().without_controlling_terminal(), 129);
    assert!(took < LIMIT, "{took:?}");
}

#[test]
fn a_hang_up_of_a_stalled_line_is_noticed_too() {
    let mut terminal = drawn(rig().without_controlling_terminal());
    terminal.keys("f");
    terminal.wait_for("count 5");
    terminal.stop_reading();
    crate::line::wait_for_stall(&mut terminal);
    terminal.hang_up();
    assert_eq!(terminal.exit_code(), 129);
}

#[test]
fn what_was_being_written_is_finished_after_a_hang_up() {
    for start in [rig(), rig().without_controlling_terminal()] {
        let folder = tempfile::tempdir().expect("there");
        let file = folder.path().join("saved");
        let mut terminal = drawn(
            start
                .argument(format!("save={}", file.display()))
                .argument("slow=100"),
        );
        terminal.keys("sssk");
        terminal.keys("ik");
        terminal.wait("cursor", |terminal| {
            !terminal.screen(vt100::Screen::hide_cursor)
        });
        terminal.hang_up();
        assert_eq!(terminal.exit_code(), 129);
        assert_eq!(std::fs::read_to_string(file).expect("there"), "1\n2\n3\n");
    }
}

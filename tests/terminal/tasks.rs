//! Effects: concurrent reads, ordered writes, panics.

use std::time::{Duration, Instant};

use rustix::process::Signal;

use crate::{drawn, ready, rig};

#[test]
fn a_panic_in_a_task_becomes_an_error_on_the_screen_made_safe() {
    let mut terminal = ready();
    terminal.keys("t");
    terminal.wait_for("failed: reading \\x1b[31mwent wrong");
    assert!(terminal.screen(vt100::Screen::alternate_screen));
    terminal.wait_for_silence();
    assert!(
        !String::from_utf8(terminal.raw())
            .expect("there")
            .contains("terminal_rig.rs")
    );
    terminal.keys("r");
    terminal.wait_for("answered");
}

#[test]
fn a_panic_in_a_write_does_not_stop_the_queue() {
    let mut terminal = ready();
    terminal.keys("w");
    terminal.wait_for("failed: writing went wrong");
    terminal.keys("s");
    terminal.wait_for("saved 1");
}

#[test]
fn writes_keep_their_order_and_are_finished_before_leaving() {
    let leave: [(&str, Option<Signal>, u32); 3] = [
        ("q", None, 0),
        ("", Some(Signal::TERM), 143),
        ("P", None, 101),
    ];
    for (keys, signal, code) in leave {
        let folder = tempfile::tempdir().expect("there");
        let file = folder.path().join("saved");
        let save = format!("save={}", file.display());
        let mut terminal = drawn(rig().argument(save).argument("slow=100"));
        terminal.keys("sssj");
        terminal.wait_for("row 1");
        terminal.keys(keys);
        if let Some(signal) = signal {
            terminal.signal(signal);
        }
        assert_eq!(terminal.exit_code(), code);
        assert_eq!(std::fs::read_to_string(file).expect("there"), "1\n2\n3\n");
        terminal.assert_restored();
    }
}

#[test]
fn a_write_that_hangs_holds_leaving_up_for_two_seconds_and_is_reported() {
    let mut terminal = drawn(rig().argument("slow=600000"));
    terminal.keys("sj");
    terminal.wait_for("row 1");
    let since = Instant::now();
    terminal.keys("q");
    assert_eq!(terminal.exit_code(), 1);
    assert!(since.elapsed() > Duration::from_secs(2));
    terminal.assert_restored();
    assert!(
        terminal
            .text()
            .contains("before everything was saved (1 not finished)")
    );
}

#[test]
fn while_writes_are_finished_an_impatient_person_may_interrupt() {
    let mut terminal = drawn(rig().argument("slow=600000"));
    terminal.keys("sj");
    terminal.wait_for("row 1");
    let since = Instant::now();
    terminal.keys("q");
    terminal.wait("goodbye", |t| t.has_its_settings_back());
    terminal.keys("\x03");
    assert_eq!(terminal.exit_code(), 1);
    assert!(
        since.elapsed() < Duration::from_secs(2),
        "{:?}",
        since.elapsed()
    );
}

#[test]
fn the_first_frame_and_leaving_wait_for_no_request() {
    let mut terminal = drawn(rig().argument("hang"));
    terminal.keys("j");
    terminal.wait_for("row 1");
    let since = Instant::now();
    terminal.keys("q");
    assert_eq!(terminal.exit_code(), 0);
    assert!(
        since.elapsed() < Duration::from_secs(1),
        "{:?}",
        since.elapsed()
    );
    terminal.assert_restored();
}

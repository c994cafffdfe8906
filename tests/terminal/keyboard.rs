//! What is typed, pasted and clicked.

use crate::{drawn, ready, rig};

#[test]
fn a_paste_is_one_edit_and_never_runs_keys() {
    let mut terminal = ready();
    terminal.keys("\x1b[200~10.0.0.1\r\nq\x1b[201~");
    terminal.wait_for("pasted 10 bytes, 1 breaks");
    terminal.keys("q");
    assert_eq!(terminal.exit_code(), 0);
}

#[test]
fn a_paste_of_a_megabyte_is_cut() {
    let mut terminal = ready();
    terminal.keys("\x1b[200~");
    for _ in 0..256 {
        terminal.keys(&"x".repeat(4096));
    }
    terminal.keys("\x1b[201~");
    terminal.wait_for("pasted 65536 bytes");
}

#[test]
fn the_mouse_is_off_unless_asked_for_and_never_reports_motion() {
    let mut terminal = ready();
    terminal.wait_for_silence();
    let on = crate::pty::modes(&terminal.raw());
    assert!(
        [1000, 1002, 1003, 1006]
            .iter()
            .all(|mode| !on.contains(mode)),
        "{on:?}"
    );

    let mut terminal = drawn(rig().argument("mouse"));
    terminal.wait_for_silence();
    let on = crate::pty::modes(&terminal.raw());
    assert!(on.contains(&1000) && on.contains(&1006), "{on:?}");
    assert!(!on.contains(&1002) && !on.contains(&1003), "{on:?}");
    terminal.keys("\x1b[<0;5;3M");
    terminal.wait_for("mouse Down(Left) 4,2");
    terminal.keys("\x1b[<64;5;3M");
    terminal.wait_for("mouse ScrollUp 4,2");
    terminal.keys("m");
    terminal.wait("mouse off", |t| {
        !crate::pty::modes(&t.raw()).contains(&1000)
    });
}

#[test]
fn a_lone_esc_is_a_key_and_a_torn_sequence_is_not_esc() {
    let mut terminal = ready();
    terminal.keys("\x1b");
    terminal.wait_for("key Esc");
    terminal.keys("\x1b[");
    terminal.keys("15~");
    terminal.wait_for("key F(5)");
    assert_eq!(terminal.text().matches("key").count(), 1);
}

#[test]
fn gaining_and_losing_the_focus_is_told() {
    let mut terminal = ready();
    terminal.keys("\x1b[O");
    terminal.wait_for("focus false");
    terminal.keys("\x1b[I");
    terminal.wait_for("focus true");
}

//! However it ends, the terminal is as it was.

use rustix::process::Signal;

use crate::{Start, drawn, ready, rig};

#[test]
fn quitting_gives_the_terminal_back() {
    let mut terminal = ready();
    assert!(terminal.screen(vt100::Screen::alternate_screen));
    assert!(!terminal.has_its_settings_back());
    terminal.keys("q");
    assert_eq!(terminal.exit_code(), 0);
    terminal.assert_restored();
}

#[test]
fn every_ending_signal_gives_the_terminal_back_and_has_its_code() {
    for (signal, code) in [
        (Signal::INT, 130),
        (Signal::QUIT, 131),
        (Signal::TERM, 143),
        (Signal::HUP, 129),
    ] {
        let mut terminal = drawn(rig().argument("mouse"));
        terminal.signal(signal);
        assert_eq!(terminal.exit_code(), code, "{signal:?}");
        terminal.assert_restored();
    }
}

#[test]
fn a_panic_of_the_program_gives_the_terminal_back_then_speaks_and_exits_101() {
    let mut terminal = ready();
    terminal.keys("P");
    assert_eq!(terminal.exit_code(), 101);
    terminal.assert_restored();
    let text = terminal.text();
    assert!(
        text.contains("failback panicked at examples/terminal_rig.rs"),
        "{text}"
    );
    assert!(text.contains("the rig was told to"), "{text}");
}

#[test]
fn without_a_terminal_nothing_is_touched_and_the_error_says_what_to_do() {
    let mut terminal = sh(&format!("{} < /dev/null; echo code $?", rig_path()));
    terminal.wait_for("code 1");
    assert!(
        terminal.text().contains("must be a terminal"),
        "{}",
        terminal.text()
    );
    assert!(
        !terminal
            .raw()
            .windows(8)
            .any(|bytes| bytes == b"\x1b[?1049h")
    );
}

#[test]
fn ctrl_z_and_sigtstp_stop_with_the_terminal_given_back_and_sigcont_draws_again() {
    for by_key in [true, false] {
        let mut terminal = drawn(rig().argument("mouse"));
        terminal.keys("jj");
        terminal.wait_for("row 2");
        if by_key {
            terminal.keys("\x1a");
        } else {
            terminal.signal(Signal::TSTP);
        }
        terminal.wait("stop", |terminal| terminal.is_stopped());
        terminal.wait_for_silence();
        terminal.assert_restored();

        let before = terminal.raw_length();
        terminal.signal(Signal::CONT);
        terminal.wait_for("row 2");
        assert!(terminal.screen(vt100::Screen::alternate_screen));
        assert!(!terminal.has_its_settings_back(), "raw again");
        let again = String::from_utf8(terminal.raw()[before..].to_vec()).expect("there");
        assert!(again.contains("\x1b[2J"), "drawn whole");
        for query in [
            "\x1b[6n",
            "\x1b[5n",
            "\x1b[c",
            "\x1b[>c",
            "\x1b]10;?",
            "\x1b]11;?",
        ] {
            assert!(!again.contains(query), "asked the terminal {query:?}");
        }
        terminal.keys("j");
        terminal.wait_for("row 3");
        terminal.keys("q");
        assert_eq!(terminal.exit_code(), 0);
        terminal.assert_restored();
    }
}

#[test]
fn being_stopped_from_outside_is_repaired_on_continuing() {
    let mut terminal = ready();
    terminal.signal(Signal::STOP);
    terminal.wait("stop", |terminal| terminal.is_stopped());
    let before = terminal.raw_length();
    terminal.signal(Signal::CONT);
    terminal.wait("whole frame", |terminal| {
        terminal.raw()[before..].ends_with(b"\x1b[?2026l")
    });
    terminal.keys("j");
    terminal.wait_for("row 1");
}

#[test]
fn under_a_shell_ctrl_z_and_fg_work_and_a_stopped_job_can_be_killed() {
    let mut terminal = shell();
    terminal.keys(&format!("{}\r", rig_path()));
    terminal.wait_for("last: ready");
    terminal.keys("j\x1a");
    terminal.wait_for("Stopped");
    assert!(!terminal.screen(vt100::Screen::alternate_screen));
    terminal.keys("fg\r");
    terminal.wait_for("row 1");
    terminal.keys("j");
    terminal.wait_for("row 2");
    terminal.keys("\x1a");
    terminal.wait("prompt", |terminal| {
        !terminal.screen(vt100::Screen::alternate_screen)
    });
    terminal.keys("kill %1; fg; echo code $?\r");
    terminal.wait_for("code 143");
    assert!(!terminal.screen(vt100::Screen::alternate_screen));
}

#[test]
fn in_the_background_it_leaves_the_terminal_to_the_shell() {
    let mut terminal = shell();
    terminal.keys(&format!("{}\r", rig_path()));
    terminal.wait_for("last: ready");
    terminal.keys("\x1a");
    terminal.wait_for("Stopped");
    terminal.keys("bg; echo in the back''ground\r");
    terminal.wait_for("in the background");
    terminal.wait_for_silence();
    assert!(
        !terminal.screen(vt100::Screen::alternate_screen),
        "{}",
        terminal.text()
    );
    // Touching the terminal from there would have stopped it.
    terminal.keys("jobs\r");
    terminal.wait_for("Running");
    terminal.keys("fg\r");
    terminal.wait_for("last: ready");
    terminal.keys("q");
    terminal.wait("prompt", |terminal| {
        !terminal.screen(vt100::Screen::alternate_screen)
    });
}

fn rig_path() -> String {
    let test = std::env::current_exe().expect("there");
    let target = test
        .parent()
        .and_then(std::path::Path::parent)
        .expect("there");
    target.join("examples/terminal_rig").display().to_string()
}

fn sh(script: &str) -> crate::Terminal {
    Start::program("/bin/sh")
        .argument("-c")
        .argument(script)
        .start()
}

/// A shell with job control.
fn shell() -> crate::Terminal {
    let mut terminal = Start::program("/bin/sh")
        .argument("-i")
        .env("PS1", "ready> ")
        .start();
    terminal.wait_for("ready> ");
    terminal
}

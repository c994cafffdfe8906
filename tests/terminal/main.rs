//! Every line of "the terminal", held in a real pseudo-terminal with a small program on it
//! (`examples/terminal_rig.rs`).

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod appearance;
mod generations;
mod giving_back;
mod hang_up;
mod identities;
mod keyboard;
#[path = "../support/lab.rs"]
mod lab;
mod line;
mod monitor;
#[path = "../support/pty.rs"]
mod pty;
mod recording;
mod screens;
mod story;
mod tasks;
mod wizard;

use std::path::Path;

use pty::{Start, Terminal};

/// The rig, which `cargo test` builds beside the tests; `cargo test --test terminal` alone does not,
/// so that an old one must not pass for the new.
fn rig() -> Start {
    let test = std::env::current_exe().expect("the path of this test");
    let target = test.parent().and_then(Path::parent).expect("target/debug");
    let rig = target.join("examples/terminal_rig");
    let changed = |path: &Path| path.metadata().and_then(|data| data.modified()).ok();
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/terminal_rig.rs");
    assert!(
        changed(&rig) >= changed(&source),
        "build it first: cargo build --example terminal_rig"
    );
    Start::program(rig)
}

/// The rig, started and drawn.
fn ready() -> Terminal {
    drawn(rig())
}

fn drawn(start: Start) -> Terminal {
    let mut terminal = start.start();
    terminal.wait_for("last: ready");
    terminal
}

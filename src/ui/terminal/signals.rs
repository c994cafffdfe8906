//! Signals, as the loop hears them.

use std::io;

use rustix::process::{Signal, kill_current_process_group};
use tokio::signal::unix::{SignalKind, signal};

/// What a signal asks of the loop.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Asked {
    /// End with this signal's code.
    End(i32),
    /// The line is gone.
    HangUp,
    /// Stop, as Ctrl-Z does.
    Stop,
    /// We were stopped and go on.
    Continue,
    /// The window has another size.
    Resize,
}

/// The signals that matter to a terminal program.
#[derive(Debug)]
pub struct Signals {
    hang_up: tokio::signal::unix::Signal,
    terminate: tokio::signal::unix::Signal,
    interrupt: tokio::signal::unix::Signal,
    quit: tokio::signal::unix::Signal,
    stop: tokio::signal::unix::Signal,
    go_on: tokio::signal::unix::Signal,
    resize: tokio::signal::unix::Signal,
}

impl Signals {
    pub fn listen() -> io::Result<Self> {
        Ok(Self {
            hang_up: signal(SignalKind::hangup())?,
            terminate: signal(SignalKind::terminate())?,
            interrupt: signal(SignalKind::interrupt())?,
            quit: signal(SignalKind::quit())?,
            stop: signal(SignalKind::from_raw(Signal::TSTP.as_raw()))?,
            go_on: signal(SignalKind::from_raw(Signal::CONT.as_raw()))?,
            resize: signal(SignalKind::window_change())?,
        })
    }

    /// The next one; those that end come first.
    pub async fn next(&mut self) -> Asked {
        tokio::select! { biased;
            _ = self.hang_up.recv() => Asked::HangUp,
            _ = self.terminate.recv() => Asked::End(Signal::TERM.as_raw()),
            _ = self.quit.recv() => Asked::End(Signal::QUIT.as_raw()),
            _ = self.interrupt.recv() => Asked::End(Signal::INT.as_raw()),
            _ = self.stop.recv() => Asked::Stop,
            _ = self.go_on.recv() => Asked::Continue,
            _ = self.resize.recv() => Asked::Resize,
        }
    }

    /// The person at the keyboard insists. A hang-up does not count: it comes in the wake of
    /// others, and what is being saved then is all that will be left.
    pub async fn insisting(&mut self) {
        tokio::select! {
            _ = self.interrupt.recv() => {}
            _ = self.quit.recv() => {}
        }
    }
}

/// Stops the whole group, as the terminal's own Ctrl-Z would. SIGSTOP and not SIGTSTP, which the
/// kernel discards for a group without a shell above it.
pub fn stop_ourselves() -> io::Result<()> {
    Ok(kill_current_process_group(Signal::STOP)?)
}

//! The line itself: the device, its settings and its size.

use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::{env, io};

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::fs::{Mode, OFlags, open};
use rustix::process::getpgrp;
use rustix::stdio::{stdin, stdout};
use rustix::termios::{
    OptionalActions, QueueSelector, Termios, isatty, tcflush, tcgetattr, tcgetpgrp, tcgetwinsize,
    tcsetattr, ttyname,
};

use super::Error;

/// An open terminal and the settings it had before.
#[derive(Debug)]
pub struct Tty {
    fd: OwnedFd,
    before: Termios,
}

impl Tty {
    /// Opens the terminal that is standard input.
    ///
    /// It is opened anew rather than duplicated, because only a descriptor of our own may be made
    /// non-blocking: the shell shares the others and would inherit it. Where opening is refused
    /// (after `su`, the device belongs to another), the duplicate blocks, which costs no more
    /// than a writer thread left behind.
    pub fn open() -> Result<Self, Error> {
        if !isatty(stdin()) || !isatty(stdout()) {
            return Err(Error::NotATerminal);
        }
        let flags = OFlags::RDWR | OFlags::NOCTTY | OFlags::NONBLOCK | OFlags::CLOEXEC;
        let fd = ttyname(stdin(), Vec::new())
            .and_then(|name| open(name, flags, Mode::empty()))
            .or_else(|_| rustix::io::dup(stdin()))
            .map_err(io::Error::from)?;
        let before = tcgetattr(&fd).map_err(io::Error::from)?;
        Ok(Self { fd, before })
    }

    /// Every key as it is pressed, none of them a signal or an echo.
    pub fn make_raw(&self) -> io::Result<()> {
        let mut raw = self.before.clone();
        raw.make_raw();
        Ok(tcsetattr(&self.fd, OptionalActions::Now, &raw)?)
    }

    /// The settings as they were. Does not wait for output: the line may be stalled.
    pub fn restore(&self) -> io::Result<()> {
        Ok(tcsetattr(&self.fd, OptionalActions::Now, &self.before)?)
    }

    /// Throws away what was written and not yet read at the other end.
    pub fn discard_output(&self) {
        let _ = tcflush(&self.fd, QueueSelector::OFlush);
    }

    /// The last resort where the writer cannot be asked.
    pub fn write_if_there_is_room(&self, bytes: &[u8]) {
        let mut fds = [PollFd::new(&self.fd, PollFlags::OUT)];
        let now = Timespec::default();
        if poll(&mut fds, Some(&now)).is_ok() && fds[0].revents() == PollFlags::OUT {
            let _ = rustix::io::write(&self.fd, bytes);
        }
    }

    /// Columns and rows; `None` where the line does not know (0x0, also after a hang-up).
    pub fn size(&self) -> Option<(u16, u16)> {
        let size = tcgetwinsize(&self.fd).ok()?;
        (size.ws_col > 0 && size.ws_row > 0).then_some((size.ws_col, size.ws_row))
    }

    /// [`Self::size`], or what the environment says, or 80x24, as on a serial console.
    pub fn first_size(&self) -> (u16, u16) {
        let number = |name| {
            env::var(name)
                .ok()?
                .parse()
                .ok()
                .filter(|number| *number > 0)
        };
        self.size().unwrap_or_else(|| {
            (
                number("COLUMNS").unwrap_or(80),
                number("LINES").unwrap_or(24),
            )
        })
    }

    /// Whether the terminal is ours to change. In the background it belongs to the shell, and
    /// touching it would stop us (SIGTTOU). Not being anyone's controlling terminal counts as ours.
    pub fn is_ours(&self) -> bool {
        tcgetpgrp(&self.fd).map_or(true, |group| group == getpgrp())
    }
}

impl AsFd for Tty {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.fd.as_fd()
    }
}

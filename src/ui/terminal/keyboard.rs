//! Reads keys from the line.

use std::io;
use std::os::fd::{AsFd, AsRawFd, RawFd};
use std::sync::Arc;
use std::time::Duration;

use rustix::io::Errno;
use tokio::io::Interest;
use tokio::io::unix::AsyncFd;
use tokio::time::{Instant, sleep_until};

use super::Input;
use super::keys::Keys;
use super::tty::Tty;

/// How long the rest of a sequence may take. A lone Esc waits this long; a sequence torn apart by
/// the network comes together within it.
const PATIENCE: Duration = Duration::from_millis(50);

/// The same for the end of a paste, which may come in many packets.
const PASTE_PATIENCE: Duration = Duration::from_secs(1);

/// The keyboard end of the line. crossterm's reader is not used: at the end of a line it never
/// comes back and keeps a core busy (crossterm#793), it takes ESC torn from its sequence for a key,
/// and it costs a thread.
pub struct Keyboard {
    line: AsyncFd<Line>,
    keys: Keys,
    since: Instant,
    /// The line gave an end or an error; the writer's watch decides what it means.
    ended: bool,
}

#[derive(Debug)]
struct Line(Arc<Tty>);

impl AsRawFd for Line {
    fn as_raw_fd(&self) -> RawFd {
        self.0.as_fd().as_raw_fd()
    }
}

impl Keyboard {
    /// Must be called within the loop's runtime.
    // The successor is unsafe because an arbitrary `AsRawFd` may lie; `Line` owns its descriptor.
    #[allow(deprecated)]
    pub fn open(tty: Arc<Tty>) -> io::Result<Self> {
        Ok(Self {
            line: AsyncFd::with_interest(Line(tty), Interest::READABLE)?,
            keys: Keys::default(),
            since: Instant::now(),
            ended: false,
        })
    }

    /// The next thing the person did. May be dropped and called again without losing anything.
    pub async fn next(&mut self) -> Input {
        loop {
            if let Some(input) = self.keys.next() {
                return input;
            }
            if self.ended {
                std::future::pending::<()>().await;
            }
            let patience = if self.keys.is_pasting() {
                PASTE_PATIENCE
            } else {
                PATIENCE
            };
            tokio::select! { biased;
                () = Self::read(&self.line, &mut self.keys, &mut self.ended) => {
                    self.since = Instant::now();
                }
                () = sleep_until(self.since + patience), if self.keys.is_incomplete() => {
                    self.keys.give_up_waiting();
                }
            }
        }
    }

    /// Forgets what was typed before the terminal was given away.
    pub fn forget(&mut self) {
        self.keys = Keys::default();
        self.ended = false;
    }

    async fn read(line: &AsyncFd<Line>, keys: &mut Keys, ended: &mut bool) {
        let Ok(mut ready) = line.readable().await else {
            *ended = true;
            return;
        };
        let mut bytes = [0; 1024];
        match rustix::io::read(&*line.get_ref().0, &mut bytes) {
            Ok(0) => *ended = true,
            Ok(count) => keys.feed(&bytes[..count]),
            Err(Errno::AGAIN) => ready.clear_ready(),
            Err(Errno::INTR) => {}
            Err(_) => *ended = true,
        }
    }
}

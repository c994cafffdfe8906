//! The terminal while it is ours, and the guard that gives it back.

use std::io;
use std::sync::Arc;

use tokio::sync::oneshot;

use super::paint::Frame;
use super::tty::Tty;
use super::writer::{Gone, Writer};
use super::{Ways, modes};

/// Entered or not; left on drop, on every way out.
#[derive(Debug)]
pub struct Screen {
    pub tty: Arc<Tty>,
    pub writer: Writer,
    pub ways: Ways,
    entered: bool,
}

impl Screen {
    pub fn new(tty: Tty, ways: Ways) -> io::Result<(Self, oneshot::Receiver<Gone>)> {
        let tty = Arc::new(tty);
        let (writer, gone) = Writer::start(Arc::clone(&tty))?;
        Ok((
            Self {
                tty,
                writer,
                ways,
                entered: false,
            },
            gone,
        ))
    }

    pub fn is_entered(&self) -> bool {
        self.entered
    }

    /// Takes the terminal over; what it shows is sent together with the first frame. Doing it
    /// again repairs what others changed meanwhile.
    pub fn enter(&mut self) -> io::Result<()> {
        self.entered = true;
        self.tty.make_raw()?;
        self.writer.enter(self.ways);
        Ok(())
    }

    pub fn show(&self, frame: Frame) {
        self.writer.show(frame);
    }

    /// Gives the terminal back, unless it was given back before or belongs to the shell now.
    pub fn leave(&mut self) {
        if std::mem::take(&mut self.entered) && self.tty.is_ours() {
            if !self.writer.leave() {
                self.tty.write_if_there_is_room(modes::LEAVE);
            }
            let _ = self.tty.restore();
        }
    }

    /// The terminal is the shell's already: nothing is written and nothing set.
    pub fn let_go(&mut self) {
        self.entered = false;
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        self.leave();
    }
}

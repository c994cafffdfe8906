//! The one writer: a thread that holds at most the newest frame.
//!
//! It compares with the last frame that it wrote *whole*, so that frames dropped on a stalled line
//! leave nothing stale behind. It never blocks in a write: it waits in `poll` for room, for work
//! and for the hang-up, which makes it the watcher of the line too.

use std::io::{self, PipeReader, PipeWriter, Read, Write};
use std::mem;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, mpsc};
use std::thread;
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::Errno;
use tokio::sync::oneshot;

use super::paint::{self, Frame};
use super::tty::Tty;
use super::{Ways, modes};

/// How long leaving tries to say goodbye to a line that takes nothing.
const FAREWELL: Duration = Duration::from_millis(200);

/// Most bytes besides frames (bell, clipboard) that wait for a stalled line; more is dropped.
const MOST_ASIDE: usize = 256 * 1024;

/// The line is gone, with or without a signal.
#[derive(Debug)]
pub struct Gone;

/// The loop's end of the writer.
#[derive(Debug)]
pub struct Writer {
    desk: Arc<Mutex<Desk>>,
    bell: PipeWriter,
}

/// What lies ready for the thread.
#[derive(Debug, Default)]
struct Desk {
    /// A byte lies in the pipe already.
    rung: bool,
    frame: Option<Frame>,
    spare: Option<Frame>,
    ways: Ways,
    /// What the terminal shows is no longer known.
    forget: bool,
    /// Said before the next frame.
    first: Vec<u8>,
    /// Said after it: bell and clipboard.
    aside: Vec<u8>,
    /// Say goodbye, then tell.
    leave: Option<mpsc::Sender<()>>,
    /// The thread has ended: nobody reads this any more.
    closed: bool,
}

impl Writer {
    /// Starts the thread. The receiver hears when the line is gone.
    pub fn start(tty: Arc<Tty>) -> io::Result<(Self, oneshot::Receiver<Gone>)> {
        let desk = Arc::new(Mutex::new(Desk::default()));
        let (door, bell) = io::pipe()?;
        let (tell, gone) = oneshot::channel();
        let hand = Hand {
            tty,
            desk: Arc::clone(&desk),
            door,
            ways: Ways::default(),
            shown: None,
            next: None,
            pending: Vec::new(),
            written: 0,
        };
        let notice = Arc::clone(&desk);
        thread::Builder::new()
            .name("terminal".into())
            .spawn(move || {
                let worked = hand.work();
                let mut desk = lock(&notice);
                desk.closed = true;
                desk.leave = None;
                if let Err(Gone) = worked {
                    let _ = tell.send(Gone);
                }
            })?;
        Ok((Self { desk, bell }, gone))
    }

    /// A frame to draw the next one into, its memory used before.
    pub fn take_spare(&self) -> Frame {
        lock(&self.desk).spare.take().unwrap_or_default()
    }

    /// Shows `frame` instead of whatever waits to be shown.
    pub fn show(&self, frame: Frame) {
        self.put(|desk| {
            if let Some(dropped) = desk.frame.replace(frame) {
                desk.spare = Some(dropped);
            }
        });
    }

    /// Takes the terminal over, in front of the next frame.
    pub fn enter(&self, ways: Ways) {
        let mut desk = lock(&self.desk);
        desk.first = modes::enter(ways);
        desk.ways = ways;
        desk.forget = true;
    }

    /// Changes the ways, in front of the next frame, which is drawn whole.
    pub fn change(&self, ways: Ways) {
        let mut desk = lock(&self.desk);
        if desk.ways.mouse != ways.mouse {
            desk.first.extend_from_slice(modes::mouse(ways.mouse));
        }
        desk.ways = ways;
        desk.forget = true;
    }

    /// Draws the next frame whole.
    pub fn forget(&self) {
        lock(&self.desk).forget = true;
    }

    /// Sends `bytes` after the newest frame; dropped if a stalled line holds too much already.
    pub fn aside(&self, bytes: &[u8]) {
        self.put(|desk| {
            if desk.aside.len() + bytes.len() <= MOST_ASIDE {
                desk.aside.extend_from_slice(bytes);
            }
        });
    }

    /// Gives the terminal back; waits for a bounded time only. `false`: the thread is stuck.
    /// A line that is gone needs nothing.
    pub fn leave(&self) -> bool {
        let (tell, told) = mpsc::channel();
        self.put(|desk| {
            if !desk.closed {
                desk.leave = Some(tell);
            }
        });
        let told = told.recv_timeout(FAREWELL + Duration::from_millis(100));
        told != Err(mpsc::RecvTimeoutError::Timeout)
    }

    fn put(&self, change: impl FnOnce(&mut Desk)) {
        let mut desk = lock(&self.desk);
        change(&mut desk);
        if !mem::replace(&mut desk.rung, true) {
            let _ = (&self.bell).write_all(b"!");
        }
    }
}

fn lock(desk: &Mutex<Desk>) -> MutexGuard<'_, Desk> {
    desk.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The thread.
struct Hand {
    tty: Arc<Tty>,
    desk: Arc<Mutex<Desk>>,
    door: PipeReader,
    ways: Ways,
    /// What the terminal shows, as far as whole frames were written.
    shown: Option<Frame>,
    /// The frame that `pending` leads to.
    next: Option<Frame>,
    pending: Vec<u8>,
    written: usize,
}

impl Hand {
    /// Works until the loop is gone, or the line.
    fn work(mut self) -> Result<(), Gone> {
        loop {
            let leave = lock(&self.desk).leave.take();
            if let Some(tell) = leave {
                let said = self.say_goodbye();
                let _ = tell.send(());
                said?;
            }
            if self.pending.is_empty() {
                self.take_up();
            }
            self.write_on()?;
            if !self.wait()? {
                return Ok(());
            }
        }
    }

    /// Makes bytes of what lies on the desk.
    fn take_up(&mut self) {
        let mut desk = lock(&self.desk);
        self.ways = desk.ways;
        let Some(frame) = desk.frame.take() else {
            self.pending = mem::take(&mut desk.aside);
            return;
        };
        if mem::take(&mut desk.forget) {
            self.shown = None;
        }
        let first = mem::take(&mut desk.first);
        let aside = mem::take(&mut desk.aside);
        drop(desk);
        let cells = paint::bytes(self.shown.as_ref(), &frame, self.ways);
        self.pending = [first, cells, aside].concat();
        if self.pending.is_empty() {
            self.finish(frame);
        } else {
            self.next = Some(frame);
        }
    }

    fn write_on(&mut self) -> Result<(), Gone> {
        while self.written < self.pending.len() {
            match rustix::io::write(&*self.tty, &self.pending[self.written..]) {
                Ok(count) => self.written += count,
                Err(Errno::INTR) => {}
                Err(Errno::AGAIN) => return Ok(()),
                Err(_) => return Err(Gone),
            }
        }
        self.written = 0;
        self.pending.clear();
        if let Some(frame) = self.next.take() {
            self.finish(frame);
        }
        Ok(())
    }

    fn finish(&mut self, frame: Frame) {
        let old = self.shown.replace(frame);
        lock(&self.desk).spare = old;
    }

    /// Waits for work, for room if there is something to write, or for the end. `false`: the loop
    /// is gone.
    fn wait(&mut self) -> Result<bool, Gone> {
        let room = if self.pending.is_empty() {
            PollFlags::empty()
        } else {
            PollFlags::OUT
        };
        let mut fds = [
            PollFd::new(&self.door, PollFlags::IN),
            PollFd::new(&*self.tty, room),
        ];
        match poll(&mut fds, None) {
            Ok(_) | Err(Errno::INTR) => {}
            Err(_) => return Err(Gone),
        }
        let (door, line) = (fds[0].revents(), fds[1].revents());
        if line.intersects(PollFlags::HUP | PollFlags::ERR | PollFlags::NVAL) {
            return Err(Gone);
        }
        if door.contains(PollFlags::IN) {
            let mut desk = lock(&self.desk);
            let _ = self.door.read(&mut [0; 8]);
            desk.rung = false;
        } else if door.contains(PollFlags::HUP) {
            return Ok(false);
        }
        Ok(true)
    }

    /// Drops what waits and gives the terminal back. On a line that takes nothing, what the other
    /// end has not read yet is thrown away, so that the goodbye finds room and is the next thing
    /// read, however late.
    fn say_goodbye(&mut self) -> Result<(), Gone> {
        let mut goodbye = Vec::new();
        if self.written > 0 {
            goodbye.extend_from_slice(modes::CANCEL);
        }
        goodbye.extend_from_slice(modes::LEAVE);
        self.pending.clear();
        self.written = 0;
        self.next = None;
        self.shown = None;
        let mut desk = lock(&self.desk);
        desk.frame = None;
        desk.first.clear();
        desk.aside.clear();
        drop(desk);

        let until = Instant::now() + FAREWELL;
        let mut rest = &goodbye[..];
        let mut discarded = false;
        while !rest.is_empty() {
            match rustix::io::write(&*self.tty, rest) {
                Ok(count) => rest = &rest[count..],
                Err(Errno::INTR) => {}
                Err(Errno::AGAIN) if !discarded => {
                    self.tty.discard_output();
                    discarded = true;
                    goodbye = [modes::CANCEL, modes::LEAVE].concat();
                    rest = &goodbye;
                }
                Err(Errno::AGAIN) => {
                    let left = until.saturating_duration_since(Instant::now());
                    if left.is_zero() {
                        break;
                    }
                    let limit = Timespec::try_from(left).map_err(|_| Gone)?;
                    let mut fds = [PollFd::new(&*self.tty, PollFlags::OUT)];
                    let _ = poll(&mut fds, Some(&limit));
                    if fds[0].revents().intersects(PollFlags::HUP | PollFlags::ERR) {
                        return Err(Gone);
                    }
                }
                Err(_) => return Err(Gone),
            }
        }
        Ok(())
    }
}

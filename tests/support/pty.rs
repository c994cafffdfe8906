//! A program in a pseudo-terminal, watched as a person would: by what stands on the screen.
//!
//! Waiting is always for something (a [`Terminal::wait`] that fails prints the screen), never for a
//! time. The harness can do what a bad line does: stop reading, hang up with and without SIGHUP.
#![allow(dead_code, reason = "every test target uses its own part of it")]

use std::collections::BTreeSet;
use std::fs::File;
use std::io::{Read, Write};
use std::num::NonZero;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;
use std::sync::{Arc, Condvar, Mutex, MutexGuard};
use std::thread;
use std::time::{Duration, Instant};

use portable_pty::{Child, CommandBuilder, MasterPty, PtySize, native_pty_system};
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::fs::OFlags;
use rustix::process::{Pid, Signal, kill_process};
use rustix::termios::{Termios, tcgetattr};

/// Longest wait for anything: generous, because test machines are slow and shared.
const PATIENCE: Duration = Duration::from_secs(20);

/// How to start a program.
pub struct Start {
    command: CommandBuilder,
    size: PtySize,
}

impl Start {
    /// `program` on 80x24 xterm with a UTF-8 locale and nothing else in its environment.
    pub fn program(program: impl AsRef<Path>) -> Self {
        let mut command = CommandBuilder::new(program.as_ref());
        command.env_clear();
        for (name, value) in [("TERM", "xterm-256color"), ("LANG", "C.UTF-8")] {
            command.env(name, value);
        }
        command.env("PATH", std::env::var_os("PATH").unwrap_or_default());
        Self {
            command,
            size: size(80, 24),
        }
    }

    pub fn argument(mut self, argument: impl AsRef<std::ffi::OsStr>) -> Self {
        self.command.arg(argument);
        self
    }

    pub fn env(mut self, name: &str, value: &str) -> Self {
        self.command.env(name, value);
        self
    }

    pub fn size(mut self, columns: u16, rows: u16) -> Self {
        self.size = size(columns, rows);
        self
    }

    /// As behind a `setsid` without a terminal of its own: no SIGHUP tells that the line is gone.
    pub fn without_controlling_terminal(mut self) -> Self {
        self.command.set_controlling_tty(false);
        self
    }

    pub fn start(self) -> Terminal {
        let pair = native_pty_system()
            .openpty(self.size)
            .expect("a pseudo-terminal");
        let name = pair.master.tty_name().expect("the terminal's name");
        // Never blocking: the line may be full when the reader is to be woken.
        let flags = i32::try_from((OFlags::NOCTTY | OFlags::NONBLOCK).bits()).expect("flags");
        let mut options = File::options();
        options.read(true).write(true).custom_flags(flags);
        let line = options.open(name).expect("the terminal");
        let before = tcgetattr(&line).expect("its settings");
        let writer = pair.master.take_writer().expect("its keyboard");
        let reader = pair.master.try_clone_reader().expect("its screen");
        let child = pair
            .slave
            .spawn_command(self.command)
            .expect("the program starts");
        let other_end = Arc::new(OtherEnd::new(self.size));
        let reading = Arc::clone(&other_end);
        let reader = thread::spawn(move || reading.read(reader));
        Terminal {
            child,
            line,
            before,
            master: Some((pair.master, writer)),
            other_end,
            reader,
        }
    }
}

fn size(cols: u16, rows: u16) -> PtySize {
    PtySize {
        rows,
        cols,
        ..PtySize::default()
    }
}

/// A running program and the terminal it runs in.
pub struct Terminal {
    child: Box<dyn Child + Send + Sync>,
    /// The program's end of the line, kept open to look at its settings.
    line: File,
    before: Termios,
    master: Option<(Box<dyn MasterPty + Send>, Box<dyn Write + Send>)>,
    other_end: Arc<OtherEnd>,
    reader: thread::JoinHandle<()>,
}

impl Terminal {
    pub fn keys(&mut self, keys: &str) {
        let (_, writer) = self.master.as_mut().expect("the line is there");
        writer.write_all(keys.as_bytes()).expect("typing");
    }

    pub fn resize(&mut self, columns: u16, rows: u16) {
        // vt100 cannot be of no size; the program is told all the same.
        if let (Some(columns), Some(rows)) = (NonZero::new(columns), NonZero::new(rows)) {
            self.other_end
                .state()
                .screen
                .screen_mut()
                .set_size(rows, columns);
        }
        let (master, _) = self.master.as_ref().expect("the line is there");
        master.resize(size(columns, rows)).expect("resizing");
    }

    pub fn signal(&self, signal: Signal) {
        kill_process(self.pid(), signal).expect("the program is there");
    }

    pub fn pid(&self) -> Pid {
        let pid = self
            .child
            .process_id()
            .and_then(|pid| i32::try_from(pid).ok());
        pid.and_then(Pid::from_raw).expect("a process")
    }

    /// What `/proc` knows of the program under `name`.
    pub fn proc(&self, name: &str) -> String {
        let path = format!("/proc/{}/{name}", self.pid().as_raw_nonzero());
        std::fs::read_to_string(path).unwrap_or_default()
    }

    /// Whether the program stands still (state T).
    pub fn is_stopped(&self) -> bool {
        self.proc("stat")
            .rsplit(')')
            .next()
            .is_some_and(|rest| rest.starts_with(" T"))
    }

    /// Looks at the screen until `holds`; `what` says what was hoped for.
    pub fn wait(&mut self, what: &str, holds: impl FnMut(&mut Self) -> bool) {
        self.wait_at_most(PATIENCE, what, holds);
    }

    pub fn wait_at_most(
        &mut self,
        most: Duration,
        what: &str,
        mut holds: impl FnMut(&mut Self) -> bool,
    ) {
        let until = Instant::now() + most;
        while !holds(self) {
            assert!(
                Instant::now() < until,
                "no {what} in {most:?}; screen:\n{}",
                self.text()
            );
            thread::sleep(Duration::from_millis(2));
        }
    }

    pub fn wait_for(&mut self, text: &str) {
        self.wait(text, |terminal| terminal.text().contains(text));
    }

    /// Waits until the program has said nothing for a while.
    pub fn wait_for_silence(&mut self) {
        let mut seen = (self.raw_length(), Instant::now());
        self.wait("silence", |terminal| {
            let length = terminal.raw_length();
            if length != seen.0 {
                seen = (length, Instant::now());
            }
            seen.1.elapsed() > Duration::from_millis(150)
        });
    }

    /// Waits for the end and says its exit code; what was sent before it has then been read.
    pub fn exit_code(&mut self) -> u32 {
        let mut code = None;
        self.wait("end of the program", |terminal| {
            code = terminal
                .child
                .try_wait()
                .expect("waiting")
                .map(|status| status.exit_code());
            code.is_some()
        });
        if self.master.is_some() && !self.other_end.state().stopped {
            self.wait_for_silence();
        }
        code.expect("a code")
    }

    pub fn text(&self) -> String {
        self.screen(vt100::Screen::contents)
    }

    pub fn screen<T>(&self, look: impl FnOnce(&vt100::Screen) -> T) -> T {
        look(self.other_end.state().screen.screen())
    }

    /// All bytes that came.
    pub fn raw(&self) -> Vec<u8> {
        self.other_end.state().raw.clone()
    }

    pub fn raw_length(&self) -> usize {
        self.other_end.state().raw.len()
    }

    pub fn has_its_settings_back(&self) -> bool {
        let now = tcgetattr(&self.line).expect("settings");
        // Termios knows no equality; its text says all of it.
        format!("{now:?}") == format!("{:?}", self.before)
    }

    /// Panics unless the terminal is as it was before the program.
    pub fn assert_restored(&self) {
        assert!(self.has_its_settings_back(), "line settings not restored");
        let on = modes(&self.raw());
        assert_eq!(
            on,
            BTreeSet::from([25]),
            "modes left on (25: the cursor, alone should be)"
        );
        self.screen(|screen| {
            assert!(!screen.alternate_screen() && !screen.hide_cursor());
            assert!(
                !screen.bold() && !screen.inverse() && screen.fgcolor() == vt100::Color::Default
            );
        });
    }

    /// Reads nothing more, as a line that is stuck.
    pub fn stop_reading(&mut self) {
        self.other_end.state().stopped = true;
        self.wake_reader();
        self.wait("stop of the reader", |terminal| {
            terminal.other_end.state().idle
        });
    }

    pub fn read_on(&mut self) {
        self.other_end.state().stopped = false;
        self.other_end.changed.notify_all();
    }

    /// Whether the line takes nothing more.
    pub fn is_full(&self) -> bool {
        let mut fds = [PollFd::new(&self.line, PollFlags::OUT)];
        poll(&mut fds, Some(&Timespec::default())) == Ok(0)
    }

    /// Closes the other end. A program with a controlling terminal gets SIGHUP, others nothing.
    pub fn hang_up(&mut self) {
        self.other_end.state().closed = true;
        self.wake_reader();
        self.other_end.changed.notify_all();
        let reader = &self.reader;
        let until = Instant::now() + PATIENCE;
        while !reader.is_finished() {
            assert!(Instant::now() < until, "the reader does not end");
            thread::yield_now();
        }
        self.master = None;
    }

    /// The reader sits in `read`: a NUL, which shows as nothing, lets it look up.
    fn wake_reader(&mut self) {
        let _ = self.line.write_all(b"\0");
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The DEC modes that `raw` leaves on.
pub fn modes(raw: &[u8]) -> BTreeSet<u16> {
    let mut on = BTreeSet::new();
    for piece in String::from_utf8_lossy(raw).split("\x1b[?").skip(1) {
        let end = piece
            .find(|c: char| !c.is_ascii_digit())
            .unwrap_or(piece.len());
        let Ok(mode) = piece[..end].parse() else {
            continue;
        };
        match piece[end..].chars().next() {
            Some('h') => on.insert(mode),
            Some('l') => on.remove(&mode),
            _ => false,
        };
    }
    on
}

/// The person's end of the line.
struct OtherEnd {
    state: Mutex<State>,
    changed: Condvar,
}

struct State {
    screen: vt100::Parser,
    raw: Vec<u8>,
    stopped: bool,
    closed: bool,
    /// The reader has noticed that it is stopped.
    idle: bool,
}

impl OtherEnd {
    fn new(size: PtySize) -> Self {
        let [rows, columns] =
            [size.rows, size.cols].map(|n| NonZero::new(n).unwrap_or(NonZero::<u16>::MIN));
        let screen = vt100::Parser::new(rows, columns, 0);
        let state = State {
            screen,
            raw: Vec::new(),
            stopped: false,
            closed: false,
            idle: false,
        };
        Self {
            state: Mutex::new(state),
            changed: Condvar::new(),
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().expect("the reader lives")
    }

    fn read(&self, mut line: Box<dyn Read + Send>) {
        let mut bytes = [0; 4096];
        while let Ok(count @ 1..) = line.read(&mut bytes) {
            let mut state = self.state();
            let read: Vec<u8> = bytes[..count].iter().copied().filter(|b| *b != 0).collect();
            state.raw.extend_from_slice(&read);
            state.screen.process(&read);
            while state.stopped && !state.closed {
                state.idle = true;
                state = self.changed.wait(state).expect("no panic");
            }
            state.idle = false;
            if state.closed {
                return;
            }
        }
    }
}

//! The loop. It sleeps until something happens, tells the program, and draws if that is due.

use std::io::{self, Write as _};
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::time::Instant;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use tokio::runtime::{Builder, Handle};
use tokio::sync::{mpsc, oneshot};
use tokio::time::{sleep_until, timeout};

use super::effects::{Effects, Replies, Reply};
use super::keyboard::Keyboard;
use super::panics::{self, Quiet};
use super::screen::Screen;
use super::signals::{Asked, Signals, stop_ourselves};
use super::tty::Tty;
use super::writer::Gone;
use super::{Command, DRAIN, Ending, Error, FRAME, Input, Program, View, Ways, clipboard};

/// Runs `program` on the terminal until it leaves.
///
/// `perform` does the I/O of one effect on `runtime`, which must be one that runs by itself (not a
/// current-thread one); the loop itself stays on this thread. However the run ends, the terminal
/// is given back first and the queue of writes drained second, for at most [`DRAIN`].
///
/// # Errors
/// If there is no terminal, if it refuses, or if writes were left undone.
///
/// # Panics
/// A panic of the program is passed on after the terminal was given back and the panic printed, so
/// that the process ends with 101.
pub fn run<P, F, Fut>(program: P, ways: Ways, runtime: &Handle, perform: F) -> Result<Ending, Error>
where
    P: Program,
    F: Fn(P::Effect, Replies<P::Message>) -> Fut + Send + Sync + 'static,
    Fut: Future<Output = ()> + Send + 'static,
{
    let here = Builder::new_current_thread().enable_all().build()?;
    let _inside = here.enter();
    let quiet = Quiet::keep();
    let mut signals = Signals::listen()?;
    let (mut screen, gone) = Screen::new(Tty::open()?, ways)?;
    let (mut effects, replies) = Effects::new(runtime.clone(), perform);

    let turned = catch_unwind(AssertUnwindSafe(|| {
        let mut turn = Turn::new(program, &mut screen, &effects)?;
        here.block_on(turn.until_left(&mut signals, replies, gone))
    }));
    screen.leave();
    let panicked = turned.is_err().then(panics::last);
    here.block_on(async {
        tokio::select! { biased;
            () = signals.insisting() => {}
            _ = timeout(DRAIN, effects.drain()) => {}
        }
    });
    drop(quiet);
    let waiting = effects.waiting();
    match turned {
        Err(payload) => {
            if let Some(words) = panicked {
                // Standard error may be gone with the line; that is no reason to panic again.
                let _ = writeln!(io::stderr(), "failback {words}");
            }
            resume_unwind(payload)
        }
        Ok(Ok(ending)) if waiting > 0 => Err(Error::Unsaved { waiting, ending }),
        Ok(result) => result,
    }
}

/// The program and what the loop remembers about it.
struct Turn<'a, P: Program, F> {
    program: P,
    screen: &'a mut Screen,
    effects: &'a Effects<P::Effect, P::Message, F>,
    keyboard: Keyboard,
    size: (u16, u16),
    /// Something happened since the last frame.
    changed: bool,
    /// Until then no frame.
    next_frame: Instant,
    /// Until then no waking, so that a deadline that stays in the past keeps no core busy.
    next_waking: Instant,
    ending: Option<Ending>,
}

/// What the loop woke for.
enum Event<M> {
    Signal(Asked),
    Gone(Option<Gone>),
    Input(Input),
    Reply(Reply<M>),
    /// A frame or a waking, which the loop sees to itself.
    Due,
}

impl<'a, P, F, Fut> Turn<'a, P, F>
where
    P: Program,
    F: Fn(P::Effect, Replies<P::Message>) -> Fut + Send + Sync + 'static,
    Fut: Future<Output = ()> + Send + 'static,
{
    fn new(
        program: P,
        screen: &'a mut Screen,
        effects: &'a Effects<P::Effect, P::Message, F>,
    ) -> Result<Self, Error> {
        Ok(Self {
            program,
            keyboard: Keyboard::open(screen.tty.clone())?,
            size: screen.tty.first_size(),
            screen,
            effects,
            changed: true,
            next_frame: Instant::now(),
            next_waking: Instant::now(),
            ending: None,
        })
    }

    async fn until_left(
        &mut self,
        signals: &mut Signals,
        mut replies: mpsc::UnboundedReceiver<Reply<P::Message>>,
        mut gone: oneshot::Receiver<Gone>,
    ) -> Result<Ending, Error> {
        self.screen.enter()?;
        let (columns, rows) = self.size;
        let mut first = self.program.input(Input::Resized(columns, rows));
        first.extend(self.program.init());
        self.draw_if_due();
        self.obey(first)?;
        loop {
            self.wake_if_due()?;
            if let Some(ending) = self.ending {
                return Ok(ending);
            }
            self.draw_if_due();
            let shown = self.screen.is_entered();
            let waking = self.waking().filter(|_| shown);
            let frame_due = self.next_frame.into();
            let waking_due = waking.map_or(frame_due, Into::into);
            let event = tokio::select! { biased;
                asked = signals.next() => Event::Signal(asked),
                gone = &mut gone => Event::Gone(gone.ok()),
                input = self.keyboard.next(), if shown => Event::Input(input),
                Some(reply) = replies.recv() => Event::Reply(reply),
                () = sleep_until(frame_due), if self.changed && shown => Event::Due,
                () = sleep_until(waking_due), if waking.is_some() => Event::Due,
            };
            self.handle(event)?;
        }
    }

    fn handle(&mut self, event: Event<P::Message>) -> Result<(), Error> {
        let commands = match event {
            Event::Signal(asked) => return self.asked(asked),
            Event::Gone(None) => return Err(io::Error::other("its writer stopped").into()),
            Event::Gone(Some(Gone)) => {
                self.ending = Some(Ending::HangUp);
                return Ok(());
            }
            Event::Due => return Ok(()),
            Event::Input(input) => self.program.input(input),
            Event::Reply(Reply::Message(message)) => self.program.reply(message),
            Event::Reply(Reply::Failed(what)) => self.program.failed(what),
        };
        self.changed = true;
        self.obey(commands)
    }

    fn asked(&mut self, asked: Asked) -> Result<(), Error> {
        match asked {
            Asked::End(number) => self.ending = Some(Ending::Signal(number)),
            Asked::HangUp => self.ending = Some(Ending::HangUp),
            Asked::Stop => self.suspend()?,
            // In the background the terminal is the shell's; `fg` continues us again.
            Asked::Continue if self.screen.tty.is_ours() => self.resume()?,
            Asked::Continue => self.screen.let_go(),
            Asked::Resize => return self.resized(),
        }
        Ok(())
    }

    fn resized(&mut self) -> Result<(), Error> {
        let Some(size) = self.screen.tty.size().filter(|size| *size != self.size) else {
            return Ok(());
        };
        self.size = size;
        self.changed = true;
        let commands = self.program.input(Input::Resized(size.0, size.1));
        self.obey(commands)
    }

    /// Gives the terminal back and stops. We may run a little further before we stand still, and
    /// others may continue us in the background: the screen comes back with SIGCONT, not here.
    fn suspend(&mut self) -> Result<(), Error> {
        self.screen.leave();
        Ok(stop_ourselves()?)
    }

    fn resume(&mut self) -> Result<(), Error> {
        self.keyboard.forget();
        if self.screen.enter().is_err() {
            // SIGCONT comes with SIGHUP and may overtake it.
            self.ending = Some(Ending::HangUp);
            return Ok(());
        }
        self.changed = true;
        self.next_frame = Instant::now();
        self.resized()
    }

    fn obey(&mut self, commands: Vec<Command<P::Effect>>) -> Result<(), Error> {
        for command in commands {
            match command {
                Command::Read(effect) => self.effects.read(effect),
                Command::Write(effect) => self.effects.write(effect),
                Command::Leave => self.ending = Some(Ending::Quit),
                Command::Suspend => self.suspend()?,
                Command::Bell => self.screen.writer.aside(b"\x07"),
                Command::Copy(text) => {
                    let sequence = clipboard::sequence(&text, self.screen.ways.passthrough);
                    self.screen.writer.aside(&sequence);
                }
                Command::Redraw => self.screen.writer.forget(),
                Command::Ways(ways) => {
                    self.screen.ways = ways;
                    self.screen.writer.change(ways);
                }
            }
        }
        Ok(())
    }

    /// When the program is to be told the time.
    fn waking(&self) -> Option<Instant> {
        self.program.deadline().map(|at| at.max(self.next_waking))
    }

    /// Asked on every turn and not only on an idle one: under a flood of replies the time goes on.
    fn wake_if_due(&mut self) -> Result<(), Error> {
        let waking = self.waking();
        let now = Instant::now();
        if !self.screen.is_entered() || waking.is_none_or(|at| now < at) {
            return Ok(());
        }
        self.next_waking = now + FRAME;
        self.changed = true;
        let commands = self.program.woken(now);
        self.obey(commands)
    }

    /// Draws if something changed and the last frame is old enough.
    fn draw_if_due(&mut self) {
        let now = Instant::now();
        if !self.changed || !self.screen.is_entered() || now < self.next_frame {
            return;
        }
        self.changed = false;
        self.next_frame = now + FRAME;
        let mut frame = self.screen.writer.take_spare();
        frame
            .cells
            .resize(Rect::new(0, 0, self.size.0, self.size.1));
        frame.cells.reset();
        frame.cursor = self.draw(&mut frame.cells);
        self.screen.show(frame);
    }

    fn draw(&self, cells: &mut Buffer) -> Option<ratatui::layout::Position> {
        let mut view = View::new(cells);
        self.program.view(&mut view);
        view.cursor()
    }
}

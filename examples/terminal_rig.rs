//! A small program on the terminal layer, for the tests in `tests/terminal`: a table to move in,
//! and a key for everything that can go wrong.
//!
//! Arguments: `mouse`, `hang` (the first request blocks for ever), `save=FILE` (each write appends a line), `slow=MS` (what a write takes).

use std::fs::OpenOptions;
use std::io::Write;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use crossterm::event::{KeyCode, KeyModifiers};
use failback::ui::terminal::{Command, Environment, Input, Program, View, Ways, run};
use ratatui::layout::{Constraint, Layout};
use ratatui::style::{Color, Modifier, Style};
use ratatui::text::Line;

const ROWS: usize = 500;

struct Rig {
    ways: Ways,
    selected: usize,
    /// What happened last.
    last: String,
    saves: u32,
    /// Counts up by itself, as fast as it may.
    racing: bool,
    count: u64,
    typing: bool,
    hang: bool,
}

enum Effect {
    Hang,
    Answer,
    PanicReading,
    PanicWriting,
    Save(u32),
}

fn main() -> ExitCode {
    let environment = Environment::detect(|name| std::env::var(name).ok());
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let value = |name: &str| {
        arguments
            .iter()
            .find_map(|a| a.strip_prefix(name)?.strip_prefix('='))
    };
    let hang = arguments.iter().any(|argument| argument == "hang");
    let mouse = arguments.iter().any(|argument| argument == "mouse");
    let file = value("save").unwrap_or("/dev/null").to_owned();
    let slow = Duration::from_millis(value("slow").and_then(|ms| ms.parse().ok()).unwrap_or(0));

    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build();
    let Ok(runtime) = runtime else {
        return ExitCode::FAILURE;
    };
    let ways = environment.ways(mouse);
    let ended = run(
        Rig::new(ways, hang),
        ways,
        runtime.handle(),
        move |effect, replies| {
            let file = file.clone();
            async move {
                match effect {
                    Effect::Hang => loop {
                        std::thread::park();
                    },
                    Effect::Answer => replies.send("answered".to_owned()),
                    Effect::PanicReading => panic!("reading \u{1b}[31mwent wrong"),
                    Effect::PanicWriting => panic!("writing went wrong"),
                    Effect::Save(number) => {
                        tokio::time::sleep(slow).await;
                        save(&file, number);
                        replies.send(format!("saved {number}"));
                    }
                }
            }
        },
    );
    runtime.shutdown_background();
    match ended {
        Ok(ending) => ExitCode::from(ending.code()),
        Err(error) => {
            let _ = writeln!(std::io::stderr(), "{error}");
            ExitCode::from(error.code())
        }
    }
}

fn save(file: &str, number: u32) {
    let opened = OpenOptions::new().append(true).create(true).open(file);
    let _ = opened.and_then(|mut file| writeln!(file, "{number}"));
}

impl Rig {
    fn new(ways: Ways, hang: bool) -> Self {
        Self {
            ways,
            selected: 0,
            last: "ready".into(),
            saves: 0,
            racing: false,
            count: 0,
            typing: false,
            hang,
        }
    }

    fn key(&mut self, code: KeyCode, modifiers: KeyModifiers) -> Vec<Command<Effect>> {
        let control = modifiers.contains(KeyModifiers::CONTROL);
        match code {
            KeyCode::Char('z') if control => return vec![Command::Suspend],
            KeyCode::Char('l') if control => return vec![Command::Redraw],
            KeyCode::Char('c') if control => return vec![Command::Leave],
            KeyCode::Char('q') => return vec![Command::Leave],
            KeyCode::Char('s') => {
                self.saves += 1;
                return vec![Command::Write(Effect::Save(self.saves))];
            }
            KeyCode::Char('r') => return vec![Command::Read(Effect::Answer)],
            KeyCode::Char('t') => return vec![Command::Read(Effect::PanicReading)],
            KeyCode::Char('w') => return vec![Command::Write(Effect::PanicWriting)],
            KeyCode::Char('P') => panic!("the rig was told to"),
            KeyCode::Char('b') => return vec![Command::Bell],
            KeyCode::Char('y') => return vec![Command::Copy("web-01".into())],
            KeyCode::Char('m') => {
                self.ways.mouse = !self.ways.mouse;
                return vec![Command::Ways(self.ways)];
            }
            KeyCode::Char('f') => self.racing = !self.racing,
            KeyCode::Char('i') => self.typing = !self.typing,
            KeyCode::Char('o') => self.last = "東京 \u{1b}[31m é →".into(),
            KeyCode::Down | KeyCode::Char('j') => self.selected = (self.selected + 1).min(ROWS - 1),
            KeyCode::Up | KeyCode::Char('k') => self.selected = self.selected.saturating_sub(1),
            KeyCode::Char('n') => {}
            _ => self.last = format!("key {code:?} {modifiers:?}"),
        }
        Vec::new()
    }
}

impl Program for Rig {
    type Message = String;
    type Effect = Effect;

    fn init(&mut self) -> Vec<Command<Effect>> {
        if self.hang {
            vec![Command::Read(Effect::Hang)]
        } else {
            Vec::new()
        }
    }

    fn input(&mut self, input: Input) -> Vec<Command<Effect>> {
        match input {
            Input::Key(key) => return self.key(key.code, key.modifiers),
            Input::Paste(text) | Input::PartOfPaste(text) => {
                let hash = text.chars().filter(|c| *c == '\n').count();
                self.last = format!("pasted {} bytes, {hash} breaks", text.len());
            }
            Input::Mouse(mouse) => {
                self.last = format!("mouse {:?} {},{}", mouse.kind, mouse.column, mouse.row);
            }
            Input::Resized(columns, rows) => {
                let told = if self.last == "ready" {
                    "ready"
                } else {
                    "resized"
                };
                self.last = format!("{told} {columns}x{rows}");
            }
            Input::Focus(focused) => self.last = format!("focus {focused}"),
        }
        Vec::new()
    }

    fn reply(&mut self, message: String) -> Vec<Command<Effect>> {
        self.last = message;
        Vec::new()
    }

    fn failed(&mut self, what: String) -> Vec<Command<Effect>> {
        self.last = format!("failed: {what}");
        Vec::new()
    }

    fn woken(&mut self, _: Instant) -> Vec<Command<Effect>> {
        self.count += 1;
        Vec::new()
    }

    fn deadline(&self) -> Option<Instant> {
        self.racing.then(Instant::now)
    }

    fn view(&self, view: &mut View<'_>) {
        let rows = Layout::vertical([Constraint::Length(2), Constraint::Min(0)]).split(view.area());
        let title = format!(" rig  row {}  count {}", self.selected, self.count);
        let bold = Style::new().fg(Color::Cyan).add_modifier(Modifier::BOLD);
        view.render_widget(Line::styled(title, bold), rows[0]);
        let mut second = rows[0];
        second.y += 1;
        second.height = second.height.saturating_sub(1);
        view.render_widget(Line::from(format!(" last: {}", self.last)), second);
        let height = usize::from(rows[1].height);
        let top = self.selected.saturating_sub(height.saturating_sub(1));
        for (line, index) in (top..ROWS).take(height).enumerate() {
            let mut area = rows[1];
            area.y += u16::try_from(line).unwrap_or(0);
            area.height = 1;
            // Racing, every row changes: a stalled line is full within a second.
            let text = format!(
                "[ ] vm-{index:03}  10.0.{}.{}  Protected  {:08x}",
                index / 250,
                index % 250,
                self.count.wrapping_mul(0x9e37_79b9) as u32,
            );
            let style = if index == self.selected {
                Style::new()
                    .fg(Color::Black)
                    .bg(Color::Cyan)
                    .add_modifier(Modifier::REVERSED)
            } else {
                Style::new()
            };
            view.render_widget(Line::styled(text, style), area);
        }
        if self.typing {
            view.set_cursor_position((7, 1));
        }
    }
}

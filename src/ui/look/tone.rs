//! What a state means to the eye. Amber is a tone of its own and so is unknown: neither ever looks
//! like good.

use ratatui::style::Style;

use super::{Glyphs, Theme};
use crate::domain::{Health, JobState, Level, Machine, Outcome, Problem, Stage, Task};

/// How something stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    Good,
    Busy,
    Waiting,
    Amber,
    Bad,
    Unknown,
    /// Nothing to say about it.
    Plain,
}

impl Tone {
    #[must_use]
    pub fn glyph(self, glyphs: &Glyphs) -> &'static str {
        match self {
            Self::Good => glyphs.done,
            Self::Busy => glyphs.running,
            Self::Waiting => glyphs.waiting,
            Self::Amber => glyphs.amber,
            Self::Bad => glyphs.failed,
            Self::Unknown => glyphs.unknown,
            Self::Plain => " ",
        }
    }

    #[must_use]
    pub fn style(self, theme: &Theme) -> Style {
        match self {
            Self::Good => theme.good,
            Self::Busy => theme.busy,
            Self::Waiting | Self::Plain => theme.text,
            Self::Amber => theme.amber,
            Self::Bad => theme.bad,
            Self::Unknown => theme.unknown,
        }
    }
}

#[must_use]
pub fn health(health: &Health) -> Tone {
    match health {
        Health::Normal => Tone::Good,
        Health::Warning => Tone::Amber,
        Health::Critical => Tone::Bad,
        Health::Unknown | Health::Other(_) => Tone::Unknown,
    }
}

/// Health with what it is said to suffer from: a good word beside an error or a warning is amber. That
/// no test failover was done (161011) is everyday (asr-rest.md 13).
#[must_use]
pub fn health_with(stated: &Health, problems: &[Problem]) -> Tone {
    let tone = health(stated);
    let telling = |p: &&Problem| p.level != Level::Information && p.code.as_str() != "161011";
    match tone {
        Tone::Good | Tone::Unknown if problems.iter().any(|p| telling(&p)) => Tone::Amber,
        tone => tone,
    }
}

impl From<Level> for Tone {
    fn from(level: Level) -> Self {
        match level {
            Level::Error => Self::Bad,
            Level::Warning => Self::Amber,
            Level::Information => Self::Plain,
        }
    }
}

#[must_use]
pub fn stage(stage: &Stage) -> Tone {
    match stage {
        Stage::InitialSync | Stage::AwaitingFirstPoint => Tone::Busy,
        Stage::Protected | Stage::Committed => Tone::Plain,
        Stage::CommitPending => Tone::Amber,
        Stage::Other(_) => Tone::Unknown,
    }
}

/// Of a machine's state: what runs, what waits for a person, what is not known.
#[must_use]
pub fn machine(machine: &Machine) -> Tone {
    match machine.running {
        Some(_) => Tone::Busy,
        None => stage(&machine.stage),
    }
}

#[must_use]
pub fn outcome(outcome: &Outcome) -> Tone {
    match outcome {
        Outcome::Running => Tone::Busy,
        Outcome::Waiting | Outcome::SucceededBut(_) | Outcome::Cancelled => Tone::Amber,
        Outcome::Succeeded => Tone::Good,
        Outcome::Failed => Tone::Bad,
        Outcome::Unknown(_) => Tone::Unknown,
    }
}

/// Of a task. Skipped is amber: what was skipped was not done.
#[must_use]
pub fn job_state(task: &Task) -> Tone {
    if task.is_skipped() {
        return Tone::Amber;
    }
    match &task.state {
        JobState::NotStarted => Tone::Waiting,
        JobState::InProgress => Tone::Busy,
        JobState::Suspended | JobState::Cancelled => Tone::Amber,
        JobState::Failed => Tone::Bad,
        JobState::Other(_) => Tone::Unknown,
        JobState::Succeeded => {
            let word = task.description.as_str();
            let whole = word.is_empty() || word.eq_ignore_ascii_case("completed");
            if whole && task.problems.is_empty() {
                Tone::Good
            } else {
                Tone::Amber
            }
        }
    }
}

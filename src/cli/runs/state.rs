//! How a run stands, in a word, and what a command ends with for it.

use crate::cli::exit::Exit;
use crate::domain::run::{Closing, Run, RunState};
use crate::store::RunFolder;
use crate::store::runs::Life;

/// How a run stands: its journal's state, and whether a process carries it out.
pub struct Standing {
    pub word: &'static str,
    pub words: String,
    /// What another host's process noted counts: see [`Life::Elsewhere`].
    pub live: bool,
    /// How it goes on, where nothing carries it out.
    pub advice: Option<String>,
}

impl Standing {
    pub fn of(run: &Run, folder: &RunFolder) -> Self {
        let life = folder.life();
        let (word, words) = said(run);
        let words = match (&run.state, &life) {
            (RunState::Closed(_), _) | (_, Life::Live(_)) => words,
            (_, Life::Elsewhere(holder)) => {
                format!("{words}; whether {holder} still carries it out only that host can tell")
            }
            (RunState::Suspended(_), Life::Dead) => words,
            (_, Life::Dead) => format!("{words}; no process carries it out any more"),
        };
        let live = life != Life::Dead;
        let ended = live || run.is_closed();
        let advice = (!ended).then(|| format!("Go on with: failback runs resume {}", folder.id()));
        Self {
            word,
            words,
            live,
            advice,
        }
    }
}

/// A run's state, for programs and for people.
pub fn said(run: &Run) -> (&'static str, String) {
    match &run.state {
        RunState::Running => ("running", "running".into()),
        RunState::Waiting => ("waiting", "waits for a person".into()),
        RunState::Paused(why) => ("paused", format!("paused: {why}")),
        RunState::Suspended(why) => ("suspended", format!("suspended: {why}")),
        RunState::Arrived => (
            "arrived",
            "all arrived; left is to look and to commit".into(),
        ),
        RunState::Closed(closing) => {
            let (word, words) = closed(*closing);
            (word, words.into())
        }
    }
}

/// The end of a run, for programs and for people.
pub fn closed(closing: Closing) -> (&'static str, &'static str) {
    match closing {
        Closing::Done => ("done", "done"),
        Closing::DoneBut => (
            "doneBut",
            "done, but not all is as it should be, or was left",
        ),
        Closing::Failed => ("failed", "failed"),
        Closing::Stopped => ("stopped", "stopped by a person"),
    }
}

/// What a command that watched a run to its end ends with.
pub fn exit(closing: Closing) -> Exit {
    match closing {
        Closing::Done | Closing::DoneBut => Exit::Done,
        Closing::Failed | Closing::Stopped => Exit::Failed,
    }
}

/// Whether nothing goes on until a person says something.
pub fn waits(run: &Run) -> bool {
    match run.state {
        RunState::Waiting | RunState::Paused(_) | RunState::Suspended(_) => true,
        RunState::Arrived => !run.questions.is_empty(),
        RunState::Running | RunState::Closed(_) => false,
    }
}

//! What can be wrong with a journal.

use thiserror::Error;

/// Where the reading of a journal ended before its end, and why. What was read before it is sound.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum Damage {
    /// Seen while the runner is writing, or after it or its machine was killed while it did; some file
    /// systems leave zeros then. The records it was about were not acted upon.
    #[error("the line after {after} is not finished ({bytes} bytes)")]
    HalfWritten { after: u64, bytes: u64 },
    #[error("line {line} cannot be read: {why}")]
    Unreadable { line: u64, why: String },
    #[error("line {line} does not follow the line before it: something was changed or taken out")]
    Broken { line: u64 },
    #[error("line {line} is longer than any that this program writes")]
    TooLong { line: u64 },
    #[error("the journal is larger than any that this program writes")]
    TooLarge,
    #[error("it ends after line {has}, and had {had}: its end was lost or taken away")]
    CutOff { has: u64, had: u64 },
    #[error("line {line} is not the one that was written: its head tells another hash")]
    Exchanged { line: u64 },
    #[error(
        "its head tells of line {head} and there are {has}: so it is after a loss of power, and a \
         change of the last line would not show"
    )]
    HeadBehind { head: u64, has: u64 },
    #[error("line 1 does not tell of this run")]
    NotThisRun,
    #[error("line {line} stands after the one that closed the run")]
    AfterClosing { line: u64 },
    #[error("its head cannot be read, so that nobody knows whether its end is there: {why}")]
    NoHead { why: String },
    #[error("it was written by a newer failback ({schema}); use that program")]
    Newer { schema: String },
}

impl Damage {
    /// Whether a journal may be gone on with although its head does not vouch for its last lines: so
    /// it is after a loss of power.
    #[must_use]
    pub fn is_head_behind(&self) -> bool {
        matches!(self, Self::HeadBehind { .. })
    }

    /// Whether it is what every journal shows while its runner writes.
    #[must_use]
    pub fn is_unfinished(&self) -> bool {
        matches!(self, Self::HalfWritten { .. })
    }
}

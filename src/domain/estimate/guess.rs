//! How long one step takes.

use serde::Serialize;

use super::Facts;
use super::history::History;
use super::range::Range;
use super::recorded;
use crate::domain::place::Generation;
use crate::domain::recipe::StepKind;
use crate::domain::size::Bytes;

/// What is known of the time of a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Guess {
    /// It is a person's, and is not counted.
    Person,
    /// It waits for its turn: the others' time.
    Turn,
    Unknown,
    About {
        #[serde(flatten)]
        range: Range,
        from: Basis,
    },
}

/// What a range stands on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Basis {
    /// The machine's data, at the rate at which it was seen to move.
    Data,
    /// So many times that the step was done in past runs.
    Past(usize),
    /// A duration that was recorded of the service; where it stands.
    Recorded(&'static str),
    /// How far it has come in this run.
    Progress,
    /// The plan says how long.
    Planned,
}

impl Guess {
    /// `None` for what is not known, and what is not counted.
    #[must_use]
    pub fn range(&self) -> Option<Range> {
        match self {
            Self::About { range, .. } => Some(*range),
            Self::Person | Self::Turn | Self::Unknown => None,
        }
    }

    /// Whether past runs went into it.
    pub(super) fn is_of_the_past(&self) -> bool {
        matches!(
            self,
            Self::About {
                from: Basis::Past(_),
                ..
            }
        )
    }
}

/// Whether a step is a person's from its begin to its end.
pub(super) fn is_a_persons(step: StepKind) -> bool {
    matches!(
        step,
        StepKind::Quiesce | StepKind::VerifySurvivor | StepKind::Commit | StepKind::CancelFailover
    )
}

/// What a step of a machine takes that has not begun.
pub(super) fn of(
    step: StepKind,
    generation: Option<Generation>,
    facts: &Facts,
    history: &History,
) -> Guess {
    if step == StepKind::Door {
        return Guess::Turn;
    }
    if is_a_persons(step) && !(step == StepKind::Quiesce && facts.hooked) {
        return Guess::Person;
    }
    if let (StepKind::Ready, Some(seconds)) = (step, facts.ready) {
        return Guess::About {
            range: Range::new(seconds, seconds, seconds),
            from: Basis::Planned,
        };
    }
    let usual = usual(step, generation, history);
    let data = to_move(step, facts).and_then(|bytes| moving(bytes, generation, facts, history));
    let Some(data) = data else {
        return usual;
    };
    let fixed = match (step, usual) {
        // The service takes what is pending within the failback.
        (StepKind::FailBack, Guess::About { range, .. }) => range,
        // How long it would last without data nobody knows.
        (StepKind::FailBack, _) => return usual,
        // What the quickest of the past took was there without much data, too.
        (
            _,
            Guess::About {
                range,
                from: Basis::Past(_),
            },
        ) => Range::new(range.low(), range.low(), range.low()),
        _ => Range::default(),
    };
    Guess::About {
        range: fixed.then(data),
        from: Basis::Data,
    }
}

/// By past runs and by what is recorded.
fn usual(step: StepKind, generation: Option<Generation>, history: &History) -> Guess {
    let recorded = recorded::of(step, generation);
    let past = history.durations(step, generation);
    match (past, recorded) {
        (None, None) => Guess::Unknown,
        (None, Some((range, source))) => Guess::About {
            range,
            from: Basis::Recorded(source),
        },
        (Some((range, count)), recorded) => Guess::About {
            range: match recorded {
                // The recorded one weighs as much as one of the past, and nothing beside several.
                Some((other, _)) if count < FEW => blended(range, count as u64, other),
                _ => range,
            },
            from: Basis::Past(count),
        },
    }
}

/// Below so many of the past nothing is concluded from their spread alone.
pub(super) const FEW: usize = 3;

fn blended(range: Range, count: u64, other: Range) -> Range {
    let sum = range
        .likely()
        .saturating_mul(count)
        .saturating_add(other.likely());
    Range::new(
        range.low().min(other.low()),
        sum / (count + 1),
        range.high().max(other.high()),
    )
}

/// Whether a step is the way of a machine's data.
pub(super) fn moves_data(step: StepKind) -> bool {
    use StepKind::{AwaitProtected, Drain, FailBack, Synchronise};
    matches!(step, Drain | Synchronise | FailBack | AwaitProtected)
}

/// The bytes whose way a step is; `None` for other steps, and where they are not told.
fn to_move(step: StepKind, facts: &Facts) -> Option<Bytes> {
    match step {
        StepKind::Drain | StepKind::Synchronise | StepKind::FailBack => facts.pending,
        // The initial synchronisation compares and copies every disk.
        StepKind::AwaitProtected => facts.disks,
        _ => None,
    }
}

/// How long bytes take at the rates that were measured; `None` where none was.
pub(super) fn moving(
    bytes: Bytes,
    generation: Option<Generation>,
    facts: &Facts,
    history: &History,
) -> Option<Range> {
    let at = |rate: u64| bytes.0.div_ceil(rate.max(1));
    let (slow, usual, quick) = match facts.rate.filter(|rate| *rate > 0) {
        // One measurement: a line is rarely steady.
        Some(rate) => (rate / 2, rate, rate.saturating_add(rate / 2)),
        None => history.rates(generation)?,
    };
    Some(Range::new(at(quick), at(usual), at(slow)))
}

//! How long Site Recovery was seen to take: what stands in for past runs where there are none.
//!
//! Each row has its source. What was never recorded - a classic failback, a drain, stopping an Azure
//! VM - has no row, and is unknown until this site has done it once.

use super::range::Range;
use crate::domain::place::Generation;
use crate::domain::recipe::StepKind;

/// One recorded duration.
struct Row {
    generation: Generation,
    step: StepKind,
    /// The shortest and the longest that were seen, in seconds; alike where it was seen once.
    seen: (u64, u64),
    source: &'static str,
}

const MEASURED: &str = "asr-rest.md 0.1";

const ROWS: &[Row] = &[
    // Its `SwitchReplicationGroupProtection`: 129 s.
    row(Generation::Classic, StepKind::Protect, (129, 129)),
    row(Generation::Modernised, StepKind::Protect, (720, 720)),
    // Protected 32 min after the reprotect was sent, whose job took 12.
    row(
        Generation::Modernised,
        StepKind::AwaitProtected,
        (1200, 1200),
    ),
    row(Generation::Modernised, StepKind::FailBack, (1260, 1260)),
    row(Generation::Modernised, StepKind::FailOver, (636, 636)),
    // With the synchronisation during the failover: how long each half of the other way takes was
    // not recorded.
    row(Generation::HyperV, StepKind::FailBack, (360, 660)),
    row(Generation::HyperV, StepKind::FailOver, (660, 780)),
    row(Generation::HyperV, StepKind::ProtectToAzure, (90, 90)),
];

const fn row(generation: Generation, step: StepKind, seen: (u64, u64)) -> Row {
    Row {
        generation,
        step,
        seen,
        source: MEASURED,
    }
}

/// What is recorded of a step, and where. One or two recordings say little: half of the shortest to
/// twice the longest is to be expected.
pub(super) fn of(step: StepKind, generation: Option<Generation>) -> Option<(Range, &'static str)> {
    let row = ROWS
        .iter()
        .find(|row| row.step == step && Some(row.generation) == generation)?;
    let (shortest, longest) = row.seen;
    let range = Range::new(shortest / 2, shortest.midpoint(longest), longest * 2);
    Some((range, row.source))
}

//! What steps took in the past runs of a site.

use std::collections::HashMap;

use jiff::Timestamp;

use super::guess::{FEW, is_a_persons};
use super::range::Range;
use crate::domain::ids::ArmId;
use crate::domain::place::Generation;
use crate::domain::recipe::StepKind;
use crate::domain::run::{End, Line, Record};
use crate::domain::size::Bytes;

/// Most durations that are kept of one kind of step; the first that come stay.
const MOST: usize = 256;

/// Durations of steps by kind and generation, and rates by generation.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct History {
    durations: HashMap<(StepKind, Option<Generation>), Vec<u64>>,
    /// Bytes a second.
    rates: HashMap<Option<Generation>, Vec<u64>>,
    runs: usize,
}

/// One run that is being learnt from, line by line.
#[derive(Clone, Debug, Default)]
pub struct Lesson {
    generations: HashMap<ArmId, Option<Generation>>,
    open: HashMap<(ArmId, StepKind), Open>,
    /// Somebody paused the run, or its runner had ended.
    still: bool,
    durations: Vec<(StepKind, Option<Generation>, u64)>,
    rates: Vec<(Option<Generation>, u64)>,
}

/// A step that has begun.
#[derive(Clone, Debug)]
struct Open {
    begun: Timestamp,
    attempts: u32,
    /// It waited for a person, or stood still: what it took tells nothing.
    disturbed: bool,
    /// When there was most to move, how much; and the last that was told.
    most: Option<(Timestamp, Bytes)>,
    last: Option<(Timestamp, Bytes)>,
}

impl Lesson {
    /// Takes the next line of the run.
    pub fn take(&mut self, line: &Line) {
        match &line.record {
            Record::Launched(launch) => {
                let known = launch.machines.iter();
                self.generations = known.map(|m| (m.id.clone(), m.generation)).collect();
            }
            Record::StepBegan { machine, step } => {
                let open = Open {
                    begun: line.at,
                    attempts: 0,
                    disturbed: self.still,
                    most: None,
                    last: None,
                };
                // A step that a new runner begins again stood still in between.
                let again = |open: &mut Open| open.disturbed = true;
                let key = (machine.clone(), *step);
                self.open.entry(key).and_modify(again).or_insert(open);
            }
            Record::Intent { attempt, .. } => {
                let key = (attempt.machine.clone(), attempt.step);
                if let Some(open) = self.open.get_mut(&key) {
                    open.attempts += 1;
                }
            }
            Record::Synchronising {
                machine,
                step,
                state,
            } => {
                let key = (machine.clone(), *step);
                if let (Some(open), Some(pending)) = (self.open.get_mut(&key), state.pending) {
                    open.note(line.at, pending);
                }
            }
            Record::Asked(question) => {
                if let (Some(machine), Some(step)) = (&question.machine, question.step)
                    && let Some(open) = self.open.get_mut(&(machine.clone(), step))
                {
                    open.disturbed = true;
                }
            }
            Record::Paused { .. } | Record::Suspended { .. } => self.stop(),
            Record::WentOn | Record::Resumed { .. } => self.still = false,
            Record::StepEnded { machine, step, end } => self.end(machine, *step, end, line.at),
            _ => {}
        }
    }

    fn stop(&mut self) {
        self.still = true;
        self.open
            .values_mut()
            .for_each(|open| open.disturbed = true);
    }

    fn end(&mut self, machine: &ArmId, step: StepKind, end: &End, at: Timestamp) {
        let Some(open) = self.open.remove(&(machine.clone(), step)) else {
            return;
        };
        let Some(generation) = self.generations.get(machine).copied() else {
            return;
        };
        self.rates
            .extend(open.rate().map(|rate| (generation, rate)));
        let done = matches!(end, End::Done | End::DoneBut(_));
        let counts = step != StepKind::Door && (!is_a_persons(step) || step == StepKind::Quiesce);
        if !done || !counts || open.disturbed || open.attempts > 1 {
            return;
        }
        // A second that has begun is one: nothing takes no time.
        let took = at.duration_since(open.begun);
        let seconds = took.as_secs() + i64::from(took.subsec_nanos() > 0);
        if let Ok(seconds) = u64::try_from(seconds) {
            self.durations.push((step, generation, seconds.max(1)));
        }
    }
}

impl Open {
    fn note(&mut self, at: Timestamp, pending: Bytes) {
        if self.most.is_none_or(|(_, most)| pending >= most) {
            self.most = Some((at, pending));
        }
        self.last = Some((at, pending));
    }

    fn rate(&self) -> Option<u64> {
        measured(self.most?, self.last?)
    }
}

/// Bytes a second between two looks at what is pending; `None` where it did not shrink, or no time
/// passed.
pub(super) fn measured(from: (Timestamp, Bytes), to: (Timestamp, Bytes)) -> Option<u64> {
    let seconds = u64::try_from(to.0.duration_since(from.0).as_secs()).ok()?;
    let moved = from.1.0.checked_sub(to.1.0)?;
    let rate = moved.checked_div(seconds)?;
    (rate > 0).then_some(rate)
}

impl History {
    /// Takes what a run taught; one that taught nothing is not counted.
    pub fn keep(&mut self, lesson: Lesson) {
        if lesson.durations.is_empty() && lesson.rates.is_empty() {
            return;
        }
        self.runs += 1;
        self.learn(lesson);
    }

    /// Takes what the run under way teaches, which is none of the past.
    pub(super) fn learn(&mut self, lesson: Lesson) {
        for (step, generation, took) in lesson.durations {
            push(self.durations.entry((step, generation)).or_default(), took);
        }
        for (generation, rate) in lesson.rates {
            push(self.rates.entry(generation).or_default(), rate);
        }
    }

    /// Of the runs of which each is the lines of one.
    #[must_use]
    pub fn of<'a>(runs: impl IntoIterator<Item = &'a [Line]>) -> Self {
        let mut history = Self::default();
        for lines in runs {
            let mut lesson = Lesson::default();
            lines.iter().for_each(|line| lesson.take(line));
            history.keep(lesson);
        }
        history
    }

    /// How many runs taught something.
    #[must_use]
    pub fn runs(&self) -> usize {
        self.runs
    }

    /// What a step took, and how often it was done.
    pub(super) fn durations(
        &self,
        step: StepKind,
        generation: Option<Generation>,
    ) -> Option<(Range, usize)> {
        let all = self.durations.get(&(step, generation))?;
        let (low, median, high) = spread(all)?;
        let range = match all.len() < FEW {
            // So few say nothing of their spread.
            true => Range::new(low - low / 3, median, high.saturating_add(high.div_ceil(2))),
            false => Range::new(low, median, high),
        };
        Some((range, all.len()))
    }

    /// Slow, usual and quick, in bytes a second.
    pub(super) fn rates(&self, generation: Option<Generation>) -> Option<(u64, u64, u64)> {
        let all = self.rates.get(&generation)?;
        let (slow, usual, quick) = spread(all)?;
        Some(match all.len() < FEW {
            true => (slow / 2, usual, quick.saturating_add(quick / 2)),
            false => (slow, usual, quick),
        })
    }
}

fn push(all: &mut Vec<u64>, one: u64) {
    if all.len() < MOST {
        let at = all.partition_point(|other| *other < one);
        all.insert(at, one);
    }
}

/// The tenth, the fiftieth and the ninetieth of a hundred, of what is sorted; of few the ends.
fn spread(sorted: &[u64]) -> Option<(u64, u64, u64)> {
    let last = sorted.len().checked_sub(1)?;
    let at = |percent: usize| sorted.get(last * percent / 100).copied();
    let high = sorted.get((last * 9).div_ceil(10)).copied();
    Some((at(10)?, at(50)?, high?))
}

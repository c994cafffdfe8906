//! The machines of a run and their steps, as the journal tells them.

use jiff::Timestamp;

use super::mark::Mark;
use super::record::{Attempt, End, Memory, Planned, Synchronisation};
use crate::domain::call::Call;
use crate::domain::failure::Failure;
use crate::domain::ids::{ArmId, JobId, RequestId};
use crate::domain::job::Job;
use crate::domain::place::Generation;
use crate::domain::recipe::{Course, StepKind};
use crate::domain::size::Bytes;
use crate::domain::text::Text;

/// One machine of a run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MachineRun {
    pub id: ArmId,
    pub name: Text,
    pub wave: usize,
    /// `None` where the run's first record does not tell it.
    pub generation: Option<Generation>,
    pub after: Vec<ArmId>,
    pub optional: bool,
    pub steps: Vec<StepRun>,
    /// What its steps left to the later ones.
    pub memory: Memory,
}

/// One step of a machine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StepRun {
    pub kind: StepKind,
    pub state: StepState,
    pub begun: Option<Timestamp>,
    pub ended: Option<Timestamp>,
    /// How often it was about to be sent.
    pub attempts: u32,
    /// The last attempt to change the item.
    pub sent: Option<Box<Sent>>,
    /// The last attempt to change something else for it: the power of its Azure VM, a job that waits.
    pub action: Option<Box<Sent>>,
    pub correlation: Text,
    pub job_id: Option<JobId>,
    /// As last seen.
    pub job: Option<Box<Job>>,
    pub synchronisation: Option<Synchronisation>,
    /// When that was told.
    pub synchronised: Option<Timestamp>,
    /// When most was pending in this step, and how much: from there on it shrank.
    pub most_pending: Option<(Timestamp, Bytes)>,
    /// Of the last attempt that was not made, or whose answer was lost.
    pub failure: Option<Box<Failure>>,
    /// What was last remarked about it, and when: how long it still waits for something.
    pub remark: Option<(Timestamp, Text)>,
}

/// An attempt, and what the journal knows of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sent {
    /// Counted from 1.
    pub attempt: u32,
    pub call: Call,
    pub request: RequestId,
    /// The item right before; `None` where no item is changed.
    pub mark: Option<Mark>,
    /// By the service's clock.
    pub at: Timestamp,
    pub outcome: Outcome,
}

/// What became of an attempt, as far as it was written down.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Nothing was: it may have been made.
    Open,
    /// It certainly was not made.
    NotSent,
    /// The answer was lost: it may have been made.
    Lost(Box<Failure>),
    /// The service took it; the job that carries it out, where one does.
    Accepted(Option<JobId>),
}

/// How a step stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StepState {
    Waits,
    Runs,
    Ended(End),
}

impl MachineRun {
    pub(super) fn new(planned: &Planned) -> Self {
        Self {
            id: planned.id.clone(),
            name: planned.name.clone(),
            wave: planned.wave,
            generation: planned.generation,
            after: planned.after.clone(),
            optional: planned.optional,
            memory: Memory::default(),
            steps: planned
                .steps
                .iter()
                .map(|kind| StepRun::new(*kind))
                .collect(),
        }
    }

    #[must_use]
    pub fn step(&self, kind: StepKind) -> Option<&StepRun> {
        self.steps.iter().find(|step| step.kind == kind)
    }

    /// The first step that has not ended.
    #[must_use]
    pub fn current(&self) -> Option<&StepRun> {
        let open = |s: &&StepRun| !matches!(s.state, StepState::Ended(_));
        self.steps.iter().find(open)
    }

    /// The step that says how the machine fares: a failed or doubtful one before the current one.
    #[must_use]
    pub fn telling(&self) -> Option<&StepRun> {
        let bad = |s: &&StepRun| {
            matches!(
                s.state,
                StepState::Ended(End::Failed(_) | End::Unknown(_) | End::NotBegun(_))
            )
        };
        let worst = self.steps.iter().find(bad);
        worst.or_else(|| self.current()).or(self.steps.last())
    }

    #[must_use]
    pub fn is_over(&self) -> bool {
        self.current().is_none()
    }

    /// Whether a change may have been made whose end was not seen.
    #[must_use]
    pub fn is_unsettled(&self) -> bool {
        let open = |step: &StepRun| {
            let sent = [&step.sent, &step.action].into_iter().flatten();
            step.ended.is_none()
                && sent
                    .into_iter()
                    .any(|sent| sent.outcome != Outcome::NotSent)
        };
        self.steps.iter().any(open)
    }

    /// Whether nothing but looking at the machine and committing is left, and all before it went
    /// well.
    #[must_use]
    pub fn has_arrived(&self) -> bool {
        self.steps
            .iter()
            .all(|step| match (&step.state, step.kind) {
                (StepState::Ended(End::Done | End::DoneBut(_) | End::Left(_)), _) => true,
                (StepState::Waits | StepState::Runs, kind) => {
                    matches!(kind, StepKind::VerifySurvivor | StepKind::Commit)
                }
                _ => false,
            })
    }

    pub(super) fn is_at_the_door(&self) -> bool {
        self.current()
            .is_some_and(|step| step.kind == StepKind::Door)
    }

    /// The way back, now.
    #[must_use]
    pub fn way_back(&self) -> &'static str {
        // What was sent cannot be taken back by what has not begun.
        let sent = |kind| {
            self.step(kind)
                .is_some_and(|s| s.attempts > 0 && s.state != StepState::Waits)
        };
        let steps: Vec<StepKind> = self.steps.iter().map(|step| step.kind).collect();
        let course = Course {
            generation: self.generation,
            steps: &steps,
        };
        let said = steps.iter().rev().filter(|kind| sent(**kind));
        let said = said.filter_map(|kind| course.after(*kind)).next();
        match (said, self.current()) {
            (Some(words), _) => words,
            (None, Some(step)) => course.way_back(step.kind),
            (None, None) if self.is_left_uncommitted() => course.uncommitted(),
            (None, None) => "none: it is over",
        }
    }

    /// Whether the machine failed over, in whichever direction, and its commit was not sent.
    fn is_left_uncommitted(&self) -> bool {
        let well = |kind: StepKind| {
            self.step(kind).is_some_and(|step| {
                matches!(step.state, StepState::Ended(End::Done | End::DoneBut(_)))
            })
        };
        let moved = well(StepKind::FailBack) || well(StepKind::FailOver);
        moved && self.step(StepKind::Commit).is_some_and(|s| s.attempts == 0)
    }
}

impl StepRun {
    /// The request id of the last attempt.
    #[must_use]
    pub fn request(&self) -> Option<RequestId> {
        let last = self.sent.iter().chain(&self.action);
        let last = last.max_by_key(|sent| sent.attempt);
        last.map(|sent| sent.request)
    }

    pub(super) fn synchronised(&mut self, at: Timestamp, state: &Synchronisation) {
        let most = self.most_pending.map(|(_, most)| most);
        if let Some(pending) = state.pending.filter(|pending| Some(*pending) >= most) {
            self.most_pending = Some((at, pending));
        }
        self.synchronised = Some(at);
        self.synchronisation = Some(state.clone());
    }

    pub(super) fn came_to(&mut self, attempt: &Attempt, outcome: Outcome) {
        let mut known = self.sent.iter_mut().chain(&mut self.action);
        if let Some(sent) = known.find(|sent| sent.attempt == attempt.attempt) {
            sent.outcome = outcome;
        }
    }

    pub(super) fn new(kind: StepKind) -> Self {
        Self {
            kind,
            state: StepState::Waits,
            begun: None,
            ended: None,
            attempts: 0,
            sent: None,
            action: None,
            correlation: Text::default(),
            job_id: None,
            job: None,
            synchronisation: None,
            synchronised: None,
            most_pending: None,
            failure: None,
            remark: None,
        }
    }
}

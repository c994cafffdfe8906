//! What a journal comes to: the one reading of it that monitors, commands and reports share.

use std::collections::HashMap;

use jiff::{SignedDuration, Timestamp};

use super::mark::Mark;
use super::question::{Question, QuestionId};
use super::record::{
    Attempt, Closing, End, HookAt, Launch, Line, Memory, Planned, Record, Synchronisation,
};
use super::request::Request;
use super::tally::Tally;
use crate::domain::call::Call;
use crate::domain::failure::Failure;
use crate::domain::ids::{ArmId, JobId, RequestId};
use crate::domain::job::Job;
use crate::domain::person::Person;
use crate::domain::place::Generation;
use crate::domain::recipe::{Course, StepKind};
use crate::domain::size::Bytes;
use crate::domain::text::Text;

/// A run as its journal tells it. Whether its runner still lives the journal cannot tell: the lock
/// in its folder does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Run {
    pub launch: Launch,
    pub state: RunState,
    pub machines: Vec<MachineRun>,
    /// Local commands of the plan and its waves, in the order in which they began.
    pub hooks: Vec<HookRun>,
    /// Open ones, oldest first.
    pub questions: Vec<Question>,
    /// Newest last.
    pub remarks: Vec<(Timestamp, Text)>,
    /// What people asked of it and answered, newest last.
    pub heard: Vec<Heard>,
    pub begun: Timestamp,
    /// Of the last record.
    pub last: Timestamp,
    pub records: u64,
    /// Whose pause it is, when a person's.
    pub paused_by: Option<Person>,
    /// How far the service's clock was ahead of the runner's when something was last sent; `None`
    /// before that.
    pub ahead: Option<SignedDuration>,
    /// Who stopped it.
    pub stopped_by: Option<Person>,
    /// The highest number that a question had.
    asked: u32,
    /// Where each machine stands in `machines`: a journal of a hundred thousand lines about ten
    /// thousand machines is folded in one go.
    places: HashMap<ArmId, usize>,
    tally: Tally,
}

/// A local command that belongs to no machine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HookRun {
    pub at: HookAt,
    pub command: Text,
    pub state: StepState,
    pub begun: Timestamp,
    pub ended: Option<Timestamp>,
}

/// What a person asked of a run, and what became of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Heard {
    pub at: Timestamp,
    pub by: Person,
    pub request: Request,
    /// Why it could not be done.
    pub refused: Option<Text>,
    /// When they wrote it, by the clock of their host.
    pub asked: Option<Timestamp>,
}

/// How a run stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RunState {
    Running,
    /// Every machine that is not through waits for a person.
    Waiting,
    /// A pause; why.
    Paused(Text),
    /// Its runner ended, and said why; it may be resumed.
    Suspended(Text),
    /// Every machine is where it should be; only verifying and committing is left.
    Arrived,
    Closed(Closing),
}

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

impl Run {
    /// Folds the lines of a journal. `None` while the first record is not there.
    #[must_use]
    pub fn fold<'a>(lines: impl IntoIterator<Item = &'a Line>) -> Option<Self> {
        let mut lines = lines.into_iter();
        let first = lines.next()?;
        let Record::Launched(launch) = &first.record else {
            return None;
        };
        let mut run = Self {
            state: RunState::Running,
            machines: launch.machines.iter().map(MachineRun::new).collect(),
            launch: launch.as_ref().clone(),
            hooks: Vec::new(),
            questions: Vec::new(),
            remarks: Vec::new(),
            heard: Vec::new(),
            begun: first.at,
            last: first.at,
            records: 1,
            paused_by: None,
            ahead: None,
            stopped_by: None,
            asked: 0,
            places: HashMap::with_capacity(launch.machines.len()),
            tally: Tally::default(),
        };
        for (place, machine) in run.machines.iter().enumerate() {
            // A machine that stands twice is the first of the two, as everywhere.
            run.places.entry(machine.id.clone()).or_insert(place);
            run.tally.set(place, machine);
        }
        lines.for_each(|line| run.apply(line));
        Some(run)
    }

    /// Takes the next line. A record about a machine or step that the run does not have changes
    /// nothing but the time; a step that begins is had from then on.
    pub fn apply(&mut self, line: &Line) {
        self.last = line.at;
        self.records += 1;
        match &line.record {
            Record::Launched(_) => {}
            Record::Requested {
                by,
                request,
                refused,
                asked,
            } => {
                match (request, refused) {
                    (Request::Pause, None) => self.paused_by = Some(by.clone()),
                    (Request::GoOn, None) => self.paused_by = None,
                    (Request::Stop, None) => self.stopped_by = Some(by.clone()),
                    _ => {}
                }
                self.heard.push(Heard {
                    at: line.at,
                    by: by.clone(),
                    request: request.clone(),
                    refused: refused.clone(),
                    asked: *asked,
                });
            }
            Record::StepBegan { machine, step } => {
                self.admit(machine, *step);
                self.step(machine, *step, |run| {
                    run.state = StepState::Runs;
                    run.begun = run.begun.or(Some(line.at));
                });
            }
            Record::Intent {
                attempt,
                call,
                request,
                mark,
                service_time,
            } => {
                self.ahead = Some(service_time.duration_since(line.at));
                self.attempt(attempt, |run| {
                    run.attempts = attempt.attempt;
                    run.failure = None;
                    let sent = Some(Box::new(Sent {
                        attempt: attempt.attempt,
                        call: call.clone(),
                        request: *request,
                        mark: mark.clone(),
                        at: *service_time,
                        outcome: Outcome::Open,
                    }));
                    match mark {
                        Some(_) => run.sent = sent,
                        None => run.action = sent,
                    }
                });
            }
            Record::Accepted {
                attempt,
                job,
                correlation,
            } => self.attempt(attempt, |run| {
                run.job_id.clone_from(job);
                run.correlation = correlation.clone();
                run.came_to(attempt, Outcome::Accepted(job.clone()));
            }),
            Record::NotSent { attempt, failure } => self.attempt(attempt, |run| {
                run.failure = Some(failure.clone());
                run.came_to(attempt, Outcome::NotSent);
            }),
            Record::AnswerLost { attempt, failure } => self.attempt(attempt, |run| {
                run.failure = Some(failure.clone());
                run.came_to(attempt, Outcome::Lost(failure.clone()));
            }),
            Record::Found { attempt, job } => self.attempt(attempt, |run| {
                run.job_id = Some(job.clone());
                run.failure = None;
                run.came_to(attempt, Outcome::Accepted(Some(job.clone())));
            }),
            Record::Job { machine, step, job } => self.step(machine, *step, |run| {
                run.job_id = Some(job.name.clone());
                run.job = Some(job.clone());
            }),
            Record::Synchronising {
                machine,
                step,
                state,
            } => self.step(machine, *step, |run| {
                run.synchronised(line.at, state);
            }),
            Record::Remark {
                machine,
                step,
                words,
            } => {
                self.remarks.push((line.at, words.clone()));
                if let (Some(machine), Some(step)) = (machine, step) {
                    self.step(machine, *step, |run| {
                        run.remark = Some((line.at, words.clone()));
                    });
                }
            }
            Record::Asked(question) => {
                self.asked = self.asked.max(question.id.0);
                self.questions.push(question.as_ref().clone());
                self.count(question, Tally::asked);
            }
            Record::Answered { answer, by, asked } => {
                self.settle(|question| question.id == answer.question);
                self.heard.push(Heard {
                    at: line.at,
                    by: by.clone(),
                    request: Request::Answer(answer.clone()),
                    refused: None,
                    asked: *asked,
                });
            }
            Record::StepEnded { machine, step, end } => {
                self.step(machine, *step, |run| {
                    run.state = StepState::Ended(end.clone());
                    run.ended = Some(line.at);
                });
                self.settle(|q| q.machine.as_ref() == Some(machine) && q.step == Some(*step));
            }
            Record::Kept { machine, memory } => {
                if let Some(place) = self.place(machine) {
                    self.machines[place].memory = memory.clone();
                }
            }
            Record::HookBegan { at, command } => self.hooks.push(HookRun {
                at: *at,
                command: command.clone(),
                state: StepState::Runs,
                begun: line.at,
                ended: None,
            }),
            Record::HookEnded { at, end } => {
                if let Some(hook) = self.hooks.iter_mut().rev().find(|hook| hook.at == *at) {
                    hook.state = StepState::Ended(end.clone());
                    hook.ended = Some(line.at);
                }
            }
            Record::Suspended { why, .. } => self.state = RunState::Suspended(why.clone()),
            Record::Resumed { .. } => {
                // They are asked anew.
                self.settle(|_| true);
                self.state = match &self.paused_by {
                    Some(who) => RunState::Paused(format!("{who} paused it").into()),
                    None => RunState::Running,
                };
            }
            Record::Mended { .. } => {}
            Record::Paused { why } => self.state = RunState::Paused(why.clone()),
            Record::WentOn => self.state = RunState::Running,
            Record::Closed(closing) => {
                self.settle(|_| true);
                self.state = RunState::Closed(*closing);
            }
        }
        self.judge();
    }

    /// What the machines make of a run that is neither paused nor closed.
    fn judge(&mut self) {
        if matches!(
            self.state,
            RunState::Paused(_) | RunState::Suspended(_) | RunState::Closed(_)
        ) {
            return;
        }
        self.state = if self.tally.all_arrived() {
            RunState::Arrived
        } else if !self.questions.is_empty() && self.tally.all_wait() {
            RunState::Waiting
        } else {
            RunState::Running
        };
    }

    /// The number that the next question takes.
    #[must_use]
    pub fn next_question(&self) -> QuestionId {
        QuestionId(self.asked + 1)
    }

    #[must_use]
    pub fn machine(&self, id: &ArmId) -> Option<&MachineRun> {
        self.place(id).map(|place| &self.machines[place])
    }

    /// Where a machine stands in `machines`.
    #[must_use]
    pub fn place(&self, id: &ArmId) -> Option<usize> {
        self.places.get(id).copied()
    }

    #[must_use]
    pub fn question(&self, id: QuestionId) -> Option<&Question> {
        self.questions.iter().find(|question| question.id == id)
    }

    #[must_use]
    pub fn is_closed(&self) -> bool {
        matches!(self.state, RunState::Closed(_))
    }

    /// Steps that ended, of all that were planned: how far the run is.
    #[must_use]
    pub fn progress(&self) -> (usize, usize) {
        let steps = || self.machines.iter().flat_map(|machine| &machine.steps);
        let ended = steps().filter(|s| matches!(s.state, StepState::Ended(_)));
        (ended.count(), steps().count())
    }

    /// The wave in which the run is: the lowest with a machine that has not arrived; `None` when all
    /// have. And how many there are.
    #[must_use]
    pub fn wave(&self) -> (Option<usize>, usize) {
        let open = self
            .machines
            .iter()
            .filter(|m| !m.has_arrived() && !m.is_over());
        let all = self.machines.iter().map(|m| m.wave).max().unwrap_or(1);
        (open.map(|m| m.wave).min(), all)
    }

    /// Takes up a step that was not planned: a person decided on it. It stands behind what has begun.
    fn admit(&mut self, machine: &ArmId, kind: StepKind) {
        let Some(place) = self.place(machine) else {
            return;
        };
        let steps = &mut self.machines[place].steps;
        if steps.iter().any(|step| step.kind == kind) {
            return;
        }
        let begun = steps.iter().rposition(|s| s.state != StepState::Waits);
        steps.insert(begun.map_or(0, |at| at + 1), StepRun::new(kind));
    }

    fn step(&mut self, machine: &ArmId, kind: StepKind, change: impl FnOnce(&mut StepRun)) {
        let Some(place) = self.place(machine) else {
            return;
        };
        let own = &mut self.machines[place];
        if let Some(step) = own.steps.iter_mut().find(|s| s.kind == kind) {
            change(step);
        }
        self.tally.set(place, own);
    }

    /// Takes the questions away that are answered or moot.
    fn settle(&mut self, is_over: impl Fn(&Question) -> bool) {
        let (over, open) = std::mem::take(&mut self.questions)
            .into_iter()
            .partition(is_over);
        self.questions = open;
        let over: Vec<Question> = over;
        over.iter()
            .for_each(|question| self.count(question, Tally::answered));
    }

    fn count(&mut self, question: &Question, how: impl Fn(&mut Tally, usize)) {
        if let Some(place) = question.machine.as_ref().and_then(|id| self.place(id)) {
            how(&mut self.tally, place);
        }
    }

    fn attempt(&mut self, attempt: &Attempt, change: impl FnOnce(&mut StepRun)) {
        self.step(&attempt.machine, attempt.step, change);
    }
}

impl MachineRun {
    fn new(planned: &Planned) -> Self {
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

    fn synchronised(&mut self, at: Timestamp, state: &Synchronisation) {
        let most = self.most_pending.map(|(_, most)| most);
        if let Some(pending) = state.pending.filter(|pending| Some(*pending) >= most) {
            self.most_pending = Some((at, pending));
        }
        self.synchronised = Some(at);
        self.synchronisation = Some(state.clone());
    }

    fn came_to(&mut self, attempt: &Attempt, outcome: Outcome) {
        let mut known = self.sent.iter_mut().chain(&mut self.action);
        if let Some(sent) = known.find(|sent| sent.attempt == attempt.attempt) {
            sent.outcome = outcome;
        }
    }

    fn new(kind: StepKind) -> Self {
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

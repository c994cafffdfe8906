//! What a journal comes to: the one reading of it that monitors, commands and reports share.

use std::collections::HashMap;

use jiff::{SignedDuration, Timestamp};

use super::progress::{MachineRun, Outcome, Sent, StepRun, StepState};
use super::question::{Question, QuestionId, made};
use super::record::{Attempt, Closing, HookAt, Launch, Line, Record};
use super::request::Request;
use super::tally::Tally;
use crate::domain::ids::ArmId;
use crate::domain::person::Person;
use crate::domain::recipe::StepKind;
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
    /// How many of the checks of the question that was answered were ticked, in words.
    pub made: Option<String>,
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
                    made: None,
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
                self.remarks
                    .push((line.at, self.named(machine.as_ref(), words)));
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
                let question = self.question(answer.question);
                let made = question.and_then(|own| made(&own.checks, &answer.ticked));
                self.settle(|question| question.id == answer.question);
                self.heard.push(Heard {
                    at: line.at,
                    by: by.clone(),
                    request: Request::Answer(answer.clone()),
                    refused: None,
                    made,
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

    /// A machine's name; of one that the run does not have, that of its item.
    #[must_use]
    pub fn name_of(&self, id: &ArmId) -> Text {
        match self.machine(id) {
            Some(machine) => machine.name.clone(),
            None => id.name().into(),
        }
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

    /// A remark with the name of its machine, where it does not say it itself.
    fn named(&self, machine: Option<&ArmId>, words: &Text) -> Text {
        let name = machine.and_then(|id| self.machine(id)).map(|own| &own.name);
        match name {
            Some(name) if !words.as_str().contains(name.as_str()) => {
                format!("{name}: {words}").into()
            }
            _ => words.clone(),
        }
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

//! One machine's way through its recipe.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use jiff::Timestamp;

use super::command::Facts;
use super::desk::{Asking, Desk, Halt, Way};
use super::step;
use super::turns::Turns;
use crate::azure::Vault;
use crate::domain::plan::{Recovered, Recovery};
use crate::domain::run::{
    self as kept, End, MachineRun, Outcome, Record, Run, RunId, Sent, StepRun, StepState, Topic,
};
use crate::domain::{
    ArmId, Change, Failure, Intent, JobState, Machine, Plan, Recipe, Retry, Step, StepKind, Text,
};
use crate::site::Site;

/// Carries one machine through its recipe. What it knows for itself is in [`Memory`].
pub(super) struct Carrier<'a> {
    pub site: &'a Site,
    pub vault: &'a Vault,
    pub desk: &'a Desk,
    pub run: &'a RunId,
    pub plan: &'a Plan,
    pub recipe: &'a Recipe,
    /// As it was when the run began.
    pub first: &'a Machine,
    /// A VM in Azure is named, but may be another machine's: nobody looks at it, or touches it.
    pub doubtful_vm: bool,
    pub turns: &'a Turns,
    pub inherited: Inherited,
}

/// What the runners before left of a machine.
#[derive(Default)]
pub(super) struct Inherited {
    memory: kept::Memory,
    ends: HashMap<StepKind, End>,
    /// What the step that was under way sent, or may have. Whoever takes it sees it through.
    sent: Mutex<Vec<(StepKind, Sent)>>,
}

/// What a step sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Inheritance {
    /// A change of the item.
    Change,
    /// Of the power of a VM, or of a job that waited.
    Action,
}

impl Inheritance {
    fn is(self, sent: &Sent) -> bool {
        match self {
            Self::Change => sent.mark.is_some(),
            Self::Action => sent.mark.is_none(),
        }
    }
}

impl Inherited {
    fn sent(&self) -> MutexGuard<'_, Vec<(StepKind, Sent)>> {
        self.sent.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub fn of(run: Option<&MachineRun>) -> Self {
        let Some(run) = run else {
            return Self::default();
        };
        let end = |step: &StepRun| match &step.state {
            StepState::Ended(end) => Some((step.kind, end.clone())),
            StepState::Waits | StepState::Runs => None,
        };
        let sent = |step: &StepRun| {
            let sent = step.sent.iter().chain(&step.action);
            let made = sent.filter(|sent| sent.outcome != Outcome::NotSent);
            made.map(|sent| (step.kind, sent.as_ref().clone()))
                .collect()
        };
        Self {
            memory: run.memory.clone(),
            ends: run.steps.iter().filter_map(end).collect(),
            sent: Mutex::new(run.current().map(sent).unwrap_or_default()),
        }
    }
}

/// What one step of a machine leaves to the later ones.
#[derive(Default)]
pub(super) struct Memory {
    /// Since when nothing is written any more, by the service's clock.
    pub quiet: Option<Timestamp>,
    /// Nothing was on its way when last looked.
    pub drained: bool,
    /// A person decided to go on although something was on its way.
    pub undrained: bool,
    /// This run switched the Azure VM off before the failover.
    pub stopped_first: bool,
    /// The job of a synchronisation that waits to be completed.
    pub held: Option<step::Held>,
    /// This run saw it come home.
    pub home: bool,
    /// Who answers for the machine that survives, and why.
    pub vouched: Option<Text>,
    /// The step that began a local command, and has no end yet.
    pub command: Option<StepKind>,
    /// When its commit window is over, by the service's clock.
    pub window: Option<Timestamp>,
    /// Who decided to cancel its failback.
    pub cancelled: Option<Text>,
    /// The machine as it was shown to whoever typed its name to cancel; not kept: another runner asks
    /// again.
    pub confirmed: Option<Box<Machine>>,
}

impl Memory {
    /// As the journal keeps it.
    fn written(&self) -> kept::Memory {
        kept::Memory {
            quiet: self.quiet,
            drained: self.drained,
            undrained: self.undrained,
            stopped_first: self.stopped_first,
            held: self.held.as_ref().map(step::Held::written),
            home: self.home,
            vouched: self.vouched.clone(),
            command: self.command,
            window: self.window,
            cancelled: self.cancelled.clone(),
        }
    }

    fn read(kept: &kept::Memory) -> Self {
        Self {
            quiet: kept.quiet,
            drained: kept.drained,
            undrained: kept.undrained,
            stopped_first: kept.stopped_first,
            held: kept.held.as_ref().map(step::Held::read),
            home: kept.home,
            vouched: kept.vouched.clone(),
            command: kept.command,
            window: kept.window,
            cancelled: kept.cancelled.clone(),
            confirmed: None,
        }
    }
}

impl Carrier<'_> {
    pub fn id(&self) -> &ArmId {
        &self.recipe.machine
    }

    pub fn name(&self) -> &Text {
        &self.recipe.name
    }

    /// The pause between two looks.
    pub fn poll(&self) -> std::time::Duration {
        self.site.arm().pace().poll
    }

    /// The service's time.
    pub fn now(&self) -> Timestamp {
        self.site.arm().service_now()
    }

    /// Waits until a moment of the service's clock.
    pub async fn rest_until(&self, moment: Timestamp) -> Way<()> {
        while self.now() < moment {
            // The clock is read off answers: without one it would stand still.
            let _ = self.site.arm().vault(self.vault).await;
            self.desk.rest(self.poll()).await?;
        }
        Ok(())
    }

    /// The VM that the machine is in Azure, as far as anybody told.
    pub fn azure_vm(&self) -> Option<&ArmId> {
        if self.doubtful_vm {
            return None;
        }
        let planned = match self.plan.intent() {
            Intent::Protect(protection) => protection
                .machine(self.id())
                .and_then(|own| own.azure_vm.as_ref()),
            _ => self.recovered().and_then(|(_, own)| own.azure_vm.as_ref()),
        };
        planned.or(self.first.azure_vm.as_ref())
    }

    /// What the plan says about bringing the machine home, if it does.
    pub fn recovered(&self) -> Option<(&Recovery, &Recovered)> {
        match self.plan.intent() {
            Intent::FailBack(recovery) => Some((recovery, recovery.machine(self.id())?)),
            _ => None,
        }
    }

    /// A question about the machine, to which evidence and choices are added.
    pub fn asking(&self, step: StepKind, topic: Topic, words: impl Into<Text>) -> Asking {
        Asking {
            topic,
            machine: Some(self.id().clone()),
            step: Some(step),
            words: words.into(),
            evidence: Vec::new(),
            choices: Vec::new(),
            checks: Vec::new(),
            until: None,
        }
    }

    pub async fn remark(&self, step: StepKind, words: impl Into<Text>) -> Way<()> {
        self.desk.remark(self.id(), Some(step), words).await
    }

    /// What a runner before sent, or may have, within `step`; told once each.
    pub fn inherited(&self, step: StepKind, what: Inheritance) -> Option<Sent> {
        let mut sent = self.inherited.sent();
        let at = sent
            .iter()
            .position(|(of, sent)| *of == step && what.is(sent))?;
        Some(sent.swap_remove(at).1)
    }

    /// Whether [`Self::inherited`] has something to tell.
    pub fn has_inherited(&self, step: StepKind, what: Inheritance) -> bool {
        let sent = self.inherited.sent();
        sent.iter().any(|(of, sent)| *of == step && what.is(sent))
    }

    /// Writes down what later steps need to know, where it changed: a runner after this one goes on
    /// with it.
    pub async fn keep(&self, memory: &Memory) -> Way<()> {
        match self.news(memory) {
            Some(record) => self.desk.write(record).await,
            None => Ok(()),
        }
    }

    fn news(&self, memory: &Memory) -> Option<Record> {
        let memory = memory.written();
        let last = |run: &Run| run.machine(self.id()).map(|run| run.memory.clone());
        let last = self.desk.run(last).flatten().unwrap_or_default();
        (last != memory).then(|| Record::Kept {
            machine: self.id().clone(),
            memory,
        })
    }

    /// What every local command is told; `at` says when it is run.
    pub fn facts(&self, at: &str) -> Facts {
        Facts::of(self.desk, at)
    }

    /// Nothing is begun with the machine.
    pub async fn begin_nothing(&self, why: &Text) -> Way<()> {
        self.leave(&self.recipe.steps, &End::NotBegun(why.clone()))
            .await
    }

    /// Carries the machine as far as it comes. Every step has an end when this returns, unless the
    /// journal cannot be written or the runner ends.
    pub async fn carry(&self) -> Way<()> {
        let mut memory = Memory::read(&self.inherited.memory);
        let mut steps = self.recipe.steps.clone();
        let mut at = 0;
        while let Some(step) = steps.get(at) {
            let kind = step.kind();
            if kind == StepKind::Commit
                && is_cancelled(&steps[..at])
                && let Some(who) = &memory.cancelled
            {
                let then = End::Left(format!("not committed: {who} cancelled its failback").into());
                return self.leave(&steps[at..], &then).await;
            }
            let end = match self.inherited.ends.get(&kind) {
                Some(end) => end.clone(),
                None => match self.step(step, &mut memory).await {
                    Ok(end) => {
                        let news = self.news(&memory).into_iter();
                        let ended = self.ended(kind, end.clone());
                        self.desk.write_all(news.chain([ended]).collect()).await?;
                        end
                    }
                    Err(Halt::Stopped) => return self.stop(&steps[at..]).await,
                    Err(halt) => return Err(halt),
                },
            };
            at += 1;
            let then = match end {
                End::Done | End::DoneBut(_) => continue,
                // A person decided so before its commit: steps that were not planned.
                End::Left(_)
                    if kind != StepKind::CancelFailover
                        && memory.cancelled.is_some()
                        && !is_cancelled(&steps) =>
                {
                    steps.splice(at..at, self.cancelling());
                    continue;
                }
                End::Left(words) if is_left_alone(kind) => End::Left(words),
                _ => End::NotBegun(not_through(kind)),
            };
            return self.leave(&steps[at..], &then).await;
        }
        Ok(())
    }

    /// Ends steps that are not begun any more.
    async fn leave(&self, steps: &[Step], then: &End) -> Way<()> {
        let open = |step: &&Step| !self.inherited.ends.contains_key(&step.kind());
        let ends = steps.iter().filter(open);
        let ends = ends.map(|step| self.ended(step.kind(), then.clone()));
        self.desk.write_all(ends.collect()).await
    }

    /// What takes a failback back before its commit.
    fn cancelling(&self) -> [Step; 2] {
        let item = self.id().clone();
        let cancel = Change::CancelFailover { item };
        [Step::CancelFailover(cancel), Step::AwaitProtected]
    }

    async fn step(&self, step: &Step, memory: &mut Memory) -> Way<End> {
        let kind = step.kind();
        // What only watches begins in a pause, too.
        if !matches!(kind, StepKind::AwaitProtected | StepKind::Door) {
            self.desk.gate().await?;
        }
        let began = self.desk.run(|run| {
            let step = run.machine(self.id())?.step(kind)?;
            step.begun
        });
        if began.flatten().is_none() {
            let machine = self.id().clone();
            let record = Record::StepBegan {
                machine,
                step: kind,
            };
            self.desk.write(record).await?;
        }
        step::take(self, step, memory).await
    }

    fn ended(&self, step: StepKind, end: End) -> Record {
        Record::StepEnded {
            machine: self.id().clone(),
            step,
            end,
        }
    }

    /// A person stopped the run while the first of `steps` was under way.
    async fn stop(&self, steps: &[Step]) -> Way<()> {
        let who = self.desk.stopped();
        let words = match &who {
            Some(who) => format!("the run was stopped by {who}"),
            None => "the run was stopped".into(),
        };
        let mut ends = Vec::new();
        for step in steps {
            let kind = step.kind();
            let own = |run: &Run| run.machine(self.id())?.step(kind).cloned();
            let run = self.desk.run(own).flatten();
            let end = run.map_or_else(
                || End::NotBegun(words.as_str().into()),
                |run| interrupted(&run, self.name(), &words),
            );
            ends.push(self.ended(kind, end));
        }
        self.desk.write_all(ends).await
    }
}

fn is_cancelled(steps: &[Step]) -> bool {
    let mut steps = steps.iter();
    steps.any(|step| step.kind() == StepKind::CancelFailover)
}

/// Whether a person who leaves the step leaves what comes after it, too: nothing failed.
fn is_left_alone(kind: StepKind) -> bool {
    matches!(
        kind,
        StepKind::VerifySurvivor
            | StepKind::Commit
            | StepKind::CancelFailover
            | StepKind::Protect
            | StepKind::TemporaryDisk
    )
}

fn not_through(kind: StepKind) -> Text {
    format!("\"{}\" did not come through", kind.words()).into()
}

/// The end of a step that was under way when the run was stopped.
fn interrupted(step: &StepRun, name: &Text, words: &str) -> End {
    if step.begun.is_none() {
        return End::NotBegun(words.into());
    }
    if step.attempts == 0 {
        return End::Left(words.into());
    }
    let failed =
        |job: &crate::domain::Job| matches!(job.state, JobState::Failed | JobState::Cancelled);
    match (&step.job, &step.failure) {
        (Some(job), None) if failed(job) => End::Failed(Box::new(step::failure_of(job, name))),
        (_, Some(failure)) if failure.retry != Retry::LookFirst => End::Failed(failure.clone()),
        _ => {
            let job = step.job_id.as_ref();
            let job = job.map_or(String::new(), |job| format!(" (job {job})"));
            let what = format!(
                "It is not known how \"{}\" of {name} ended: {words}{job}.",
                step.kind.words()
            );
            let advice = "What runs in Azure goes on there: look at the machine and at its jobs.";
            End::Unknown(Box::new(Failure::new(what, advice, Retry::LookFirst)))
        }
    }
}

//! One machine's way through its recipe.

use jiff::Timestamp;

use super::command::Facts;
use super::desk::{Desk, Halt, Way};
use super::step;
use super::turns::Turns;
use crate::azure::Vault;
use crate::domain::plan::{Recovered, Recovery};
use crate::domain::run::{End, Record, RunId, StepRun};
use crate::domain::{
    ArmId, Failure, Intent, JobState, Machine, Plan, Recipe, Retry, Step, StepKind, Text,
};
use crate::site::Site;

/// Carries one machine through its recipe. What it knows for itself is in [`Memory`].
pub(super) struct Carrier<'a> {
    pub site: &'a Site,
    pub vault: &'a Vault,
    pub desk: &'a Desk<'a>,
    pub run: &'a RunId,
    pub plan: &'a Plan,
    pub recipe: &'a Recipe,
    /// As it was when the run began.
    pub first: &'a Machine,
    /// A VM in Azure is named, but may be another machine's: nobody looks at it, or touches it.
    pub doubtful_vm: bool,
    pub turns: &'a Turns,
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

    pub fn remark(&self, step: StepKind, words: impl Into<Text>) -> Way<()> {
        self.desk.remark(self.id(), Some(step), words)
    }

    pub fn keep(&self, memory: &Memory) -> Way<()> {
        self.desk.write(Record::Kept {
            machine: self.id().clone(),
            memory: crate::domain::run::Memory {
                command: memory.command,
                ..crate::domain::run::Memory::default()
            },
        })
    }

    /// What every local command is told; `at` says when it is run.
    pub fn facts(&self, at: &str) -> Facts {
        Facts::of(self.desk, at)
    }

    /// Nothing is begun with the machine.
    pub fn leave(&self, why: &Text) -> Way<()> {
        for step in &self.recipe.steps {
            self.end(step.kind(), End::NotBegun(why.clone()))?;
        }
        Ok(())
    }

    /// Carries the machine as far as it comes. Every step has an end when this returns, unless the
    /// journal cannot be written.
    pub async fn carry(&self) -> Way<()> {
        let mut memory = Memory::default();
        for (at, step) in self.recipe.steps.iter().enumerate() {
            let kind = step.kind();
            let end = match self.step(step, &mut memory).await {
                Ok(end) => end,
                Err(Halt::Unwritten) => return Err(Halt::Unwritten),
                Err(Halt::Stopped) => return self.stop_at(at),
            };
            self.end(kind, end.clone())?;
            let rest = &self.recipe.steps[at + 1..];
            let then = match end {
                End::Done | End::DoneBut(_) => continue,
                End::Left(words) if is_left_alone(kind) => End::Left(words),
                _ => End::NotBegun(not_through(kind)),
            };
            for step in rest {
                self.end(step.kind(), then.clone())?;
            }
            return Ok(());
        }
        Ok(())
    }

    async fn step(&self, step: &Step, memory: &mut Memory) -> Way<End> {
        let kind = step.kind();
        // What only watches begins in a pause, too.
        if !matches!(kind, StepKind::AwaitProtected | StepKind::Door) {
            self.desk.gate().await?;
        }
        let machine = self.id().clone();
        self.desk.write(Record::StepBegan {
            machine,
            step: kind,
        })?;
        step::take(self, step, memory).await
    }

    fn end(&self, step: StepKind, end: End) -> Way<()> {
        self.desk.write(Record::StepEnded {
            machine: self.id().clone(),
            step,
            end,
        })
    }

    /// A person stopped the run while the step at `at` was under way.
    fn stop_at(&self, at: usize) -> Way<()> {
        let who = self.desk.stopped();
        let words = match &who {
            Some(who) => format!("the run was stopped by {who}"),
            None => "the run was stopped".into(),
        };
        for step in &self.recipe.steps[at..] {
            let kind = step.kind();
            let own = |run: &crate::domain::run::Run| {
                let machine = run.machine(self.id())?;
                machine.step(kind).cloned()
            };
            let run = self.desk.run(own).flatten();
            let end = run.map_or_else(
                || End::NotBegun(words.as_str().into()),
                |run| interrupted(&run, self.name(), &words),
            );
            self.end(kind, end)?;
        }
        Ok(())
    }
}

/// Whether a person who leaves the step leaves what comes after it, too: nothing failed.
fn is_left_alone(kind: StepKind) -> bool {
    matches!(
        kind,
        StepKind::VerifySurvivor | StepKind::Commit | StepKind::CancelFailover | StepKind::Protect
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

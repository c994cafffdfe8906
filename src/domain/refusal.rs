//! What may be done with a machine now, and for everything else why not and what to do instead.
//!
//! Offered is what Azure lists in `allowedOperations` - for a job, in its `allowedActions` - and what
//! no guard of ours forbids. Everything else is refused with a sentence, a way on, and the source of
//! the rule. The table is data: `rows`. Pure.

mod jobs;
mod rows;
#[cfg(test)]
mod tests;

use serde::Serialize;

use super::job::{Job, Outcome};
use super::machine::Machine;
use super::place::{Class, Generation, Place};
use super::stage::Stage;
use super::verb::Verb;

pub use jobs::{JOB_CANCEL, job_action, job_cancel};

/// Why something is not offered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Refusal {
    /// One sentence.
    pub why: &'static str,
    /// What to do instead; one sentence.
    pub instead: &'static str,
    /// Document and rule, or the part of the service's description that says so.
    pub source: &'static str,
}

/// A machine as it stands, with the job that is under way on it.
#[derive(Clone, Copy, Debug)]
pub struct Situation<'a> {
    pub machine: &'a Machine,
    /// Not over; the one that can be resumed before others.
    pub job: Option<&'a Job>,
}

impl<'a> Situation<'a> {
    /// `jobs` are those of the vault, shallow ones serve.
    #[must_use]
    pub fn of(machine: &'a Machine, jobs: &'a [Job]) -> Self {
        let own = |job: &&Job| !job.state.is_over() && machine.is_target_of(job);
        let waits = |job: &&Job| own(job) && job.allows("Resume");
        let job = jobs.iter().find(waits).or_else(|| jobs.iter().find(own));
        Self { machine, job }
    }

    /// Whether `verb` may be offered.
    ///
    /// # Errors
    /// Why not, and what to do instead.
    pub fn verdict(&self, verb: Verb) -> Result<(), Refusal> {
        if let Some(refusal) = rows::find(rows::GUARDS, self, verb) {
            return Err(refusal);
        }
        let listed = match verb {
            Verb::Complete => self.waiting_failback().is_some(),
            Verb::Resynchronise => false,
            _ => self.machine.next.offers(verb),
        };
        match listed {
            true => Ok(()),
            false => Err(rows::find(rows::REASONS, self, verb).unwrap_or(rows::NOT_OFFERED)),
        }
    }

    /// What may be offered, best first.
    #[must_use]
    pub fn offered(&self) -> Vec<Verb> {
        let offered = |verb: &Verb| self.verdict(*verb).is_ok();
        Verb::CARRIED.into_iter().filter(offered).collect()
    }

    /// What may not, each with its reason.
    #[must_use]
    pub fn refused(&self) -> Vec<(Verb, Refusal)> {
        let refused = |verb| Some((verb, self.verdict(verb).err()?));
        Verb::CARRIED.into_iter().filter_map(refused).collect()
    }

    /// The job of a Hyper-V failback that waits after its synchronisation, to be completed. What the
    /// state is called then is not recorded: that it can be resumed tells (asr-rest.md 6).
    #[must_use]
    pub fn waiting_failback(&self) -> Option<&'a Job> {
        let job = self.job.filter(|_| self.fails_back())?;
        (job.allows("Resume") && job.outcome() == Outcome::Waiting).then_some(job)
    }

    /// A Hyper-V failback is under way, its synchronisation or what comes after. A planned failover to
    /// Azure has the same scenario; when its machine has arrived its commit is pending.
    fn fails_back(&self) -> bool {
        let home = self.is(Generation::HyperV) && self.in_azure() && !self.machine.commit_pending();
        let scenario = match (self.job, &self.machine.running) {
            (Some(job), _) => &job.scenario,
            (None, Some(running)) => &running.scenario,
            (None, None) => return false,
        };
        let scenario = scenario.as_str();
        home && ["PlannedFailover", "Failback"]
            .iter()
            .any(|known| scenario.eq_ignore_ascii_case(known))
    }

    fn is(&self, generation: Generation) -> bool {
        self.machine.provider().generation() == Some(generation)
    }

    /// Of a class that replicates, or came, home.
    fn homeward(&self) -> bool {
        matches!(
            self.machine.class,
            Class::ClassicHome | Class::ModernisedHome
        )
    }

    /// Of a class that replicates, or went, to Azure.
    fn azureward(&self) -> bool {
        matches!(
            self.machine.class,
            Class::ClassicToAzure | Class::ModernisedToAzure
        )
    }

    fn at_home(&self) -> bool {
        self.machine.place == Place::OnPremises
    }

    fn in_azure(&self) -> bool {
        self.machine.place == Place::Azure
    }

    fn busy(&self) -> bool {
        self.job.is_some() || self.machine.running.is_some()
    }

    fn stage(&self) -> &Stage {
        &self.machine.stage
    }

    fn synchronises(&self) -> bool {
        matches!(self.stage(), Stage::InitialSync | Stage::AwaitingFirstPoint)
    }
}

//! Plans: what an administrator decided, before anything is done.
//!
//! A *protection plan* brings replication from Azure to the ground under way, a *recovery plan*
//! fails back. Both are values that can be read, compared and kept in git; neither holds a secret.
//! A plan that exists is whole: [`Plan::new`] refuses what could not be carried out by anybody (no
//! machine, a machine twice, an empty wave). What *may* be missing - a datastore nobody chose yet -
//! is for readiness to find.

mod after;
mod commands;
mod fingerprint;
mod forward;
mod graph;
mod name;
mod order;
mod recovery;
mod reorder;
mod sequence;
mod settings;
pub mod spoken;
mod statement;
mod target;
mod window;
mod written;

use std::collections::HashSet;

use serde::{Deserialize, Serialize};
use thiserror::Error;

pub use after::{ReturnTarget, Returned, Returning, Selected, Selection};
pub use commands::Command;
pub use fingerprint::Fingerprint;
pub use forward::{
    AzureAdapter, AzurePoint, AzureTarget, FailedOver, Failover, Repointed, Repointing, Testing,
};
pub use graph::{Knot, Node, layers};
pub use name::{PlanName, Slug};
pub use order::{Around, Caller, Hook, MachineOrder, Otherwise, PlanOrder, Ready};
pub use recovery::{
    Drain, HyperVReturn, Minutes, PointChoice, Quiesce, Recovered, Recovery, Synchronisation, Wave,
};
pub use reorder::{Reorder, What};
pub use sequence::{Placed, Sequence};
pub use settings::{AdapterSetting, MachineSettings, Nat, Replication, RetentionUnit};
pub use statement::{Statement, StatementKind, Subject};
pub use target::{ClassicTarget, Location, ModernisedTarget, Protected, Protection, Target};
pub use window::CommitWindow;

use super::ids::ArmId;
use super::text::Text;
use written::Written;

/// A recovery plan or a protection plan.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Written", into = "Written")]
pub struct Plan {
    pub name: PlanName,
    /// Its file's name; stays when the plan is renamed.
    slug: Slug,
    intent: Intent,
    /// Consents and attestations, oldest first.
    pub statements: Vec<Statement>,
}

/// What a plan is for, with what belongs to that alone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub enum Intent {
    /// Replicate from Azure to the ground (reprotect).
    Protect(Protection),
    /// Bring machines home.
    FailBack(Recovery),
    /// End a failover, in whichever direction it went.
    Commit(Selection),
    /// Replicate from the ground to Azure again; only what was committed.
    ProtectToAzure(Returning),
    /// See a failback through that waits after its synchronisation (Hyper-V).
    Complete(Selection),
    /// Take a failback back before its commit (modernised).
    Cancel(Selection),
    /// Bring machines to Azure.
    FailOver(Failover),
    /// Take another recovery point before a failover to Azure is committed.
    ChangePoint(Repointing),
    /// Try machines out in Azure, beside those at home.
    TestFailover(Testing),
    /// Do away with what a test made.
    CleanUpTest(Selection),
}

/// Why something is no plan; each says what to do.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum Fault {
    #[error("{0:?} is no name for a plan: use 1 to 60 characters, not blanks alone")]
    BadName(Text),
    #[error("the plan holds no machine; mark at least one")]
    NoMachines,
    #[error("{0} stands in the plan twice; remove one of the two")]
    Twice(ArmId),
    #[error("wave {0} holds no machine; remove the wave, or put a machine into it")]
    EmptyWave(usize),
    #[error("{0:?} is no name for a plan's file: use 1 to 64 of a-z, 0-9 and -")]
    BadSlug(Text),
    #[error("{0}")]
    Knot(#[from] Knot),
    /// What is done or waited for around a cut-over, in words.
    #[error("{0}")]
    Around(Text),
    /// What is wrong with a commit window, in words.
    #[error("{0}")]
    Window(Text),
}

impl Plan {
    /// A new plan, its file named after it.
    ///
    /// # Errors
    /// What [`Fault`] lists.
    pub fn new(name: PlanName, intent: Intent) -> Result<Self, Fault> {
        let slug = Slug::of(&name);
        Self::with_slug(name, slug, intent)
    }

    /// A plan whose file has a name already.
    ///
    /// # Errors
    /// What [`Fault`] lists.
    pub fn with_slug(name: PlanName, slug: Slug, intent: Intent) -> Result<Self, Fault> {
        intent.sound()?;
        Ok(Self {
            name,
            slug,
            intent,
            statements: Vec::new(),
        })
    }

    #[must_use]
    pub fn slug(&self) -> &Slug {
        &self.slug
    }

    #[must_use]
    pub fn intent(&self) -> &Intent {
        &self.intent
    }

    /// Decides anew. Statements stay: those whose part changed no longer count.
    ///
    /// # Errors
    /// What [`Fault`] lists; the plan is then as it was.
    pub fn decide(&mut self, intent: Intent) -> Result<(), Fault> {
        intent.sound()?;
        self.intent = intent;
        Ok(())
    }

    /// The machines, in the order of the plan.
    #[must_use]
    pub fn machines(&self) -> Vec<&ArmId> {
        self.intent.machines()
    }

    /// What people call a machine of the plan; its id's last segment when the plan does not say.
    #[must_use]
    pub fn machine_name(&self, id: &ArmId) -> Text {
        let said = match &self.intent {
            Intent::Protect(p) => p.machine(id).map(|m| &m.name),
            Intent::FailBack(r) => r.machine(id).map(|m| &m.name),
            Intent::Commit(c) => c.machine(id).map(|m| &m.name),
            Intent::ProtectToAzure(r) => r.machine(id).map(|m| &m.name),
            Intent::Complete(s) | Intent::Cancel(s) | Intent::CleanUpTest(s) => {
                s.machine(id).map(|m| &m.name)
            }
            Intent::FailOver(f) => f.machine(id).map(|m| &m.name),
            Intent::ChangePoint(r) => r.machine(id).map(|m| &m.name),
            Intent::TestFailover(t) => t.machine(id).map(|m| &m.name),
        };
        match said {
            Some(name) if !name.is_empty() => name.clone(),
            _ => id.name().into(),
        }
    }

    /// What people call a subject of a check.
    #[must_use]
    pub fn subject_name(&self, subject: &Subject) -> Text {
        match subject {
            Subject::Machine(id) => self.machine_name(id),
            Subject::Server(id) => id.clone(),
            Subject::Plan => "the plan".into(),
        }
    }

    /// The same, and beside it the name of its VM in Azure where that is another one.
    #[must_use]
    pub fn subject_names(&self, subject: &Subject) -> Text {
        let name = self.subject_name(subject);
        let Subject::Machine(id) = subject else {
            return name;
        };
        let vm = match &self.intent {
            Intent::Protect(p) => p.machine(id).and_then(|m| m.azure_vm.as_ref()),
            Intent::FailBack(r) => r.machine(id).and_then(|m| m.azure_vm.as_ref()),
            _ => None,
        };
        match vm.map(ArmId::name) {
            Some(vm) if !vm.eq_ignore_ascii_case(name.as_str()) => {
                format!("{name} (VM {vm})").into()
            }
            _ => name,
        }
    }

    /// The fingerprint of what the plan says about a subject. Renaming a plan changes none.
    #[must_use]
    pub fn part(&self, subject: &Subject) -> Fingerprint {
        let mut words = vec![self.intent.word().to_owned()];
        match subject {
            Subject::Machine(id) => words.extend(self.intent.words(id)),
            Subject::Server(server) => {
                words.push(server.as_str().to_lowercase());
                if let Intent::Protect(protection) = &self.intent {
                    let users = protection.users(server.as_str());
                    words.extend(users.flat_map(|m| self.intent.words(&m.id)));
                }
            }
            Subject::Plan => {
                for id in self.machines() {
                    words.extend(self.intent.words(id));
                }
            }
        }
        Fingerprint::of(words.iter().map(String::as_str))
    }
}

impl Intent {
    /// As columns write it.
    #[must_use]
    pub fn word(&self) -> &'static str {
        match self {
            Self::Protect(_) => "protect",
            Self::FailBack(_) => "fail back",
            Self::Commit(_) => "commit",
            Self::ProtectToAzure(_) => "protect to Azure",
            Self::Complete(_) => "complete failover",
            Self::Cancel(_) => "cancel failover",
            Self::FailOver(_) => "fail over to Azure",
            Self::ChangePoint(_) => "change recovery point",
            Self::TestFailover(_) => "test failover",
            Self::CleanUpTest(_) => "clean up test failover",
        }
    }

    fn machines(&self) -> Vec<&ArmId> {
        match self {
            Self::Protect(p) => p.machines.iter().map(|m| &m.id).collect(),
            Self::FailBack(r) => r.machines().map(|m| &m.id).collect(),
            Self::Commit(s) | Self::Complete(s) | Self::Cancel(s) | Self::CleanUpTest(s) => {
                s.machines.iter().map(|m| &m.id).collect()
            }
            Self::ProtectToAzure(r) => r.machines.iter().map(|m| &m.id).collect(),
            Self::FailOver(f) => f.machines().map(|m| &m.id).collect(),
            Self::ChangePoint(r) => r.machines.iter().map(|m| &m.id).collect(),
            Self::TestFailover(t) => t.machines.iter().map(|m| &m.id).collect(),
        }
    }

    fn sound(&self) -> Result<(), Fault> {
        let empty = match self {
            Self::FailBack(r) => r.waves.iter().position(|w| w.machines.is_empty()),
            Self::FailOver(f) => f.waves.iter().position(|w| w.machines.is_empty()),
            _ => None,
        };
        if let Some(empty) = empty {
            return Err(Fault::EmptyWave(empty + 1));
        }
        let machines = self.machines();
        if machines.is_empty() {
            return Err(Fault::NoMachines);
        }
        if let Self::FailBack(r) = self
            && let Some(words) = r.commit_window.as_ref().and_then(CommitWindow::fault)
        {
            return Err(Fault::Window(words.into()));
        }
        let mut seen = HashSet::new();
        match machines.into_iter().find(|id| !seen.insert(*id)) {
            Some(twice) => Err(Fault::Twice(twice.clone())),
            None => self.ordered(),
        }
    }

    /// Whether the order can be carried out, and what is done around it.
    fn ordered(&self) -> Result<(), Fault> {
        let Some(sequence) = self.sequence() else {
            return Ok(());
        };
        layers(&sequence.nodes())?;
        match sequence.fault() {
            Some(words) => Err(Fault::Around(words.into())),
            None => Ok(()),
        }
    }

    /// The order of an intent that has one.
    #[must_use]
    pub fn sequence(&self) -> Option<Sequence<'_>> {
        match self {
            Self::FailBack(r) => Some(Sequence::of(&r.order, &r.waves, |m| {
                (&m.id, &m.name, &m.order)
            })),
            Self::FailOver(f) => Some(Sequence::of(&f.order, &f.waves, |m| {
                (&m.id, &m.name, &m.order)
            })),
            _ => None,
        }
    }

    /// Everything the plan says about one machine, in a fixed order.
    fn words(&self, id: &ArmId) -> Vec<String> {
        match self {
            Self::Protect(p) => p.words(id),
            Self::FailBack(r) => r.words(id),
            Self::Commit(s) | Self::Complete(s) | Self::Cancel(s) | Self::CleanUpTest(s) => {
                s.machine(id).map(Selected::words)
            }
            Self::ProtectToAzure(r) => r.machine(id).map(Returned::words),
            Self::FailOver(f) => f.words(id),
            Self::ChangePoint(r) => r.machine(id).map(Repointed::words),
            Self::TestFailover(t) => t.words(id),
        }
        .unwrap_or_default()
    }
}

#[cfg(test)]
mod tests;

//! What a check function is given, and what it may answer. Asking for a fact that is not known ends
//! the check: `?` makes it unknown, so that no check can forget to.

use jiff::Timestamp;

use super::catalogue::Purpose;
use super::facts::{
    AzureVm, Deep, Fact, Facts, Instance, Item, MachineFacts, Recorded, Registered, Sibling,
    VCenter,
};
use crate::domain::identity::Judged;
use crate::domain::infrastructure::{Component, Fabric, Role};
use crate::domain::plan::{
    ClassicTarget, Intent, Protected, Protection, Recovery, Returning, Target,
};
use crate::domain::recovery_point::RecoveryPoint;
use crate::domain::{ArmId, Machine as Protectee, Plan, Policy, Text};

/// Why something could not be decided.
#[derive(Clone, Debug)]
pub struct Doubt(pub Text);

/// What a check says when it could decide.
#[derive(Clone, Debug)]
pub enum Said {
    Passed(Text),
    Failed(Text),
    /// The rule turned out not to be for this subject.
    NotApplicable(Text),
}

pub type Verdict = Result<Said, Doubt>;

pub fn passed(words: impl Into<Text>) -> Verdict {
    Ok(Said::Passed(words.into()))
}

pub fn failed(words: impl Into<Text>) -> Verdict {
    Ok(Said::Failed(words.into()))
}

pub fn not_for(words: impl Into<Text>) -> Verdict {
    Ok(Said::NotApplicable(words.into()))
}

pub fn doubt<T>(words: impl Into<Text>) -> Result<T, Doubt> {
    Err(Doubt(words.into()))
}

/// `good` or else `bad`.
pub fn judge(ok: bool, good: impl Into<Text>, bad: impl Into<Text>) -> Verdict {
    if ok { passed(good) } else { failed(bad) }
}

/// The value of a fact, or why it is unknown.
pub fn known<T>(fact: &Fact<T>) -> Result<&T, Doubt> {
    match fact {
        Fact::Known { value, .. } => Ok(value),
        Fact::Unknown { reason } => doubt(reason.clone()),
    }
}

/// As [`known`], with the service's time of the reading.
pub fn known_at<T>(fact: &Fact<T>) -> Result<(&T, Timestamp), Doubt> {
    match fact {
        Fact::Known { value, read_at, .. } => Ok((value, *read_at)),
        Fact::Unknown { reason } => doubt(reason.clone()),
    }
}

/// The plan and the facts, for a check over all of it.
#[derive(Clone, Copy)]
pub struct Whole<'a> {
    pub plan: &'a Plan,
    pub facts: &'a Facts,
}

impl<'a> Whole<'a> {
    pub fn machines(self) -> Vec<Machine<'a>> {
        let ids = self.plan.machines().into_iter();
        ids.map(|id| Machine { whole: self, id }).collect()
    }

    pub fn protection(self) -> Option<&'a Protection> {
        match self.plan.intent() {
            Intent::Protect(protection) => Some(protection),
            _ => None,
        }
    }

    pub fn recovery(self) -> Option<&'a Recovery> {
        match self.plan.intent() {
            Intent::FailBack(recovery) => Some(recovery),
            _ => None,
        }
    }

    pub fn returning(self) -> Option<&'a Returning> {
        match self.plan.intent() {
            Intent::ProtectToAzure(returning) => Some(returning),
            _ => None,
        }
    }

    pub fn purpose(self) -> Purpose {
        Purpose::of(self.plan.intent())
    }

    pub fn siblings(self) -> Result<&'a [Sibling], Doubt> {
        known(&self.facts.items).map(Vec::as_slice)
    }

    /// A policy by its id; `None` when the vaults have none of that id.
    pub fn policy(self, id: &ArmId) -> Result<Option<&'a Policy>, Doubt> {
        let all = known(&self.facts.policies)?;
        Ok(all.iter().find(|policy| policy.id == *id))
    }
}

/// One master target or reprotect agent that the plan names.
#[derive(Clone, Copy)]
pub struct Server<'a> {
    pub whole: Whole<'a>,
    pub id: &'a str,
}

/// One machine of the plan.
#[derive(Clone, Copy)]
pub struct Machine<'a> {
    pub whole: Whole<'a>,
    pub id: &'a ArmId,
}

impl<'a> Machine<'a> {
    fn facts(&self) -> Result<&'a MachineFacts, Doubt> {
        match self.whole.facts.machines.get(self.id) {
            Some(facts) => Ok(facts),
            None => doubt("nothing was read of this machine"),
        }
    }

    pub fn maybe_item(&self) -> Result<&'a Item, Doubt> {
        known(&self.facts()?.item)
    }

    pub fn item(&self) -> Result<&'a Protectee, Doubt> {
        match self.maybe_item()? {
            Item::Protected(machine) => Ok(machine),
            Item::Absent => doubt("it is no longer protected (ELIG-06)"),
        }
    }

    pub fn deep(&self) -> Result<&'a Deep, Doubt> {
        known(&self.facts()?.deep)
    }

    /// Whether a recovery point of the machine is as wanted. A classic one that replicates home
    /// keeps them in itself (asr-rest.md 13); others have addresses of their own. One suffices to
    /// say yes, both are needed to say no.
    pub fn has_point(&self, wanted: impl Fn(&RecoveryPoint) -> bool) -> Result<bool, Doubt> {
        let facts = self.facts()?;
        let tags = known(&facts.deep).map(|deep| deep.tags.iter().any(&wanted));
        let points = known(&facts.points).map(|points| points.iter().any(&wanted));
        match (tags, points) {
            (Ok(true), _) | (_, Ok(true)) => Ok(true),
            (Err(doubt), _) | (_, Err(doubt)) => Err(doubt),
            (Ok(false), Ok(false)) => Ok(false),
        }
    }

    /// The recovery points that have addresses of their own.
    pub fn points(&self) -> Result<&'a [RecoveryPoint], Doubt> {
        known(&self.facts()?.points).map(Vec::as_slice)
    }

    /// When the machine itself was read, by the service's clock.
    pub fn seen(&self) -> Result<Timestamp, Doubt> {
        known_at(&self.facts()?.deep).map(|(_, at)| at)
    }

    pub fn registrations(&self) -> Result<&'a [Registered], Doubt> {
        known(&self.facts()?.registrations).map(Vec::as_slice)
    }

    pub fn identity(&self) -> Result<&'a Judged, Doubt> {
        known(&self.facts()?.identity)
    }

    /// What was recorded of it, and when that was looked up.
    pub fn recorded(&self) -> Result<(Option<&'a Recorded>, Timestamp), Doubt> {
        let (recorded, at) = known_at(&self.facts()?.recorded)?;
        Ok((recorded.as_ref(), at))
    }

    pub fn azure_vm(&self) -> Result<&'a AzureVm, Doubt> {
        known(&self.facts()?.azure_vm)
    }

    /// The Azure VM as it runs, and when that was read.
    pub fn instance(&self) -> Result<(&'a Instance, Timestamp), Doubt> {
        match known_at(&self.facts()?.azure_vm)? {
            (AzureVm::There(instance), at) => Ok((instance, at)),
            (AzureVm::Moved(_), _) => doubt("the Azure VM is not where it was (ELIG-04)"),
            (AzureVm::Missing, _) => doubt("the Azure VM is not there (ELIG-05)"),
        }
    }

    /// What the plan says, in a protection plan.
    pub fn protected(&self) -> Result<&'a Protected, Doubt> {
        let own = self.whole.protection().and_then(|p| p.machine(self.id));
        own.map_or_else(|| doubt("the plan protects nothing"), Ok)
    }

    pub fn classic(&self) -> Result<&'a ClassicTarget, Doubt> {
        match &self.protected()?.target {
            Target::Classic(target) => Ok(target),
            Target::Modernised(_) => doubt("the plan has no classic target for it (ELIG-13)"),
        }
    }

    /// The fabric in whose folder the machine lies.
    pub fn fabric(&self) -> Result<&'a Fabric, Doubt> {
        self.fabric_at().map(|(fabric, _)| fabric)
    }

    /// As [`Self::fabric`], and when it was read.
    pub fn fabric_at(&self) -> Result<(&'a Fabric, Timestamp), Doubt> {
        let (fabrics, at) = known_at(&self.whole.facts.fabrics)?;
        let Some(id) = self.id.up_to("replicationFabrics") else {
            return doubt("the machine's id names no fabric");
        };
        let own = fabrics.iter().find(|fabric| fabric.id == id);
        own.map_or_else(
            || doubt("the machine's fabric was not read"),
            |f| Ok((f, at)),
        )
    }

    /// The fabric's servers of one role.
    pub fn servers(
        &self,
        role: fn(&Role) -> bool,
    ) -> Result<impl Iterator<Item = &'a Component> + use<'a>, Doubt> {
        let components = self.fabric()?.components.iter();
        Ok(components.filter(move |c| role(&c.role)))
    }

    pub fn vcenters(&self) -> Result<Vec<&'a VCenter>, Doubt> {
        let Some(fabric) = self.id.segment("replicationFabrics") else {
            return doubt("the machine's id names no fabric");
        };
        let all = known(&self.whole.facts.vcenters)?.iter();
        Ok(all
            .filter(|v| v.fabric.as_str().eq_ignore_ascii_case(fabric))
            .collect())
    }
}

/// The one that was chosen, where somebody chose.
pub fn chosen<'a>(choice: &'a Option<Text>, what: &str) -> Result<&'a str, Doubt> {
    match choice {
        Some(text) => Ok(text.as_str()),
        None => doubt(format!("no {what} was chosen")),
    }
}

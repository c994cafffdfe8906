//! What a kind of plan is judged by: what is not needed is not read.

use crate::readiness::Purpose;

/// Which recovery points.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Points {
    None,
    /// Of classic machines alone: the failback of others makes its own.
    OfClassic,
    Always,
}

#[derive(Clone, Copy, Debug)]
pub(super) struct Needs {
    /// Every item of the vaults: for replication groups, and for what became of an item that is not
    /// found by itself.
    pub items: bool,
    pub fabrics: bool,
    /// vCenters and policies, by which classic machines are judged.
    pub classic: bool,
    /// Who speaks for the sites of Hyper-V machines.
    pub registrars: bool,
    /// Which jobs wait for somebody.
    pub jobs: bool,
    pub points: Points,
    pub azure_vm: bool,
    /// What this computer keeps of them from before.
    pub records: bool,
}

impl Needs {
    pub fn of(purpose: Purpose) -> Self {
        use Purpose::{
            Cancel, ChangePoint, CleanUp, Commit, Complete, FailBack, FailOver, Protect, Test,
            ToAzure,
        };
        let is = |all: &[Purpose]| all.contains(&purpose);
        Self {
            items: is(&[Protect, FailBack, Commit, ToAzure, FailOver, Test]),
            fabrics: is(&[Protect, FailBack, ToAzure, FailOver, Test]),
            classic: is(&[Protect, FailBack, ToAzure]),
            registrars: is(&[FailBack, ToAzure, Complete]),
            jobs: is(&[Complete]),
            points: match purpose {
                FailBack => Points::OfClassic,
                FailOver | ChangePoint | Test => Points::Always,
                Protect | Commit | ToAzure | Complete | Cancel | CleanUp => Points::None,
            },
            azure_vm: is(&[Protect, FailBack, Commit]),
            records: is(&[Protect]),
        }
    }
}

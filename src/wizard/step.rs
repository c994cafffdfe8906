//! The steps of the wizards, as tables: which fields each asks, in order.

use super::field::Field;
use crate::domain::WizardKind;

/// One step.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum StepId {
    Machines,
    Identities,
    Point,
    HyperV,
    Target,
    Replication,
    Settings,
    Nat,
    Cutover,
    Order,
    Readiness,
    Review,
}

/// A step of a wizard.
#[derive(Debug)]
pub struct Row {
    pub id: StepId,
    /// In drafts; never changed.
    pub name: &'static str,
    /// In the list at the left.
    pub short: &'static str,
    /// Over the step.
    pub title: &'static str,
    /// A sentence or two under the title.
    pub help: &'static str,
    pub fields: &'static [Field],
}

/// The steps of a wizard, in order; whether one applies is for [`super::Walk::steps`].
#[must_use]
pub fn steps(wizard: WizardKind) -> &'static [Row] {
    match wizard {
        WizardKind::Protect => PROTECT,
        WizardKind::Recover => RECOVER,
        WizardKind::FailOver => FAIL_OVER,
    }
}

macro_rules! table {
    ($($id:ident $name:literal $short:literal $title:literal $help:literal [$($field:ident)*];)*) => {
        &[$(Row {
            id: StepId::$id,
            name: $name,
            short: $short,
            title: $title,
            help: $help,
            fields: &[$(Field::$field),*],
        }),*]
    };
}

static PROTECT: &[Row] = table! {
    Machines "machines" "Machines" "Which machines go home?"
        "Machines that were failed over and run in Azure."
        [System Machines];
    Identities "identities" "Identities" "Which registration is the machine in Azure?"
        "A failed-over machine is registered twice: as the VM of the vCenter, and as the VM in \
         Azure. That is normal. Azure picks one by itself and does not say which; here stands what \
         speaks for each."
        [];
    Target "target" "Target" "Where do they go?"
        "What receives the data at home."
        [Location VCenter ProcessServer MasterTarget Retention Datastore Policy Account OfflineTemporary
            ReprotectAgent AgentDatastore LogStorage];
    Replication "replication" "Replication" "Replication options"
        "How much is kept on the retention drive, and how often a consistent point is made."
        [RetentionSize RetentionValue RetentionUnit ConsistencyInterval];
    Settings "settings" "Settings" "What are the machines like at home?"
        "Whatever is left empty stays as it was."
        [Cpus Memory DisplayName Network Address];
    Nat "nat" "NAT, folder" "Addresses behind NAT, and the folder"
        "Two channels: from the machines to the process server, and from there to the master target."
        [NatProcessServer NatMasterTarget Folder];
    Readiness "readiness" "Readiness" "Is everything ready?"
        "Every check over the whole plan, before anything is sent."
        [];
    Review "review" "Review" "Name and review"
        "What will be done, and the exact calls."
        [Name Start];
};

static RECOVER: &[Row] = table! {
    Machines "machines" "Machines" "Which machines come home?"
        "Machines that run in Azure and replicate home, or will; of Hyper-V all that run there."
        [Plan Machines];
    Identities "identities" "Identities" "Which VM are they in Azure?"
        "A classic machine on its way home no longer tells which VM it is in Azure. That VM must be \
         off before users are let on at home."
        [AzureVm];
    Point "point" "Point" "To which moment?"
        "Applies to all machines unless one has its own."
        [Point];
    HyperV "hyperV" "Hyper-V" "How does the data come home?"
        "The failback itself brings it, in one of two ways."
        [DataSync Host CreateVm];
    Readiness "readiness" "Readiness" "Is everything ready?"
        "Every check over the whole plan. A recovery that is kept for later is checked again when \
         it is started."
        [];
    Cutover "settings" "Settings" "How are they taken over?"
        "Applications are stopped, of classic machines the last data is drained, then the machine \
         fails back. Hyper-V stops the VM itself and loses nothing."
        [Quiesce Command CommandLimit DrainLimit StopAzureVmFirst CommitWindow Checks];
    Order "order" "Order" "In which order?"
        "A wave is cut over when the one before it is through; preparation starts for all at once."
        [Wave After Optional Healthy WaitFor CommandBefore CommandAfter WaveBefore WaveAfter AtOnce
            PlanBefore PlanAfter NeedsPerson];
    Review "review" "Review" "Name and review"
        "What will be done, and the exact calls."
        [Name Start];
};

static FAIL_OVER: &[Row] = table! {
    Machines "machines" "Machines" "Which machines fail over to Azure?"
        "Machines that run at home and replicate to Azure."
        [Machines];
    Point "point" "Point" "To which moment?"
        "Applies to all machines unless one has its own."
        [AzurePoint ShutDown];
    Target "target" "Target" "What are the machines like in Azure?"
        "As Azure says now. Only what is changed here is sent, before the failover."
        [VmName VmSize VmNetwork Subnet VmAddress];
    Readiness "readiness" "Readiness" "Is everything ready?"
        "Every check over the whole plan. What is kept for later is checked again when it is \
         started."
        [];
    Order "order" "Order" "In which order?"
        "A wave is cut over when the one before it is through."
        [Wave After Optional Healthy WaitFor CommandBefore CommandAfter WaveBefore WaveAfter AtOnce
            PlanBefore PlanAfter NeedsPerson];
    Review "review" "Review" "Name and review"
        "What will be done, and the exact calls."
        [Name Start];
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_field_is_asked_twice_in_a_wizard() {
        for wizard in WizardKind::ALL {
            let all: Vec<_> = steps(wizard).iter().flat_map(|step| step.fields).collect();
            let mut once = all.clone();
            once.sort();
            once.dedup();
            assert_eq!(once.len(), all.len(), "{wizard:?}");
        }
    }
}

//! The VM in Azure that is, or was, a machine: told by an id, or found and proven.
//!
//! A modernised machine that was failed over, and any Hyper-V machine, tell the group and the name that
//! their VM was to get, and Azure may have given it another (asr-rest.md 13). A VM of that name is
//! theirs when a managed disk of the machine hangs on it, or when the failover made it: it is not
//! older than that. Without such a proof it is unknown.

use jiff::Timestamp;

use super::machine::{protected, says};
use super::needs::Needs;
use super::reason;
use crate::azure::{Error, InstanceView, WholeVm};
use crate::domain::plan::Intent;
use crate::domain::{ArmId, Failure, Machine, Place, Plan, Provider, Text};
use crate::readiness::facts::{AzureDisks, AzureVm, Fact, Instance, MachineFacts, Source};
use crate::site::Site;

/// Nobody can tell which of them would be stopped.
const TWO_VMS: &str = "the plan names another Azure VM than Azure does";

const NOT_TOLD: &str = "which Azure VM it is, is not told";

const NONE_CALLED_SO: &str =
    "which Azure VM it is, is not told, and none has the name that it was to get";

const NOT_PROVEN: &str =
    "an Azure VM has the name that it was to get; that it is the same one is not proven";

/// What an id-less VM is recognised by.
struct Marks<'a> {
    disks: &'a [ArmId],
    /// When it was failed over to Azure.
    failed_over: Option<Timestamp>,
}

impl Site {
    pub(super) async fn azure_vm_of(
        &self,
        plan: &Plan,
        needs: Needs,
        id: &ArmId,
        facts: &MachineFacts,
    ) -> Fact<AzureVm> {
        if !needs.azure_vm {
            return Fact::unknown(reason::NOT_NEEDED);
        }
        let machine = protected(facts);
        // A classic machine that replicates home does not tell its VM any more (asr-rest.md 8).
        let kept = match plan.intent() {
            Intent::FailBack(recovery) => recovery.machine(id).and_then(|m| m.azure_vm.clone()),
            Intent::Protect(protection) => protection.machine(id).and_then(|m| m.azure_vm.clone()),
            _ => None,
        };
        let named = machine.and_then(|m| m.azure_vm.clone());
        match (kept, named) {
            (Some(kept), Some(named)) if kept != named => Fact::unknown(TWO_VMS),
            (kept, named) => match (kept.or(named).filter(is_vm), machine) {
                (Some(vm), Some(machine)) if is_name_alone(&vm, machine, facts) => {
                    self.named_vm(machine, facts).await
                }
                (Some(vm), machine) => self.told_vm(&vm, machine).await,
                (None, Some(machine)) => self.named_vm(machine, facts).await,
                (None, None) => Fact::unknown(NOT_TOLD),
            },
        }
    }

    /// Whether `vm` is the machine's beyond doubt: before anybody trusts its power state, or switches
    /// it off. Of a Hyper-V machine group and name alone are told; what cannot be read proves nothing.
    pub async fn is_its_vm(&self, machine: &Machine, vm: &ArmId) -> bool {
        if machine.provider() != Provider::HyperV {
            return true;
        }
        let marks = Marks {
            disks: &[],
            failed_over: machine.last_failover,
        };
        let found = self.arm.whole_vm(vm).await;
        found.is_ok_and(|found| marks.are_on(&found))
    }

    /// Which VM the machine is in Azure, before a script runs in it: told by its id, or of the name that
    /// it was to get and proven.
    ///
    /// # Errors
    /// Why that is not certain.
    pub async fn its_vm(&self, machine: &Machine) -> Result<ArmId, Text> {
        if let Some(vm) = &machine.azure_vm {
            return match self.is_its_vm(machine, vm).await {
                true => Ok(vm.clone()),
                false => Err(NOT_PROVEN.into()),
            };
        }
        let more = match self.arm.machine_to_judge(&machine.id).await {
            Ok((_, _, more)) => more,
            Err(error) => return Err(Failure::from(error).what),
        };
        let vm = more.azure_named.filter(is_vm).ok_or(NOT_TOLD)?;
        let marks = Marks {
            disks: &more.azure_disks,
            failed_over: machine.last_failover,
        };
        match self.arm.whole_vm(&vm).await {
            Ok(found) if marks.are_on(&found) => Ok(vm),
            Ok(_) => Err(NOT_PROVEN.into()),
            Err(error) if is_gone(&error) => Err(NONE_CALLED_SO.into()),
            Err(error) => Err(Failure::from(error).what),
        }
    }

    /// One whose id is told. Disks are asked for where they tell something.
    async fn told_vm(&self, vm: &ArmId, machine: Option<&Machine>) -> Fact<AzureVm> {
        let whole = machine.is_some_and(|m| m.provider() == Provider::Modernised);
        let read = match whole {
            true => self.arm.whole_vm(vm).await.map(whole_instance),
            false => self.arm.instance(vm).await.map(|view| instance(view, None)),
        };
        match read {
            Ok(instance) => self.told(AzureVm::There(instance), Source::Compute),
            Err(error) if is_gone(&error) => self.elsewhere(vm).await,
            Err(error) => Fact::unknown(reason::of(&error)),
        }
    }

    /// One of which only group and name are told.
    async fn named_vm(&self, machine: &Machine, facts: &MachineFacts) -> Fact<AzureVm> {
        let Fact::Known { value: deep, .. } = &facts.deep else {
            return Fact::unknown(NOT_TOLD);
        };
        let Some(vm) = &deep.more.azure_named else {
            return Fact::unknown(NOT_TOLD);
        };
        // Nothing of it is there before the first failover.
        if machine.place == Place::OnPremises && machine.last_failover.is_none() {
            return Fact::unknown(NOT_TOLD);
        }
        let marks = Marks {
            disks: &deep.more.azure_disks,
            failed_over: machine.last_failover,
        };
        match self.arm.whole_vm(vm).await {
            Ok(found) if marks.are_on(&found) => {
                self.told(AzureVm::There(whole_instance(found)), Source::Compute)
            }
            Ok(_) => Fact::unknown(NOT_PROVEN),
            Err(error) if is_gone(&error) => Fact::unknown(NONE_CALLED_SO),
            Err(error) => Fact::unknown(reason::of(&error)),
        }
    }

    /// Nothing is under the recorded id: moved, or deleted.
    async fn elsewhere(&self, vm: &ArmId) -> Fact<AzureVm> {
        let subscription = vm.segment("subscriptions").unwrap_or_default();
        let (found, coverage) = match self.arm.virtual_machines(subscription, vm.name()).await {
            Ok(read) => read,
            Err(error) => {
                let why = reason::of(&error);
                return Fact::unknown(format!("it is not where it was recorded; {why}"));
            }
        };
        if let Some(why) = reason::incomplete(&coverage) {
            return Fact::unknown(format!("it is not where it was recorded; {why}"));
        }
        let other = found.into_iter().find(|id| id != vm);
        let vm = other.map_or(AzureVm::Missing, AzureVm::Moved);
        self.told(vm, Source::Compute)
    }
}

impl Marks<'_> {
    fn are_on(&self, vm: &WholeVm) -> bool {
        if !self.disks.is_empty() {
            return self.disks.iter().any(|disk| vm.disks.contains(disk));
        }
        let times = self.failed_over.zip(vm.created);
        times.is_some_and(|(failed_over, created)| created >= failed_over)
    }
}

/// The id of a Hyper-V machine's VM is put together of group and name, wherever it is kept.
fn is_name_alone(vm: &ArmId, machine: &Machine, facts: &MachineFacts) -> bool {
    let named = match &facts.deep {
        Fact::Known { value, .. } => value.more.azure_named.as_ref(),
        Fact::Unknown { .. } => None,
    };
    machine.provider() == Provider::HyperV && named == Some(vm)
}

fn is_vm(id: &ArmId) -> bool {
    id.segment("subscriptions").is_some() && id.segment("virtualMachines").is_some()
}

fn is_gone(error: &Error) -> bool {
    says(
        error,
        &["ResourceNotFound", "ResourceGroupNotFound", "NotFound"],
    )
}

fn whole_instance(vm: WholeVm) -> Instance {
    let disks = AzureDisks {
        managed: vm.disks,
        count: vm.count,
    };
    instance(vm.view, Some(disks))
}

fn instance(view: InstanceView, disks: Option<AzureDisks>) -> Instance {
    Instance {
        power: view.power,
        responsive: view.responsive,
        started: view.provisioned,
        os: view.os,
        disks,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn time(text: &str) -> Option<Timestamp> {
        text.parse().ok()
    }

    fn vm(created: &str, disks: &[&str]) -> WholeVm {
        WholeVm {
            view: InstanceView {
                power: "running".into(),
                responsive: None,
                provisioned: None,
                os: "".into(),
            },
            created: time(created),
            disks: disks.iter().filter_map(|d| ArmId::parse(d)).collect(),
            count: disks.len(),
        }
    }

    #[test]
    fn a_vm_of_the_name_is_the_machine_s_when_its_disk_hangs_on_it() {
        let own = [ArmId::parse("/s/disks/own").unwrap()];
        let marks = Marks {
            disks: &own,
            failed_over: time("2026-03-02T08:00:00Z"),
        };
        assert!(marks.are_on(&vm("2026-03-02T07:00:00Z", &["/s/disks/OWN", "/s/disks/x"])));
        assert!(!marks.are_on(&vm("2026-03-02T09:00:00Z", &["/s/disks/x"])));
    }

    #[test]
    fn without_disks_it_is_the_machine_s_when_the_failover_made_it() {
        let marks = Marks {
            disks: &[],
            failed_over: time("2026-03-02T08:00:00Z"),
        };
        assert!(marks.are_on(&vm("2026-03-02T08:05:00Z", &[])));
        assert!(!marks.are_on(&vm("2026-03-01T08:05:00Z", &[])));
        assert!(!marks.are_on(&vm("", &[])));
        let never = Marks {
            disks: &[],
            failed_over: None,
        };
        assert!(!never.are_on(&vm("2026-03-02T08:05:00Z", &[])));
    }
}

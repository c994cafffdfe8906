//! One machine of a plan: its item, its recovery points, its Azure VM.

use crate::azure::{Error, InstanceView, Kind};
use crate::domain::plan::Intent;
use crate::domain::{ArmId, Detail, Machine, Plan};
use crate::readiness::facts::{AzureVm, Deep, Fact, Facts, Instance, Item, MachineFacts, Source};
use crate::site::Site;

use super::reason;

/// Said of an item that is not there by itself while the list still has it: it happens for a moment
/// after a reprotect (asr-rest.md 12).
const BETWEEN: &str = "Azure lists it and does not find it by itself; it may just have changed";

/// Nobody can tell which of them would be stopped.
const TWO_VMS: &str = "the plan names another Azure VM than Azure does";

impl Site {
    /// Everything but the registrations, which are read by the container.
    pub(super) async fn machine_facts(&self, plan: &Plan, id: &ArmId) -> MachineFacts {
        if self.vault_of(id).is_none() {
            return MachineFacts::none(reason::NO_VAULT);
        }
        let mut facts = MachineFacts::none("it is not needed for this plan");
        let points = async {
            match plan.intent() {
                Intent::FailBack(_) => Some(self.arm.recovery_points(id).await),
                _ => None,
            }
        };
        let (item, points) = tokio::join!(self.arm.machine(id), points);
        facts.points = match points {
            Some(Ok(points)) => self.told(points, Source::RecoveryPoints),
            Some(Err(error)) => Fact::unknown(reason::of(&error)),
            None => facts.points,
        };
        let mut named = None;
        match item {
            Ok((machine, detail)) => {
                named.clone_from(&machine.azure_vm);
                facts.deep = self.told(deep(detail), Source::Item);
                let item = Item::Protected(Box::new(machine));
                facts.item = self.told(item, Source::Item);
            }
            Err(error) if is_absent(&error) => {
                facts.item = self.told(Item::Absent, Source::Item);
                facts.deep = Fact::unknown("it is no longer protected (ELIG-06)");
            }
            Err(error) => {
                facts.item = Fact::unknown(reason::of(&error));
                facts.deep = Fact::unknown(reason::of(&error));
            }
        }
        // A classic machine that replicates home does not tell its VM any more (asr-rest.md 8).
        let kept = match plan.intent() {
            Intent::FailBack(recovery) => recovery.machine(id).and_then(|m| m.azure_vm.clone()),
            _ => None,
        };
        facts.azure_vm = match (kept, named) {
            (Some(kept), Some(named)) if kept != named => Fact::unknown(TWO_VMS),
            (kept, named) => match kept.or(named).filter(is_vm) {
                Some(vm) => self.azure_vm(&vm).await,
                None => Fact::unknown("which Azure VM it is, is not told"),
            },
        };
        facts
    }

    async fn azure_vm(&self, vm: &ArmId) -> Fact<AzureVm> {
        match self.arm.instance(vm).await {
            Ok(view) => self.told(AzureVm::There(instance(view)), Source::Compute),
            Err(error) if is_gone(&error) => self.elsewhere(vm).await,
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

    /// A fact just read, at the service's time.
    pub(super) fn told<T>(&self, value: T, source: Source) -> Fact<T> {
        Fact::Known {
            value,
            source,
            read_at: self.arm.service_now(),
        }
    }
}

/// What a list read to its end says about an item's absence: the item that failed to answer is gone
/// when the list does not have it, and not gone while the list has it.
pub(super) fn settle_absence(site: &Site, facts: &mut Facts) {
    let Fact::Known { value, read_at, .. } = &facts.items else {
        return;
    };
    let ours = |id: &ArmId| site.vault_of(id).is_some();
    for (id, machine) in facts.machines.iter_mut().filter(|(id, _)| ours(id)) {
        let listed = value.iter().any(|sibling| sibling.id == *id);
        let by_itself = matches!(
            &machine.item,
            Fact::Known {
                value: Item::Absent,
                ..
            }
        );
        let unknown = matches!(&machine.item, Fact::Unknown { .. });
        if by_itself && listed {
            machine.item = Fact::unknown(BETWEEN);
            machine.deep = Fact::unknown(BETWEEN);
        } else if unknown && !listed {
            machine.item = Fact::Known {
                value: Item::Absent,
                source: Source::Items,
                read_at: *read_at,
            };
        }
    }
}

/// Site Recovery's own word for an item that is not there; ARM's for a vault or group that is not
/// says nothing about the item.
fn is_absent(error: &Error) -> bool {
    let codes = ["ArmResourceDoesNotExist", "NotFound"];
    says(error, &codes)
}

fn is_gone(error: &Error) -> bool {
    says(
        error,
        &["ResourceNotFound", "ResourceGroupNotFound", "NotFound"],
    )
}

fn says(error: &Error, codes: &[&str]) -> bool {
    match &error.kind {
        Kind::Refused { status: 404, error } => codes
            .iter()
            .any(|code| error.code.eq_ignore_ascii_case(code)),
        _ => false,
    }
}

fn is_vm(id: &ArmId) -> bool {
    id.segment("subscriptions").is_some() && id.segment("virtualMachines").is_some()
}

fn deep(detail: Detail) -> Deep {
    let disks: Vec<_> = detail
        .disks
        .iter()
        .map(|disk| disk.capacity.map(|bytes| bytes.0))
        .collect();
    Deep {
        ties: detail.ties,
        agent_heartbeat: detail.agent_heartbeat,
        disks: (!disks.is_empty()).then_some(disks),
        resync: detail.disks.iter().any(|disk| disk.resync),
        tags: detail.points,
    }
}

fn instance(view: InstanceView) -> Instance {
    Instance {
        power: view.power,
        responsive: view.responsive,
        started: view.provisioned,
        os: view.os,
    }
}

/// The machine that a fact tells of, where it does.
pub(super) fn protected(facts: &MachineFacts) -> Option<&Machine> {
    match &facts.item {
        Fact::Known {
            value: Item::Protected(machine),
            ..
        } => Some(machine),
        _ => None,
    }
}

//! One machine of a plan: its item and its recovery points.

use crate::azure::{Error, Kind};
use crate::domain::particulars::Particulars;
use crate::domain::recovery_point::RecoveryPoint;
use crate::domain::{ArmId, Detail, Machine, Plan, Provider};
use crate::readiness::facts::{Deep, Fact, Facts, Item, MachineFacts, Source};
use crate::site::Site;

use super::needs::{Needs, Points};
use super::reason;

/// Said of an item that is not there by itself while the list still has it: it happens for a moment
/// after a reprotect (asr-rest.md 12).
const BETWEEN: &str = "Azure lists it and does not find it by itself; it may just have changed";

impl Site {
    /// Everything but the registrations, which are read by the container.
    pub(super) async fn machine_facts(
        &self,
        plan: &Plan,
        needs: Needs,
        id: &ArmId,
    ) -> MachineFacts {
        if self.vault_of(id).is_none() {
            return MachineFacts::none(reason::NO_VAULT);
        }
        let mut facts = MachineFacts::none(reason::NOT_NEEDED);
        let early = async {
            match needs.points {
                Points::Always => Some(self.points(id).await),
                Points::OfClassic | Points::None => None,
            }
        };
        let (item, early) = tokio::join!(self.arm.machine_to_judge(id), early);
        match item {
            Ok((machine, detail, more)) => {
                facts.deep = self.told(deep(detail, more), Source::Item);
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
        let (points, azure_vm) = tokio::join!(
            self.points_after(needs.points, early, id, &facts),
            self.azure_vm_of(plan, needs, id, &facts)
        );
        facts.points = points;
        facts.azure_vm = azure_vm;
        if needs.records {
            facts.recorded = self.record_of(id);
        }
        facts
    }

    async fn points(&self, id: &ArmId) -> Fact<Vec<RecoveryPoint>> {
        match self.arm.recovery_points(id).await {
            Ok(points) => self.told(points, Source::RecoveryPoints),
            Err(error) => Fact::unknown(reason::of(&error)),
        }
    }

    /// A failback of the other generations makes its own point (asr-rest.md 13): none is read.
    async fn points_after(
        &self,
        needed: Points,
        early: Option<Fact<Vec<RecoveryPoint>>>,
        id: &ArmId,
        facts: &MachineFacts,
    ) -> Fact<Vec<RecoveryPoint>> {
        if let Some(early) = early {
            return early;
        }
        let other = protected(facts).is_some_and(|m| m.provider() != Provider::Classic);
        match needed {
            Points::OfClassic if !other => self.points(id).await,
            _ => Fact::unknown(reason::NOT_NEEDED),
        }
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

pub(super) fn says(error: &Error, codes: &[&str]) -> bool {
    match &error.kind {
        Kind::Refused { status: 404, error } => codes
            .iter()
            .any(|code| error.code.eq_ignore_ascii_case(code)),
        _ => false,
    }
}

fn deep(detail: Detail, more: Particulars) -> Deep {
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
        more,
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

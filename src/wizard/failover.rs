//! The plan of a failover to Azure: only what is to be other than it is goes into its targets.

use super::ask;
use super::ask::words::{LATEST, LATEST_APPLICATION, LATEST_PROCESSED};
use super::field::Field;
use super::question::Key;
use super::walk::Walk;
use crate::domain::offers::Offered;
use crate::domain::plan::{AzureAdapter, AzurePoint, AzureTarget, FailedOver, Failover};
use crate::domain::{Answer, ArmId, Text};

impl Walk<'_> {
    pub(super) fn failover(&self) -> Failover {
        let shut_down = self.value(&Key::plan(Field::ShutDown));
        Failover {
            point: self.azure_point(&Key::plan(Field::AzurePoint)),
            shut_down: shut_down.and_then(|answer| answer.yes()).unwrap_or(true),
            order: self.plan_order(),
            waves: self.waves(|offered| self.failed_over(offered)),
        }
    }

    fn failed_over(&self, offered: &Offered) -> FailedOver {
        let key = Key::of(Field::AzurePoint, offered.id());
        FailedOver {
            id: offered.id().clone(),
            name: offered.machine.name.clone(),
            point: self.given(&key).map(|_| self.azure_point(&key)),
            target: self.azure_target(offered),
            order: self.machine_order(offered),
        }
    }

    fn azure_point(&self, key: &Key) -> AzurePoint {
        let name = match self.value(key) {
            Some(Answer::Words(name)) => name,
            _ => return AzurePoint::Latest,
        };
        match name.as_str() {
            LATEST => return AzurePoint::Latest,
            LATEST_PROCESSED => return AzurePoint::LatestProcessed,
            LATEST_APPLICATION => return AzurePoint::LatestApplication,
            _ => {}
        }
        let Some(machine) = &key.machine else {
            return AzurePoint::Latest;
        };
        let detail = self.offers.machine(machine).and_then(Offered::detail);
        let points = detail.map_or(&[][..], |d| d.points.as_slice());
        let known = points.iter().find(|p| p.name == name);
        let id = known.and_then(|p| p.id.clone());
        // Never another one than was chosen: that it is gone is a fault, and readiness says so.
        let id = id.or_else(|| ArmId::parse(&format!("{machine}/recoveryPoints/{name}")));
        id.map_or(AzurePoint::Latest, |id| AzurePoint::Custom {
            id,
            time: known.and_then(|p| p.time),
        })
    }

    fn azure_target(&self, offered: &Offered) -> AzureTarget {
        let id = offered.id();
        let now = ask::azure_now(offered);
        let network = self.words(Field::VmNetwork, Some(id));
        let network = ArmId::parse(network.as_str()).filter(|_| ask::is_moved(self, offered));
        let moved = network.is_some();
        let adapters = ask::azure_adapters(offered);
        let adapters = adapters
            .iter()
            .filter_map(|adapter| self.azure_adapter(offered, adapter, moved));
        AzureTarget {
            name: other(self.chosen(Field::VmName, id), now.name.as_ref()),
            size: other(self.chosen(Field::VmSize, id), now.size.as_ref()),
            network,
            adapters: adapters.collect(),
        }
    }

    /// An adapter of which anything changes says its subnet and its address: an address alone would
    /// leave it to Azure in which subnet that is.
    fn azure_adapter(&self, offered: &Offered, id: &Text, moved: bool) -> Option<AzureAdapter> {
        let known = ask::azure_now(offered).adapters;
        let now = known.into_iter().find(|own| own.id == *id)?;
        let said = |field| {
            let key = Key {
                part: Some(id.clone()),
                ..Key::of(field, offered.id())
            };
            match self.value(&key) {
                Some(Answer::Words(words)) if !words.is_empty() => Some(words),
                _ => None,
            }
        };
        let (subnet, address) = (said(Field::Subnet), said(Field::VmAddress));
        let same = |one: &Option<Text>, two: &Option<Text>| match (one, two) {
            (Some(one), Some(two)) => one.as_str().eq_ignore_ascii_case(two.as_str()),
            (None, None) => true,
            _ => false,
        };
        let kept = !moved && same(&subnet, &now.subnet) && same(&address, &now.address);
        (!kept).then(|| AzureAdapter {
            id: id.clone(),
            subnet,
            address,
        })
    }
}

/// What was chosen, unless it is so already.
fn other(chosen: Option<Text>, now: Option<&Text>) -> Option<Text> {
    chosen
        .filter(|chosen| now.is_none_or(|now| !now.as_str().eq_ignore_ascii_case(chosen.as_str())))
}

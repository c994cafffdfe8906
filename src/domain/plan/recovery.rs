//! What a recovery plan says: to which moment, in which order.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::domain::ids::ArmId;
use crate::domain::text::Text;

/// A recovery plan's machines in their order. A machine stands in a wave, so none is without one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Recovery {
    /// For every machine that has none of its own.
    pub point: PointChoice,
    /// The cut-over of a wave begins when that of the wave before is over; preparation does not
    /// wait (DESIGN.md).
    pub waves: Vec<Wave>,
}

/// Machines that are cut over together.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Wave {
    pub machines: Vec<Recovered>,
}

/// One machine of a recovery plan.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Recovered {
    pub id: ArmId,
    /// What people called it when the plan was made.
    pub name: Text,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub point: Option<PointChoice>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hyper_v: Option<HyperVReturn>,
}

/// Which recovery point.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub enum PointChoice {
    #[default]
    Latest,
    LatestApplication,
    /// One point of one machine, by the service's name of it.
    Custom {
        name: Text,
        time: Option<Timestamp>,
    },
}

/// What Hyper-V alone asks (HyperVReplicaAzureFailback).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct HyperVReturn {
    pub synchronisation: Synchronisation,
    /// Create the VM when it is gone from the host.
    pub create_vm: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Synchronisation {
    /// Before the failover: short downtime.
    BeforeFailover,
    /// During the failover: a full download, for a VM that was deleted or long away \[003\].
    FullDownload,
}

impl Recovery {
    pub fn machines(&self) -> impl Iterator<Item = &Recovered> {
        self.waves.iter().flat_map(|wave| &wave.machines)
    }

    #[must_use]
    pub fn machine(&self, id: &ArmId) -> Option<&Recovered> {
        self.machines().find(|machine| machine.id == *id)
    }

    /// The point to which a machine goes.
    #[must_use]
    pub fn point_of<'a>(&'a self, machine: &'a Recovered) -> &'a PointChoice {
        machine.point.as_ref().unwrap_or(&self.point)
    }

    pub(super) fn words(&self, id: &ArmId) -> Option<Vec<String>> {
        let wave = |w: &Wave| w.machines.iter().any(|m| m.id == *id);
        let wave = self.waves.iter().position(wave)?;
        let machine = self.machine(id)?;
        let point = match self.point_of(machine) {
            PointChoice::Latest => "latest".into(),
            PointChoice::LatestApplication => "latest application".into(),
            PointChoice::Custom { name, .. } => format!("point={name}"),
        };
        let hyper_v = match &machine.hyper_v {
            None => "-",
            Some(HyperVReturn {
                synchronisation,
                create_vm,
            }) => match (synchronisation, create_vm) {
                (Synchronisation::BeforeFailover, false) => "before",
                (Synchronisation::BeforeFailover, true) => "before, create",
                (Synchronisation::FullDownload, false) => "full",
                (Synchronisation::FullDownload, true) => "full, create",
            },
        };
        Some(vec![
            id.as_str().to_ascii_lowercase(),
            format!("wave {}", wave + 1),
            point,
            hyper_v.into(),
        ])
    }
}

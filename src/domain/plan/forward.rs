//! Plans for the way to Azure: failover, another recovery point, a test.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::order::{MachineOrder, PlanOrder};
use super::recovery::Wave;
use crate::domain::ids::ArmId;
use crate::domain::text::Text;

/// Machines that fail over to Azure, in their order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Failover {
    /// For every machine that has none of its own.
    #[serde(default)]
    pub point: AzurePoint,
    /// Shut each machine at home down first; the failover goes on where that fails \[004\].
    pub shut_down: bool,
    #[serde(default, skip_serializing_if = "PlanOrder::is_usual")]
    pub order: PlanOrder,
    pub waves: Vec<Wave<FailedOver>>,
}

/// One machine of them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct FailedOver {
    pub id: ArmId,
    /// What people called it when the plan was made.
    pub name: Text,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub point: Option<AzurePoint>,
    /// What is to be changed about the VM in Azure before.
    #[serde(default, skip_serializing_if = "AzureTarget::is_empty")]
    pub target: AzureTarget,
    #[serde(default, skip_serializing_if = "MachineOrder::is_usual")]
    pub order: MachineOrder,
}

/// Which recovery point a machine comes up from in Azure \[004\].
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub enum AzurePoint {
    /// All data that was sent is processed first: least loss.
    #[default]
    Latest,
    /// The newest point that is there already: shortest time.
    LatestProcessed,
    LatestApplication,
    /// One point of one machine.
    Custom {
        id: ArmId,
        time: Option<Timestamp>,
    },
}

/// What is to be changed about the VM in Azure; `None` leaves it as it is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AzureTarget {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<Text>,
    /// As Compute names it: `Standard_D4s_v5`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub size: Option<Text>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub network: Option<ArmId>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub adapters: Vec<AzureAdapter>,
}

/// What is to be changed about one adapter.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AzureAdapter {
    /// `nicId` of the item's adapter.
    pub id: Text,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subnet: Option<Text>,
    /// A fixed address of the subnet; none is one that Azure gives.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address: Option<Text>,
}

/// Machines that take another recovery point before their failover to Azure is committed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Repointing {
    pub machines: Vec<Repointed>,
}

/// One machine of them, or of a test.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Repointed {
    pub id: ArmId,
    /// What people called it when the plan was made.
    pub name: Text,
    pub point: AzurePoint,
}

/// Machines that are tested in Azure.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Testing {
    /// A network that reaches nothing the machine at home serves.
    pub network: ArmId,
    pub machines: Vec<Repointed>,
}

impl FailedOver {
    /// A machine as the plan's own settings have it, its VM in Azure as it is.
    #[must_use]
    pub fn new(id: ArmId, name: Text) -> Self {
        Self {
            id,
            name,
            point: None,
            target: AzureTarget::default(),
            order: MachineOrder::default(),
        }
    }
}

impl Failover {
    /// The usual failover of `waves`: latest point, the machines at home shut down first.
    #[must_use]
    pub fn new(waves: Vec<Wave<FailedOver>>) -> Self {
        Self {
            point: AzurePoint::Latest,
            shut_down: true,
            order: PlanOrder::default(),
            waves,
        }
    }

    pub fn machines(&self) -> impl Iterator<Item = &FailedOver> {
        self.waves.iter().flat_map(|wave| &wave.machines)
    }

    #[must_use]
    pub fn machine(&self, id: &ArmId) -> Option<&FailedOver> {
        self.machines().find(|machine| machine.id == *id)
    }

    /// The wave in which a machine stands, counted from 1.
    #[must_use]
    pub fn wave_of(&self, id: &ArmId) -> Option<usize> {
        let holds = |w: &Wave<FailedOver>| w.machines.iter().any(|m| m.id == *id);
        self.waves.iter().position(holds).map(|at| at + 1)
    }

    /// The point that a machine comes up from.
    #[must_use]
    pub fn point_of<'a>(&'a self, machine: &'a FailedOver) -> &'a AzurePoint {
        machine.point.as_ref().unwrap_or(&self.point)
    }

    pub(super) fn words(&self, id: &ArmId) -> Option<Vec<String>> {
        let machine = self.machine(id)?;
        let wave = self.wave_of(id)?;
        let mut words = vec![
            machine.id.as_str().to_ascii_lowercase(),
            format!("wave {wave}"),
            self.point_of(machine).word(),
            match self.shut_down {
                true => "shut down".into(),
                false => "-".into(),
            },
        ];
        words.extend(machine.target.words());
        words.extend(machine.order.words());
        words.extend(self.waves[wave - 1].hooks.words("wave"));
        words.extend(self.order.words());
        Some(words)
    }
}

impl AzurePoint {
    fn word(&self) -> String {
        match self {
            Self::Latest => "latest".into(),
            Self::LatestProcessed => "latest processed".into(),
            Self::LatestApplication => "latest application".into(),
            Self::Custom { id, .. } => format!("point={}", id.as_str().to_ascii_lowercase()),
        }
    }
}

impl AzureTarget {
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    fn words(&self) -> Vec<String> {
        let text = |t: &Option<Text>| t.as_ref().map_or("-".into(), |t| format!("={t}"));
        let network = self.network.as_ref();
        let mut words = vec![
            text(&self.name),
            text(&self.size),
            network.map_or("-".into(), |id| id.as_str().to_ascii_lowercase()),
        ];
        for adapter in &self.adapters {
            words.push(adapter.id.to_string());
            words.push(text(&adapter.subnet));
            words.push(text(&adapter.address));
        }
        words
    }
}

impl Repointing {
    #[must_use]
    pub fn machine(&self, id: &ArmId) -> Option<&Repointed> {
        self.machines.iter().find(|machine| machine.id == *id)
    }
}

impl Testing {
    #[must_use]
    pub fn machine(&self, id: &ArmId) -> Option<&Repointed> {
        self.machines.iter().find(|machine| machine.id == *id)
    }

    pub(super) fn words(&self, id: &ArmId) -> Option<Vec<String>> {
        let mut words = self.machine(id)?.words();
        words.push(self.network.as_str().to_ascii_lowercase());
        Some(words)
    }
}

impl Repointed {
    pub(super) fn words(&self) -> Vec<String> {
        vec![self.id.as_str().to_ascii_lowercase(), self.point.word()]
    }
}

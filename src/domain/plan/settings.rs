//! Settings of vContinuum's tables that Azure's interface cannot carry out: they are kept in the
//! plan, and readiness says which connection would carry them out.

use serde::{Deserialize, Serialize};

use crate::domain::text::Text;

/// Replication options \[000\]; a configuration server would carry them out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Replication {
    /// In MiB; `None` leaves it to the policy.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retention_size: Option<u64>,
    /// How many of the units.
    pub retention_value: u32,
    pub retention_unit: RetentionUnit,
    /// How often a consistent point is made, in hours.
    pub consistency_interval: u32,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum RetentionUnit {
    #[default]
    Days,
    Hours,
}

impl Default for Replication {
    fn default() -> Self {
        Self {
            retention_size: None,
            retention_value: 1,
            retention_unit: RetentionUnit::Days,
            consistency_interval: 1,
        }
    }
}

/// Address translation on the two channels \[000\]; a configuration server would carry it out.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Nat {
    /// Between the machine and its process server: the process server's public address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub process_server: Option<Text>,
    /// Between the process server and the master target: the master target's public address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub master_target: Option<Text>,
}

/// What the machine at home is to be like \[000\]; a vCenter would carry it out. `None` leaves it as
/// it is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct MachineSettings {
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub adapters: Vec<AdapterSetting>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cpus: Option<u32>,
    /// In MiB.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub memory: Option<u64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub display_name: Option<Text>,
    /// The folder on the datastore, where the old disks still lie in the usual one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub folder: Option<Text>,
}

/// One adapter.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AdapterSetting {
    /// The adapter's id, as the service gives it.
    pub adapter: Text,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub network: Option<Text>,
    /// An IPv4 or IPv6 address; `None` is DHCP.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address: Option<Text>,
}

fn word(choice: &Option<impl ToString>) -> String {
    choice
        .as_ref()
        .map_or("-".into(), |choice| format!("={}", choice.to_string()))
}

impl Replication {
    /// Whether somebody chose anything but the usual.
    #[must_use]
    pub fn is_usual(&self) -> bool {
        *self == Self::default()
    }

    pub(super) fn words(&self) -> Vec<String> {
        let unit = match self.retention_unit {
            RetentionUnit::Days => "days",
            RetentionUnit::Hours => "hours",
        };
        vec![
            word(&self.retention_size),
            format!("{} {unit}", self.retention_value),
            self.consistency_interval.to_string(),
        ]
    }
}

impl Nat {
    pub(super) fn words(&self) -> Vec<String> {
        vec![word(&self.process_server), word(&self.master_target)]
    }
}

impl MachineSettings {
    /// Whether anything is to be other than it is.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    pub(super) fn words(&self) -> Vec<String> {
        let mut words = vec![
            word(&self.cpus),
            word(&self.memory),
            word(&self.display_name),
            word(&self.folder),
        ];
        for adapter in &self.adapters {
            words.push(adapter.adapter.to_string());
            words.push(word(&adapter.network));
            words.push(word(&adapter.address));
        }
        words
    }
}

//! The form of an estate file (described in the simulator's module doc) and how it is read.

use std::path::Path;

use serde::de::Error as _;
use serde::{Deserialize, Deserializer};
use serde_json::Value;

use super::faults::Fault;
use super::kind::kind;
use super::options::Error;
use super::site::UNPROTECTED;
use super::stage::{STAGES, stage};
use super::template::raw;

#[derive(Deserialize, Clone, Debug, Default)]
#[serde(deny_unknown_fields)]
pub(super) struct EstateFile {
    #[serde(default)]
    pub about: String,
    pub subscription: Option<String>,
    pub tenant: Option<String>,
    pub resource_group: Option<String>,
    pub vault: Option<String>,
    pub location: Option<String>,
    /// Names of storage accounts and of virtual networks.
    #[serde(default)]
    pub storage_accounts: Vec<String>,
    #[serde(default)]
    pub networks: Vec<String>,
    #[serde(default)]
    pub policies: Vec<PolicySpec>,
    #[serde(default)]
    pub fabrics: Vec<FabricSpec>,
    #[serde(default)]
    pub machines: Vec<MachineSpec>,
    #[serde(default)]
    pub jobs: Vec<JobSpec>,
    #[serde(default)]
    pub plans: Vec<PlanSpec>,
}

#[derive(Deserialize, Clone, Debug)]
#[serde(deny_unknown_fields)]
pub(super) struct PolicySpec {
    pub name: String,
    /// `InMageAzureV2`, `InMage`, `InMageRcm`, `InMageRcmFailback` or `HyperVReplicaAzure`.
    pub kind: String,
    pub threshold_minutes: Option<u32>,
    pub history_minutes: Option<u32>,
    pub app_consistent_minutes: Option<u32>,
    pub multi_vm: Option<bool>,
    /// Hyper-V's data is encrypted at rest.
    #[serde(default)]
    pub encryption: bool,
}

#[derive(Deserialize, Clone, Copy, Debug, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub(super) enum FabricKind {
    Vmware,
    Appliance,
    Hyperv,
    Vmm,
}

impl FabricKind {
    /// Hyper-V, with its hosts alone or under a VMM server.
    pub fn hyperv(self) -> bool {
        matches!(self, Self::Hyperv | Self::Vmm)
    }
}

#[derive(Deserialize, Clone, Debug)]
#[serde(deny_unknown_fields)]
pub(super) struct FabricSpec {
    pub kind: FabricKind,
    pub name: String,
    pub id: Option<String>,
    pub internal_id: Option<String>,
    pub address: Option<String>,
    pub version: Option<String>,
    #[serde(default)]
    pub run_as: Vec<String>,
    #[serde(default)]
    pub process_servers: Vec<ServerSpec>,
    #[serde(default)]
    pub master_targets: Vec<ServerSpec>,
    #[serde(default)]
    pub appliances: Vec<ServerSpec>,
    #[serde(default)]
    pub hosts: Vec<String>,
    /// Those hosts, or the fabric itself, whose provider is not connected.
    #[serde(default)]
    pub silent: Vec<String>,
    /// The cloud of a VMM server, and whether its data is encrypted.
    pub cloud: Option<String>,
    #[serde(default)]
    pub encryption: bool,
    #[serde(default)]
    pub vcenters: Vec<ServerSpec>,
    #[serde(default)]
    pub mappings: Vec<MappingSpec>,
    #[serde(default, deserialize_with = "known_problems")]
    pub problems: Vec<Value>,
}

/// A process server, a master target, an appliance or a vCenter: each uses the fields that it has.
#[derive(Deserialize, Clone, Debug)]
#[serde(deny_unknown_fields)]
pub(super) struct ServerSpec {
    pub name: String,
    pub id: Option<String>,
    pub address: Option<String>,
    pub os: Option<String>,
    pub machines: Option<u32>,
    pub disks: Option<u32>,
    pub total_gb: Option<f64>,
    pub free_gb: Option<f64>,
    pub heartbeat_minutes: Option<f64>,
    /// Names for an appliance, records for a master target.
    #[serde(default)]
    pub datastores: Vec<DatastoreSpec>,
    #[serde(default)]
    pub retention: Vec<VolumeSpec>,
    #[serde(default, deserialize_with = "known_problems")]
    pub problems: Vec<Value>,
}

#[derive(Deserialize, Clone, Debug)]
#[serde(untagged)]
pub(super) enum DatastoreSpec {
    Name(String),
    Full {
        name: String,
        uuid: Option<String>,
        capacity_gb: f64,
        free_gb: f64,
        r#type: Option<String>,
    },
}

impl DatastoreSpec {
    pub fn name(&self) -> &str {
        match self {
            Self::Name(name) | Self::Full { name, .. } => name,
        }
    }
}

#[derive(Deserialize, Clone, Debug)]
#[serde(deny_unknown_fields)]
pub(super) struct VolumeSpec {
    pub volume: String,
    pub capacity_gb: f64,
    pub free_gb: f64,
}

#[derive(Deserialize, Clone, Debug)]
#[serde(deny_unknown_fields)]
pub(super) struct MappingSpec {
    pub policy: String,
    pub name: Option<String>,
    /// The failback direction: the container is mapped to itself (asr-rest.md 3).
    #[serde(default)]
    pub back: bool,
}

/// What a script prints instead of what it would, on both streams, and how long it takes.
#[derive(Deserialize, Clone, Debug, Default)]
#[serde(deny_unknown_fields, default)]
pub(super) struct ScriptSpec {
    pub prints: Option<String>,
    pub complains: String,
    pub seconds: Option<f64>,
}

#[derive(Deserialize, Clone, Debug, Default)]
#[serde(deny_unknown_fields)]
pub(super) struct MachineSpec {
    pub name: String,
    /// Makes the name this many bytes long by repeating it.
    pub name_bytes: Option<usize>,
    pub fabric: String,
    #[serde(deserialize_with = "known_stage")]
    pub stage: String,
    pub os: Option<String>,
    pub os_name: Option<String>,
    pub ip: Option<String>,
    pub azure_ip: Option<String>,
    /// Sizes in GB; the first holds the operating system.
    #[serde(default)]
    pub disks: Vec<u64>,
    pub group: Option<String>,
    pub item: Option<String>,
    pub vm_id: Option<String>,
    pub replica_id: Option<String>,
    pub agent_id: Option<String>,
    pub agent_version: Option<String>,
    /// `none` when the agent of the Azure VM does not answer.
    pub agent: Option<String>,
    pub azure_name: Option<String>,
    pub azure_size: Option<String>,
    pub policy: Option<String>,
    #[serde(default, deserialize_with = "known_problems")]
    pub problems: Vec<Value>,
    pub heartbeat_minutes: Option<f64>,
    pub rpo_seconds: Option<u64>,
    pub progress: Option<u8>,
    #[serde(default)]
    pub resync: bool,
    /// On its way, for each disk.
    pub pending_mb: Option<f64>,
    /// What its guest in Azure writes.
    pub writes_mb_per_minute: Option<f64>,
    /// The text of drscout.conf in its guest.
    pub drscout: Option<String>,
    /// The lines that a script prints which looks into its guest.
    pub guest: Option<String>,
    /// What a script tells of its temporary disk, which it then takes out of use by no means: `none`,
    /// `kept paging 305419896 D:\pagefile.sys`...
    pub temporary: Option<String>,
    /// What becomes of a script in its guest, whichever it is.
    pub script: Option<ScriptSpec>,
    /// The Azure VM's: `running`, `deallocated` or `stopped`.
    pub power: Option<String>,
    pub datastore: Option<String>,
    pub process_server: Option<String>,
    pub master_target: Option<String>,
    #[serde(default)]
    pub managed_disks: bool,
    /// Whether there are application-consistent recovery points.
    pub app_points: Option<bool>,
    /// For how long a machine has been in Azure.
    pub days_in_azure: Option<f64>,
    /// `deleted` when the machine on the site is not there any more.
    pub site_vm: Option<String>,
    /// The host on which it stands.
    pub host: Option<String>,
    /// Its jobs that fail: `VERB [NTH] CODE`, as in the rules of `faults.rs`.
    #[serde(default, deserialize_with = "known_rules")]
    pub fails: Vec<String>,
}

#[derive(Deserialize, Clone, Debug)]
#[serde(deny_unknown_fields)]
pub(super) struct JobSpec {
    pub machine: String,
    /// A key of `scenarios.json`.
    #[serde(deserialize_with = "known_scenario")]
    pub scenario: String,
    pub hours_ago: f64,
    pub error: Option<String>,
    /// A person has still to answer.
    #[serde(default)]
    pub hold: bool,
    /// The failback shut the Azure VM down.
    #[serde(default)]
    pub required: bool,
    pub name: Option<String>,
}

#[derive(Deserialize, Clone, Debug)]
#[serde(deny_unknown_fields)]
pub(super) struct PlanSpec {
    pub name: String,
    pub fabric: String,
    pub groups: Vec<Vec<String>>,
}

// Words that have to be known are checked while the file is read, so that the error tells the line.

fn known_stage<'de, D: Deserializer<'de>>(reader: D) -> Result<String, D::Error> {
    let key = String::deserialize(reader)?;
    if key == UNPROTECTED || stage(&key).is_some() {
        return Ok(key);
    }
    let known: Vec<&str> = STAGES.iter().map(|s| s.key).collect();
    Err(D::Error::custom(format!(
        "no stage '{key}'; there are {UNPROTECTED}, {}",
        known.join(", ")
    )))
}

fn known_scenario<'de, D: Deserializer<'de>>(reader: D) -> Result<String, D::Error> {
    let key = String::deserialize(reader)?;
    match kind(&key) {
        Some(_) => Ok(key),
        None => Err(D::Error::custom(format!("no scenario '{key}'"))),
    }
}

fn known_problems<'de, D: Deserializer<'de>>(reader: D) -> Result<Vec<Value>, D::Error> {
    let list = Vec::<Value>::deserialize(reader)?;
    for problem in &list {
        match problem {
            Value::Object(_) => {}
            Value::String(key) if raw("health").get(key).is_some() => {}
            other => return Err(D::Error::custom(format!("no problem {other}"))),
        }
    }
    Ok(list)
}

fn known_rules<'de, D: Deserializer<'de>>(reader: D) -> Result<Vec<String>, D::Error> {
    let list = Vec::<String>::deserialize(reader)?;
    for rule in &list {
        Fault::of_machine("machine", rule).map_err(D::Error::custom)?;
    }
    Ok(list)
}

/// Reads an estate; what is wrong is told with its place, such as `machines[3].os` and the line.
pub(super) fn parse(text: &str, file: &Path) -> Result<EstateFile, Error> {
    let mut reader = serde_json::Deserializer::from_str(text);
    serde_path_to_error::deserialize(&mut reader).map_err(|error| Error::Estate {
        file: file.to_owned(),
        reason: format!("at {}: {}", error.path(), error.inner()),
    })
}

//! A machine that Site Recovery protects.

use jiff::Timestamp;
use serde::Serialize;

use super::ids::{ArmId, JobId};
use super::job::Job;
use super::place::{Class, Place, Provider};
use super::plan::AzureTarget;
use super::problem::{Health, Problem};
use super::recovery_point::RecoveryPoint;
use super::registration::Discovery;
use super::size::Bytes;
use super::stage::Stage;
use super::text::Text;
use super::verb::{Next, Verb};

/// A protected item as a list shows it. What only a deep read tells is in [`Detail`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Machine {
    pub id: ArmId,
    /// What people call it (`friendlyName`).
    pub name: Text,
    pub class: Class,
    pub place: Place,
    pub stage: Stage,
    /// What Azure is doing with it right now, by its own word, with its job.
    pub running: Option<Running>,
    /// Of an initial or repeated synchronisation, 0 to 100.
    pub sync_percent: Option<u8>,
    pub next: Next,
    pub health: Health,
    pub problems: Vec<Problem>,
    /// Seconds of data that would be lost now; `None` where the provider does not tell.
    pub rpo_seconds: Option<u64>,
    /// `multiVmGroupId`: a replication group only when a second machine has it (asr-rest.md 13).
    pub group_id: Text,
    pub group_name: Text,
    pub policy: Text,
    pub last_failover: Option<Timestamp>,
    pub test_failover: Text,
    /// Changes at a reprotect, stays over failover and commit (asr-rest.md 12).
    pub event_correlation_id: Text,
    /// The Azure VM that it is, or was, where the answer names it.
    pub azure_vm: Option<ArmId>,
    /// The ids by which jobs name it; they change at a reprotect (asr-rest.md 12).
    pub service_ids: Box<[Text]>,
    pub os: Text,
    pub address: Text,
}

impl Machine {
    #[must_use]
    pub fn provider(&self) -> Provider {
        self.class.provider()
    }

    /// Failed over, in whichever direction, and not committed. States whose names are not recorded
    /// are told by what Azure offers (asr-rest.md 9).
    #[must_use]
    pub fn commit_pending(&self) -> bool {
        self.stage == Stage::CommitPending || self.next.offers(Verb::Commit)
    }

    /// The state as a column shows it.
    #[must_use]
    pub fn state_words(&self) -> String {
        if let Some(running) = &self.running {
            return running.words();
        }
        let words = self.stage.words(&self.place);
        match (&self.stage, self.sync_percent) {
            (Stage::InitialSync, Some(percent)) => format!("{words} {percent} %"),
            (Stage::Protected, Some(percent)) => format!("Resync {percent} %"),
            _ => words,
        }
    }

    /// Whether a job is about this machine: by the ids that it has now, or by its name within the
    /// vault, because ids change at a reprotect (asr-rest.md 12).
    #[must_use]
    pub fn is_target_of(&self, job: &Job) -> bool {
        let same = |text: &Text, other: &Text| text.as_str().eq_ignore_ascii_case(other.as_str());
        let running = self
            .running
            .as_ref()
            .and_then(|running| running.job.as_ref());
        job.id.up_to("vaults") == self.id.up_to("vaults")
            && (running == Some(&job.name)
                || self.service_ids.iter().any(|id| same(&job.target_id, id))
                || same(&job.target_name, &self.name))
    }

    /// The name of the Azure VM, when it is not the machine's own.
    #[must_use]
    pub fn azure_name(&self) -> Option<Text> {
        let name = self.azure_vm.as_ref()?.name();
        (!name.eq_ignore_ascii_case(self.name.as_str())).then(|| name.into())
    }
}

/// `currentScenario`, when it is not `None`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Running {
    pub scenario: Text,
    pub job: Option<JobId>,
    pub since: Option<Timestamp>,
}

impl Running {
    /// What is being done, as a column shows it; a scenario that is not known by its own name.
    #[must_use]
    pub fn words(&self) -> String {
        let known = match self.scenario.as_str().to_ascii_lowercase().as_str() {
            "unplannedfailover" | "plannedfailover" => "Failing over",
            "failback" => "Failing back",
            "commitfailover" | "failovercommit" => "Committing",
            "cancelfailover" => "Cancelling failover",
            "switchreplicationgroupprotection" | "reprotectreplicationgroup" => "Reprotecting",
            "enabledr" | "enableprotection" => "Enabling protection",
            "testfailover" => "Test failover",
            "testfailovercleanup" => "Cleaning up test",
            "disabledr" | "disableprotection" => "Protection ends",
            _ => return format!("Busy: {}", self.scenario),
        };
        known.into()
    }
}

/// What only a deep read of one machine tells.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Detail {
    pub disks: Vec<Disk>,
    pub adapters: Vec<Adapter>,
    pub points: Vec<RecoveryPoint>,
    /// Why the recovery points could not be read.
    pub points_failure: Option<super::Failure>,
    pub agent_version: Text,
    pub agent_heartbeat: Option<Timestamp>,
    /// When the RPO was computed, by the service's clock.
    pub rpo_calculated: Option<Timestamp>,
    pub ties: Ties,
    /// What the VM in Azure is to be, as far as it is told; of machines that replicate to Azure.
    pub target: AzureTarget,
    pub at_home: AtHome,
    pub stores: Stores,
    /// Labelled facts in the order to be shown: ids, process server, master target, datastore...
    pub facts: Vec<(&'static str, Text)>,
}

impl Detail {
    /// All disks under replication together; `None` where one of them is not told: a sum without it
    /// would say too little.
    #[must_use]
    pub fn capacity(&self) -> Option<Bytes> {
        self.sum(|disk| disk.capacity)
    }

    /// What has not reached the target, of all disks together; `None` as for [`Self::capacity`].
    #[must_use]
    pub fn pending(&self) -> Option<Bytes> {
        self.sum(|disk| disk.pending)
    }

    fn sum(&self, bytes: fn(&Disk) -> Option<Bytes>) -> Option<Bytes> {
        let all: Option<Vec<Bytes>> = self.disks.iter().map(bytes).collect();
        let all = all.filter(|all| !all.is_empty())?;
        let sum = all.iter().fold(0_u64, |sum, one| sum.saturating_add(one.0));
        Some(Bytes(sum))
    }
}

/// What a machine is tied to, by the service's own ids; empty where the answer names none.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Ties {
    pub policy: Option<ArmId>,
    /// `discoveryType`. Of a machine that is protected to Azure it tells what the machine was; of
    /// one that replicates home it is always "Physical" (asr-rest.md 13).
    pub discovery: Option<Discovery>,
    pub os_version: Text,
    /// The names of its registrations, in this direction and in the other.
    pub registrations: Vec<Text>,
    pub process_server: Text,
    pub master_target: Text,
}

/// What carries a machine at home.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct AtHome {
    /// Its registration, by its whole address.
    pub protectable: Option<ArmId>,
    /// The provider of the host, the VMM server or the configuration server that it belongs to.
    pub provider: Option<ArmId>,
    /// The policy by which it replicated to Azure last (modernised, `lastUsedPolicyId`).
    pub policy: Option<ArmId>,
}

/// The storage accounts that its replication uses; `None` where the answer names none.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Stores {
    /// Where the replica's disks lie, where that is a storage account (Hyper-V).
    pub replica: Option<ArmId>,
    /// What takes what was written and is not processed yet.
    pub log: Option<ArmId>,
}

/// A disk under replication.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Disk {
    pub name: Text,
    pub capacity: Option<Bytes>,
    /// Data that has not reached the target yet.
    pub pending: Option<Bytes>,
    /// The same, station by station.
    pub waiting: Waiting,
    pub sync_percent: Option<u8>,
    /// It is, or has to be, copied anew: nothing that it tells means that the copy is whole.
    pub resync: bool,
    pub stage: Text,
}

/// Data on its way home, at each of its stations (classic); `None` is what is not told.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Waiting {
    pub source: Option<Bytes>,
    pub process_server: Option<Bytes>,
    pub target: Option<Bytes>,
}

/// A network adapter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Adapter {
    pub id: Text,
    pub network: Text,
    pub address: Text,
    pub kind: Text,
}

//! `ReplicationProtectedItem`: the machine on the wire. One flat reading serves every
//! `instanceType`; a field that a provider does not have is absent.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::domain::machine::{AtHome, Running, Stores, Ties};
use crate::domain::plan::AzureTarget;
use crate::domain::recovery_point::{Consistency, RecoveryPoint, tag_time};
use crate::domain::{
    ArmId, Class, Detail, Discovery, Health, JobId, Level, Machine, Next, Place, Problem, Stage,
    Text,
};

use super::device::{Nic, WireDisk};
use super::leaf::{Many, Part, Word};

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Item {
    id: Word,
    name: Word,
    properties: Part<Properties>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Properties {
    friendly_name: Word,
    protection_state: Word,
    protection_state_description: Word,
    active_location: Word,
    test_failover_state: Word,
    allowed_operations: Many<Word>,
    replication_health: Word,
    health_errors: Many<HealthError>,
    policy_friendly_name: Word,
    last_successful_failover_time: Word,
    current_scenario: Part<Scenario>,
    event_correlation_id: Word,
    protectable_item_id: Word,
    policy_id: Word,
    recovery_services_provider_id: Word,
    provider_specific_details: Part<Provider>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Scenario {
    scenario_name: Word,
    job_id: Word,
    start_time: Word,
}

/// `HealthError` (asr-rest.md 4).
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct HealthError {
    error_level: Word,
    error_code: Word,
    summary_message: Word,
    error_message: Word,
    possible_causes: Word,
    recommended_action: Word,
    creation_time_utc: Word,
}

impl HealthError {
    #[must_use]
    pub fn problem(self) -> Problem {
        let message = if self.error_message.is_empty() {
            self.summary_message
        } else {
            self.error_message
        };
        Problem {
            level: Level::of(self.error_level.as_str()),
            code: self.error_code.text(),
            message: message.text(),
            causes: self.possible_causes.text(),
            remedy: self.recommended_action.text(),
            since: self.creation_time_utc.time(),
            activity_id: Text::default(),
        }
    }
}

/// `providerSpecificDetails` of every provider, laid over each other.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Provider {
    instance_type: Word,
    active_site_type: Word,
    rpo_in_seconds: Word,
    last_rpo_in_seconds: Word,
    last_rpo_calculated_time: Word,
    resync_details: Part<Sync>,
    initial_replication_details: Part<Sync>,
    initial_replication_progress_percentage: Word,
    resync_progress_percentage: Word,
    resync_required: Word,
    multi_vm_group_id: Word,
    multi_vm_group_name: Word,
    target_vm_id: Word,
    azure_virtual_machine_id: Word,
    #[serde(rename = "recoveryAzureVMName", alias = "recoveryAzureVmName")]
    recovery_azure_vm_name: Word,
    os_type: Word,
    #[serde(alias = "oSDetails")]
    os_details: Part<Os>,
    ip_address: Word,
    primary_nic_ip_address: Word,
    // Deep reads only.
    protected_disks: Many<WireDisk>,
    azure_vm_disk_details: Many<WireDisk>,
    vm_nics: Many<Nic>,
    consistency_points: Part<BTreeMap<String, Word>>,
    agent_version: Word,
    agent_details: Part<Agent>,
    mobility_agent_details: Part<Agent>,
    last_heartbeat: Word,
    process_server_id: Word,
    process_server_name: Word,
    master_target_id: Word,
    reprotect_agent_name: Word,
    target_data_store_name: Word,
    datastores: Many<Word>,
    vm_id: Word,
    internal_identifier: Word,
    infrastructure_vm_id: Word,
    discovery_type: Word,
    replica_id: Word,
    os_version: Word,
    use_managed_disks: Word,
    // What the VM in Azure is to be; the modernised class has names of its own.
    #[serde(rename = "recoveryAzureVMSize", alias = "recoveryAzureVmSize")]
    recovery_azure_vm_size: Word,
    selected_recovery_azure_network_id: Word,
    target_vm_name: Word,
    target_vm_size: Word,
    target_network_id: Word,
    recovery_azure_resource_group_id: Word,
    recovery_azure_storage_account: Word,
    recovery_azure_log_storage_account_id: Word,
    last_used_policy_id: Word,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Sync {
    initial_replication_progress_percentage: Word,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Os {
    os_type: Word,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Agent {
    agent_version: Word,
    version: Word,
    last_heartbeat_utc: Word,
}

impl Item {
    /// The machine; `None` when the answer does not even say which item it is.
    #[must_use]
    pub fn machine(self) -> Option<Machine> {
        self.read(false).map(|(machine, _)| machine)
    }

    /// The machine with what only a deep read tells.
    #[must_use]
    pub fn detailed(self) -> Option<(Machine, Detail)> {
        self.read(true)
    }

    fn read(self, deep: bool) -> Option<(Machine, Detail)> {
        let id = self.id.id()?;
        let p = self.properties.or_empty();
        let d = p.provider_specific_details.or_empty();
        let detail = if deep {
            Detail {
                at_home: AtHome {
                    protectable: p.protectable_item_id.id(),
                    provider: p.recovery_services_provider_id.id(),
                    policy: d.last_used_policy_id.id(),
                },
                ..d.detail(&p.protectable_item_id, &p.policy_id)
            }
        } else {
            Detail::default()
        };
        let class = Class::of(d.instance_type.as_str());
        let site = (!d.active_site_type.is_empty()).then(|| d.active_site_type.as_str());
        let place = Place::of(&class, p.active_location.as_str(), site);
        let stage = Stage::of(
            p.protection_state.as_str(),
            p.protection_state_description.text().as_str(),
        );
        let next = Next::of(
            &class,
            &place,
            p.allowed_operations.0.iter().map(Word::as_str),
        );
        let name = if p.friendly_name.is_empty() {
            &self.name
        } else {
            &p.friendly_name
        };
        let address = if d.ip_address.is_empty() {
            &d.primary_nic_ip_address
        } else {
            &d.ip_address
        };
        let os = if d.os_type.is_empty() {
            d.os_details
                .0
                .as_ref()
                .map(|os| os.os_type.text())
                .unwrap_or_default()
        } else {
            d.os_type.text()
        };
        let rpo = if d.rpo_in_seconds.is_empty() {
            &d.last_rpo_in_seconds
        } else {
            &d.rpo_in_seconds
        };
        let machine = Machine {
            name: name.text(),
            running: running(&p.current_scenario.or_empty()),
            sync_percent: d.sync_percent(&stage),
            next,
            health: Health::of(p.replication_health.as_str()),
            problems: p
                .health_errors
                .0
                .into_iter()
                .map(HealthError::problem)
                .collect(),
            // A machine that does not replicate has an RPO of its last time, which means nothing now.
            rpo_seconds: rpo.number().filter(|_| stage == Stage::Protected),
            group_id: d.multi_vm_group_id.text(),
            group_name: d.multi_vm_group_name.text(),
            policy: p.policy_friendly_name.text(),
            last_failover: p.last_successful_failover_time.time(),
            test_failover: p.test_failover_state.text(),
            event_correlation_id: p.event_correlation_id.text(),
            azure_vm: d.azure_vm(&class, &place),
            service_ids: d.service_ids(&p.protectable_item_id),
            os,
            address: address.text(),
            id,
            class,
            place,
            stage,
        };
        Some((machine, detail))
    }
}

fn running(scenario: &Scenario) -> Option<Running> {
    (!scenario.scenario_name.is_empty() && !scenario.scenario_name.is("none")).then(|| Running {
        job: scenario
            .job_id
            .as_str()
            .rsplit('/')
            .next()
            .and_then(JobId::parse),
        since: scenario.start_time.time(),
        scenario: scenario.scenario_name.text(),
    })
}

impl Provider {
    /// Progress of the synchronisation that is under way, if one is.
    fn sync_percent(&self, stage: &Stage) -> Option<u8> {
        let of = |part: &Part<Sync>| {
            part.0
                .as_ref()
                .and_then(|s| s.initial_replication_progress_percentage.percent())
        };
        match stage {
            Stage::InitialSync => self
                .initial_replication_progress_percentage
                .percent()
                .or_else(|| of(&self.resync_details))
                .or_else(|| of(&self.initial_replication_details))
                .or_else(|| self.resync_progress_percentage.percent()),
            Stage::Protected if self.resync_required.is("true") => {
                self.resync_progress_percentage.percent()
            }
            Stage::Protected => self
                .protected_disks
                .0
                .iter()
                .filter_map(WireDisk::resync_percent)
                .min(),
            _ => None,
        }
    }

    /// Before a failover `targetVmId` ends with `/virtualMachines/` and no name (asr-rest.md 4);
    /// that is no id.
    fn azure_vm(&self, class: &Class, place: &Place) -> Option<ArmId> {
        if (class, place) == (&Class::HyperV, &Place::Azure) {
            return self.hyper_v_vm();
        }
        self.azure_virtual_machine_id
            .id()
            .or_else(|| self.target_vm_id.id())
    }

    /// A Hyper-V machine tells its VM in Azure by resource group and name; before a failover, and
    /// after a failback, that is the VM that would be made.
    fn hyper_v_vm(&self) -> Option<ArmId> {
        let group = self.recovery_azure_resource_group_id.id()?;
        let name = self.recovery_azure_vm_name.as_str();
        let sound = !name.is_empty() && !name.contains('/');
        let path = format!("{group}/providers/Microsoft.Compute/virtualMachines/{name}");
        sound.then(|| ArmId::parse(&path)).flatten()
    }

    /// The ids by which jobs name this machine (asr-rest.md 12).
    fn service_ids(&self, protectable: &Word) -> Box<[Text]> {
        let last = protectable.as_str().rsplit('/').next().unwrap_or_default();
        let all = [self.vm_id.as_str(), self.internal_identifier.as_str(), last];
        let mut ids: Vec<Text> = all
            .into_iter()
            .filter(|id| !id.is_empty())
            .map(Text::from)
            .collect();
        ids.dedup();
        ids.into()
    }

    fn detail(&self, protectable: &Word, policy: &Word) -> Detail {
        let agent = self
            .agent_details
            .0
            .as_ref()
            .or(self.mobility_agent_details.0.as_ref());
        let version = agent.map_or(&self.agent_version, |a| {
            if a.agent_version.is_empty() {
                &a.version
            } else {
                &a.agent_version
            }
        });
        let heartbeat = agent.and_then(|a| a.last_heartbeat_utc.time());
        // The same disks again, as Azure has them, where a provider tells both.
        let disks = match self.protected_disks.0.as_slice() {
            [] => &self.azure_vm_disk_details.0,
            disks => disks,
        };
        Detail {
            disks: disks.iter().map(WireDisk::disk).collect(),
            adapters: self.vm_nics.0.iter().map(Nic::adapter).collect(),
            points: self.points(),
            points_failure: None,
            agent_version: version.text(),
            agent_heartbeat: heartbeat.or_else(|| self.last_heartbeat.time()),
            rpo_calculated: self.last_rpo_calculated_time.time(),
            ties: self.ties(protectable, policy),
            target: self.target(),
            at_home: AtHome::default(),
            stores: self.stores(),
            facts: self.facts(protectable),
        }
    }

    /// What the VM in Azure is to be. The class that replicates home has a `targetVmName` of its own,
    /// which is the machine's at home.
    fn target(&self) -> AzureTarget {
        let homeward = matches!(
            Class::of(self.instance_type.as_str()),
            Class::ClassicHome | Class::ModernisedHome
        );
        if homeward {
            return AzureTarget::default();
        }
        let either = |a: &Word, b: &Word| {
            let word = if a.is_empty() { b } else { a };
            (!word.is_empty()).then(|| word.text())
        };
        let network = [
            &self.selected_recovery_azure_network_id,
            &self.target_network_id,
        ];
        AzureTarget {
            name: either(&self.recovery_azure_vm_name, &self.target_vm_name),
            size: either(&self.recovery_azure_vm_size, &self.target_vm_size),
            network: network.into_iter().find_map(Word::id),
            adapters: self.vm_nics.0.iter().map(Nic::in_azure).collect(),
        }
    }

    fn stores(&self) -> Stores {
        let disks = &self.protected_disks.0;
        let log = self.recovery_azure_log_storage_account_id.id();
        Stores {
            replica: self.recovery_azure_storage_account.id(),
            log: log.or_else(|| disks.iter().find_map(WireDisk::log_storage)),
        }
    }

    fn ties(&self, protectable: &Word, policy: &Word) -> Ties {
        let registered = protectable.as_str().rsplit('/').next().unwrap_or_default();
        let mut registrations: Vec<Text> = Vec::new();
        let ids = [&self.vm_id, &self.infrastructure_vm_id, &self.replica_id];
        for id in ids.map(Word::as_str).into_iter().chain([registered]) {
            let id = Text::from(id);
            if !id.is_empty() && !registrations.contains(&id) {
                registrations.push(id);
            }
        }
        let discovery = &self.discovery_type;
        Ties {
            policy: policy.id(),
            discovery: (!discovery.is_empty()).then(|| Discovery::of(discovery.as_str())),
            os_version: self.os_version.text(),
            registrations,
            process_server: self.process_server_id.text(),
            master_target: self.master_target_id.text(),
        }
    }

    /// Classic, direction home: the points stand in the item itself.
    fn points(&self) -> Vec<RecoveryPoint> {
        let Some(tags) = &self.consistency_points.0 else {
            return Vec::new();
        };
        let mut points: Vec<_> = tags
            .keys()
            .map(|tag| RecoveryPoint {
                id: None,
                name: tag.as_str().into(),
                time: tag_time(tag),
                consistency: if tag.to_ascii_lowercase().contains("filesystem") {
                    Consistency::Application
                } else {
                    Consistency::Crash
                },
                multi_vm: false,
            })
            .collect();
        points.sort_by_key(|point| std::cmp::Reverse(point.time));
        points
    }

    fn facts(&self, protectable: &Word) -> Vec<(&'static str, Text)> {
        let stores: Vec<_> = self.datastores.0.iter().map(Word::as_str).collect();
        let process_server = if self.process_server_name.is_empty() {
            &self.process_server_id
        } else {
            &self.process_server_name
        };
        let all = [
            ("Azure VM name", self.recovery_azure_vm_name.text()),
            ("Process server", process_server.text()),
            ("Master target", self.master_target_id.text()),
            ("Reprotect agent", self.reprotect_agent_name.text()),
            ("Datastore", self.target_data_store_name.text()),
            ("Datastores", stores.join(", ").into()),
            ("Discovery", self.discovery_type.text()),
            ("Managed disks", self.use_managed_disks.text()),
            ("VM id", self.vm_id.text()),
            ("Internal id", self.internal_identifier.text()),
            ("Infrastructure id", self.infrastructure_vm_id.text()),
            ("Protectable item", protectable.text()),
        ];
        all.into_iter()
            .filter(|(_, value)| !value.is_empty())
            .collect()
    }
}

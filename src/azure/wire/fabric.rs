//! `Fabric` with its `customDetails`: one flat reading for every kind (asr-rest.md 2).

use jiff::Timestamp;
use serde::Deserialize;

use crate::domain::infrastructure::{self, Component, Datastore, FabricKind, Role, Volume};
use crate::domain::{Health, Problem, Text};

use super::item::HealthError;
use super::leaf::{Many, Part, Word};

/// The service counts data stores in GB of 2^30 bytes, as a string.
const GIB: u64 = 1 << 30;

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Fabric {
    id: Word,
    name: Word,
    properties: Part<Properties>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Properties {
    friendly_name: Word,
    health: Word,
    health_error_details: Many<HealthError>,
    custom_details: Part<Custom>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Custom {
    instance_type: Word,
    process_servers: Many<Server>,
    master_target_servers: Many<Server>,
    rcm_proxies: Many<Server>,
    push_installers: Many<Server>,
    replication_agents: Many<Server>,
    reprotect_agents: Many<Server>,
    mars_agents: Many<Server>,
    dras: Many<Server>,
    #[serde(rename = "hyperVHosts")]
    hyper_v_hosts: Many<Server>,
    host_name: Word,
    ip_address: Word,
    agent_version: Word,
    last_heartbeat: Word,
    cs_service_status: Word,
}

/// Every kind of server of every fabric.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Server {
    id: Word,
    name: Word,
    friendly_name: Word,
    fqdn: Word,
    ip_address: Word,
    ip_addresses: Many<Word>,
    agent_version: Word,
    version: Word,
    mars_agent_version: Word,
    last_heartbeat: Word,
    last_heartbeat_utc: Word,
    health: Word,
    health_errors: Many<HealthError>,
    validation_errors: Many<HealthError>,
    os_type: Word,
    disk_count: Word,
    retention_volumes: Many<WireVolume>,
    data_stores: Many<WireStore>,
    accessible_datastores: Many<Word>,
    available_space_in_bytes: Word,
    total_space_in_bytes: Word,
    ps_service_status: Word,
    ps_stats_refresh_time: Word,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct WireVolume {
    volume_name: Word,
    capacity_in_bytes: Word,
    free_space_in_bytes: Word,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct WireStore {
    symbolic_name: Word,
    capacity: Word,
    free_space: Word,
    #[serde(rename = "type")]
    kind: Word,
}

impl Fabric {
    /// The fabric; `None` when the answer does not even say which one it is.
    #[must_use]
    pub fn fabric(self) -> Option<infrastructure::Fabric> {
        let id = self.id.id()?;
        let p = self.properties.or_empty();
        let name = if p.friendly_name.is_empty() {
            &self.name
        } else {
            &p.friendly_name
        };
        let custom = p.custom_details.or_empty();
        let kind = kind(&custom.instance_type);
        let health = Health::of(p.health.as_str());
        let newest = custom.newest();
        let components = custom.components(&kind, &health);
        Some(infrastructure::Fabric {
            name: name.text(),
            problems: p
                .health_error_details
                .0
                .into_iter()
                .map(HealthError::problem)
                .collect(),
            components,
            newest,
            id,
            kind,
            health,
        })
    }
}

fn kind(instance_type: &Word) -> FabricKind {
    match instance_type.as_str().to_ascii_lowercase().as_str() {
        "vmware" => FabricKind::ClassicVmware,
        "inmagercm" | "vmwarev2" => FabricKind::ModernisedVmware,
        "hypervsite" => FabricKind::HyperVSite,
        "vmm" => FabricKind::Vmm,
        "azure" => FabricKind::Azure,
        _ => FabricKind::Other(instance_type.text()),
    }
}

impl Custom {
    /// The newest time that the answer itself holds.
    fn newest(&self) -> Option<Timestamp> {
        let servers = [
            &self.process_servers,
            &self.master_target_servers,
            &self.reprotect_agents,
        ]
        .into_iter()
        .chain([
            &self.rcm_proxies,
            &self.push_installers,
            &self.replication_agents,
        ])
        .flat_map(|many| &many.0);
        servers
            .flat_map(|s| {
                [
                    &s.last_heartbeat,
                    &s.last_heartbeat_utc,
                    &s.ps_stats_refresh_time,
                ]
            })
            .chain([&self.last_heartbeat])
            .filter_map(Word::time)
            .max()
    }

    fn components(self, kind: &FabricKind, health: &Health) -> Vec<Component> {
        let mut all = Vec::new();
        if *kind == FabricKind::ClassicVmware {
            all.push(Component {
                role: Role::ConfigurationServer,
                id: Text::default(),
                name: self.host_name.text(),
                address: self.ip_address.text(),
                version: self.agent_version.text(),
                heartbeat: self.last_heartbeat.time(),
                health: match self.cs_service_status.as_str() {
                    "" | "Running" => health.clone(),
                    status => Health::Other(status.into()),
                },
                problems: Vec::new(),
            });
        }
        let modern = *kind == FabricKind::ModernisedVmware;
        let process_server = |s: &Server| Role::ProcessServer {
            free: s.available_space_in_bytes.bytes(),
            total: s.total_space_in_bytes.bytes(),
            service: s.ps_service_status.text(),
        };
        let part = |words: &'static str| move |_: &Server| Role::AppliancePart(words.into());
        add(&mut all, self.process_servers, process_server);
        add(&mut all, self.master_target_servers, Server::master_target);
        add(&mut all, self.reprotect_agents, |s| Role::ReprotectAgent {
            datastores: s.accessible_datastores.0.iter().map(Word::text).collect(),
        });
        if modern {
            add(&mut all, self.rcm_proxies, part("appliance proxy"));
            add(&mut all, self.replication_agents, part("replication agent"));
            add(&mut all, self.push_installers, part("push installer"));
            add(&mut all, self.mars_agents, part("recovery services agent"));
            add(&mut all, self.dras, part("disaster recovery agent"));
        }
        add(&mut all, self.hyper_v_hosts, |_| Role::HyperVHost);
        all
    }
}

fn add(all: &mut Vec<Component>, servers: Many<Server>, role: impl Fn(&Server) -> Role) {
    all.extend(servers.0.into_iter().map(|server| {
        let role = role(&server);
        server.component(role)
    }));
}

impl Server {
    fn master_target(&self) -> Role {
        Role::MasterTarget {
            os: self.os_type.text(),
            disks: self.disk_count.number().and_then(|n| u32::try_from(n).ok()),
            retention: self
                .retention_volumes
                .0
                .iter()
                .map(|v| Volume {
                    name: v.volume_name.text(),
                    capacity: v.capacity_in_bytes.bytes(),
                    free: v.free_space_in_bytes.bytes(),
                })
                .collect(),
            datastores: self
                .data_stores
                .0
                .iter()
                .map(|d| Datastore {
                    name: d.symbolic_name.text(),
                    capacity: d.capacity.scaled(GIB),
                    free: d.free_space.scaled(GIB),
                    kind: d.kind.text(),
                })
                .collect(),
        }
    }

    fn component(self, role: Role) -> Component {
        let first = |words: [&Word; 3]| {
            words
                .into_iter()
                .find(|w| !w.is_empty())
                .map(Word::text)
                .unwrap_or_default()
        };
        let problems: Vec<Problem> = [self.health_errors, self.validation_errors]
            .into_iter()
            .flat_map(|many| many.0)
            .map(HealthError::problem)
            .collect();
        Component {
            role,
            id: self.id.text(),
            name: first([&self.friendly_name, &self.name, &self.fqdn]),
            address: self
                .ip_addresses
                .0
                .first()
                .map_or_else(|| self.ip_address.text(), Word::text),
            version: first([&self.agent_version, &self.version, &self.mars_agent_version]),
            heartbeat: self
                .last_heartbeat
                .time()
                .or_else(|| self.last_heartbeat_utc.time()),
            health: Health::of(self.health.as_str()),
            problems,
        }
    }
}

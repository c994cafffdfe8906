//! A site of all three generations.

use std::sync::Arc;

use super::build::*;
use crate::domain::infrastructure::{Fabric, FabricKind, Role};
use crate::domain::machine::{AtHome, Disk, Stores};
use crate::domain::offers::{Network, Offered, Provider, Reading, Size, StorageAccount, Subnet};
use crate::domain::plan::{AzureAdapter, AzureTarget};
use crate::domain::recovery_point::{Consistency, RecoveryPoint};
use crate::domain::{ArmId, Bytes, Health, Machine, Offers, Text};

pub fn network_id(name: &str) -> ArmId {
    let group = "/subscriptions/s/resourceGroups/az/providers/Microsoft.Network/virtualNetworks";
    ArmId::parse(&format!("{group}/{name}")).unwrap()
}

pub fn storage_id(name: &str) -> ArmId {
    let group = "/subscriptions/s/resourceGroups/az/providers/Microsoft.Storage/storageAccounts";
    ArmId::parse(&format!("{group}/{name}")).unwrap()
}

pub fn host_id(name: &str) -> ArmId {
    let fabric = in_fabric("hyperv", "x")
        .up_to("replicationFabrics")
        .unwrap();
    let kind = "replicationRecoveryServicesProviders";
    ArmId::parse(&format!("{fabric}/{kind}/{name}")).unwrap()
}

fn fabric(name: &str, kind: FabricKind, agents: &[(&str, &[&str])]) -> Fabric {
    let agent = |(name, stores): &(&str, &[&str])| {
        let datastores = stores.iter().map(|name| Text::from(*name)).collect();
        component(name, Role::ReprotectAgent { datastores })
    };
    Fabric {
        id: in_fabric(name, "x").up_to("replicationFabrics").unwrap(),
        name: name.into(),
        kind,
        health: Health::Normal,
        problems: Vec::new(),
        components: agents.iter().map(agent).collect(),
        newest: None,
    }
}

/// As it is offered once it was read deeply, with what it is in Azure and at home.
pub fn deep(machine: Machine) -> Offered {
    let id = machine.id.clone();
    let name = machine.name.clone();
    let mut own = offered(machine);
    if let Reading::Read(detail) = &mut own.detail {
        detail.disks = vec![Disk {
            capacity: Some(Bytes(100_000_000_000)),
            ..Disk::default()
        }];
        detail.at_home = AtHome {
            provider: Some(host_id("hv-1")),
            ..AtHome::default()
        };
        detail.stores = Stores {
            log: Some(storage_id("logs")),
            ..Stores::default()
        };
        detail.target = AzureTarget {
            name: Some(name),
            size: Some("Standard_D2s_v5".into()),
            network: Some(network_id("net-1")),
            adapters: vec![AzureAdapter {
                id: "nic".into(),
                subnet: Some("default".into()),
                address: Some("10.8.0.21".into()),
            }],
        };
        for point in &mut detail.points {
            point.id = ArmId::parse(&format!("{id}/recoveryPoints/{}", point.name));
        }
    }
    let size = |name: &str| Size {
        name: name.into(),
        cores: Some(4),
        memory: Some(Bytes(16 << 30)),
    };
    own.sizes = Some(vec![size("Standard_D2s_v5"), size("Standard_E4s_v5")]);
    own
}

/// Behind one configuration server, one appliance site and one Hyper-V site.
pub fn site(machines: Vec<Machine>) -> Offers {
    let mut offers = offers();
    offers.machines = machines.into_iter().map(deep).collect();
    offers.fabrics.extend([
        fabric(
            "appliance",
            FabricKind::ModernisedVmware,
            &[("agent-1", &["DS-A", "DS-B"]), ("agent-2", &[])],
        ),
        fabric("hyperv", FabricKind::HyperVSite, &[]),
    ]);
    let storage = |name: &str| StorageAccount {
        id: storage_id(name),
        location: "westeurope".into(),
        sku: "Standard_LRS".into(),
    };
    let network = |name: &str, subnets: &[(&str, &str)]| Network {
        id: network_id(name),
        location: "westeurope".into(),
        subnets: subnets
            .iter()
            .map(|(name, prefix)| Subnet {
                name: (*name).into(),
                prefix: (*prefix).into(),
            })
            .collect(),
    };
    let provider = |name: &str, connection: &str| Provider {
        id: host_id(name),
        name: name.into(),
        hyper_v: true,
        connection: connection.into(),
    };
    let choices = offers.choices.as_mut().unwrap();
    choices.storage = vec![storage("other"), storage("logs")];
    choices.networks = vec![
        network(
            "net-1",
            &[("default", "10.8.0.0/24"), ("servers", "10.8.2.0/24")],
        ),
        network("net-2", &[("front", "10.9.0.0/24")]),
    ];
    choices.providers = vec![provider("hv-1", "Connected"), provider("hv-2", "Connected")];
    offers
}

/// Gives a machine's points these ages, in seconds; the second one is application-consistent.
pub fn aged(offers: &mut Offers, name: &str, crash: i64, application: i64) {
    let own = offers.machines.iter_mut();
    let own = { own }.find(|m| m.machine.name.as_str() == name).unwrap();
    let point = |name: &str, age: i64, consistency| RecoveryPoint {
        id: None,
        name: name.into(),
        time: jiff::Timestamp::from_second(NOW - age).ok(),
        consistency,
        multi_vm: true,
    };
    if let Reading::Read(detail) = &mut own.detail {
        detail.points = vec![
            point("c", crash, Consistency::Crash),
            point("a", application, Consistency::Application),
        ];
    }
    own.machine = Arc::clone(&own.machine);
}

//! A site in one line, and a walk over it.

use std::sync::Arc;

use jiff::Timestamp;

use crate::domain::draft::WizardKind;
use crate::domain::infrastructure::{Component, Datastore, Fabric, FabricKind, Role, Volume};
use crate::domain::machine::{Adapter, Detail};
use crate::domain::offers::{Account, Choices, Mapping, Offered, Reading};
use crate::domain::recovery_point::{Consistency, RecoveryPoint};
use crate::domain::{
    Answer, ArmId, Bytes, Class, Draft, Health, Machine, Next, Offers, Place, Policy, Stage, Text,
};
use crate::wizard::{Field, Key, StepId, Walk, accept};

/// The service's time, in seconds.
pub const NOW: i64 = 100_000_000;

const VAULT: &str =
    "/subscriptions/s/resourceGroups/rg/providers/Microsoft.RecoveryServices/vaults/v";

pub fn id(name: &str) -> ArmId {
    in_fabric("f", name)
}

pub fn in_fabric(fabric: &str, name: &str) -> ArmId {
    let container = "replicationProtectionContainers/c/replicationProtectedItems";
    ArmId::parse(&format!(
        "{VAULT}/replicationFabrics/{fabric}/{container}/{name}"
    ))
    .unwrap()
}

pub fn vm(name: &str) -> ArmId {
    let group = "/subscriptions/s/resourceGroups/az/providers/Microsoft.Compute/virtualMachines";
    ArmId::parse(&format!("{group}/{name}")).unwrap()
}

pub fn policy_id(name: &str) -> ArmId {
    ArmId::parse(&format!("{VAULT}/replicationPolicies/{name}")).unwrap()
}

/// A machine of `instance_type` that runs where `active` says, with `allowed`.
pub fn machine(name: &str, instance_type: &str, active: &str, allowed: &[&str]) -> Machine {
    let class = Class::of(instance_type);
    let place = Place::of(&class, active, None);
    Machine {
        id: id(name),
        name: name.into(),
        next: Next::of(&class, &place, allowed.iter().copied()),
        class,
        place,
        stage: Stage::Committed,
        running: None,
        sync_percent: None,
        health: Health::Normal,
        problems: Vec::new(),
        rpo_seconds: None,
        group_id: name.into(),
        group_name: name.into(),
        policy: "day".into(),
        last_failover: None,
        test_failover: Text::default(),
        event_correlation_id: Text::default(),
        azure_vm: Some(vm(name)),
        service_ids: Box::default(),
        os: "Windows".into(),
        address: "10.8.0.21".into(),
    }
}

/// A classic machine that was failed over and can be protected home.
pub fn in_azure(name: &str) -> Machine {
    machine(name, "InMageAzureV2", "Recovery", &["SwitchProtection"])
}

/// A classic machine that replicates home.
pub fn going_home(name: &str) -> Machine {
    Machine {
        stage: Stage::Protected,
        azure_vm: None,
        os: Text::default(),
        ..machine(name, "InMage", "Primary", &["UnplannedFailover"])
    }
}

/// A modernised machine that was failed over and can be protected home.
pub fn modern_in_azure(name: &str) -> Machine {
    let own = machine(name, "InMageRcm", "Recovery", &["SwitchProtection"]);
    of_fabric("appliance", own)
}

/// A modernised machine that replicates home.
pub fn modern_going_home(name: &str) -> Machine {
    let own = machine(name, "InMageRcmFailback", "Primary", &["PlannedFailover"]);
    Machine {
        stage: Stage::Protected,
        ..of_fabric("appliance", own)
    }
}

/// A Hyper-V machine that was failed over, so many days ago.
pub fn hyperv_in_azure(name: &str, days: i64) -> Machine {
    let own = machine(name, "HyperVReplicaAzure", "Recovery", &["Failback"]);
    Machine {
        azure_vm: None,
        last_failover: Timestamp::from_second(NOW - days * 86_400).ok(),
        ..of_fabric("hyperv", own)
    }
}

/// A machine of each generation that runs at home and replicates to Azure.
pub fn at_home(name: &str, instance_type: &str) -> Machine {
    let own = machine(name, instance_type, "Primary", &["UnplannedFailover"]);
    let fabric = match instance_type {
        "InMageRcm" => "appliance",
        "HyperVReplicaAzure" => "hyperv",
        _ => "f",
    };
    Machine {
        stage: Stage::Protected,
        azure_vm: None,
        ..of_fabric(fabric, own)
    }
}

pub fn of_fabric(fabric: &str, machine: Machine) -> Machine {
    Machine {
        id: in_fabric(fabric, machine.name.as_str()),
        ..machine
    }
}

pub fn grouped(machine: Machine, group: &str) -> Machine {
    Machine {
        group_id: group.into(),
        group_name: group.into(),
        ..machine
    }
}

/// A machine as it is offered once it was read deeply.
pub fn offered(machine: Machine) -> Offered {
    let point = |name: &str, time: i64, consistency| RecoveryPoint {
        id: None,
        name: name.into(),
        time: Timestamp::from_second(time).ok(),
        consistency,
        multi_vm: false,
    };
    let adapter = Adapter {
        id: "00-50-56-AB".into(),
        network: "VM Network".into(),
        address: "10.8.0.21".into(),
        kind: Text::default(),
    };
    let detail = Detail {
        adapters: vec![adapter],
        points: vec![
            point("crash1", NOW - 60, Consistency::Crash),
            point("fileSystem1", NOW - 3_000, Consistency::Application),
        ],
        ..Detail::default()
    };
    Offered {
        detail: Reading::Read(Box::new(detail)),
        ..Offered::of(Arc::new(machine))
    }
}

pub fn component(name: &str, role: Role) -> Component {
    Component {
        role,
        id: format!("{name}-id").into(),
        name: name.into(),
        address: "192.168.4.21".into(),
        version: Text::default(),
        heartbeat: None,
        health: Health::Normal,
        problems: Vec::new(),
    }
}

pub fn process_server(name: &str) -> Component {
    let role = Role::ProcessServer {
        free: Some(Bytes(310 << 30)),
        total: Some(Bytes(600 << 30)),
        service: "Running".into(),
    };
    component(name, role)
}

pub fn master_target(name: &str, os: &str, volumes: &[&str], stores: &[&str]) -> Component {
    let room = Some(Bytes(1 << 40));
    let role = Role::MasterTarget {
        os: os.into(),
        disks: Some(2),
        retention: volumes
            .iter()
            .map(|name| Volume {
                name: (*name).into(),
                capacity: room,
                free: room,
            })
            .collect(),
        datastores: stores
            .iter()
            .map(|name| Datastore {
                name: (*name).into(),
                capacity: room,
                free: room,
                kind: "VMFS".into(),
            })
            .collect(),
    };
    component(name, role)
}

fn policy(name: &str, kind: &str) -> Policy {
    Policy {
        id: policy_id(name),
        name: name.into(),
        kind: kind.into(),
        multi_vm: "Enabled".into(),
        threshold: Some(15),
        history: Some(1440),
        application: Some(60),
    }
}

/// Two machines in Azure, two on their way home, one configuration server with one of each that
/// fits Windows.
pub fn offers() -> Offers {
    let fabric = in_fabric("f", "x").up_to("replicationFabrics").unwrap();
    let components = vec![
        process_server("ps"),
        master_target("mt-win", "Windows", &["R"], &["DS-1"]),
        master_target("mt-lin", "Linux", &["/mnt/retention"], &["DS-2"]),
        component(
            "vcenter",
            Role::VCenter {
                discovery: "Completed".into(),
            },
        ),
    ];
    let container = id("x").up_to("replicationProtectionContainers").unwrap();
    let machines = [
        in_azure("a"),
        in_azure("b"),
        going_home("c"),
        going_home("d"),
    ];
    let choices = Choices {
        accounts: vec![Account {
            fabric: fabric.clone(),
            id: "1".into(),
            name: "windows".into(),
        }],
        policies: vec![
            policy("day", "InMageAzureV2"),
            policy("day-failback", "InMage"),
        ],
        mappings: vec![Mapping {
            container,
            policy: policy_id("day-failback"),
            home: true,
        }],
        ..Choices::default()
    };
    Offers {
        machines: machines.into_iter().map(offered).collect(),
        fabrics: vec![Fabric {
            id: fabric,
            name: "cs".into(),
            kind: FabricKind::ClassicVmware,
            health: Health::Normal,
            problems: Vec::new(),
            components,
            newest: None,
        }],
        choices: Some(choices),
        now: Timestamp::from_second(NOW).ok(),
        ..Offers::default()
    }
}

/// Replaces what stands behind the configuration server.
pub fn with_servers(mut offers: Offers, servers: Vec<Component>) -> Offers {
    offers.fabrics[0].components = servers;
    offers
}

/// A draft about these machines.
pub fn draft(wizard: WizardKind, offers: &Offers, machines: &[&str]) -> Draft {
    let mut draft = Draft::new(wizard);
    let list = machines.iter().map(|name| Text::from(*name)).collect();
    let key = Key::plan(Field::Machines);
    accept(&mut draft, offers, &key, &Answer::List(list)).unwrap();
    draft
}

/// What is wrong in a step, with the fields' names.
pub fn faults(draft: &Draft, offers: &Offers, step: StepId) -> Vec<String> {
    let walk = Walk::new(draft, offers);
    let steps = walk.steps();
    let step = steps.iter().find(|row| row.id == step).unwrap();
    let faults = walk.faults(step).into_iter();
    faults
        .map(|(key, why)| format!("{}: {why}", key.name()))
        .collect()
}

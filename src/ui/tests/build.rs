//! Hand-built machines and estates, one line each.

use std::sync::Arc;

use jiff::Timestamp;

use crate::domain::infrastructure::{Component, Datastore, Fabric, FabricKind, Role, Volume};
use crate::domain::machine::{Adapter, Detail, Disk};
use crate::domain::recovery_point::{Consistency, RecoveryPoint};
use crate::domain::{
    ArmId, Bytes, Class, Health, Job, JobId, JobState, Level, Machine, Next, Place, Problem, Stage,
    Task, Text,
};
use crate::site::{Estate, Part, PartName, PartState};

pub const VAULT: &str = "/subscriptions/5f0c9a7e-0000-4000-8000-000000000001/resourceGroups/rg-dr/providers/Microsoft.RecoveryServices/vaults/rsv-contoso-weu";

pub fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

pub fn id(tail: &str) -> ArmId {
    ArmId::parse(&format!("{VAULT}/{tail}")).unwrap()
}

fn item(name: &str) -> ArmId {
    let name = if name.is_empty() { "nameless" } else { name };
    let slug: String = name
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() { c } else { '-' })
        .take(40)
        .collect();
    id(&format!(
        "replicationFabrics/f1/replicationProtectionContainers/c1/replicationProtectedItems/{slug}"
    ))
}

/// A machine of `instance_type` that runs where `active` says, in `state`, with `allowed`.
pub fn machine(
    name: &str,
    instance_type: &str,
    active: &str,
    state: &str,
    allowed: &[&str],
) -> Machine {
    let class = Class::of(instance_type);
    let place = Place::of(&class, active, None);
    let next = Next::of(&class, &place, allowed.iter().copied());
    Machine {
        id: item(name),
        name: name.into(),
        class,
        place,
        stage: Stage::of(state, ""),
        running: None,
        sync_percent: None,
        next,
        health: Health::Normal,
        problems: Vec::new(),
        rpo_seconds: None,
        group_id: Text::default(),
        group_name: Text::default(),
        policy: "24-hour-retention".into(),
        last_failover: None,
        test_failover: Text::default(),
        event_correlation_id: "e0f9b6b4-5a0b-4f5d-8b9e-6f2f6f0f9a11".into(),
        azure_vm: None,
        service_ids: Box::default(),
        os: "Windows".into(),
        address: "10.8.0.21".into(),
    }
}

/// A classic machine that replicates home and can be failed back.
pub fn reprotected(name: &str) -> Machine {
    let allowed = ["UnplannedFailover", "DisableProtection"];
    Machine {
        rpo_seconds: Some(70),
        ..machine(name, "InMage", "Primary", "Protected", &allowed)
    }
}

pub fn problem(level: Level, code: &str, message: &str) -> Problem {
    Problem {
        level,
        code: code.into(),
        message: message.into(),
        causes: "The test was never done.".into(),
        remedy: "Do a test failover on the virtual machine.".into(),
        since: Some(at("2026-03-02T07:30:46Z")),
        activity_id: "4468b400-91c3-4d7e-b6a2-6f2f6f0f9a11".into(),
    }
}

/// A dozen machines of all three generations, in every state that matters.
pub fn machines() -> Vec<Machine> {
    let committed = "UnplannedFailoverCommitted";
    let pending = "UnplannedFailoverCommitPendingStatesBegin";
    let switch = ["CompleteMigration", "DisableProtection", "SwitchProtection"];
    let web = |name| Machine {
        group_id: "g-web".into(),
        group_name: "web farm".into(),
        ..machine(name, "InMageAzureV2", "Recovery", committed, &switch)
    };
    let azure_vm = "/subscriptions/s/resourceGroups/rg-az/providers/Microsoft.Compute/virtualMachines/sql-01-e9369372";
    vec![
        web("web-01"),
        web("web-02"),
        web("web-10"),
        Machine {
            azure_vm: ArmId::parse(azure_vm),
            health: Health::Warning,
            problems: vec![problem(
                Level::Warning,
                "161011",
                "No successful test failover has been done on the virtual machine 'sql-01'.",
            )],
            ..reprotected("sql-01")
        },
        Machine {
            rpo_seconds: Some(4_210),
            health: Health::Critical,
            problems: vec![
                problem(
                    Level::Error,
                    "78052",
                    "The mobility agent has not been heard of.",
                ),
                problem(Level::Warning, "161011", "No successful test failover."),
            ],
            sync_percent: Some(41),
            ..machine(
                "erp-app-01",
                "InMage",
                "Primary",
                "InitialReplicationInProgress",
                &[],
            )
        },
        machine(
            "file-01",
            "InMageRcmFailback",
            "Primary",
            "Protected",
            &["PlannedFailover"],
        ),
        machine(
            "file-02",
            "InMageRcmFailback",
            "Recovery",
            "CommitPendingStatesBegin",
            &["Commit", "CancelFailover"],
        ),
        machine(
            "mail-01",
            "InMageRcm",
            "Recovery",
            pending,
            &["Commit", "ChangePit", "SwitchProtection"],
        ),
        Machine {
            rpo_seconds: Some(30),
            ..machine(
                "dc-01",
                "HyperVReplicaAzure",
                "Recovery",
                "PlannedFailoverStatesBegin",
                &["Failback"],
            )
        },
        Machine {
            rpo_seconds: Some(300),
            health: Health::Unknown,
            ..machine(
                "dc-02",
                "HyperVReplicaAzure",
                "Primary",
                "Protected",
                &["PlannedFailover", "TestFailover", "Teleport"],
            )
        },
        Machine {
            health: Health::Other("Mystic".into()),
            ..machine(
                "old-box",
                "A2A",
                "Primary",
                "Protected",
                &["SwitchProtection"],
            )
        },
        machine("hr-01", "InMage", "Recovery", committed, &switch),
    ]
}

pub fn part(name: PartName, state: PartState) -> Part {
    Part {
        name,
        state,
        read_at: Some(at("2026-03-02T08:14:07Z")),
    }
}

/// An estate of `machines`, every part read.
pub fn estate(machines: Vec<Machine>) -> Estate {
    let mut estate = Estate::default();
    estate.vaults = vec!["rsv-contoso-weu".into()];
    estate.machines = machines.into_iter().map(Arc::new).collect();
    estate.fabrics = fabrics();
    estate.jobs = vec![
        job(
            "9d2f7f0e-5c7e-4a1d-8d34-0d6f1c2b3a4e",
            "Reprotect",
            "sql-01",
            "Succeeded",
            "Completed",
        ),
        job(
            "1a2f7f0e-5c7e-4a1d-8d34-0d6f1c2b3a4e",
            "Commit",
            "web-01",
            "Failed",
            "",
        ),
        job(
            "2b2f7f0e-5c7e-4a1d-8d34-0d6f1c2b3a4e",
            "Planned failover",
            "dc-01",
            "Suspended",
            "WaitingForUserInputAfterDataSync",
        ),
        job(
            "3c2f7f0e-5c7e-4a1d-8d34-0d6f1c2b3a4e",
            "Failover",
            "hr-01",
            "Succeeded",
            "CompletedWithInformation",
        ),
    ];
    estate.parts = [PartName::Machines, PartName::Infrastructure, PartName::Jobs]
        .map(|name| part(name, PartState::Read))
        .to_vec();
    estate.revision = 1;
    estate
}

pub fn task(title: &str, state: &str, description: &str, times: [Option<&str>; 2]) -> Task {
    Task {
        name: title.into(),
        title: title.into(),
        state: JobState::of(state),
        description: description.into(),
        start: times[0].map(at),
        end: times[1].map(at),
        problems: Vec::new(),
        children: Vec::new(),
        job: None,
    }
}

pub fn job(name: &str, title: &str, target: &str, state: &str, description: &str) -> Job {
    Job {
        id: id(&format!("replicationJobs/{name}")),
        name: JobId::parse(name).unwrap(),
        scenario: title.into(),
        title: title.into(),
        state: JobState::of(state),
        description: description.into(),
        start: Some(at("2026-03-02T08:14:02Z")),
        end: None,
        target_name: target.into(),
        target_id: Text::default(),
        activity_id: Text::default(),
        allowed_actions: Vec::new(),
        tasks: Vec::new(),
        problems: Vec::new(),
    }
}

pub fn fabrics() -> Vec<Fabric> {
    let component = |role, name: &str, beat: &str, health| Component {
        role,
        id: format!("id-of-{name}").into(),
        name: name.into(),
        address: "192.168.4.5".into(),
        version: "9.44.6068.1".into(),
        heartbeat: Some(at(beat)),
        health,
        problems: Vec::new(),
    };
    let process_server = Role::ProcessServer {
        free: Some(Bytes(310 << 30)),
        total: Some(Bytes(600 << 30)),
        service: "running".into(),
    };
    let master_target = Role::MasterTarget {
        os: "Linux".into(),
        disks: Some(4),
        retention: vec![Volume {
            name: "/mnt/retention".into(),
            capacity: Some(Bytes(100 << 30)),
            free: Some(Bytes(80 << 30)),
        }],
        datastores: vec![Datastore {
            name: "ds-ssd-01".into(),
            capacity: Some(Bytes(4 << 40)),
            free: None,
            kind: "VMFS".into(),
        }],
    };
    let mut late = component(
        process_server,
        "ps-01",
        "2026-03-02T08:03:00Z",
        Health::Warning,
    );
    late.problems = vec![problem(
        Level::Warning,
        "26003",
        "The process server's heartbeat is late.",
    )];
    vec![
        Fabric {
            id: id("replicationFabrics/f1"),
            name: "cs-01".into(),
            kind: FabricKind::ClassicVmware,
            health: Health::Normal,
            problems: Vec::new(),
            components: vec![
                component(
                    Role::ConfigurationServer,
                    "cs-01",
                    "2026-03-02T08:14:00Z",
                    Health::Normal,
                ),
                late,
                component(
                    master_target,
                    "mt-lin-01",
                    "2026-03-02T08:13:20Z",
                    Health::Normal,
                ),
                component(
                    Role::VCenter {
                        discovery: "Completed".into(),
                    },
                    "vcsa.contoso.com",
                    "2026-03-02T08:13:20Z",
                    Health::Unknown,
                ),
            ],
            newest: Some(at("2026-03-02T08:14:00Z")),
        },
        Fabric {
            id: id("replicationFabrics/f2"),
            name: "hv-site".into(),
            kind: FabricKind::HyperVSite,
            health: Health::Unknown,
            problems: Vec::new(),
            components: vec![Component {
                heartbeat: None,
                ..component(
                    Role::HyperVHost,
                    "hv-01",
                    "2026-03-02T08:14:00Z",
                    Health::Normal,
                )
            }],
            newest: None,
        },
    ]
}

pub fn detail() -> Detail {
    let disk = |name: &str, gib: u64, pending, percent, stage: &str| Disk {
        name: name.into(),
        capacity: Some(Bytes(gib << 30)),
        pending,
        sync_percent: percent,
        stage: stage.into(),
        ..Disk::default()
    };
    let point = |time, consistency, multi_vm| RecoveryPoint {
        id: None,
        name: "p".into(),
        time,
        consistency,
        multi_vm,
    };
    Detail {
        disks: vec![
            disk(
                "disk-0 (system)",
                127,
                Some(Bytes(12 << 20)),
                Some(100),
                "Differential synchronisation",
            ),
            disk("disk-1 (data)", 2048, None, Some(41), "Resynchronisation"),
            disk("disk-2", 64, Some(Bytes(0)), None, ""),
        ],
        adapters: vec![Adapter {
            id: "nic-0".into(),
            network: "VM Network".into(),
            address: "10.8.0.21".into(),
            kind: "Vmxnet3".into(),
        }],
        points: vec![
            point(Some(at("2026-03-02T08:10:00Z")), Consistency::Crash, true),
            point(
                Some(at("2026-03-02T07:00:00Z")),
                Consistency::Application,
                false,
            ),
            point(None, Consistency::Crash, false),
        ],
        points_failure: None,
        agent_version: "9.44.6068.1".into(),
        agent_heartbeat: Some(at("2026-03-02T08:13:00Z")),
        rpo_calculated: None,
        facts: vec![
            ("Process server", "ps-01".into()),
            ("Master target", "mt-lin-01".into()),
        ],
        ..Detail::default()
    }
}

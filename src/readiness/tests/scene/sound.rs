//! What is well: machines, servers, points, each as the service tells it.

use super::*;

pub fn classic_target() -> ClassicTarget {
    ClassicTarget {
        location: Location::Original,
        process_server: Some("PS".into()),
        master_target: Some("MT".into()),
        retention: Some("R:".into()),
        datastore: Some("ds".into()),
        account: None,
        policy: Some(id("failback")),
    }
}

/// In Azure: failed over, or replicating home.
pub fn machine_at(class: Class, stage: Stage) -> Machine {
    let place = Place::Azure;
    let allowed = match class {
        Class::ClassicHome => "UnplannedFailover",
        _ => "SwitchProtection",
    };
    machine(class, place, stage, allowed)
}

pub fn at_home(stage: Stage, allowed: &str) -> Machine {
    machine(Class::ClassicHome, Place::OnPremises, stage, allowed)
}

pub fn machine(class: Class, place: Place, stage: Stage, allowed: &str) -> Machine {
    Machine {
        id: id("a"),
        name: "a".into(),
        next: Next::of(&class, &place, [allowed]),
        class,
        place,
        stage,
        running: None,
        sync_percent: None,
        health: Health::Normal,
        problems: Vec::new(),
        rpo_seconds: Some(660),
        group_id: "a".into(),
        group_name: "a".into(),
        policy: "failback".into(),
        last_failover: Some(minutes_ago(600)),
        test_failover: "".into(),
        event_correlation_id: "".into(),
        azure_vm: None,
        service_ids: Box::default(),
        os: "Windows".into(),
        address: "".into(),
    }
}

pub fn sibling(machine: &Machine) -> Sibling {
    Sibling {
        id: machine.id.clone(),
        name: machine.name.clone(),
        group_id: machine.group_id.clone(),
        // As in the service's lists of machines that replicate home.
        os: Text::default(),
    }
}

pub fn machine_facts(machine: Machine) -> MachineFacts {
    let deep = Deep {
        ties: Ties {
            policy: Some(id("failback")),
            discovery: Some(Discovery::Physical),
            os_version: "".into(),
            registrations: vec!["azure".into(), "ground".into()],
            process_server: "ps".into(),
            master_target: "mt".into(),
        },
        // Eleven minutes old, as is everyday (asr-rest.md 13).
        agent_heartbeat: Some(minutes_ago(11)),
        disks: Some(vec![Some(30 << 30), Some(5 << 30)]),
        resync: false,
        more: Particulars::default(),
        tags: vec![
            point("fileSystem1", Consistency::Application, 50),
            point("systemLevelTag1", Consistency::Crash, 5),
        ],
    };
    MachineFacts {
        item: told(Item::Protected(Box::new(machine)), Source::Item),
        deep: told(deep, Source::Item),
        points: told(Vec::new(), Source::RecoveryPoints),
        registrations: told(
            vec![
                registered("azure", Discovery::Physical),
                registered("ground", Discovery::VCenter),
            ],
            Source::Registrations,
        ),
        identity: told(identity(CONFIRMED), Source::Registrations),
        azure_vm: told(AzureVm::There(running()), Source::Compute),
        recorded: told(Some(recorded()), Source::Here),
    }
}

/// An hour ago, with its temporary disk in use.
pub fn recorded() -> Recorded {
    Recorded {
        at: minutes_ago(60),
        inside: Some(minutes_ago(60)),
        temporary: Temporary::InUse("D:".into()),
    }
}

/// The normal picture, and the agent's own file says the same.
pub const CONFIRMED: Verdict = Verdict::AsExpected {
    azure: 0,
    home: 1,
    confirmed: true,
};

pub fn identity(verdict: Verdict) -> Judged {
    Judged {
        verdict,
        rule: "a rule",
        why: vec!["so it is".into()],
        evidence: Vec::new(),
    }
}

pub fn point(name: &str, consistency: Consistency, minutes: i64) -> RecoveryPoint {
    RecoveryPoint {
        id: None,
        name: name.into(),
        time: Some(minutes_ago(minutes)),
        consistency,
        multi_vm: false,
    }
}

pub fn registered(id: &str, discovery: Discovery) -> Registered {
    let registration = Registration {
        id: id.into(),
        name: "a".into(),
        item: None,
        agent: "".into(),
        address: "".into(),
        discovery,
    };
    Registered {
        registration,
        by_id: true,
    }
}

pub fn running() -> Instance {
    Instance {
        power: "running".into(),
        responsive: Some(true),
        started: Some(minutes_ago(600)),
        os: "Windows Server 2016 Datacenter 10.0.14393".into(),
        disks: None,
    }
}

pub fn policy(name: &str, kind: &str) -> Policy {
    Policy {
        id: id(name),
        name: name.into(),
        kind: kind.into(),
        threshold: Some(15),
        multi_vm: "".into(),
        history: None,
        application: None,
    }
}

pub fn vcenter(name: &str) -> VCenter {
    VCenter {
        fabric: "F".into(),
        name: name.into(),
        discovery: "Completed".into(),
        heartbeat: Some(minutes_ago(11)),
        errors: Vec::new(),
    }
}

pub fn problem(code: &str, level: Level) -> Problem {
    Problem {
        level,
        code: code.into(),
        message: "it is not well".into(),
        causes: "".into(),
        remedy: "".into(),
        since: None,
        activity_id: "".into(),
    }
}

pub fn component(id: &str, role: Role) -> Component {
    Component {
        role,
        id: id.into(),
        name: id.into(),
        address: "".into(),
        version: "".into(),
        heartbeat: Some(minutes_ago(11)),
        health: Health::Normal,
        problems: Vec::new(),
    }
}

pub fn fabric() -> Fabric {
    let room = Some(Bytes(1 << 40));
    let ps = Role::ProcessServer {
        free: room,
        total: room,
        service: "".into(),
    };
    let mt = Role::MasterTarget {
        os: "WINDOWS".into(),
        disks: Some(2),
        retention: vec![Volume {
            name: "R:".into(),
            capacity: room,
            free: room,
        }],
        datastores: vec![Datastore {
            name: "ds".into(),
            capacity: room,
            free: room,
            kind: "VMFS".into(),
        }],
    };
    // A master target has no health of its own in any answer.
    let mt = Component {
        health: Health::Unknown,
        ..component("mt", mt)
    };
    Fabric {
        id: id("a").up_to("replicationFabrics").unwrap(),
        name: "f".into(),
        kind: FabricKind::ClassicVmware,
        health: Health::Normal,
        problems: Vec::new(),
        components: vec![
            component("cs", Role::ConfigurationServer),
            component("ps", ps),
            mt,
        ],
        newest: Some(minutes_ago(1)),
    }
}

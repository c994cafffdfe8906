use jiff::Timestamp;

use super::facts::*;
use super::*;
use crate::domain::infrastructure::{Component, Datastore, Fabric, FabricKind, Role, Volume};
use crate::domain::machine::Ties;
use crate::domain::plan::*;
use crate::domain::{ArmId, Bytes, Class, Health, Machine, Next, Place, Stage};

fn id(name: &str) -> ArmId {
    ArmId::parse(&format!("/s/x/vaults/v/replicationFabrics/f/items/{name}")).unwrap()
}

fn told<T>(value: T, source: Source) -> Fact<T> {
    Fact::Known {
        value,
        source,
        read_at: Timestamp::UNIX_EPOCH,
    }
}

fn machine() -> Machine {
    let (class, place) = (Class::ClassicToAzure, Place::Azure);
    Machine {
        id: id("a"),
        name: "a".into(),
        next: Next::of(&class, &place, ["SwitchProtection"]),
        class,
        place,
        stage: Stage::Committed,
        running: None,
        sync_percent: None,
        health: Health::Normal,
        problems: Vec::new(),
        rpo_seconds: Some(660),
        group_id: "a".into(),
        group_name: "a".into(),
        policy: "".into(),
        last_failover: None,
        test_failover: "".into(),
        event_correlation_id: "".into(),
        azure_vm: None,
        service_ids: Box::default(),
        os: "Windows".into(),
        address: "".into(),
    }
}

fn component(id: &str, role: Role) -> Component {
    Component {
        role,
        id: id.into(),
        name: id.into(),
        address: "".into(),
        version: "".into(),
        heartbeat: Some(Timestamp::UNIX_EPOCH),
        health: Health::Normal,
        problems: Vec::new(),
    }
}

fn fabric() -> Fabric {
    let room = Some(Bytes(1 << 40));
    Fabric {
        id: id("a").up_to("replicationFabrics").unwrap(),
        name: "f".into(),
        kind: FabricKind::ClassicVmware,
        health: Health::Normal,
        problems: Vec::new(),
        components: vec![
            component("cs", Role::ConfigurationServer),
            component(
                "ps",
                Role::ProcessServer {
                    free: room,
                    total: room,
                    service: "".into(),
                },
            ),
            component(
                "mt",
                Role::MasterTarget {
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
                },
            ),
        ],
        newest: None,
    }
}

fn instance() -> Instance {
    Instance {
        power: "running".into(),
        responsive: Some(true),
        started: Some(Timestamp::UNIX_EPOCH),
        os: "".into(),
    }
}

fn facts() -> Facts {
    let machine = MachineFacts {
        item: told(Item::Protected(Box::new(machine())), Source::Items),
        deep: told(
            Deep {
                ties: Ties {
                    discovery: Some(crate::domain::Discovery::VCenter),
                    ..Ties::default()
                },
                agent_heartbeat: Some(Timestamp::UNIX_EPOCH),
                disks: Some(vec![Some(1 << 30)]),
                tags: Vec::new(),
            },
            Source::Item,
        ),
        points: told(Vec::new(), Source::RecoveryPoints),
        registrations: told(Vec::new(), Source::Registrations),
        azure_vm: told(AzureVm::There(instance()), Source::Compute),
    };
    let mut facts = Facts {
        machines: [(id("a"), machine)].into(),
        items: told(Vec::new(), Source::Items),
        fabrics: told(vec![fabric()], Source::Fabrics),
        vcenters: told(Vec::new(), Source::VCenters),
        policies: told(
            vec![crate::domain::Policy {
                id: id("p"),
                name: "p".into(),
                kind: "InMage".into(),
                threshold: Some(15),
            }],
            Source::Policies,
        ),
    };
    let registration = crate::domain::Registration {
        id: "h".into(),
        name: "a".into(),
        item: None,
        agent: "".into(),
        address: "".into(),
        discovery: crate::domain::Discovery::VCenter,
    };
    let one = Registered {
        registration,
        by_id: true,
    };
    own(&mut facts).registrations = told(vec![one], Source::Registrations);
    facts
}

fn own(facts: &mut Facts) -> &mut MachineFacts {
    facts.machines.get_mut(&id("a")).unwrap()
}

fn plan() -> Plan {
    let target = Target::Classic(ClassicTarget {
        location: Location::Original,
        process_server: Some("PS".into()),
        master_target: Some("MT".into()),
        retention: Some("R:".into()),
        datastore: Some("ds".into()),
        account: None,
        policy: Some(id("p")),
    });
    let machines = vec![Protected {
        id: id("a"),
        name: "a".into(),
        azure_vm: None,
        target,
        settings: MachineSettings::default(),
    }];
    let intent = Intent::Protect(Protection {
        replication: Replication::default(),
        nat: Nat::default(),
        machines,
    });
    Plan::new(PlanName::parse("p").unwrap(), intent).unwrap()
}

fn outcome(facts: &Facts, check: &str) -> Outcome {
    evaluate(&plan(), facts).of(check).next().unwrap().outcome
}

#[test]
fn a_sound_machine_is_ready() {
    let findings = evaluate(&plan(), &facts());
    let bad: Vec<_> = findings.0.iter().filter(|f| f.blocks()).collect();
    assert!(bad.is_empty(), "{bad:#?}");
    assert!(findings.ready());
}

#[test]
fn forgetting_a_source_never_turns_anything_green() {
    let all = evaluate(&plan(), &facts());
    for source in Source::ALL {
        let less = evaluate(&plan(), &facts().without(source));
        for (before, after) in all.0.iter().zip(&less.0) {
            let fine = after.outcome == before.outcome || after.outcome == Outcome::Unknown;
            assert!(
                fine,
                "{source:?}: {} became {:?}",
                before.row.id, after.outcome
            );
        }
    }
    assert!(!evaluate(&plan(), &Facts::none("nothing was read")).ready());
}

#[test]
fn what_is_wrong_is_red() {
    type Spoil = fn(&mut Facts);
    let table: &[(&str, Spoil)] = &[
        ("ELIG-05", |f| {
            own(f).azure_vm = told(AzureVm::Missing, Source::Compute);
        }),
        ("ELIG-04", |f| {
            own(f).azure_vm = told(AzureVm::Moved(id("b")), Source::Compute);
        }),
        ("ELIG-06", |f| {
            own(f).item = told(Item::Absent, Source::Items);
        }),
        ("INF-03", |f| {
            own(f).registrations = told(Vec::new(), Source::Registrations);
        }),
        ("AZVM-01", |f| {
            let off = Instance {
                power: "deallocated".into(),
                ..instance()
            };
            own(f).azure_vm = told(AzureVm::There(off), Source::Compute);
        }),
        ("MT-11", |f| {
            let deep = Deep {
                disks: Some(vec![Some(1); 59]),
                ..Deep::default()
            };
            own(f).deep = told(deep, Source::Item);
        }),
        ("MT-18", |f| {
            let mut bare = fabric();
            bare.components.pop();
            f.fabrics = told(vec![bare], Source::Fabrics);
        }),
    ];
    for (check, spoil) in table {
        let mut facts = facts();
        assert_eq!(outcome(&facts, check), Outcome::Passed, "{check}");
        spoil(&mut facts);
        assert_eq!(outcome(&facts, check), Outcome::Failed, "{check}");
    }
}

#[test]
fn an_attestation_answers_the_unknown_and_does_not_make_it_passed() {
    let facts = facts().without(Source::Compute);
    let mut plan = plan();
    let before = evaluate(&plan, &facts);
    for finding in before.0.iter().filter(|f| f.blocks()) {
        plan.statements.push(Statement {
            kind: StatementKind::Attestation,
            check: finding.row.id.into(),
            subject: finding.subject.clone(),
            who: "ada".into(),
            when: Timestamp::UNIX_EPOCH,
            why: "looked".into(),
            fact: finding.fact,
            part: plan.part(&finding.subject),
        });
    }
    let after = evaluate(&plan, &facts);
    assert!(after.ready());
    assert_eq!(
        after.count(Outcome::Unknown),
        before.count(Outcome::Unknown)
    );
}

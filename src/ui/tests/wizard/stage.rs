//! A site with something to choose from, and a wizard opened on it.

use std::sync::Arc;

use crate::domain::draft::{Answer, Draft, DraftId, WizardKind};
use crate::domain::infrastructure::{Component, Datastore, Role, Volume};
use crate::domain::offers::{Account, Choices, Mapping, Offered, Reading};
use crate::domain::plan::{Fingerprint, Subject};
use crate::domain::recipe::StepKind;
use crate::domain::{ArmId, Bytes, Call, Health, Machine, Method, Policy, Text};
use crate::readiness::catalogue::rows;
use crate::readiness::{Finding, Findings, Outcome, Severity};
use crate::runner::{Deed, Previewed};
use crate::site::Estate;
use crate::ui::effect::Generation;
use crate::ui::model::Overlay;
use crate::ui::model::identities::{Handing, Way};
use crate::ui::model::monitor::Readied;
use crate::ui::model::recording::Agreeing;
use crate::ui::model::wizard::{Readiness, Wizard};
use crate::ui::terminal::Command;
use crate::ui::tests::build;
use crate::ui::tests::driver::Driver;
use crate::ui::{Effect, Message};
use crate::wizard::StepId;

pub fn vm(name: &str) -> ArmId {
    let group = "/subscriptions/s/resourceGroups/az/providers/Microsoft.Compute/virtualMachines";
    ArmId::parse(&format!("{group}/{name}")).unwrap()
}

fn server(name: &str, address: &str, role: Role) -> Component {
    Component {
        role,
        id: format!("id-of-{name}").into(),
        name: name.into(),
        address: address.into(),
        version: "9.44".into(),
        heartbeat: Some(build::at("2026-03-02T08:13:20Z")),
        health: Health::Normal,
        problems: Vec::new(),
    }
}

fn master_target(name: &str, volumes: &[&str], stores: &[&str]) -> Component {
    let volume = |name: &&str| Volume {
        name: (*name).into(),
        capacity: Some(Bytes(500 << 30)),
        free: Some(Bytes(312 << 30)),
    };
    let store = |name: &&str| Datastore {
        name: (*name).into(),
        capacity: Some(Bytes(4 << 40)),
        free: Some(Bytes(2 << 40)),
        kind: "VMFS".into(),
    };
    let role = Role::MasterTarget {
        os: "Windows".into(),
        disks: Some(3),
        retention: volumes.iter().map(volume).collect(),
        datastores: stores.iter().map(store).collect(),
    };
    server(name, "192.168.4.21", role)
}

/// The usual machines, and servers that fit them.
pub fn estate() -> Estate {
    let mut estate = build::estate(build::machines());
    let role = Role::ProcessServer {
        free: Some(Bytes(410 << 30)),
        total: Some(Bytes(600 << 30)),
        service: "Running".into(),
    };
    let fabric = &mut estate.fabrics[0];
    fabric.components.extend([
        server("ps-azure-01", "10.8.0.4", role),
        master_target("mt-win-01", &["R"], &["ds-01", "ds-02"]),
    ]);
    estate
}

/// What is read beside the estate.
pub fn choices() -> Choices {
    let policy = |name: &str, kind: &str| Policy {
        id: build::id(&format!("replicationPolicies/{name}")),
        name: name.into(),
        kind: kind.into(),
        multi_vm: "Enabled".into(),
        threshold: Some(15),
        history: Some(1440),
        application: Some(60),
    };
    let container = build::id("replicationFabrics/f1/replicationProtectionContainers/c1");
    let back = policy("24-hour-retention-failback", "InMage");
    Choices {
        accounts: vec![Account {
            fabric: build::id("replicationFabrics/f1"),
            id: "1".into(),
            name: "windows".into(),
        }],
        mappings: vec![Mapping {
            container,
            policy: back.id.clone(),
            home: true,
        }],
        policies: vec![policy("24-hour-retention", "InMageAzureV2"), back],
        azure_vms: vec![vm("zz-other"), vm("hr-01-7f3a")],
        ..Choices::default()
    }
}

/// The wizard that is open.
pub fn wizard(driver: &Driver) -> &Wizard {
    driver.model().wizard.as_ref().expect("a wizard is open")
}

/// Opens a wizard by its key on the machines that `filter` shows, and answers what it reads.
pub fn open(filter: &str, key: &str) -> Driver {
    let mut driver = Driver::over(estate());
    driver.keys("/");
    driver.type_text(filter);
    driver.keys(&format!("Enter a {key}"));
    read(&mut driver);
    driver
}

/// Answers what the wizard asked to be read.
pub fn read(driver: &mut Driver) {
    let generation = wizard(driver).reading;
    driver.reply(Message::Choices(generation, Box::new(choices())));
    learn(driver);
}

/// Answers the deep readings that were asked for.
pub fn learn(driver: &mut Driver) {
    learn_of(driver, 1);
}

/// The same; each machine is registered that often.
pub fn learn_of(driver: &mut Driver, registrations: usize) {
    let generation = wizard(driver).reading;
    let asked = driver.asked.iter().filter_map(|command| match command {
        Command::Read(Effect::ReadOffered { machines, .. }) => Some(machines.clone()),
        _ => None,
    });
    let machines: Vec<Arc<Machine>> = asked.flatten().collect();
    let deep = |machine: Arc<Machine>| Offered {
        detail: Reading::Read(Box::new(build::detail())),
        registrations: Some(registrations),
        ..Offered::of(machine)
    };
    let offered = machines.into_iter().map(deep).collect();
    driver.reply(Message::Offered(generation, offered));
}

/// The drafts that were kept, oldest first.
pub fn saved(driver: &Driver) -> Vec<&Draft> {
    let all = driver.asked.iter();
    all.filter_map(|command| match command {
        Command::Write(Effect::SaveDraft { draft, .. }) => Some(draft.as_ref()),
        _ => None,
    })
    .collect()
}

pub fn finding(
    severity: Severity,
    outcome: Outcome,
    nth: usize,
    machine: &ArmId,
    words: &str,
) -> Finding {
    Finding {
        row: rows()
            .filter(|row| row.severity == severity)
            .nth(nth)
            .unwrap(),
        subject: Subject::Machine(machine.clone()),
        outcome,
        words: words.into(),
        fact: Fingerprint::of([words]),
        answer: None,
    }
}

/// What a row says of a machine.
pub fn finding_of(row: &str, outcome: Outcome, machine: &ArmId, words: &str) -> Finding {
    Finding {
        row: rows().find(|own| own.id == row).unwrap(),
        ..finding(Severity::Information, outcome, 0, machine, words)
    }
}

/// Answers the readiness that is asked for.
pub fn judge(driver: &mut Driver, findings: Vec<Finding>) {
    let generation = checking(driver).expect("readiness is asked for");
    let readied = Readied {
        findings: Findings(findings),
        calls: Ok(vec![Previewed {
            wave: 1,
            machine: id(driver, "web-01"),
            name: "web-01".into(),
            step: StepKind::Protect,
            way_back: "none: Protect commits the failover",
            deed: Deed::Send(Call {
                method: Method::Post,
                path: "/subscriptions/s/reProtect?api-version=2025-08-01".into(),
                body: Some("{\n  \"failoverDirection\": \"RecoveryToPrimary\"\n}".into()),
            }),
        }]),
        machines: Vec::new(),
        outlives: crate::runner::Outlives::Yes,
    };
    driver.reply(Message::Readied(generation, Box::new(Ok(readied))));
}

pub fn checking(driver: &Driver) -> Option<Generation> {
    match &wizard(driver).readiness {
        Readiness::Checking { generation, .. } => Some(*generation),
        _ => None,
    }
}

pub fn passed(machine: &ArmId) -> Finding {
    finding(Severity::Blocker, Outcome::Passed, 0, machine, "it is so")
}

/// The machine of the usual ones that is called so.
pub fn id(driver: &Driver, name: &str) -> ArmId {
    let all = driver.model().estate.machines.iter();
    let mut named = all.filter(|m| m.name.as_str() == name);
    named.next().unwrap().id.clone()
}

/// A machine's file is to be pasted.
pub fn handing(driver: &mut Driver) {
    let handing = Handing {
        machine: id(driver, "web-01"),
        name: "web-01".into(),
        way: Way::Paste,
        field: crate::ui::field::Field::default(),
        error: None,
    };
    let overlay = Overlay::Hand(Box::new(handing));
    driver.screens.model.overlays.push(overlay);
}

/// A script is to be run in a machine.
pub fn agreeing(driver: &mut Driver) {
    let machines = vec![(id(driver, "web-01"), "web-01".into())];
    let overlay = Overlay::Record(Box::new(Agreeing { machines }));
    driver.screens.model.overlays.push(overlay);
}

/// Two drafts wait.
pub fn with_drafts(driver: &mut Driver) {
    let draft = |wizard, name: &str, time: &str| {
        let mut draft = Draft::new(wizard);
        let id = id(driver, name);
        let list = Answer::List(vec![Text::from(id.as_str())]);
        draft.answers.insert("machines".into(), list);
        draft.step = Some("machines".into());
        draft.saved = Some(build::at(time));
        (DraftId::random(), draft)
    };
    driver.screens.model.drafts = vec![
        draft(WizardKind::Protect, "web-01", "2026-03-02T08:15:40Z"),
        draft(WizardKind::Recover, "sql-01", "2026-03-01T20:00:00Z"),
    ];
}

/// Presses the last button until the wizard is at that step.
#[track_caller]
pub fn until(driver: &mut Driver, step: StepId) {
    for _ in 0..12 {
        if wizard(driver).step == step {
            return;
        }
        driver.keys("End Enter");
        learn(driver);
    }
    panic!("it does not come to {step:?}\n{}", driver.screen());
}

/// Panics unless some line holds all of these.
#[track_caller]
pub fn line(driver: &Driver, words: &[&str]) {
    let screen = driver.screen();
    let holds = |line: &str| words.iter().all(|word| line.contains(word));
    assert!(
        screen.lines().any(holds),
        "no line with {words:?} on\n{screen}"
    );
}

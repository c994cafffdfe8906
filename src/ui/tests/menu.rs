//! What can be asked of machines: offered as Azure offers it, explained where it does not, and sent
//! only through the launch.

use std::sync::Arc;

use insta::assert_snapshot;

use super::build;
use super::driver::Driver;
use super::monitor::{erp, show};
use crate::domain::offers::{Choices, Network, Offered, Reading};
use crate::domain::plan::Subject;
use crate::domain::recovery_point::{Consistency, RecoveryPoint};
use crate::domain::run::Topic;
use crate::domain::{ArmId, Detail, Intent, Machine, Plan};
use crate::readiness::catalogue::rows;
use crate::readiness::{Finding, Findings, Outcome, Severity};
use crate::ui::model::monitor::Readied;
use crate::ui::model::{Overlay, Screen};
use crate::ui::terminal::Command;
use crate::ui::{Effect, Message};

fn on(name: &str) -> Driver {
    let mut driver = Driver::usual();
    driver.keys(&format!("/ {name} Enter"));
    driver
}

/// The plan whose readiness is asked for.
fn asked(driver: &Driver) -> Arc<Plan> {
    match driver.model().overlays.last() {
        Some(Overlay::Launch(launching)) => launching.plan.clone(),
        other => panic!("no launch: {other:?}"),
    }
}

fn launched(driver: &Driver) -> Vec<&Effect> {
    let asked = driver.asked.iter();
    asked
        .filter_map(|command| match command {
            Command::Write(effect @ Effect::Launch { .. }) => Some(effect),
            _ => None,
        })
        .collect()
}

fn finding(machine: &Machine, severity: Severity, outcome: Outcome) -> Finding {
    let mut all = rows();
    Finding {
        row: all.find(|row| row.severity == severity).unwrap(),
        subject: Subject::Machine(machine.id.clone()),
        outcome,
        words: "it is so".into(),
        fact: crate::domain::plan::Fingerprint::of(["x"]),
        answer: None,
    }
}

fn judge(driver: &mut Driver, severity: Severity, outcome: Outcome) {
    let machine = driver.model().subject().unwrap().clone();
    let generation = driver.model().asked;
    let readied = Readied {
        findings: Findings(vec![finding(&machine, severity, outcome)]),
        calls: Ok(Vec::new()),
        machines: vec![machine],
        outlives: crate::runner::Outlives::Yes,
    };
    driver.reply(Message::Readied(generation, Box::new(Ok(readied))));
}

#[test]
fn the_menu_as_it_looks() {
    let mut driver = on("file-02");
    driver.keys("x");
    assert_snapshot!("menu_80x24", driver.screen());
    driver.resize(120, 36);
    assert_snapshot!("menu_120x36", driver.screen());
    driver.resize(44, 12);
    assert_snapshot!("menu_44x12", driver.screen());
}

#[test]
fn what_is_not_offered_says_why_and_opens_nothing() {
    let mut driver = on("sql-01");
    driver.keys("x u");
    driver.expect("A classic failover cannot be");
    assert!(launched(&driver).is_empty());
    assert!(!matches!(
        driver.model().overlays.last(),
        Some(Overlay::Launch(_))
    ));
}

#[test]
fn a_commit_says_what_goes_by_where_the_machine_runs() {
    let mut driver = on("file-02");
    driver.keys("x c");
    judge(&mut driver, Severity::Blocker, Outcome::Passed);
    driver.expect("Azure may delete its VM");
    let mut driver = on("mail-01");
    driver.keys("x c");
    judge(&mut driver, Severity::Blocker, Outcome::Passed);
    driver
        .expect("other recovery points go")
        .expect_not("may delete its VM");
}

#[test]
fn an_action_is_launched_once_when_the_machines_name_is_typed() {
    let mut driver = on("file-02");
    driver.keys("x u");
    assert!(matches!(asked(&driver).intent(), Intent::Cancel(_)));
    driver.expect("Type file-02 to go on:");
    judge(&mut driver, Severity::Blocker, Outcome::Passed);
    driver.type_text("Cancel failover file-02");
    driver.keys("Enter");
    driver.expect("That is not the name, letter for letter.");
    assert!(launched(&driver).is_empty());
    driver.keys("C-u");
    driver.type_text("file-02");
    driver.keys("Enter Enter");
    let [
        Effect::Launch {
            named, standing, ..
        },
    ] = launched(&driver)[..]
    else {
        panic!("launched once");
    };
    assert!(
        !named,
        "the plan behind a single action has no name of its own"
    );
    assert_eq!(standing.len(), 1);
    assert_eq!(standing[0].topic, Topic::Cancel);
}

#[test]
fn the_run_of_an_action_is_shown_in_the_monitor() {
    let mut driver = on("file-02");
    driver.keys("x c");
    judge(&mut driver, Severity::Blocker, Outcome::Passed);
    driver.type_text("file-02");
    driver.keys("Enter");
    let slug = asked(&driver).slug().clone();
    let run = erp();
    driver.reply(Message::Launched(slug, Ok(run.id().clone())));
    assert_eq!(driver.model().screen, Screen::Monitor);
    assert!(driver.model().monitor.page.is_some());
    driver.expect("Commit file-02 was launched");
}

#[test]
fn what_wants_a_word_gets_it_in_the_launch_and_only_then_launches() {
    let mut driver = on("file-02");
    driver.keys("x u");
    judge(&mut driver, Severity::Warning, Outcome::Failed);
    driver.expect("It waits for your word below");
    // No name is asked for that would be refused.
    driver.expect_not("Type file-02");
    driver.keys("Enter");
    driver.expect("Why do you want it nevertheless?");
    driver.keys("Enter");
    driver.expect("Nothing was stated");
    driver.keys("Enter");
    driver.type_text("agreed");
    driver.keys("Enter");
    driver.expect("consented to").expect("√ Ready");
    assert_eq!(asked(&driver).statements.len(), 1);
    driver.type_text("file-02");
    driver.keys("Enter");
    assert_eq!(launched(&driver).len(), 1);
}

#[test]
fn a_machine_in_a_run_is_asked_nothing_beside_it() {
    let mut driver = Driver::usual();
    show(&mut driver, Vec::new(), vec![erp().view(true)]);
    driver.keys("1 / dc-01 Enter x");
    driver.expect("It is in the run ERP home.");
    driver.keys("f");
    assert_eq!(driver.model().screen, Screen::Machines, "no wizard opens");
}

fn network(name: &str) -> Network {
    let id = format!(
        "/subscriptions/s/resourceGroups/az/providers/Microsoft.Network/virtualNetworks/{name}"
    );
    Network {
        id: ArmId::parse(&id).unwrap(),
        location: "westeurope".into(),
        subnets: Vec::new(),
    }
}

/// Answers what an action reads.
fn read(driver: &mut Driver, points: Vec<RecoveryPoint>) {
    let generation = driver.model().asked;
    let machine = driver.model().subject().unwrap().clone();
    let choices = Choices {
        networks: vec![network("vnet-a"), network("vnet-b")],
        ..Choices::default()
    };
    driver.reply(Message::Choices(generation, Box::new(choices)));
    let detail = Detail {
        points,
        ..build::detail()
    };
    let offered = Offered {
        detail: Reading::Read(Box::new(detail)),
        ..Offered::of(machine)
    };
    driver.reply(Message::Offered(generation, vec![offered]));
}

fn point(name: &str, time: &str) -> RecoveryPoint {
    RecoveryPoint {
        id: Some(build::id(&format!("recoveryPoints/{name}"))),
        name: name.into(),
        time: Some(build::at(time)),
        consistency: Consistency::Application,
        multi_vm: true,
    }
}

#[test]
fn a_recovery_point_is_chosen_with_its_age_and_none_from_the_future() {
    let mut driver = on("mail-01");
    driver.keys("x r");
    driver.expect("Reading what can be chosen");
    read(
        &mut driver,
        vec![
            point("ahead", "2026-03-02T09:30:00Z"),
            point("new", "2026-03-02T08:10:00Z"),
        ],
    );
    driver
        .expect("2026-03-02 09:10:00 +01, 4 min old, of the group")
        .expect("age unknown: future")
        .expect_not("Latest  ");
    assert_snapshot!("picking_80x24", driver.screen());
    driver.keys("j j j Enter");
    let plan = asked(&driver);
    let Intent::ChangePoint(change) = plan.intent() else {
        panic!("{plan:?}");
    };
    assert!(format!("{:?}", change.machines[0].point).contains("recoveryPoints/new"));
}

#[test]
fn a_test_asks_for_its_network_then_for_its_point_and_goes_back() {
    let mut driver = on("dc-02");
    driver.keys("x t");
    read(&mut driver, Vec::new());
    driver.expect("Into which network is dc-02 tested?");
    driver.keys("j Enter");
    driver.expect("Which recovery point for dc-02?");
    driver.keys("Esc");
    driver.expect("Into which network");
    driver.keys("j Enter Enter");
    let plan = asked(&driver);
    let Intent::TestFailover(test) = plan.intent() else {
        panic!("{plan:?}");
    };
    assert_eq!(test.network.name(), "vnet-b");
}

#[test]
fn several_machines_go_together_and_those_for_which_it_is_not_offered_stay() {
    let mut driver = Driver::usual();
    driver.keys("/ file- Enter a x");
    driver.expect("for 1 of 2");
    driver.keys("c");
    let plan = asked(&driver);
    assert_eq!(plan.machines().len(), 1);
    driver.expect("Left out: file-01");
}

#[test]
fn a_job_that_waits_leads_to_what_can_be_asked_of_its_machine() {
    let mut machines = build::machines();
    // As Azure shows it while its failback waits: nothing is listed.
    let waiting = build::machine(
        "dc-01",
        "HyperVReplicaAzure",
        "Recovery",
        "PlannedFailoverStatesBegin",
        &[],
    );
    machines.retain(|machine| machine.name != waiting.name);
    machines.push(waiting);
    let mut estate = build::estate(machines);
    let job = estate
        .jobs
        .iter_mut()
        .find(|job| job.target_name.as_str() == "dc-01");
    let job = job.unwrap();
    job.scenario = "PlannedFailover".into();
    job.allowed_actions = vec!["Cancel".into(), "Resume".into(), "Teleport".into()];
    let mut driver = Driver::over(estate).at(120, 36);
    driver.keys("/ dc-01 Enter");
    driver.expect("Complete failover");
    driver.keys("4 j j Enter");
    driver
        .expect("Resume: Complete failover (x).")
        .expect("Cancel: The job of a Hyper-V failback must not be cancelled")
        .expect("Teleport: this program does not know it.");
    driver.keys("x o");
    let plan = asked(&driver);
    assert!(matches!(plan.intent(), Intent::Complete(_)));
    driver.expect("Type dc-01 to go on:");
}

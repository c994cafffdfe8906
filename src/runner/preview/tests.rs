use super::*;
use crate::domain::plan::{
    Drain, FailedOver, Failover, PlanName, Recovered, Repointed, Repointing, Selected, Selection,
    Wave,
};
use crate::domain::{Class, Health, Next, Place, Stage};

const ITEMS: &str = "/subscriptions/s/vaults/v/replicationFabrics/f/replicationProtectedItems";

fn id(name: &str) -> ArmId {
    ArmId::parse(&format!("{ITEMS}/{name}")).unwrap()
}

fn machine(name: &str, class: Class) -> Arc<Machine> {
    Arc::new(Machine {
        id: id(name),
        name: name.into(),
        class,
        place: Place::Azure,
        stage: Stage::Protected,
        running: None,
        sync_percent: None,
        next: Next::default(),
        health: Health::Normal,
        problems: Vec::new(),
        rpo_seconds: None,
        group_id: "".into(),
        group_name: "".into(),
        policy: "".into(),
        last_failover: None,
        test_failover: "".into(),
        event_correlation_id: "".into(),
        azure_vm: None,
        service_ids: Box::default(),
        os: "".into(),
        address: "".into(),
    })
}

fn plan(waves: &[&[&str]]) -> Plan {
    let vm = |name: &str| ArmId::parse(&format!("/subscriptions/s/virtualMachines/{name}-az"));
    let one = |name: &&str| Recovered {
        azure_vm: (*name != "unnamed").then(|| vm(name)).flatten(),
        ..Recovered::new(id(name), (*name).into())
    };
    let wave = |names: &&[&str]| Wave::of(names.iter().map(one).collect());
    let recovery = Recovery {
        stop_azure_vm_first: true,
        drain: Drain::default(),
        ..Recovery::new(waves.iter().map(wave).collect())
    };
    Plan::new(PlanName::parse("p").unwrap(), Intent::FailBack(recovery)).unwrap()
}

#[test]
fn every_step_of_every_machine_is_told_in_the_order_of_the_waves() {
    let plan = plan(&[&["b"], &["a", "c"]]);
    let all: Vec<_> = ["a", "b", "c"]
        .map(|name| machine(name, Class::ClassicHome))
        .into();
    let told = preview(&plan, &all, "2025-08-01").unwrap();
    let order: Vec<_> = told.iter().map(|p| (p.wave, p.name.as_str())).collect();
    let mut waves = order.clone();
    waves.dedup();
    assert_eq!(waves, [(1, "b"), (2, "a"), (2, "c")]);
    let steps: Vec<_> = told.iter().take(9).map(|p| p.step).collect();
    let recipe = Recipe::of(&plan, &id("b"), &all[1].provider()).unwrap();
    let kinds: Vec<_> = recipe.steps.iter().map(Step::kind).collect();
    assert_eq!(steps[..kinds.len()], kinds);
}

#[test]
fn a_call_is_the_one_that_the_change_makes_and_a_vm_that_is_on_is_stopped() {
    let plan = plan(&[&["a"]]);
    let told = preview(&plan, &[machine("a", Class::ClassicHome)], "2025-08-01").unwrap();
    let of = |step| &told.iter().find(|p| p.step == step).unwrap().deed;
    let Deed::Send(call) = of(StepKind::FailBack) else {
        panic!("nothing is sent");
    };
    let wanted = format!("{}/unplannedFailover?api-version=2025-08-01", id("a"));
    assert_eq!(call.path, wanted);
    assert!(call.body.as_deref().unwrap().contains("Required"));
    let Deed::SendIf { holds, call } = of(StepKind::VerifyAzureOff) else {
        panic!("the VM stays on");
    };
    assert_eq!(*holds, "it is still on");
    assert!(
        call.path
            .starts_with("/subscriptions/s/virtualMachines/a-az/deallocate?")
    );
    let Deed::SendIf { holds, .. } = of(StepKind::StopAzureVm) else {
        panic!("the VM is not stopped first");
    };
    assert_eq!(*holds, "it is on");
}

#[test]
fn where_the_azure_vm_is_not_known_a_person_is_asked() {
    let told = preview(
        &plan(&[&["unnamed"]]),
        &[machine("unnamed", Class::ClassicHome)],
        "2025-08-01",
    )
    .unwrap();
    let asks = |step| {
        matches!(
            told.iter().find(|p| p.step == step).unwrap().deed,
            Deed::Ask(_)
        )
    };
    assert!(asks(StepKind::StopAzureVm) && asks(StepKind::VerifyAzureOff));
}

#[test]
fn every_machine_without_a_recipe_is_named_with_its_reason() {
    let plan = plan(&[&["a", "b", "gone"]]);
    let all = [
        machine("a", Class::ClassicHome),
        machine("b", Class::of("A2A")),
    ];
    let words = preview(&plan, &all, "2025-08-01").unwrap_err().what;
    for part in ["2 machines", "b is protected by A2A", "gone is not among"] {
        assert!(words.as_str().contains(part), "{part}: {words}");
    }
}

#[test]
fn a_commit_is_previewed_for_any_generation() {
    let committed = Selected {
        id: id("a"),
        name: "a".into(),
    };
    let intent = Intent::Commit(Selection {
        machines: vec![committed],
    });
    let plan = Plan::new(PlanName::parse("c").unwrap(), intent).unwrap();
    let told = preview(&plan, &[machine("a", Class::HyperV)], "2025-08-01").unwrap();
    let steps: Vec<_> = told.iter().map(|p| p.step).collect();
    assert_eq!(steps, [StepKind::VerifySurvivor, StepKind::Commit]);
}

/// The calls and sentences of one step of one machine of such a plan.
fn only(intent: Intent, class: Class, step: StepKind, points: &[RecoveryPoint]) -> Deed {
    let plan = Plan::new(PlanName::parse("c").unwrap(), intent).unwrap();
    let read = match points {
        [] => HashMap::new(),
        points => HashMap::from([(id("a"), points.to_vec())]),
    };
    let told = preview_with(&plan, &[machine("a", class)], &read, "2025-08-01").unwrap();
    told.into_iter().find(|p| p.step == step).unwrap().deed
}

fn point(name: &str, second: i64) -> RecoveryPoint {
    RecoveryPoint {
        id: ArmId::parse(&format!("{}/recoveryPoints/{name}", id("a"))),
        name: name.into(),
        time: Timestamp::from_second(second).ok(),
        consistency: Consistency::Crash,
        multi_vm: false,
    }
}

fn repointed(point: AzurePoint) -> Intent {
    Intent::ChangePoint(Repointing {
        machines: vec![Repointed {
            id: id("a"),
            name: "a".into(),
            point,
        }],
    })
}

#[test]
fn a_point_that_is_not_known_yet_is_a_blank_and_one_that_was_read_is_itself() {
    let change = |point: AzurePoint, points: &[RecoveryPoint]| {
        let class = Class::ModernisedToAzure;
        only(repointed(point), class, StepKind::ChangePoint, points)
    };
    let Deed::SendLater { blank, call } = change(AzurePoint::LatestProcessed, &[]) else {
        panic!("the point is made up");
    };
    assert!(blank.contains("newest recovery point then"), "{blank}");
    assert!(call.body.unwrap().contains("/recoveryPoints/{point}"));
    let read = [point("old", 1), point("new", 2)];
    let Deed::Send(call) = change(AzurePoint::LatestProcessed, &read) else {
        panic!("the point is not told");
    };
    assert!(call.body.unwrap().contains("/recoveryPoints/new"));
    let own = AzurePoint::Custom {
        id: read[0].id.clone().unwrap(),
        time: None,
    };
    let Deed::SendIf { call, .. } = change(own.clone(), &[]) else {
        panic!("whether it is there is not asked");
    };
    assert!(call.body.unwrap().contains("/recoveryPoints/old"));
    let Deed::Wait(words) = change(own, &read[1..]) else {
        panic!("a point is sent that is not there");
    };
    assert!(words.as_str().contains("not there any more"), "{words}");
    let Deed::Wait(words) = change(AzurePoint::LatestApplication, &read) else {
        panic!("a point of another kind is sent");
    };
    assert!(words.as_str().contains("application-consistent"), "{words}");
}

#[test]
fn the_latest_needs_no_point_and_the_job_that_is_completed_is_a_blank() {
    let over = Intent::FailOver(Failover::new(vec![Wave::of(vec![FailedOver::new(
        id("a"),
        "a".into(),
    )])]));
    let Deed::Send(call) = only(over, Class::ClassicToAzure, StepKind::FailOver, &[]) else {
        panic!("the latest is not sent as it is");
    };
    assert!(!call.body.unwrap().contains("recoveryPointId"));
    let wave = Wave::of(vec![Recovered::new(id("a"), "a".into())]);
    let home = Intent::FailBack(Recovery::new(vec![wave]));
    let Deed::SendLater { blank, call } = only(home, Class::HyperV, StepKind::Complete, &[]) else {
        panic!("the job is made up");
    };
    assert!(blank.starts_with("{job} is"));
    let wanted = "/subscriptions/s/vaults/v/replicationJobs/{job}/resume?api-version=2025-08-01";
    assert_eq!(call.path, wanted);
}

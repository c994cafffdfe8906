use super::*;
use crate::domain::plan::{Drain, PlanName, Recovered, Selected, Selection, Wave};
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
    let wave = |names: &&[&str]| Wave {
        machines: names.iter().map(one).collect(),
    };
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
        machine("b", Class::ModernisedHome),
    ];
    let words = preview(&plan, &all, "2025-08-01").unwrap_err().what;
    for part in ["2 machines", "b is modernised", "gone is not among"] {
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

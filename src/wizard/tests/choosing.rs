use super::build::*;
use crate::domain::draft::WizardKind::{Protect, Recover};
use crate::domain::offers::Offered;
use crate::domain::{Answer, Draft, Machine, Offers, Text};
use crate::wizard::{
    Field, Key, Kind, Question, StepId, Walk, accept, apply_to_all, forget, toggle,
};

fn steps(draft: &Draft, offers: &Offers) -> Vec<StepId> {
    let walk = Walk::new(draft, offers);
    walk.steps().iter().map(|step| step.id).collect()
}

fn ask(draft: &Draft, offers: &Offers, key: &Key) -> Question {
    Walk::new(draft, offers).question(key).unwrap()
}

/// Labels of a choice; what cannot be chosen with its reason.
fn shown(question: &Question) -> Vec<String> {
    let (Kind::Choice(all) | Kind::Machines(all)) = &question.kind else {
        panic!("{question:?} is no choice");
    };
    let words = all.iter().map(|c| match &c.refused {
        None => c.label.to_string(),
        Some(why) => format!("{}: {why}", c.label),
    });
    words.collect()
}

fn with(machines: Vec<Machine>) -> Offers {
    Offers {
        machines: machines.into_iter().map(offered).collect(),
        ..offers()
    }
}

#[test]
fn a_step_that_does_not_apply_does_not_appear() {
    let mut offers = offers();
    let none = Draft::new(Recover);
    assert!(!steps(&none, &offers).contains(&StepId::Order));
    // One machine has no place among others, and is waited for all the same.
    let one = draft(Recover, &offers, &["c"]);
    assert!(steps(&one, &offers).contains(&StepId::Order));
    let protect = draft(Protect, &offers, &["a"]);
    assert!(!steps(&protect, &offers).contains(&StepId::Identities));
    offers.machines[0].registrations = Some(2);
    assert!(steps(&protect, &offers).contains(&StepId::Identities));
}

#[test]
fn the_system_is_asked_first_and_only_where_there_are_two() {
    let key = Key::plan(Field::System);
    let none = Draft::new(Protect);
    assert!(Walk::new(&none, &offers()).question(&key).is_none());
    let linux = |name| Machine {
        os: "Linux".into(),
        ..in_azure(name)
    };
    let both = with(vec![in_azure("a"), linux("l")]);
    assert_eq!(shown(&ask(&none, &both, &key)), ["Windows", "Linux"]);
    let machines = Key::plan(Field::Machines);
    assert_eq!(shown(&ask(&none, &both, &machines)), ["a"]);
    let mut chosen = draft(Protect, &both, &["a"]);
    accept(&mut chosen, &both, &key, &"linux".into()).unwrap();
    assert_eq!(shown(&ask(&chosen, &both, &machines)), ["l"]);
    assert!(
        chosen.machines().is_empty(),
        "a Windows machine is in it no longer"
    );
}

#[test]
fn what_cannot_be_protected_says_why_and_stands_last() {
    let hyperv = machine("h", "HyperVReplicaAzure", "Recovery", &["Failback"]);
    let modern = machine("m", "InMageRcm", "Recovery", &["SwitchProtection"]);
    let refused = machine("r", "InMageAzureV2", "Recovery", &[]);
    let all = with(vec![
        hyperv,
        modern,
        refused,
        going_home("c"),
        in_azure("z"),
    ]);
    let question = ask(&Draft::new(Protect), &all, &Key::plan(Field::Machines));
    let words = shown(&question);
    assert_eq!(words[..2], ["m", "z"]);
    let says = |part: &str| words.iter().any(|w| w.contains(part));
    assert!(says("c: it replicates home already"), "{words:?}");
    assert!(
        says("h: it is Hyper-V: there is nothing to protect"),
        "{words:?}"
    );
    assert!(says("r: Azure does not offer Protect for it"), "{words:?}");
    let chosen = accept(
        &mut Draft::new(Protect),
        &all,
        &Key::plan(Field::Machines),
        &Answer::List(vec!["h".into()]),
    );
    assert!(
        chosen
            .unwrap_err()
            .starts_with("h cannot be chosen: it is Hyper-V")
    );
}

#[test]
fn a_recovery_can_be_prepared_before_the_protection_is_done() {
    let all = with(vec![in_azure("a"), going_home("c")]);
    let question = ask(&Draft::new(Recover), &all, &Key::plan(Field::Machines));
    assert_eq!(shown(&question), ["a", "c"]);
}

#[test]
fn a_replication_group_goes_together() {
    let all = with(vec![
        grouped(in_azure("a"), "g"),
        grouped(in_azure("b"), "g"),
        in_azure("z"),
    ]);
    let mut draft = Draft::new(Protect);
    assert_eq!(toggle(&mut draft, &all, &id("a")), Ok(1));
    assert_eq!(draft.machines().len(), 2);
    assert_eq!(toggle(&mut draft, &all, &id("z")), Ok(0));
    assert_eq!(toggle(&mut draft, &all, &id("b")), Ok(1));
    assert_eq!(draft.machines(), [Text::from(id("z").as_str())]);
    toggle(&mut draft, &all, &id("z")).unwrap();
    assert_eq!(
        faults(&draft, &all, StepId::Machines),
        ["machines: mark at least one machine"]
    );
}

#[test]
fn machines_of_two_configuration_servers_or_systems_make_two_plans() {
    let elsewhere = Machine {
        id: in_fabric("g", "e"),
        ..in_azure("e")
    };
    let linux = Machine {
        os: "Linux".into(),
        ..in_azure("l")
    };
    let all = with(vec![in_azure("a"), elsewhere, linux]);
    let both = |other: &str| {
        let list = Answer::List(vec!["a".into(), other.into()]);
        let key = Key::plan(Field::Machines);
        accept(&mut Draft::new(Protect), &all, &key, &list).unwrap_err()
    };
    assert!(both("e").contains("behind another configuration server"));
    assert!(both("l").contains("\"l\" is not here"), "{}", both("l"));
}

#[test]
fn the_only_candidate_is_preselected_and_another_kind_of_target_refused() {
    let offers = offers();
    let draft = draft(Protect, &offers, &["a", "b"]);
    assert!(faults(&draft, &offers, StepId::Target).is_empty());
    let target = ask(&draft, &offers, &Key::plan(Field::MasterTarget));
    assert_eq!(target.default, Some("mt-win-id".into()));
    assert_eq!(target.note.as_str(), "the only one");
    assert_eq!(
        shown(&target)[1],
        "mt-lin: it takes Linux, the machine runs Windows"
    );
    let retention = ask(&draft, &offers, &Key::plan(Field::Retention));
    assert_eq!(retention.default, Some("R".into()));
    let policy = ask(&draft, &offers, &Key::plan(Field::Policy));
    assert_eq!(
        policy.default,
        Some(policy_id("day-failback").as_str().into())
    );
}

#[test]
fn where_there_is_a_choice_nobody_is_preselected_and_the_field_says_what_is_missing() {
    let offers = with_servers(
        offers(),
        vec![
            process_server("ps-1"),
            process_server("ps-2"),
            master_target("mt", "Windows", &["E", "R"], &["DS-1", "DS-2"]),
        ],
    );
    let mut draft = draft(Protect, &offers, &["a", "b"]);
    assert_eq!(
        faults(&draft, &offers, StepId::Target),
        [
            "processServer: a: choose a process server",
            "datastore: a: choose a datastore"
        ]
    );
    let retention = ask(&draft, &offers, &Key::plan(Field::Retention));
    assert_eq!(retention.note.as_str(), "the usual one");
    let refused = accept(
        &mut draft,
        &offers,
        &Key::plan(Field::ProcessServer),
        &"ps-3".into(),
    );
    assert_eq!(
        refused.unwrap_err(),
        "\"ps-3\" is not here; choose one of: ps-1, ps-2"
    );
    accept(
        &mut draft,
        &offers,
        &Key::plan(Field::ProcessServer),
        &"PS-2".into(),
    )
    .unwrap();
    accept(
        &mut draft,
        &offers,
        &Key::of(Field::Datastore, &id("a")),
        &"DS-1".into(),
    )
    .unwrap();
    assert_eq!(
        faults(&draft, &offers, StepId::Target),
        ["datastore: b: choose a datastore"]
    );
}

#[test]
fn no_datastore_is_told_and_not_taken_for_an_answer() {
    let bare = master_target("mt", "Windows", &["R"], &[]);
    let offers = with_servers(offers(), vec![process_server("ps"), bare]);
    let draft = draft(Protect, &offers, &["a"]);
    let words = faults(&draft, &offers, StepId::Target);
    assert!(
        words[0].contains("no master target here can be chosen"),
        "{words:?}"
    );
    let asked = ask(&draft, &offers, &Key::plan(Field::MasterTarget));
    assert_eq!(shown(&asked), ["mt: Azure shows no datastore of it"]);
}

#[test]
fn an_alternate_location_asks_for_its_vcenter() {
    let offers = offers();
    let mut draft = draft(Protect, &offers, &["a"]);
    let key = Key::plan(Field::VCenter);
    assert!(Walk::new(&draft, &offers).question(&key).is_none());
    accept(
        &mut draft,
        &offers,
        &Key::plan(Field::Location),
        &"alternate".into(),
    )
    .unwrap();
    assert_eq!(ask(&draft, &offers, &key).default, Some("vcenter".into()));
}

#[test]
fn an_own_answer_goes_before_the_common_one_until_it_is_applied_to_all() {
    let offers = offers();
    let mut draft = draft(Protect, &offers, &["a", "b"]);
    let (common, own) = (Key::plan(Field::Cpus), Key::of(Field::Cpus, &id("b")));
    accept(&mut draft, &offers, &common, &Answer::Number(2)).unwrap();
    accept(&mut draft, &offers, &own, &"8".into()).unwrap();
    let cpus = |draft: &Draft, name: &str| {
        let key = Key::of(Field::Cpus, &id(name));
        Walk::new(draft, &offers).value(&key).unwrap().number()
    };
    assert_eq!((cpus(&draft, "a"), cpus(&draft, "b")), (Some(2), Some(8)));
    apply_to_all(&mut draft, &[Field::Cpus], &id("b"));
    assert_eq!((cpus(&draft, "a"), cpus(&draft, "b")), (Some(8), Some(8)));
    assert!(draft.own.is_empty());
    accept(&mut draft, &offers, &own, &"4".into()).unwrap();
    forget(&mut draft, &own);
    assert_eq!(cpus(&draft, "b"), Some(8));
}

#[test]
fn what_is_wrong_is_said_under_its_field_and_changes_nothing() {
    let offers = offers();
    let mut draft = draft(Protect, &offers, &["a"]);
    let before = draft.clone();
    let adapter = Key {
        part: Some("00-50-56-AB".into()),
        ..Key::of(Field::Address, &id("a"))
    };
    for (key, answer, part) in [
        (adapter, "10.8.0.300", "no IP address"),
        (Key::plan(Field::Cpus), "many", "whole number from 1"),
        (Key::plan(Field::RetentionValue), "", "whole number from 1"),
        (
            Key::plan(Field::NatProcessServer),
            "a b",
            "neither an IP address nor",
        ),
        (
            Key::of(Field::DisplayName, &id("a")),
            "a/b",
            "cannot stand in a name of vCenter",
        ),
        (Key::plan(Field::Name), "  ", "no name for a plan"),
        (Key::plan(Field::Wave), "1", "not asked here"),
    ] {
        let why = accept(&mut draft, &offers, &key, &answer.into()).unwrap_err();
        assert!(why.contains(part), "{why}");
    }
    assert_eq!(draft, before);
}

#[test]
fn a_point_says_its_age_and_the_loss_it_means() {
    let mut offers = offers();
    let chosen = draft(Recover, &offers, &["c", "d"]);
    let question = ask(&chosen, &offers, &Key::plan(Field::Point));
    assert_eq!(question.default, Some("latest".into()));
    let detail = |question: &Question, at: usize| match &question.kind {
        Kind::Choice(all) => all[at].detail.to_string(),
        _ => String::new(),
    };
    assert_eq!(
        detail(&question, 1),
        "up to 50 min old: what was written since is lost"
    );
    let own = ask(&chosen, &offers, &Key::of(Field::Point, &id("c")));
    assert_eq!(shown(&own)[2..], ["crash1", "fileSystem1"]);
    assert_eq!(detail(&own, 2), "60 s old, crash-consistent");
    // Ahead of the service's own clock: nobody knows how old it is.
    offers.now = jiff::Timestamp::from_second(90_000).ok();
    let own = ask(&chosen, &offers, &Key::of(Field::Point, &id("c")));
    assert_eq!(detail(&own, 2), "age unknown, crash-consistent");
}

#[test]
fn a_machine_without_an_application_point_cannot_go_to_one() {
    let mut offers = offers();
    if let crate::domain::offers::Reading::Read(detail) = &mut offers.machines[2].detail {
        detail.points.clear();
    }
    let mut chosen = draft(Recover, &offers, &["c", "d"]);
    let common = ask(&chosen, &offers, &Key::plan(Field::Point));
    let Kind::Choice(all) = &common.kind else {
        panic!()
    };
    assert!(
        all[1].detail.as_str().ends_with("without: c"),
        "{:?}",
        all[1]
    );
    let key = Key::of(Field::Point, &id("c"));
    let why = accept(&mut chosen, &offers, &key, &"latestApplication".into()).unwrap_err();
    assert!(why.contains("has no such point"), "{why}");
    accept(
        &mut chosen,
        &offers,
        &Key::plan(Field::Point),
        &"latestApplication".into(),
    )
    .unwrap();
    let words = faults(&chosen, &offers, StepId::Point);
    assert!(words[0].starts_with("point: c: "), "{words:?}");
}

#[test]
fn a_command_is_asked_for_only_where_a_command_quiesces() {
    let offers = offers();
    let mut chosen = draft(Recover, &offers, &["c", "d"]);
    let key = Key::plan(Field::Command);
    assert!(Walk::new(&chosen, &offers).question(&key).is_none());
    accept(
        &mut chosen,
        &offers,
        &Key::plan(Field::Quiesce),
        &"command".into(),
    )
    .unwrap();
    assert_eq!(
        faults(&chosen, &offers, StepId::Cutover),
        ["command: c: fill in: command"]
    );
    accept(&mut chosen, &offers, &key, &"/usr/bin/stop --all".into()).unwrap();
    assert!(faults(&chosen, &offers, StepId::Cutover).is_empty());
}

#[test]
fn the_azure_vm_is_never_preselected_by_its_name() {
    let mut offers = offers();
    offers.choices.as_mut().unwrap().azure_vms = vec![vm("zzz"), vm("c-7f3a1c")];
    let chosen = draft(Recover, &offers, &["c"]);
    let question = ask(&chosen, &offers, &Key::of(Field::AzureVm, &id("c")));
    assert_eq!(question.default, Some("".into()));
    assert_eq!(shown(&question), ["not known", "c-7f3a1c", "zzz"]);
    let told = Offered::of(std::sync::Arc::new(Machine {
        azure_vm: Some(vm("c")),
        ..going_home("c")
    }));
    offers.machines[2] = told;
    let walk = Walk::new(&chosen, &offers);
    assert!(walk.question(&Key::of(Field::AzureVm, &id("c"))).is_none());
}

#[test]
fn no_azure_vm_is_two_machines() {
    let mut offers = with(vec![going_home("a"), going_home("b")]);
    offers.choices = Some(crate::domain::offers::Choices {
        azure_vms: vec![vm("x"), vm("y")],
        ..crate::domain::offers::Choices::default()
    });
    let mut chosen = draft(Recover, &offers, &["a", "b"]);
    let of = |name| Key::of(Field::AzureVm, &id(name));
    let x = Answer::Words(vm("x").as_str().into());
    accept(&mut chosen, &offers, &of("a"), &x).unwrap();
    let refused = accept(&mut chosen, &offers, &of("b"), &x).unwrap_err();
    assert!(refused.contains("it is a"), "{refused}");
    let y = Answer::Words(vm("y").as_str().into());
    accept(&mut chosen, &offers, &of("b"), &y).unwrap();
}

#[test]
fn before_a_master_target_is_chosen_nothing_is_said_about_what_it_has() {
    let target = |name| master_target(name, "Windows", &["R"], &["ds"]);
    let offers = with_servers(
        offers(),
        vec![process_server("ps"), target("one"), target("two")],
    );
    let mut chosen = draft(Protect, &offers, &["a"]);
    let wrong = faults(&chosen, &offers, StepId::Target);
    assert!(
        wrong.iter().all(|why| !why.contains("Azure shows no")),
        "{wrong:?}"
    );
    let follows = "choose a master target; drive and datastore follow";
    assert!(wrong.iter().any(|why| why.contains(follows)), "{wrong:?}");
    accept(
        &mut chosen,
        &offers,
        &Key::plan(Field::MasterTarget),
        &"one".into(),
    )
    .unwrap();
    // A master target that has none is another matter.
    let none = with_servers(
        offers.clone(),
        vec![
            process_server("ps"),
            master_target("one", "Windows", &[], &["ds"]),
        ],
    );
    let wrong = faults(&chosen, &none, StepId::Target);
    let has = |words: &str| wrong.iter().any(|why| why.contains(words));
    assert!(has("Azure shows no retention drive here"), "{wrong:?}");
}
